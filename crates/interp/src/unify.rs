//! Unification: making two terms the same by binding variables.
//!
//! Unification is a list of goals, each a term and what it must equal. The first goal that can go on does; a goal whose
//! variables are bound by a later one waits for it. Patterns are taken apart into goals for their elements.

use palisade_rego::checked::{LocalId, Term, TermKind};
use palisade_value::{AnyValue, Value};

use crate::error::EvalError;
use crate::machine::{Flow, Machine, Then};

/// What a term must equal.
#[derive(Clone, Debug)]
pub(crate) enum Side<'t> {
    /// Another term.
    Term(&'t Term),
    /// A value.
    Value(Value),
}

/// A term and what it must equal.
pub(crate) type Goal<'t> = (&'t Term, Side<'t>);

impl<'p> Machine<'p> {
    /// Calls `then` for each way to make both terms the same value.
    pub(crate) fn unify(&mut self, left: &Term, right: &Term, then: Then<'_, 'p>) -> Flow {
        self.solve(&[(left, Side::Term(right))], then)
    }

    /// Calls `then` for each way to make the term this value.
    pub(crate) fn matches(&mut self, term: &Term, value: Value, then: Then<'_, 'p>) -> Flow {
        self.solve(&[(term, Side::Value(value))], then)
    }

