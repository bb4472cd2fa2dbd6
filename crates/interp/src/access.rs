//! Into the parts of a value: `v[k].x[i]`.

use palisade_diag::Span;
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
            return self.each(&value, first.span, &mut |machine, key, part| {
                machine.matches(first, key, &mut |machine| machine.access(part.clone(), rest, then))
            });
        }
        self.term(first, &mut |machine, key| match value.get(&key) {
            Some(part) => machine.access(part, rest, then),
            None => Ok(()),
        })
    }

    /// Calls `then` with each key and value of a collection, in order; nothing happens if it is none. Each is a step: a
    /// single collection may take longer than there is time.
    pub(crate) fn each(
        &mut self,
        collection: &Value,
        span: Span,
        then: &mut dyn FnMut(&mut Machine<'p>, Value, Value) -> Flow,
    ) -> Flow {
        let mut step = |key: Value, value: Value| {
            self.tick(span)?;
            then(self, key, value)
        };
        match collection {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .try_for_each(|(at, item)| step(Value::Integer(at as i64), item.clone())),
            Value::Set(members) => {
                members.iter().try_for_each(|member| step(member.clone(), member.clone()))
            }
            Value::Object(entries) => {
                entries.iter().try_for_each(|entry| step(entry.key.clone(), entry.value.clone()))
            }
            _ => Ok(()),
        }
    }
}
