//! Bodies and their expressions.

use palisade_diag::Span;
use palisade_rego::checked::{Body, Expr, ExprKind, LocalId};
use palisade_value::{AnyValue, Value};

use crate::machine::{Flow, Machine, Stop, Then, settle};
use crate::trace::Op;

impl<'p> Machine<'p> {
    /// Calls `then` for each solution of the expressions together.
    pub(crate) fn body(&mut self, exprs: &[Expr], then: Then<'_, 'p>) -> Flow {
        let Some((first, rest)) = exprs.split_first() else {
            return then(self);
        };
        self.tick(first.span)?;
        self.begin(first);
        let mut found = false;
        self.with(&first.with, first, &mut |machine| {
            found = true;
            machine.body(rest, then)?;
            machine.note(Op::Redo, first.span);
            Ok(())
        })?;
        if !found {
            self.fail(first);
        }
        Ok(())
    }

    /// Whether the body has a solution; looks for no second one.
    pub(crate) fn holds(&mut self, body: &Body) -> Flow<bool> {
        let mut found = false;
        let span = span_of(body);
        settle(self.subquery(&mut |machine| {
            span.inspect(|span| machine.note_body(Op::Enter, *span));
            machine.body(&body.exprs, &mut |machine| {
                found = true;
                span.inspect(|span| machine.note_body(Op::Exit, *span));
                Err(Stop::Enough)
            })
        }))?;
        Ok(found)
    }

    /// Calls `then` for each solution of the expression; its `with` modifiers are already in force.
    pub(crate) fn expr(&mut self, expr: &Expr, then: Then<'_, 'p>) -> Flow {
        match &expr.kind {
            ExprKind::Term(term) => self.term(term, &mut |machine, value| {
                if value.is_false() { Ok(()) } else { then(machine) }
            }),
            ExprKind::Unify(left, right) => self.unify(left, right, then),
            ExprKind::SomeIn { key, value, collection } => {
                self.term(collection, &mut |machine, collection| {
                    machine.each(&collection, expr.span, &mut |machine, found_key, found| match key
                    {
                        Some(key) => machine.matches(key, found_key, &mut |machine| {
                            machine.matches(value, found.clone(), then)
                        }),
                        None => machine.matches(value, found, then),
                    })
                })
            }
            ExprKind::Not(body) => {
                if self.holds(body)? {
                    return Ok(());
                }
                then(self)
            }
            ExprKind::Every { key, value, domain, body } => {
                self.term(domain, &mut |machine, domain| {
                    if machine.every((*key, *value), &domain, expr.span, body)? {
                        then(machine)
                    } else {
                        Ok(())
                    }
                })
            }
            ExprKind::Or(bodies) => {
                for body in bodies {
                    if self.holds(body)? {
                        return then(self);
                    }
                }
                Ok(())
            }
            ExprKind::And(body) => self.body(&body.exprs, then),
        }
    }

    fn every(
        &mut self,
        (key, value): (Option<LocalId>, LocalId),
        domain: &Value,
        span: Span,
        body: &Body,
    ) -> Flow<bool> {
        if !matches!(domain, Value::Array(_) | Value::Set(_) | Value::Object(_)) {
            return Ok(false);
        }
        let mut all = true;
        settle(self.each(domain, span, &mut |machine, found_key, found| {
            let key_before = key.map(|key| (key, machine.frame.set(key, Some(found_key))));
            let value_before = machine.frame.set(value, Some(found));
            let held = machine.holds(body);
            machine.frame.set(value, value_before);
            if let Some((key, before)) = key_before {
                machine.frame.set(key, before);
            }
            all = held?;
            if all { Ok(()) } else { Err(Stop::Enough) }
        }))?;
        Ok(all)
    }
}

/// From the first to the last expression.
pub(crate) fn span_of(body: &Body) -> Option<Span> {
    match body.exprs.as_slice() {
        [first, .., last] => Some(first.span.to(last.span)),
        [only] => Some(only.span),
        [] => None,
    }
}