    /// Calls `then` for each way to reach all goals.
    pub(crate) fn solve(&mut self, goals: &[Goal<'_>], then: Then<'_, 'p>) -> Flow {
        let Some((first, others)) = goals.split_first() else {
            return then(self);
        };
        let Some(at) = goals.iter().position(|goal| self.can_go_on(goal)) else {
            return self.solve_in_order(first, others, then);
        };
        let (term, side) = &goals[at];
        let rest: Vec<Goal<'_>> = [&goals[..at], &goals[at + 1..]].concat();
        match side {
            Side::Value(value) => self.solve_value(term, value, &rest, then),
            Side::Term(other) => self.solve_terms(term, other, &rest, then),
        }
    }

    /// What a goal waits for may stand further left in itself: `x = [input[i], i]`.
    fn solve_in_order(
        &mut self,
        (term, side): &Goal<'_>,
        rest: &[Goal<'_>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let is_variable = |term: &Term| matches!(term.kind, TermKind::Local(_));
        match side {
            Side::Value(value) => self.term(term, &mut |machine, found| {
                if found == *value { machine.solve(rest, then) } else { Ok(()) }
            }),
            Side::Term(other) if is_variable(term) && is_variable(other) => {
                Err(EvalError::unbound(term.span).into())
            }
            Side::Term(other) => {
                let (first, second) =
                    if is_variable(term) { (*other, *term) } else { (*term, *other) };
                self.term(first, &mut |machine, value| {
                    machine.solve_with((second, Side::Value(value)), rest, then)
                })
            }
        }
    }

    fn solve_value(
        &mut self,
        term: &Term,
        value: &Value,
        rest: &[Goal<'_>],
        then: Then<'_, 'p>,
    ) -> Flow {
        match &term.kind {
            TermKind::Local(local) => match self.frame.get(*local) {
                Some(bound) if bound == value => self.solve(rest, then),
                Some(_) => Ok(()),
                None => self.bind(*local, value, rest, then),
            },
            TermKind::Array(items) if !self.is_ready(term) => match value {
                Value::Array(values) if values.len() == items.len() => {
                    let mut goals: Vec<Goal<'_>> = items
                        .iter()
                        .zip(values.iter())
                        .map(|(item, value)| (item, Side::Value(value.clone())))
                        .collect();
                    goals.extend_from_slice(rest);
                    self.solve(&goals, then)
                }
                _ => Ok(()),
            },
            TermKind::Object(entries) if !self.is_ready(term) => {
                self.solve_object(entries, value, rest, then)
            }
            _ => self.term(term, &mut |machine, found| {
                if found == *value { machine.solve(rest, then) } else { Ok(()) }
            }),
        }
    }

    /// An object pattern: its keys have values, its values are patterns.
    fn solve_object(
        &mut self,
        entries: &[(Term, Term)],
        value: &Value,
        rest: &[Goal<'_>],
        then: Then<'_, 'p>,
    ) -> Flow {
        if !matches!(value, Value::Object(found) if found.len() == entries.len()) {
            return Ok(());
        }
        self.terms(entries.iter().map(|(key, _)| key), &mut |machine, keys| {
            let mut goals = Vec::with_capacity(keys.len() + rest.len());
            for (key, (_, pattern)) in keys.iter().zip(entries) {
                let Some(found) = value.get(key) else {
                    return Ok(());
                };
                goals.push((pattern, Side::Value(found)));
            }
            goals.extend_from_slice(rest);
            machine.solve(&goals, then)
        })
    }

    fn solve_terms(
        &mut self,
        left: &Term,
        right: &Term,
        rest: &[Goal<'_>],
        then: Then<'_, 'p>,
    ) -> Flow {
        if self.is_ready(right) && (self.is_open(left) || !self.is_ready(left)) {
            return self.term(right, &mut |machine, value| {
                machine.solve_with((left, Side::Value(value)), rest, then)
            });
        }
        if self.is_ready(left) {
            return self.term(left, &mut |machine, value| {
                machine.solve_with((right, Side::Value(value)), rest, then)
            });
        }
        match (&left.kind, &right.kind) {
            (TermKind::Array(lefts), TermKind::Array(rights)) if lefts.len() == rights.len() => {
                let mut goals: Vec<Goal<'_>> = lefts
                    .iter()
                    .zip(rights)
                    .map(|(left, right)| (left, Side::Term(right)))
                    .collect();
                goals.extend_from_slice(rest);
                self.solve(&goals, then)
            }
            (TermKind::Object(lefts), TermKind::Object(rights)) if lefts.len() == rights.len() => {
                self.solve_objects(lefts, rights, rest, then)
            }
            _ => Ok(()),
        }
    }

    /// Two object patterns that both have unbound variables: paired by their keys.
    fn solve_objects(
        &mut self,
        lefts: &[(Term, Term)],
        rights: &[(Term, Term)],
        rest: &[Goal<'_>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let keys = lefts.iter().chain(rights).map(|(key, _)| key);
        self.terms(keys, &mut |machine, keys| {
            let (left_keys, right_keys) = keys.split_at(lefts.len());
            let mut goals = Vec::with_capacity(lefts.len() + rest.len());
            for (key, (_, left)) in left_keys.iter().zip(lefts) {
                let Some(at) = right_keys.iter().position(|other| other == key) else {
                    return Ok(());
                };
                goals.push((left, Side::Term(&rights[at].1)));
            }
            goals.extend_from_slice(rest);
            machine.solve(&goals, then)
        })
    }

    fn solve_with(&mut self, goal: Goal<'_>, rest: &[Goal<'_>], then: Then<'_, 'p>) -> Flow {
        let mut goals = vec![goal];
        goals.extend_from_slice(rest);
        self.solve(&goals, then)
    }

    fn bind(
        &mut self,
        local: LocalId,
        value: &Value,
        rest: &[Goal<'_>],
        then: Then<'_, 'p>,
    ) -> Flow {
        self.frame.set(local, Some(value.clone()));
        let flow = self.solve(rest, then);
        self.frame.set(local, None);
        flow
    }

    fn can_go_on(&self, (term, side): &Goal<'_>) -> bool {
        match side {
            Side::Value(_) => self.is_pattern(term) || self.is_ready(term),
            Side::Term(other) => {
                self.is_ready(term)
                    || self.is_ready(other)
                    || matches!(
                        (&term.kind, &other.kind),
                        (TermKind::Array(_), TermKind::Array(_))
                            | (TermKind::Object(_), TermKind::Object(_))
                    )
            }
        }
    }

    fn is_pattern(&self, term: &Term) -> bool {
        term.is_pattern(&|local| self.frame.is_bound(local))
    }

    pub(crate) fn is_open(&self, term: &Term) -> bool {
        term.is_open(&|local| self.frame.is_bound(local))
    }

    fn is_ready(&self, term: &Term) -> bool {
        term.is_ready(&|local| self.frame.is_bound(local))
    }
}
