//! What the host keeps for one instance.

use crate::ceiling::Ceiling;

/// The data of a store.
pub(crate) struct State {
    pub(crate) ceiling: Ceiling,
    /// The ambient facts of the evaluation, for the host's built-in functions: JSON text, or nothing.
    pub(crate) ambient: Vec<u8>,
}

impl State {
    pub(crate) fn new(memory_bytes_max: usize) -> State {
        State { ceiling: Ceiling::new(memory_bytes_max), ambient: Vec::new() }
    }
}
