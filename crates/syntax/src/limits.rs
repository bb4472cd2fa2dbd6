//! How deep a policy may nest: this bounds the recursion of everything that goes through its tree. And how long it may
//! be: this bounds the memory that its trees take.

/// How deep a text may nest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depth {
    /// How many constructs (brackets, calls, bodies) may be open at once.
    pub nesting: u32,
    /// How high the tree of one construct may be. Chains of operators like `a + b + c` make it high without nesting;
    /// so do branches of `else`.
    pub height: u32,
}

impl Depth {
    /// What a policy may have. Those written by people stay below twenty.
    pub const POLICY: Depth = Depth { nesting: 600, height: 1_500 };
}

/// How many tokens and comments the files of a policy may have together. Checking and compiling take some 700 bytes for
/// each, 3.5 GB for so many; those that people write stay below a hundred thousand.
pub const TOKENS_MAX: usize = 5_000_000;

/// The stack on which a text is read and checked: without optimisation up to 20 KiB a level, and threads have 2 MiB
/// where nobody asks for more. Pages that are never reached cost nothing.
#[cfg(not(target_family = "wasm"))]
const STACK_BYTES: usize = 64 << 20;

/// Runs what goes through trees on a stack that is large enough for the highest.
#[cfg(not(target_family = "wasm"))]
pub fn on_large_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::grow(STACK_BYTES, run)
}

/// Runs what goes through trees on the only stack that a module has. Who calls it sees to it that trees stay low.
#[cfg(target_family = "wasm")]
pub fn on_large_stack<T>(run: impl FnOnce() -> T) -> T {
    run()
}
