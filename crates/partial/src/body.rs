//! Bodies and their expressions.

use palisade_rego::checked::{Body, Callee, Expr, ExprKind, Term, TermKind};
use palisade_value::{AnyValue, Value};

use crate::error::PartialError;
use crate::machine::{Flow, Machine, Then};
use crate::options::SOLUTIONS_MAX;
use crate::residual::{self, Head, Kind};
use crate::symbol::Symbol;
use crate::want::Want;

/// What is done where a body holds: it hands on what there is to be said of it.
pub(crate) type AtEnd<'k, 'p, T> =
    &'k mut dyn FnMut(&mut Machine<'p>, &mut dyn FnMut(&mut Machine<'p>, T) -> Flow) -> Flow;

impl<'p> Machine<'p> {
    /// Calls `then` for each way in which the expressions may hold together.
    pub(crate) fn body(&mut self, exprs: &'p [Expr], then: Then<'_, 'p>) -> Flow {
        let Some((first, rest)) = exprs.split_first() else {
            return then(self);
        };
        self.tick(first.span)?;
        let then = &mut |machine: &mut Machine<'p>| machine.body(rest, then);
        if self.known_expr(first, then)? {
            return Ok(());
        }
        match first.with.is_empty() {
            true => self.expr(&first.kind, then),
            false => self.with(first, then),
        }
    }

    /// What is left of a body that is evaluated for itself, one way in which it may hold each. Where `exact` is set
    /// there is one at the most, and the order and number of its solutions are those of the body.
    pub(crate) fn closure<T>(
        &mut self,
        body: &'p Body,
        exact: bool,
        at_end: AtEnd<'_, 'p, T>,
    ) -> Flow<Vec<(Vec<residual::Expr>, T)>> {
        let mut found = Vec::new();
        self.apart(exact, &mut |machine| {
            machine.body(&body.exprs, &mut |machine| {
                at_end(machine, &mut |machine, result| {
                    machine.count(machine.saved.len() + 1)?;
                    if found.len() >= SOLUTIONS_MAX {
                        let limit = SOLUTIONS_MAX;
                        return Err(Box::new(PartialError::TooLarge {
                            what: "alternatives",
                            limit,
                        }));
                    }
                    found.push((machine.saved.clone(), result));
                    Ok(())
                })
            })
        })?;
        Ok(found)
    }

    /// Runs something that leaves a body of its own.
    pub(crate) fn apart(&mut self, exact: bool, run: Then<'_, 'p>) -> Flow {
        let saved = std::mem::take(&mut self.saved);
        let modifiers = std::mem::replace(&mut self.modifiers, std::rc::Rc::from([]));
        let exact = std::mem::replace(&mut self.exact, exact);
        let flow = run(self);
        (self.saved, self.modifiers, self.exact) = (saved, modifiers, exact);
        flow
    }

    /// Calls `then` for each way in which the expression may hold; its modifiers are in force.
    pub(crate) fn expr(&mut self, kind: &'p ExprKind, then: Then<'_, 'p>) -> Flow {
        match kind {
            ExprKind::Term(term) => self.truth(term, then),
            ExprKind::Unify(left, right) => self.unify(left, right, then),
            ExprKind::SomeIn { key, value, collection } => {
                self.some_in(key.as_ref(), value, collection, then)
            }
            ExprKind::Not(body) => self.negation(body, then),
            ExprKind::Every { key, value, domain, body } => self
                .term(domain, &mut |machine, domain| {
                    machine.every(*key, *value, &domain, body, then)
                }),
            ExprKind::Or(bodies) => self.any(bodies, then),
            ExprKind::And(body) => self.body(&body.exprs, then),
        }
    }

    /// The term must have a value other than `false`.
    fn truth(&mut self, term: &'p Term, then: Then<'_, 'p>) -> Flow {
        if let Some((left, right)) = self.comparison(term) {
            return self.unify(left, right, then);
        }
        self.wanted(term, &Want::Truth, &mut |machine, symbol| match symbol {
            Symbol::Known(value) if value.is_false() => Ok(()),
            Symbol::Var(var) => machine.save(Kind::Term(residual::Term::Var(var)), false, then),
            _ => then(machine),
        })
    }

    /// The sides of `a == b`. As a condition it is `a = b`, of which more can be told.
    fn comparison(&self, term: &'p Term) -> Option<(&'p Term, &'p Term)> {
        let TermKind::Call(callee @ Callee::Builtin(id), arguments) = &term.kind else {
            return None;
        };
        let builtin = self.program.builtins.get(id.0 as usize)?;
        let is_replaced = self.worlds.get(self.world).callees.contains_key(callee);
        match arguments.as_slice() {
            [left, right] if builtin.name == "equal" && !is_replaced => {
                (self.is_ready(left) && self.is_ready(right)).then_some((left, right))
            }
            _ => None,
        }
    }

    fn some_in(
        &mut self,
        key: Option<&'p Term>,
        value: &'p Term,
        collection: &'p Term,
        then: Then<'_, 'p>,
    ) -> Flow {
        let hint = self.hint_of(key);
        self.term(collection, &mut |machine, collection| {
            machine.iterate(&collection, &hint, &mut |machine, found_key, found| match key {
                Some(key) => machine.matches(key, found_key, &mut |machine| {
                    machine.matches(value, found.clone(), then)
                }),
                None => machine.matches(value, found, then),
            })
        })
    }

    /// Calls `then` with each key and value of a collection; nothing happens if it is none.
    pub(crate) fn iterate(
        &mut self,
        collection: &Symbol,
        hint: &str,
        then: &mut dyn FnMut(&mut Machine<'p>, Symbol, Symbol) -> Flow,
    ) -> Flow {
        match collection {
            Symbol::Known(value) => {
                let rows = entries(value).map(|(key, value)| vec![key, value]).collect();
                self.each(rows, 2, &mut |machine, row| match row {
                    [key, value] => then(machine, key.clone(), value.clone()),
                    _ => Ok(()),
                })
            }
            Symbol::Array(items) if !self.exact || items.len() < 2 => {
                items.iter().enumerate().try_for_each(|(at, item)| {
                    let key = Symbol::Known(Value::Integer(at as i64));
                    then(self, key, item.clone())
                })
            }
            Symbol::Object(entries) if !self.exact || entries.len() < 2 => {
                match collection.keyed() {
                    Some(keyed) => keyed
                        .into_iter()
                        .try_for_each(|(key, value)| then(self, Symbol::Known(key), value)),
                    None => self.iterate_later(collection, hint, then),
                }
            }
            _ => self.iterate_later(collection, hint, then),
        }
    }

    fn iterate_later(
        &mut self,
        collection: &Symbol,
        hint: &str,
        then: &mut dyn FnMut(&mut Machine<'p>, Symbol, Symbol) -> Flow,
    ) -> Flow {
        let key = self.fresh(hint);
        let head = Box::new(Head::Term(collection.term()));
        let part = residual::Term::Ref(head, vec![residual::Term::Var(key)]);
        self.save_value(part, true, "", &mut |machine, value| {
            then(machine, Symbol::Var(key), value)
        })
    }

    /// What the variable for a key is called: as the pattern that it is held against.
    pub(crate) fn hint_of(&self, pattern: Option<&Term>) -> String {
        match pattern.map(|it| &it.kind) {
            Some(TermKind::Local(local)) => self.frame.name(*local).to_owned(),
            _ => "_".to_owned(),
        }
    }
}

/// The keys and values of a collection, in order; none of anything else.
pub(crate) fn entries(collection: &Value) -> Box<dyn Iterator<Item = (Value, Value)> + '_> {
    match collection {
        Value::Array(items) => Box::new(
            items.iter().enumerate().map(|(at, item)| (Value::Integer(at as i64), item.clone())),
        ),
        Value::Set(members) => Box::new(members.iter().map(|it| (it.clone(), it.clone()))),
        Value::Object(entries) => {
            Box::new(entries.iter().map(|it| (it.key.clone(), it.value.clone())))
        }
        _ => Box::new(std::iter::empty()),
    }
}
