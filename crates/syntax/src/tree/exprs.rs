//! From what is written to OPA's shape: bodies and expressions.

use super::build::{Builder, location, term, word};
use super::{Every, Expr, Location, Logical, Operand, Term, Terms, Value, With};
use crate::syntax::ast::{self, Assign, ExprKind};

impl Builder<'_> {
    pub(super) fn body(&mut self, body: &ast::Body) -> Vec<Expr> {
        body.exprs.iter().map(|it| self.expr(it)).collect()
    }

    pub(super) fn expr(&mut self, it: &ast::Expr) -> Expr {
        let here = location(it.span);
        let mut negated = it.negated;
        if let ExprKind::Body(body) = &it.kind
            && let ([group], false) = (body.exprs.as_slice(), negated || self.is_braced(body))
        {
            // Parentheses around an expression with modifiers leave nothing but these.
            let mut inner = self.expr(group);
            inner.with.extend(it.with.iter().map(|it| self.with(it)));
            return Expr { location: here, ..inner };
        }
        let terms = match &it.kind {
            ExprKind::Term(it) => call_or_term(self.term(it)),
            ExprKind::Assign(sign, lhs, rhs) => self.assign(*sign, lhs, rhs),
            ExprKind::SomeVars(names) => {
                let symbols = names
                    .iter()
                    .map(|name| term(location(name.span), self.var(&name.text)))
                    .collect();
                Terms::Some { location: word(it.span, "some"), symbols }
            }
            ExprKind::SomeIn { key, value, collection } => {
                let start = key.as_ref().unwrap_or(value).span;
                let span = start.to(collection.span);
                let symbols = vec![self.member(span, key.as_ref(), value, collection)];
                Terms::Some { location: word(it.span, "some"), symbols }
            }
            ExprKind::Every { key, value, domain, body } => {
                let location = word(it.span, "every");
                let key = key.as_ref().map(|it| self.term(it));
                let (value, domain) = (self.term(value), self.term(domain));
                let body = self.body(body);
                Terms::Every(Box::new(Every { location, key, value, domain, body }))
            }
            ExprKind::Body(body) => {
                negated = false;
                self.not(body, here)
            }
            ExprKind::And(exprs) => self.logical("and", exprs),
            ExprKind::Or(exprs) => self.logical("or", exprs),
        };
        let with = it.with.iter().map(|it| self.with(it)).collect();
        Expr { location: here, negated, terms, with }
    }

    fn assign(&mut self, sign: Assign, lhs: &ast::Term, rhs: &ast::Term) -> Terms {
        let behind = lhs.span.end;
        let lhs = self.term(lhs);
        let operator = match sign {
            Assign::Unify => self.operator(behind, 1, "eq"),
            Assign::Declare => self.operator(behind, 2, "assign"),
        };
        Terms::Call(vec![operator, lhs, self.term(rhs)])
    }

    /// A negated body. Without braces, its expression has the place of the whole.
    fn not(&mut self, body: &ast::Body, here: Location) -> Terms {
        let is_explicit = self.is_braced(body);
        let mut exprs = self.body(body);
        if let ([expr], false) = (exprs.as_mut_slice(), is_explicit) {
            expr.location = here;
        }
        Terms::Not { body: exprs, is_explicit }
    }

    /// Whether a body is written with braces, and not an expression that happens to start with one.
    fn is_braced(&self, body: &ast::Body) -> bool {
        let is_expr = matches!(body.exprs.as_slice(), [only] if only.span == body.span);
        !is_expr && self.has_at(body.span.start, '{')
    }

    /// A chain of operators, joined from the left.
    fn logical(&mut self, operator: &'static str, exprs: &[ast::Expr]) -> Terms {
        let parts = exprs.iter().map(|it| (location(it.span), self.operand(it)));
        let joined = parts.reduce(|(first, lhs), (here, rhs)| {
            let location = Location { end: here.end, ..first };
            let terms = Terms::Logical(Box::new(Logical { operator, lhs, rhs }));
            let expr = Expr { location, negated: false, terms, with: Vec::new() };
            (location, Operand { body: vec![expr], is_explicit: false })
        });
        let expr = joined.and_then(|(_, it)| it.body.into_iter().next());
        expr.map_or(Terms::Term(Term { location: None, value: Value::Null }), |it| it.terms)
    }

    fn operand(&mut self, it: &ast::Expr) -> Operand {
        match &it.kind {
            ExprKind::Body(body) if !it.negated => {
                Operand { body: self.body(body), is_explicit: self.is_braced(body) }
            }
            _ => Operand { body: vec![self.expr(it)], is_explicit: false },
        }
    }

    fn with(&mut self, it: &ast::With) -> With {
        With {
            location: location(it.span),
            target: self.term(&it.target),
            value: self.term(&it.value),
        }
    }
}

fn call_or_term(term: Term) -> Terms {
    match term.value {
        Value::Call(terms) => Terms::Call(terms),
        _ => Terms::Term(term),
    }
}
