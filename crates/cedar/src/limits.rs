//! How large policies and schemas may be: this bounds the recursion of everything that goes through their trees.

/// How many constructs (brackets, branches) may be open at once in a text, and how high the checked tree of a condition
/// may be. Those written by people stay below twenty.
pub const NESTING_MAX: u32 = 500;

/// How many operators one policy may have. A chain `a + b + c` makes the official tree high without nesting.
/// Generated policies with some hundred alternatives are known.
pub const OPERATORS_MAX: u32 = 10_000;

/// How many types a schema may consist of once names are replaced by what they stand for. Common types that use each
/// other twice would double the size with each step.
pub const TYPES_MAX: u32 = 1_000_000;

/// The stack on which trees of the official crates are made, read and dropped: some KiB for each operator that a policy
/// may have. Pages that are never reached cost nothing.
const STACK_BYTES: usize = 256 << 20;

/// Runs what goes through trees on a stack that is large enough for the highest.
pub(crate) fn on_large_stack<T>(run: impl FnOnce() -> T) -> T {
    stacker::grow(STACK_BYTES, run)
}
