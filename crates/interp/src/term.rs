//! Terms: every value a term has.

use palisade_rego::checked::{Term, TermKind};
use palisade_value::{AnyValue, Entry, Value};

use crate::body::span_of;
use crate::error::EvalError;
use crate::machine::{Flow, Machine, ThenValue, ThenValues};
use crate::trace::Op;

impl<'p> Machine<'p> {
    /// Calls `then` with each value of the term.
    pub(crate) fn term(&mut self, term: &Term, then: ThenValue<'_, 'p>) -> Flow {
        if self.observer.failures.is_none() {
            return self.value(term, then);
        }
        self.begin_term(term);
        self.value(term, &mut |machine, value| {
            machine.found(term, &value);
            then(machine, value)
        })
    }

    fn value(&mut self, term: &Term, then: ThenValue<'_, 'p>) -> Flow {
        match &term.kind {
            TermKind::Const(value) => then(self, value.clone()),
            TermKind::Local(local) => match self.frame.get(*local).cloned() {
                Some(value) => then(self, value),
                None => Err(EvalError::unbound(term.span).into()),
            },
            TermKind::Array(items) => self
                .terms(items, &mut |machine, values| then(machine, Value::array(values.to_vec()))),
            TermKind::Set(items) => {
                self.terms(items, &mut |machine, values| then(machine, Value::set(values.to_vec())))
            }
            TermKind::Object(entries) => {
                let parts: Vec<&Term> =
                    entries.iter().flat_map(|(key, value)| [key, value]).collect();
                self.terms(parts, &mut |machine, values| then(machine, object(values)))
            }
            TermKind::Input(path) => match self.world.input.clone() {
                Some(input) => self.access(input, path, then),
                None => Ok(()),
            },
            TermKind::Data(path) => self.data(term.span, path, then),
            TermKind::Ref(head, path) => {
                self.term(head, &mut |machine, value| machine.access(value, path, then))
            }
            TermKind::Call(callee, arguments) => self.call(*callee, arguments, term.span, then),
            TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => {
                let value = self.comprehension(term)?;
                then(self, value)
            }
        }
    }

    /// Calls `then` with each combination of the terms' values, the last term varying fastest.
    pub(crate) fn terms<'t>(
        &mut self,
        terms: impl IntoIterator<Item = &'t Term>,
        then: ThenValues<'_, 'p>,
    ) -> Flow {
        let terms: Vec<&Term> = terms.into_iter().collect();
        self.combine(&terms, &mut Vec::with_capacity(terms.len()), then)
    }

    fn combine(
        &mut self,
        rest: &[&Term],
        values: &mut Vec<Value>,
        then: ThenValues<'_, 'p>,
    ) -> Flow {
        let Some((first, rest)) = rest.split_first() else {
            return then(self, values);
        };
        self.term(first, &mut |machine, value| {
            values.push(value);
            let flow = machine.combine(rest, values, then);
            values.pop();
            flow
        })
    }

    fn comprehension(&mut self, term: &Term) -> Flow<Value> {
        let mut values = Vec::new();
        match &term.kind {
            TermKind::ArrayComprehension(value, body) => {
                self.collect(body, &[value], &mut values)?;
                Ok(Value::array(values))
            }
            TermKind::SetComprehension(value, body) => {
                self.collect(body, &[value], &mut values)?;
                Ok(Value::set(values))
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.collect(body, &[key, value], &mut values)?;
                let entries = pairs(&values);
                let count = entries.len();
                let distinct: std::collections::BTreeSet<_> =
                    entries.iter().map(|entry| (entry.key.clone(), entry.value.clone())).collect();
                let result = Value::object(entries);
                // Fewer keys than distinct pairs: one key came with two values.
                if count > 0 && result.entries().len() < distinct.len() {
                    return Err(EvalError::key_conflict(term.span).into());
                }
                Ok(result)
            }
            _ => Err(EvalError::unbound(term.span).into()),
        }
    }

    /// Appends the values of `parts` in every solution of the body.
    fn collect(
        &mut self,
        body: &palisade_rego::checked::Body,
        parts: &[&Term],
        values: &mut Vec<Value>,
    ) -> Flow {
        let span = span_of(body);
        self.subquery(&mut |machine| {
            span.inspect(|span| machine.note_body(Op::Enter, *span));
            machine.body(&body.exprs, &mut |machine| {
                machine.terms(parts.iter().copied(), &mut |machine, found| {
                    span.inspect(|span| machine.note_body(Op::Exit, *span));
                    values.extend_from_slice(found);
                    span.inspect(|span| machine.note_body(Op::Redo, *span));
                    Ok(())
                })
            })
        })
    }
}

fn object(values: &[Value]) -> Value {
    Value::object(pairs(values))
}

/// Keys and values that take turns, as entries.
fn pairs(values: &[Value]) -> Vec<Entry<Value>> {
    values
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [key, value] => Some(Entry { key: key.clone(), value: value.clone() }),
            _ => None,
        })
        .collect()
}
