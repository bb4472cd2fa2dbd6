//! Expressions.

use palisade_rego::checked::{Body, Callee, Expr, ExprKind, LocalId, Term, TermKind};
use palisade_value::Value;

use super::bodies::Purpose;
use super::emit::{Done, Emitter, Then};
use super::targets::Mocked;
use crate::program::{Compare, Stmt, Type};

impl<'m, 'p> Emitter<'m, 'p> {
    /// Lowers an expression; `next` follows for each of its solutions.
    pub(super) fn expr(&mut self, expr: &Expr, next: Then<'_, 'm, 'p>) -> Done {
        match expr.with.is_empty() {
            true => self.plain(&expr.kind, next),
            false => self.with_expr(expr, next),
        }
    }

    /// An expression without its `with` modifiers.
    pub(super) fn plain(&mut self, kind: &ExprKind, next: Then<'_, 'm, 'p>) -> Done {
        match kind {
            ExprKind::Term(term) => self.condition(term, next),
            ExprKind::Unify(a, b) => self.unify(a, b, next),
            ExprKind::SomeIn { key, value, collection } => {
                self.some_in(key.as_ref(), value, collection, next)
            }
            ExprKind::Not(body) => {
                self.not(body)?;
                next(self)
            }
            ExprKind::Every { key, value, domain, body } => {
                self.every(*key, *value, domain, body, next)
            }
            ExprKind::Or(bodies) => {
                self.any(bodies)?;
                next(self)
            }
            ExprKind::And(body) => self.open_body(body, next),
        }
    }

    /// A term that must hold.
    fn condition(&mut self, term: &Term, next: Then<'_, 'm, 'p>) -> Done {
        if matches!(&term.kind, TermKind::Const(value) if *value != Value::Boolean(false)) {
            return next(self);
        }
        if let Some((op, a, b)) = self.comparison(term) {
            return self.terms(&[a, b], &mut |e, sides| {
                e.push(Stmt::Compare { op, lhs: sides[0], rhs: sides[1] });
                next(e)
            });
        }
        self.term(term, &mut |e, value| {
            e.push(Stmt::Test { src: value });
            next(e)
        })
    }

    /// The comparison that a term is, unless its built-in can be replaced.
    fn comparison<'t>(&self, term: &'t Term) -> Option<(Compare, &'t Term, &'t Term)> {
        let TermKind::Call(Callee::Builtin(id), args) = &term.kind else { return None };
        let [a, b] = args.as_slice() else { return None };
        if self.module.targets.callee(Mocked::Builtin(*id)).is_some() {
            return None;
        }
        let op = match self.module.source.builtins[id.0 as usize].name.as_str() {
            "equal" => Compare::Equal,
            "neq" => Compare::NotEqual,
            "lt" => Compare::Less,
            "lte" => Compare::LessEqual,
            "gt" => Compare::Greater,
            "gte" => Compare::GreaterEqual,
            _ => return None,
        };
        Some((op, a, b))
    }

    fn some_in(
        &mut self,
        key: Option<&Term>,
        value: &Term,
        collection: &Term,
        next: Then<'_, 'm, 'p>,
    ) -> Done {
        self.term(collection, &mut |e, collection| match key {
            Some(key) if e.is_plain(key) => {
                let key = e.single(key)?;
                let element = e.get(collection, key);
                e.match_term(element, value, next)
            }
            key => e.scan(collection, |e, at, element| match key {
                None => e.match_term(element, value, next),
                Some(key) => e.match_term(at, key, &mut |e| e.match_term(element, value, next)),
            }),
        })
    }

    /// Whether a key is known, so that it can be looked up.
    fn is_plain(&self, key: &Term) -> bool {
        match &key.kind {
            TermKind::Const(_) => true,
            TermKind::Local(id) => self.local(*id).is_some(),
            _ => false,
        }
    }

    /// Fails if the body has a solution.
    fn not(&mut self, body: &Body) -> Done {
        let found = self.reg();
        let label = self.label();
        let (block, looped) = self.closed(|e| {
            e.nested(|e| {
                let depth = e.depth();
                let mut looped = false;
                e.body(body, Purpose::exists(), &mut |e| {
                    // A loop never fails: from inside of one, finding a solution has to be noted.
                    looped = e.depth() > depth;
                    if looped {
                        e.mark(found);
                        e.push(Stmt::Break { label });
                    }
                    Ok(())
                })?;
                Ok(looped)
            })
        })?;
        if looped {
            self.push(Stmt::Clear { dst: found });
            self.push(Stmt::Block { label: Some(label), body: block });
            self.push(Stmt::Undefined { src: found });
        } else {
            self.push(Stmt::Not { body: block });
        }
        Ok(())
    }

    fn every(
        &mut self,
        key: Option<LocalId>,
        value: LocalId,
        domain: &Term,
        body: &Body,
        next: Then<'_, 'm, 'p>,
    ) -> Done {
        self.term(domain, &mut |e, domain| {
            e.push(Stmt::Is { src: domain, ty: Type::Collection });
            let counterexample = e.cleared();
            e.closed(|e| {
                e.labelled(|e, all| {
                    e.scan(domain, |e, at, element| {
                        if let Some(key) = key {
                            e.bind(key, at);
                        }
                        e.bind(value, element);
                        e.not(body)?;
                        e.mark(counterexample);
                        e.push(Stmt::Break { label: all });
                        Ok(())
                    })
                })
            })?;
            e.push(Stmt::Undefined { src: counterexample });
            next(e)
        })
    }

    /// Fails unless one of the bodies has a solution.
    fn any(&mut self, bodies: &[Body]) -> Done {
        let found = self.cleared();
        self.labelled(|e, label| {
            for body in bodies {
                e.closed(|e| {
                    e.block(|e| {
                        e.body(body, Purpose::exists(), &mut |e| {
                            e.mark(found);
                            e.push(Stmt::Break { label });
                            Ok(())
                        })
                    })
                })?;
            }
            Ok(())
        })?;
        self.push(Stmt::Defined { src: found });
        Ok(())
    }
}
