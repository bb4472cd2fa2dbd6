//! The limits of the contract, each with its reason. A host may lower its own; a module may rely on none being higher.

/// How deep JSON documents may be nested. (How deep functions may call each other is bounded by [`STACK_BYTES_MAX`].)
///
/// Documents are read by recursion on a stack of [`STACK_BYTES_MAX`]; this is far beyond real documents. It is the
/// limit that the value crate's reader has.
pub const NESTING_MAX: u32 = 1_000;

/// The longest input document, in bytes: a Kubernetes object is at most 1.5 MiB, and OPA's own default for a whole
/// decoded request is 256 MiB, which would let one request fill the memory of many instances.
pub const INPUT_BYTES_MAX: usize = 16 << 20;

/// The longest decision document, in bytes. It bounds what one decision adds to the decision log.
pub const OUTPUT_BYTES_MAX: usize = 16 << 20;

/// How many bytes of text an evaluation may print: enough to look into a policy, and little beside the decision itself.
/// What comes after is left out, and the last line says so.
pub const PRINT_BYTES_MAX: usize = 64 << 10;

/// The longest that all answers of host functions to one decision may be together, in bytes. They are in its record, so
/// this too bounds what one decision adds to the decision log.
pub const HOST_ANSWERS_BYTES_MAX: usize = 16 << 20;

/// The largest base data given to `load`, in bytes: what the memory ceiling holds at twice the text's size.
pub const DATA_BYTES_MAX: usize = 512 << 20;

/// The memory ceiling of one instance that a host sets unless told otherwise, in bytes.
pub const MEMORY_BYTES_MAX: usize = 256 << 20;

/// The stack of one evaluation, in bytes: 1 KiB for each of [`NESTING_MAX`] levels. It leaves room on a thread of
/// Rust's default size (2 MiB), so that an embedder's own threads can evaluate without changing stacks.
pub const STACK_BYTES_MAX: usize = 1 << 20;

/// The longest evaluation that a host allows unless told otherwise, in milliseconds. Decisions take microseconds; this
/// only catches a policy that runs away.
pub const DEADLINE_MS: u64 = 1_000;

/// The largest module that a host reads, in bytes. Frozen base data makes up nearly all of a large module.
pub const MODULE_BYTES_MAX: usize = 512 << 20;

/// The largest manifest section that a host reads, in bytes.
pub const MANIFEST_BYTES_MAX: usize = 16 << 20;

/// The most entrypoints in one module: each is an export, and a host looks them all up when it loads the module.
pub const ENTRYPOINTS_MAX: usize = 10_000;
