//! The memory ceiling of one instance: its linear memory and its tables together.

use wasmtime::{Error, ResourceLimiter};

use crate::limits::{TABLE_ELEMENT_BYTES, TABLES_MAX};

/// Refuses growth beyond the ceiling, and remembers that it did so, to tell this trap from the others.
pub(crate) struct Ceiling {
    bytes_max: usize,
    /// What the memory and all tables take, in bytes.
    bytes: usize,
    /// What the growth that was allowed last has added, in bytes; it can still fail.
    added_last: usize,
    /// Whether the last growth that was asked for was refused.
    pub(crate) hit: bool,
}

impl Ceiling {
    pub(crate) fn new(bytes_max: usize) -> Ceiling {
        Ceiling { bytes_max, bytes: 0, added_last: 0, hit: false }
    }

    /// A module may ask for much, be refused, and go on with less; then the refusal is not why it stops later.
    fn grow(&mut self, added: usize) -> bool {
        let total = self.bytes.saturating_add(added);
        let allowed = total <= self.bytes_max;
        self.hit = !allowed;
        if allowed {
            self.bytes = total;
            self.added_last = added;
        }
        allowed
    }

    /// Takes back the growth that was allowed last.
    fn shrink(&mut self) {
        self.bytes = self.bytes.saturating_sub(std::mem::take(&mut self.added_last));
    }
}

impl ResourceLimiter for Ceiling {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, Error> {
        Ok(self.grow(desired.saturating_sub(current)))
    }

    fn memory_grow_failed(&mut self, _error: Error) -> Result<(), Error> {
        self.shrink();
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> Result<bool, Error> {
        Ok(self.grow(desired.saturating_sub(current).saturating_mul(TABLE_ELEMENT_BYTES)))
    }

    fn table_grow_failed(&mut self, _error: Error) -> Result<(), Error> {
        self.shrink();
        Ok(())
    }

    fn instances(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        TABLES_MAX
    }

    fn memories(&self) -> usize {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_tables_share_the_ceiling() {
        let mut ceiling = Ceiling::new(100);
        let mut memory = |from, to| ceiling.memory_growing(from, to, None).expect("an answer");
        assert!(memory(0, 60));
        assert!(!memory(60, 120));
        let mut table = |from, to| ceiling.table_growing(from, to, None).expect("an answer");
        assert!(table(0, 3));
        assert!(!table(0, 3));
        assert!(ceiling.hit);
        assert!(ceiling.table_growing(0, 2, None).expect("an answer"));
        assert!(!ceiling.hit, "the smaller growth was allowed");
    }

    #[test]
    fn growth_that_fails_is_not_counted() {
        let mut ceiling = Ceiling::new(100);
        for _ in 0..3 {
            assert!(ceiling.memory_growing(0, 80, None).expect("an answer"));
            ceiling.memory_grow_failed(Error::msg("no memory")).expect("an answer");
        }
        assert_eq!(ceiling.bytes, 0);
    }
}
