//! Unification of terms whose variables may stand for symbols.
//!
//! As in the reference evaluator it is a list of goals, each a term and what it must equal, of which the first that can
//! go on does. Where both sides are known the goal is decided; where one is not, an equation is left to the residual
//! body.

use palisade_rego::checked::{LocalId, Term, TermKind};
use palisade_value::Value;

use crate::error::PartialError;
use crate::machine::{Flow, Machine, Then};
use crate::residual::{self, Kind};
use crate::symbol::Symbol;
use crate::want::Want;

/// What a term must equal.
#[derive(Clone, Debug)]
pub(crate) enum Side<'p> {
    /// Another term.
    Term(&'p Term),
    /// A symbol.
    Symbol(Symbol),
}

/// A term and what it must equal.
pub(crate) type Goal<'p> = (&'p Term, Side<'p>);

impl<'p> Machine<'p> {
    /// Calls `then` for each way to make both terms the same.
    pub(crate) fn unify(&mut self, left: &'p Term, right: &'p Term, then: Then<'_, 'p>) -> Flow {
        // What is asked of a reference may spare its default.
        for (asked, other) in [(left, right), (right, left)] {
            if matches!(asked.kind, TermKind::Data(_) | TermKind::Call(..))
                && let Some(value) = self.value_of(other)
                && self.is_ready(asked)
            {
                let want = Want::Value(value.clone());
                return self.wanted(asked, &want, &mut |machine, symbol| {
                    machine.equate(&symbol, &Symbol::Known(value.clone()), then)
                });
            }
        }
        self.solve(&[(left, Side::Term(right))], then)
    }

    /// The value of a constant or of a variable that is known.
    fn value_of(&self, term: &Term) -> Option<Value> {
        match &term.kind {
            TermKind::Const(value) => Some(value.clone()),
            TermKind::Local(local) => self.frame.get(*local)?.known().cloned(),
            _ => None,
        }
    }

    /// Calls `then` for each way to make the term this symbol.
    pub(crate) fn matches(&mut self, term: &'p Term, symbol: Symbol, then: Then<'_, 'p>) -> Flow {
        self.solve(&[(term, Side::Symbol(symbol))], then)
    }

