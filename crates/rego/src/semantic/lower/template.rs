//! Template strings: a call of `internal.template_string` with the parts in an array.
//!
//! An expression in braces becomes a set comprehension, so that an undefined one is the empty set and can be printed
//! as such.

use palisade_diag::Span;
use palisade_value::{AnyValue, Value};

use crate::checked::{Body, Expr, ExprKind, Term, TermKind};
use crate::semantic::errors;
use crate::semantic::lower::names::Names;
use crate::semantic::lower::{Lowerer, constant, term};
use crate::semantic::scope::Lookup;
use crate::syntax::ast;

impl Lowerer<'_, '_> {
    pub(super) fn template(&mut self, parts: &[ast::TemplatePart], span: Span) -> TermKind {
        let parts = parts
            .iter()
            .map(|part| match part {
                ast::TemplatePart::Text(text) => constant(span, Value::text(text)),
                ast::TemplatePart::Expr(expr) => self.template_expr(expr),
            })
            .collect();
        let argument = Term { span, kind: term::array(parts) };
        self.builtin_call("internal.template_string", vec![argument], span)
    }

    fn template_expr(&mut self, expr: &ast::Expr) -> Term {
        if let Some((name, place)) = self.undeclared(expr) {
            self.report(errors::undeclared_in_template(&name, place));
            return Term { span: expr.span, kind: term::anything() };
        }
        self.at_most_one(expr)
    }

    /// A set with the expression's value, empty if it is undefined.
    fn at_most_one(&mut self, expr: &ast::Expr) -> Term {
        let span = expr.span;
        self.open(true, std::slice::from_ref(expr), &[]);
        let mut exprs = Vec::new();
        self.expr(expr, &mut exprs);
        let value = Term { span, kind: TermKind::Local(self.scopes.fresh("", span)) };
        if let Some(Expr { kind, .. }) = exprs.last_mut()
            && let ExprKind::Term(term) = kind
        {
            *kind = ExprKind::Unify(value.clone(), term.clone());
        }
        self.close();
        Term { span, kind: TermKind::SetComprehension(Box::new(value), Body { exprs }) }
    }

    /// A variable that first stands here, and so would have many values or none. A variable that is the whole expression
    /// is left to the safety check.
    fn undeclared(&self, expr: &ast::Expr) -> Option<(String, Span)> {
        if matches!(&expr.kind, ast::ExprKind::Term(term) if matches!(term.kind, ast::TermKind::Var(_)))
        {
            return None;
        }
        let names = Names::of([expr], [], self.environment.improved_not);
        let is_new =
            |name: &str| !self.is_document(name) && self.scopes.peek(name) == Lookup::Unknown;
        let found = names.used.into_iter().find(|(name, _)| is_new(name));
        found.or_else(|| Some(("_".to_owned(), names.wildcard?)))
    }

    /// A set with the term's value, empty if it is undefined.
    pub(super) fn optional(&mut self, term: &ast::Term) -> Term {
        let expr = ast::Expr {
            span: term.span,
            negated: false,
            kind: ast::ExprKind::Term(term.clone()),
            with: Vec::new(),
        };
        self.at_most_one(&expr)
    }
}
