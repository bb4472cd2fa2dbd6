//! Into the parts of a value: `v[k].x[i]`.

use palisade_rego::checked::Term;
use palisade_value::{AnyValue, Value};

use crate::machine::{Flow, Machine, ThenValue};

impl<'p> Machine<'p> {
    /// Calls `then` with each value that the path leads to. A key with unbound variables goes through all keys.
    pub(crate) fn access(&mut self, value: Value, path: &[Term], then: ThenValue<'_, 'p>) -> Flow {
        let Some((first, rest)) = path.split_first() else {
            return then(self, value);
        };
        self.tick(first.span)?;
        if self.is_open(first) {
            return self.each(&value, &mut |machine, key, part| {
                machine.matches(first, key, &mut |machine| machine.access(part.clone(), rest, then))
            });
        }
        self.term(first, &mut |machine, key| match value.get(&key) {
            Some(part) => machine.access(part, rest, then),
            None => Ok(()),
        })
    }

    /// Calls `then` with each key and value of a collection, in order; nothing happens if it is none.
    pub(crate) fn each(
        &mut self,
        collection: &Value,
        then: &mut dyn FnMut(&mut Machine<'p>, Value, Value) -> Flow,
    ) -> Flow {
        match collection {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(at, item)| then(self, Value::Integer(at as i64), item.clone())),
            Value::Set(members) => {
                members.iter().try_for_each(|member| then(self, member.clone(), member.clone()))
            }
            Value::Object(entries) => entries
                .iter()
                .try_for_each(|entry| then(self, entry.key.clone(), entry.value.clone())),
            _ => Ok(()),
        }
    }
}