    /// Calls `then` for each way to reach all goals.
    pub(crate) fn solve(&mut self, goals: &[Goal<'p>], then: Then<'_, 'p>) -> Flow {
        let Some((first, others)) = goals.split_first() else {
            return then(self);
        };
        let Some(at) = goals.iter().position(|goal| self.can_go_on(goal)) else {
            return self.solve_in_order(first, others, then);
        };
        let (term, side) = &goals[at];
        let rest: Vec<Goal<'p>> = [&goals[..at], &goals[at + 1..]].concat();
        match side {
            Side::Symbol(symbol) => self.solve_symbol(term, symbol, &rest, then),
            Side::Term(other) => self.solve_terms(term, other, &rest, then),
        }
    }

    /// What a goal waits for may stand further left in itself: `x = [input[i], i]`.
    fn solve_in_order(
        &mut self,
        (term, side): &Goal<'p>,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let is_variable = |term: &Term| matches!(term.kind, TermKind::Local(_));
        match side {
            Side::Symbol(symbol) => self.evaluated(term, symbol, rest, then),
            Side::Term(other) if is_variable(term) && is_variable(other) => {
                Err(PartialError::missing("the value of a variable", term.span))
            }
            Side::Term(other) => {
                let (first, second) =
                    if is_variable(term) { (*other, *term) } else { (*term, *other) };
                self.term(first, &mut |machine, symbol| {
                    machine.solve_with((second, Side::Symbol(symbol)), rest, then)
                })
            }
        }
    }

    /// A term that is evaluated and then compared.
    fn evaluated(
        &mut self,
        term: &'p Term,
        symbol: &Symbol,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        self.term(term, &mut |machine, found| {
            machine.equate(&found, symbol, &mut |machine| machine.solve(rest, then))
        })
    }

    fn solve_symbol(
        &mut self,
        term: &'p Term,
        symbol: &Symbol,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        match &term.kind {
            TermKind::Local(local) => match self.frame.get(*local).cloned() {
                Some(bound) => {
                    self.equate(&bound, symbol, &mut |machine| machine.solve(rest, then))
                }
                None => self.bind(*local, symbol, rest, then),
            },
            TermKind::Array(items) if !self.is_ready(term) => {
                self.solve_array(items, symbol, rest, then)
            }
            TermKind::Object(entries) if !self.is_ready(term) => {
                self.solve_object(entries, symbol, rest, then)
            }
            _ => self.evaluated(term, symbol, rest, then),
        }
    }

    /// An array pattern.
    fn solve_array(
        &mut self,
        items: &'p [Term],
        symbol: &Symbol,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let parts: Vec<Symbol> = match symbol {
            Symbol::Known(Value::Array(values)) => {
                values.iter().cloned().map(Symbol::Known).collect()
            }
            Symbol::Array(parts) => parts.to_vec(),
            Symbol::Known(_) | Symbol::Set(_) | Symbol::Object(_) => return Ok(()),
            Symbol::Var(_) => return self.solve_array_later(items, symbol, rest, then),
        };
        if parts.len() != items.len() {
            return Ok(());
        }
        let goals = items.iter().zip(parts).map(|(item, part)| (item, Side::Symbol(part)));
        self.solve_before(goals, rest, then)
    }

    /// An array pattern against a variable: each element gets a variable of its own.
    fn solve_array_later(
        &mut self,
        items: &'p [Term],
        symbol: &Symbol,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let parts: Vec<Symbol> = items.iter().map(|item| self.part_variable(item)).collect();
        let pattern = residual::Term::Array(parts.iter().map(Symbol::term).collect());
        self.save(Kind::Unify(pattern, symbol.term()), false, &mut |machine| {
            let goals = items.iter().zip(parts.iter().cloned().map(Side::Symbol));
            machine.solve_before(goals, rest, then)
        })
    }

    fn part_variable(&mut self, pattern: &Term) -> Symbol {
        let hint = self.hint_of(Some(pattern));
        Symbol::Var(self.fresh(&hint))
    }

    /// An object pattern: its keys have values, its values are patterns.
    fn solve_object(
        &mut self,
        entries: &'p [(Term, Term)],
        symbol: &Symbol,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let known: Option<Vec<(Value, Symbol)>> = match symbol {
            Symbol::Known(Value::Object(found)) => Some(
                found.iter().map(|it| (it.key.clone(), Symbol::Known(it.value.clone()))).collect(),
            ),
            Symbol::Known(_) | Symbol::Array(_) | Symbol::Set(_) => return Ok(()),
            Symbol::Object(_) => symbol.keyed(),
            Symbol::Var(_) => None,
        };
        if known.as_ref().is_some_and(|known| known.len() != entries.len()) {
            return Ok(());
        }
        self.terms(entries.iter().map(|(key, _)| key), &mut |machine, keys| {
            let parts = known.as_ref().and_then(|known| parts_of(known, keys));
            match parts {
                Some(None) => Ok(()),
                Some(Some(parts)) => {
                    let goals = entries.iter().zip(parts);
                    let goals = goals.map(|((_, pattern), part)| (pattern, Side::Symbol(part)));
                    machine.solve_before(goals, rest, then)
                }
                None => machine.solve_object_later(entries, keys, symbol, rest, then),
            }
        })
    }

    fn solve_object_later(
        &mut self,
        entries: &'p [(Term, Term)],
        keys: &[Symbol],
        symbol: &Symbol,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let mut goals = Vec::with_capacity(entries.len() + rest.len());
        let mut pattern = Vec::with_capacity(entries.len());
        for (key, (_, value)) in keys.iter().zip(entries) {
            let part = self.part_variable(value);
            pattern.push((key.term(), part.term()));
            goals.push((value, Side::Symbol(part)));
        }
        goals.extend_from_slice(rest);
        let pattern = residual::Term::Object(pattern);
        self.save(Kind::Unify(pattern, symbol.term()), false, &mut |machine| {
            machine.solve(&goals, then)
        })
    }

    fn solve_terms(
        &mut self,
        left: &'p Term,
        right: &'p Term,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        if self.is_ready(right) && (self.is_open(left) || !self.is_ready(left)) {
            return self.term(right, &mut |machine, symbol| {
                machine.solve_with((left, Side::Symbol(symbol)), rest, then)
            });
        }
        if self.is_ready(left) {
            return self.term(left, &mut |machine, symbol| {
                machine.solve_with((right, Side::Symbol(symbol)), rest, then)
            });
        }
        match (&left.kind, &right.kind) {
            (TermKind::Array(lefts), TermKind::Array(rights)) if lefts.len() == rights.len() => {
                let goals = lefts.iter().zip(rights).map(|(left, right)| (left, Side::Term(right)));
                self.solve_before(goals, rest, then)
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
        lefts: &'p [(Term, Term)],
        rights: &'p [(Term, Term)],
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let keys = lefts.iter().chain(rights).map(|(key, _)| key);
        self.terms(keys, &mut |machine, keys| {
            let (left_keys, right_keys) = keys.split_at(lefts.len());
            let mut goals = Vec::with_capacity(lefts.len() + rest.len());
            for (key, (_, left)) in left_keys.iter().zip(lefts) {
                // Keys that are not known cannot be paired. No policy that anybody wrote has them here.
                if key.known().is_none() || right_keys.iter().any(|it| it.known().is_none()) {
                    return Err(PartialError::unsupported(
                        "an equation of objects with unknown keys",
                        left.span,
                    ));
                }
                let Some(at) = right_keys.iter().position(|other| other == key) else {
                    return Ok(());
                };
                goals.push((left, Side::Term(&rights[at].1)));
            }
            goals.extend_from_slice(rest);
            machine.solve(&goals, then)
        })
    }

    fn solve_with(&mut self, goal: Goal<'p>, rest: &[Goal<'p>], then: Then<'_, 'p>) -> Flow {
        self.solve_before([goal], rest, then)
    }

    /// Calls `then` for each way to reach these goals and then the rest.
    fn solve_before(
        &mut self,
        goals: impl IntoIterator<Item = Goal<'p>>,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        let goals: Vec<Goal<'p>> = goals.into_iter().chain(rest.iter().cloned()).collect();
        self.solve(&goals, then)
    }

    fn bind(
        &mut self,
        local: LocalId,
        symbol: &Symbol,
        rest: &[Goal<'p>],
        then: Then<'_, 'p>,
    ) -> Flow {
        self.adopt_name(local, symbol);
        self.frame.set(local, Some(symbol.clone()));
        let flow = self.solve(rest, then);
        self.frame.set(local, None);
        flow
    }

    /// A residual variable without a name is called as the first variable that stands for it.
    fn adopt_name(&mut self, local: LocalId, symbol: &Symbol) {
        let Symbol::Var(var) = symbol else { return };
        let name = self.frame.name(local);
        if let Some(hint) = self.hints.get_mut(var.0 as usize)
            && matches!(hint.as_str(), "" | "_")
            && !matches!(name, "" | "_")
        {
            *hint = name.to_owned();
        }
    }

    fn is_pattern(&self, term: &Term) -> bool {
        term.is_pattern(&|local| self.frame.get(local).is_some())
    }

    pub(crate) fn is_open(&self, term: &Term) -> bool {
        term.is_open(&|local| self.frame.get(local).is_some())
    }

    pub(crate) fn is_ready(&self, term: &Term) -> bool {
        term.is_ready(&|local| self.frame.get(local).is_some())
    }

    fn can_go_on(&self, (term, side): &Goal<'p>) -> bool {
        match side {
            Side::Symbol(_) => self.is_pattern(term) || self.is_ready(term),
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
}

/// The parts of an object under these keys: `None` if keys are unknown, `Some(None)` if one of them is not there.
fn parts_of(known: &[(Value, Symbol)], keys: &[Symbol]) -> Option<Option<Vec<Symbol>>> {
    let keys: Option<Vec<&Value>> = keys.iter().map(Symbol::known).collect();
    let part = |key: &Value| known.iter().find(|(found, _)| found == key).map(|(_, part)| part);
    Some(keys?.into_iter().map(|key| part(key).cloned()).collect())
}
