//! How deep a policy may nest: this bounds the recursion of everything that goes through its tree.

/// How many constructs (brackets, calls, bodies) may be open at once. Policies written by people stay below twenty.
pub const NESTING_MAX: u32 = 600;

/// How high the tree of one construct may be. Chains of operators like `a + b + c` make it high without nesting.
pub const HEIGHT_MAX: u32 = 1_500;

/// The stack on which a text is read and checked: without optimisation up to 20 KiB a level, and threads have 2 MiB
/// where nobody asks for more. Pages that are never reached cost nothing.
const STACK_BYTES: usize = 64 << 20;

/// Runs what goes through trees on a stack that is large enough for the highest.
pub fn on_large_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::grow(STACK_BYTES, run)
}
