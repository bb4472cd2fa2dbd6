//! The limits that a module runs under.

use std::time::Duration;

use palisade_abi::limits;

/// What one evaluation may use. The defaults are the contract's own limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The longest time one evaluation may take. It is stopped at most two clock ticks (2 ms) late on an idle machine.
    pub deadline: Duration,
    /// The largest linear memory of one instance, in bytes.
    pub memory_bytes_max: usize,
    /// The longest input and ambient document, each in bytes.
    pub input_bytes_max: usize,
    /// The longest decision document, in bytes.
    pub output_bytes_max: usize,
    /// The most fuel one evaluation may burn, about one unit an instruction; `None` is no limit. Unlike the deadline it
    /// is the same on every machine. It needs [`crate::EngineOptions::fuel`].
    pub fuel: Option<u64>,
    /// The most idle instances that are kept for the next evaluations.
    pub idle_instances_max: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        Limits {
            deadline: Duration::from_millis(limits::DEADLINE_MS),
            memory_bytes_max: limits::MEMORY_BYTES_MAX,
            input_bytes_max: limits::INPUT_BYTES_MAX,
            output_bytes_max: limits::OUTPUT_BYTES_MAX,
            fuel: None,
            // Evaluations compute and do not wait, so more than a few a CPU are not in use at the same time.
            idle_instances_max: 4 * cpus,
        }
    }
}

/// The longest time that making an instance and loading its base data may take, when the instance is made to be kept:
/// it is as long as the base data is large, and no decision's own. An instance that serves one decision only is made
/// within that decision's deadline.
pub(crate) const INSTANTIATE_DEADLINE: Duration = Duration::from_secs(10);

/// The most tables of a module. Tables hold functions for indirect calls, and one is enough for any compiler.
pub(crate) const TABLES_MAX: usize = 8;

/// What an element of a table takes, in bytes: a pointer. It counts towards the memory ceiling.
pub(crate) const TABLE_ELEMENT_BYTES: usize = size_of::<usize>();

/// How much an instance may have grown and still be kept, in bytes. One huge input does not pin its memory for ever.
pub(crate) const KEPT_GROWTH_BYTES_MAX: usize = 16 << 20;
