//! The memory ceiling of one instance.

use wasmtime::{Error, ResourceLimiter};

use crate::limits::TABLE_ELEMENTS_MAX;

/// Refuses growth beyond the ceiling, and remembers that it did so, to tell this trap from the others.
pub(crate) struct Ceiling {
    pub(crate) memory_bytes_max: usize,
    pub(crate) hit: bool,
}

impl ResourceLimiter for Ceiling {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let allowed = desired <= self.memory_bytes_max;
        self.hit |= !allowed;
        Ok(allowed)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, Error> {
        let allowed = desired <= TABLE_ELEMENTS_MAX;
        self.hit |= !allowed;
        Ok(allowed)
    }
}
