//! The variables of the rule or query that is being evaluated.

use palisade_rego::checked::{LocalId, Scope};
use palisade_value::Value;

use crate::size;

/// One slot for each variable of a scope; `None` while it has no value.
#[derive(Debug, Default)]
pub(crate) struct Frame<'p> {
    scope: Option<&'p Scope>,
    slots: Vec<Option<Value>>,
}

impl<'p> Frame<'p> {
    pub(crate) fn new(scope: &'p Scope) -> Frame<'p> {
        Frame { scope: Some(scope), slots: vec![None; scope.locals.len()] }
    }

    /// A frame in which variables have values already.
    pub(crate) fn with_values(scope: &'p Scope, mut slots: Vec<Option<Value>>) -> Frame<'p> {
        slots.resize(scope.locals.len(), None);
        Frame { scope: Some(scope), slots }
    }

    /// The values of all variables.
    pub(crate) fn slots(&self) -> &[Option<Value>] {
        &self.slots
    }

    pub(crate) fn get(&self, local: LocalId) -> Option<&Value> {
        self.slots.get(local.0 as usize)?.as_ref()
    }

    pub(crate) fn is_bound(&self, local: LocalId) -> bool {
        self.get(local).is_some()
    }

    /// Gives the variable a value, or none, and returns what it had before.
    pub(crate) fn set(&mut self, local: LocalId, value: Option<Value>) -> Option<Value> {
        let slot = self.slots.get_mut(local.0 as usize)?;
        std::mem::replace(slot, value)
    }

    /// The variables that a user has named and that have a value, by name; large values are left out.
    pub(crate) fn named(&self) -> Vec<(String, Value)> {
        let locals = self.scope.iter().flat_map(|scope| &scope.locals);
        let mut named: Vec<(String, Value)> = locals
            .zip(&self.slots)
            .filter(|(local, _)| !local.name.is_empty() && local.name != "_")
            .filter_map(|(local, value)| {
                Some((local.name.clone(), value.clone().filter(size::is_shown)?))
            })
            .collect();
        named.sort();
        named
    }
}
