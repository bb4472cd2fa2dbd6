//! What the host keeps for one instance.

use std::sync::Arc;
use std::time::Instant;

use palisade_abi::HostCalls;

use crate::ceiling::Ceiling;

/// The data of a store.
pub(crate) struct State {
    pub(crate) ceiling: Ceiling,
    /// The ambient facts of the evaluation, for the host's built-in functions: JSON text, or nothing.
    pub(crate) ambient: Vec<u8>,
    /// What the evaluation may ask of its host.
    pub(crate) calls: Option<Arc<HostCalls>>,
    /// When the evaluation ends; only kept for modules that call functions of the host.
    pub(crate) deadline: Option<Instant>,
}

impl State {
    pub(crate) fn new(memory_bytes_max: usize) -> State {
        let ceiling = Ceiling::new(memory_bytes_max);
        State { ceiling, ambient: Vec::new(), calls: None, deadline: None }
    }
}
