//! Unification: taking values apart along patterns, binding variables on the way.
//!
//! A *pattern* is an unbound variable, or an array or object with a pattern in it. Everything else is evaluated and
//! compared.

use palisade_rego::checked::{Term, TermKind};
use palisade_value::Value;

use super::emit::{Done, Emitter, Then};
use crate::program::{Reg, Stmt, Type};

/// The left side of an equation.
#[derive(Clone, Copy)]
enum Side<'t> {
    Value(Reg),
    Term(&'t Term),
}

impl<'m, 'p> Emitter<'m, 'p> {
    /// Whether a term takes a value apart instead of giving one.
    pub(super) fn is_open(&self, term: &Term) -> bool {
        term.is_open(&|id| self.local(id).is_some())
    }

    /// Whether a term can be evaluated now.
    pub(super) fn is_ready(&self, term: &Term) -> bool {
        term.is_ready(&|id| self.local(id).is_some())
    }

    /// Whether a term can be evaluated or matched now: as a key can, which is matched with those that there are.
    fn can_match(&self, term: &Term) -> bool {
        term.is_key_ready(&|id| self.local(id).is_some())
    }

    /// `a = b`
    pub(super) fn unify(&mut self, a: &Term, b: &Term, next: Then<'_, 'm, 'p>) -> Done {
        match (self.is_open(a), self.is_open(b)) {
            (true, true) => self.unify_patterns(a, b, next),
            (true, false) => self.term(b, &mut |e, value| e.match_term(value, a, next)),
            (false, false) if !self.can_match(a) => {
                self.term(b, &mut |e, value| e.match_term(value, a, next))
            }
            (false, _) => self.term(a, &mut |e, value| e.match_term(value, b, next)),
        }
    }

    fn unify_patterns(&mut self, a: &Term, b: &Term, next: Then<'_, 'm, 'p>) -> Done {
        match (&a.kind, &b.kind) {
            (TermKind::Local(id), TermKind::Local(_)) => Err(self.unbound(*id, a)),
            // A reference may bind what stands behind it in the same term: `x = [input[i], i]`.
            (TermKind::Local(_), _) => self.term(b, &mut |e, value| e.match_term(value, a, next)),
            (_, TermKind::Local(_)) => self.term(a, &mut |e, value| e.match_term(value, b, next)),
            (TermKind::Array(left), TermKind::Array(right)) if left.len() == right.len() => {
                self.equations(left.iter().map(Side::Term).zip(right).collect(), next)
            }
            (TermKind::Object(left), TermKind::Object(right)) if same_keys(left, right) => {
                let values = left.iter().map(|(key, value)| {
                    let other = right.iter().find(|(other, _)| constant(other) == constant(key));
                    (Side::Term(value), other.map_or(value, |(_, other)| other))
                });
                self.equations(values.collect(), next)
            }
            _ => self.never(&[a, b], next),
        }
    }

    /// Goes on if the value matches a term; binds the term's unbound variables.
    pub(super) fn match_term(&mut self, value: Reg, term: &Term, next: Then<'_, 'm, 'p>) -> Done {
        match &term.kind {
            TermKind::Local(id) if self.local(*id).is_none() => {
                self.bind(*id, value);
                next(self)
            }
            TermKind::Array(items) => {
                self.push(Stmt::Is { src: value, ty: Type::Array });
                self.push(Stmt::Length { src: value, length: items.len() as u32 });
                let pairs = items.iter().enumerate().map(|(at, item)| {
                    (Side::Value(self.get_const(value, &Value::Integer(at as i64))), item)
                });
                let pairs = pairs.collect();
                self.equations(pairs, next)
            }
            TermKind::Object(entries) if self.is_open(term) => {
                self.push(Stmt::Is { src: value, ty: Type::Object });
                self.push(Stmt::Length { src: value, length: entries.len() as u32 });
                let keys: Vec<&Term> = entries.iter().map(|(key, _)| key).collect();
                self.terms(&keys, &mut |e, keys| {
                    let pairs = keys
                        .iter()
                        .zip(entries)
                        .map(|(key, (_, term))| (Side::Value(e.get(value, *key)), term));
                    let pairs = pairs.collect();
                    e.equations(pairs, next)
                })
            }
            _ => self.term(term, &mut |e, other| {
                e.equal(value, other);
                next(e)
            }),
        }
    }

    /// All of these must hold. Taken front to back, except those that wait for a variable which another one binds.
    fn equations(&mut self, mut pairs: Vec<(Side<'_>, &Term)>, next: Then<'_, 'm, 'p>) -> Done {
        if pairs.is_empty() {
            return next(self);
        }
        let ready = pairs.iter().position(|(side, term)| match side {
            Side::Value(_) => self.can_match(term),
            Side::Term(other) => {
                (self.is_ready(other) && self.can_match(term))
                    || (self.is_ready(term) && self.can_match(other))
            }
        });
        let (side, term) = pairs.remove(ready.unwrap_or(0));
        let mut rest = |e: &mut Self| e.equations(pairs.clone(), next);
        match side {
            Side::Value(value) => self.match_term(value, term, &mut rest),
            Side::Term(other) => self.unify(other, term, &mut rest),
        }
    }

    /// What can never hold; the variables in it count as bound for what follows.
    fn never(&mut self, terms: &[&Term], next: Then<'_, 'm, 'p>) -> Done {
        let nothing = self.fail();
        for term in terms {
            self.bind_all(term, nothing);
        }
        next(self)
    }

    /// Fails always; gives the undefined register.
    pub(super) fn fail(&mut self) -> Reg {
        let nothing = self.cleared();
        self.push(Stmt::Defined { src: nothing });
        nothing
    }

    fn bind_all(&mut self, term: &Term, value: Reg) {
        match &term.kind {
            TermKind::Local(id) if self.local(*id).is_none() => self.bind(*id, value),
            TermKind::Array(items) => items.iter().for_each(|item| self.bind_all(item, value)),
            TermKind::Object(entries) => {
                entries.iter().for_each(|(_, item)| self.bind_all(item, value))
            }
            _ => {}
        }
    }
}

fn constant(term: &Term) -> Option<&Value> {
    match &term.kind {
        TermKind::Const(value) => Some(value),
        _ => None,
    }
}

fn same_keys(left: &[(Term, Term)], right: &[(Term, Term)]) -> bool {
    left.len() == right.len()
        && left.iter().all(|(key, _)| {
            constant(key)
                .is_some_and(|key| right.iter().any(|(other, _)| constant(other) == Some(key)))
        })
}
