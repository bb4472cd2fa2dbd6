//! The expressions of one rule or query, and the types that its variables get from them.

use palisade_diag::{Diagnostic, Span};
use palisade_value::Value;
use palisade_value::types::Type;

use crate::checked::{Body, Callee, Expr, ExprKind, LocalId, Scope, Term, TermKind, WithValue};
use crate::semantic::errors;
use crate::semantic::schemas::Overlay;
use crate::semantic::typing::documents::Types;
use crate::semantic::typing::overlap::overlap;
use crate::semantic::typing::{limited, select};
use crate::semantic::walk;

/// Infers the types of one rule or query.
#[derive(Debug)]
pub(super) struct Inference<'a, 'b> {
    pub(super) types: &'a mut Types<'b>,
    pub(super) scope: &'a Scope,
    /// What is known of input and base data.
    pub(super) overlay: &'a Overlay,
    locals: Vec<Option<Type>>,
    /// The variables in the order in which they got their types.
    typed: Vec<LocalId>,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
}

/// How many variables have got types so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark(usize);

impl<'a, 'b> Inference<'a, 'b> {
    /// For the variables of one rule or query.
    pub(super) fn new(
        types: &'a mut Types<'b>,
        scope: &'a Scope,
        overlay: &'a Overlay,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Inference<'a, 'b> {
        let locals = vec![None; scope.locals.len()];
        Inference { types, scope, overlay, locals, typed: Vec::new(), diagnostics }
    }

    /// A place to go back to with [`Inference::forget`].
    pub(super) fn mark(&self) -> Mark {
        Mark(self.typed.len())
    }

    /// Forgets the types that variables have got since then.
    pub(super) fn forget(&mut self, mark: Mark) {
        for local in self.typed.drain(mark.0.min(self.typed.len())..) {
            if let Some(slot) = self.locals.get_mut(local.0 as usize) {
                *slot = None;
            }
        }
    }

    /// Goes through a body in its order.
    pub(super) fn body(&mut self, body: &Body) {
        body.exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        for with in &expr.with {
            match &with.value {
                WithValue::Term(term) => {
                    self.operand(term);
                }
                WithValue::Callee(by) => self.replacement(&with.target, *by, with.span),
            }
        }
        match &expr.kind {
            ExprKind::Term(term) => self.expression(term),
            ExprKind::Unify(left, right) => self.unify(left, right, expr.span),
            ExprKind::SomeIn { key, value, collection } => {
                self.some_in(key.as_ref(), value, collection, expr.span);
            }
            ExprKind::Every { domain, body, .. } => {
                self.operand(domain);
                self.references_in_body(body);
            }
            ExprKind::Not(body) if self.scope.closed_negation => self.references_in_body(body),
            ExprKind::Not(body) => self.body(body),
            ExprKind::And(_) | ExprKind::Or(_) => {
                for body in walk::bodies(expr) {
                    let mark = self.mark();
                    self.body(body);
                    self.forget(mark);
                }
            }
        }
    }

    /// A term that is a whole expression. A comparison with `==` is an equation there.
    fn expression(&mut self, term: &Term) {
        let TermKind::Call(callee, args) = &term.kind else {
            self.operand(term);
            return;
        };
        match args.as_slice() {
            [left, right] if self.is_equal(*callee) => self.unify(left, right, term.span),
            _ => {
                self.call(*callee, args, term.span, &[]);
            }
        }
    }

    fn is_equal(&self, callee: Callee) -> bool {
        match callee {
            Callee::Builtin(id) => self.types.table.id("equal") == Some(id),
            Callee::Function(_) => false,
        }
    }

    fn unify(&mut self, left: &Term, right: &Term, span: Span) {
        let (left_type, right_type) = (self.operand(left), self.operand(right));
        self.match_types(&left_type, &right_type, span);
        self.bind(left, &right_type);
        self.bind(right, &left_type);
    }

    fn match_types(&mut self, left: &Type, right: &Type, span: Span) {
        if !overlap(left, right) {
            let error = errors::match_error(span, &left.to_string(), &right.to_string());
            self.diagnostics.push(error);
        }
    }

    fn some_in(&mut self, key: Option<&Term>, value: &Term, collection: &Term, span: Span) {
        let collection = self.operand(collection);
        let Some((keys, values)) = select::entries(&collection) else {
            self.diagnostics.push(errors::match_error(span, "???", &collection.to_string()));
            return;
        };
        for (pattern, kind) in key.map(|key| (key, &keys)).into_iter().chain([(value, &values)]) {
            let pattern_type = self.operand(pattern);
            self.match_types(&pattern_type, kind, span);
            self.bind(pattern, kind);
        }
    }

    /// Checks the references in a body, but neither calls nor equations, as OPA does it: nothing is known of what `every`
    /// goes through, and what never holds may be what a `not` with a body of its own is about.
    fn references_in_body(&mut self, body: &Body) {
        for expr in &body.exprs {
            walk::terms(expr).into_iter().for_each(|term| self.references(term));
            walk::bodies(expr).iter().for_each(|body| self.references_in_body(body));
        }
    }

    fn references(&mut self, term: &Term) {
        if walk::comprehension(term).is_some() {
            self.operand(term);
        }
        if let TermKind::Data(path) = &term.kind {
            // What is computed under the way could be any key.
            let is_plain =
                |part: &&Term| matches!(part.kind, TermKind::Const(_) | TermKind::Local(_));
            let plain = path.iter().take_while(is_plain).count();
            self.data(path.get(..plain).unwrap_or(path), term.span);
        }
        walk::parts(term).into_iter().for_each(|part| self.references(part));
    }

    /// The type of a variable, if it has one.
    pub(super) fn local(&self, local: LocalId) -> Option<&Type> {
        self.locals.get(local.0 as usize)?.as_ref()
    }

    fn set(&mut self, local: LocalId, kind: &Type) {
        if let Some(slot @ None) = self.locals.get_mut(local.0 as usize) {
            *slot = Some(limited(kind.clone()));
            self.typed.push(local);
        }
    }

    /// Gives the variables of a pattern the types that they get from a value.
    pub(super) fn bind(&mut self, pattern: &Term, kind: &Type) {
        match &pattern.kind {
            TermKind::Local(local) => self.set(*local, kind),
            TermKind::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let index = Value::Integer(at as i64);
                    self.bind(item, &select::at(kind, &index).unwrap_or(Type::Any));
                }
            }
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    let found = match &key.kind {
                        TermKind::Const(key) => select::at(kind, key),
                        _ => None,
                    };
                    self.bind(value, &found.unwrap_or(Type::Any));
                }
            }
            _ => {}
        }
    }
}
