//! Expressions: declarations, equations, iteration, negation.

use std::collections::BTreeSet;

use palisade_diag::Span;

use crate::checked::{Body, Expr, ExprKind, LocalId, Term, TermKind, With};
use crate::semantic::errors;
use crate::semantic::lower::names::{Names, is_braced};
use crate::semantic::lower::{Lowerer, names, negation};
use crate::semantic::scope::Origin;
use crate::syntax::ast;

impl Lowerer<'_, '_> {
    /// Lowers an expression: to none for plain declarations, to several where parts are evaluated beforehand.
    pub(super) fn expr(&mut self, expr: &ast::Expr, out: &mut Vec<Expr>) {
        let with = self.withs(&expr.with);
        let span = expr.span;
        if expr.negated {
            let is_closure = self.environment.improved_not || is_braced(&expr.kind);
            if !is_closure && matches!(expr.kind, ast::ExprKind::Assign(ast::Assign::Declare, ..)) {
                self.report(errors::assigned_in_negation(span));
            } else if is_closure {
                let kind = ExprKind::Not(self.negated_closure(expr));
                out.push(Expr { span, with, kind });
            } else {
                self.negated(expr, with, out);
            }
            return;
        }
        if let ast::ExprKind::And(parts) = &expr.kind {
            self.conjunction(parts, &with, out);
        } else if let Some(kind) = self.positive(&expr.kind, span) {
            out.push(Expr { span, with, kind });
        }
    }

    /// The operands of a conjunction hold one after the other, each with variables of its own.
    fn conjunction(&mut self, parts: &[ast::Expr], with: &[With], out: &mut Vec<Expr>) {
        for part in parts {
            match &part.kind {
                ast::ExprKind::And(inner) if !part.negated && part.with.is_empty() => {
                    self.conjunction(inner, with, out);
                }
                _ => {
                    let kind = ExprKind::Or(vec![self.operand(part)]);
                    out.push(Expr { span: part.span, with: with.to_vec(), kind });
                }
            }
        }
    }

    fn negated_closure(&mut self, expr: &ast::Expr) -> Body {
        if let ast::ExprKind::Body(body) = &expr.kind {
            return self.closure(&body.exprs, []).0;
        }
        let inner = ast::Expr {
            span: negated_span(expr),
            negated: false,
            kind: expr.kind.clone(),
            with: Vec::new(),
        };
        self.closure(&[inner], []).0
    }

    /// The ordinary `not`: calls and references inside are evaluated before it, as OPA does.
    fn negated(&mut self, expr: &ast::Expr, with: Vec<With>, out: &mut Vec<Expr>) {
        let span = expr.span;
        let inner_span = negated_span(expr);
        self.scopes.open_negation();
        let kind = self.positive(&expr.kind, inner_span);
        self.close();
        let Some(mut kind) = kind else { return };
        let is_equation = matches!(expr.kind, ast::ExprKind::Assign(..));
        let equal = self.shared.table.id("equal");
        for hoisted in negation::hoist(&mut kind, is_equation, equal, &mut self.scopes) {
            if hoisted.is_eager {
                self.eager.insert(hoisted.local);
            }
            let local = Term { span: hoisted.term.span, kind: TermKind::Local(hoisted.local) };
            let span = hoisted.term.span;
            let kind = ExprKind::Unify(local, hoisted.term);
            out.push(Expr { span, with: with.clone(), kind });
        }
        let inner = Expr { span: inner_span, with: Vec::new(), kind };
        out.push(Expr { span, with, kind: ExprKind::Not(Body { exprs: vec![inner] }) });
    }

    fn positive(&mut self, kind: &ast::ExprKind, span: Span) -> Option<ExprKind> {
        Some(match kind {
            ast::ExprKind::Term(term) => self.term_expr(term),
            ast::ExprKind::Assign(ast::Assign::Unify, left, right) => {
                let (left, right) = (self.term(left), self.term(right));
                match self.operator_of_policy("eq", span) {
                    Some(callee) => {
                        let kind = self.called_by_operator("eq", &callee, vec![left, right], span);
                        ExprKind::Term(Term { span, kind })
                    }
                    None => ExprKind::Unify(left, right),
                }
            }
            ast::ExprKind::Assign(ast::Assign::Declare, left, right) => {
                let right = self.term(right);
                self.declare_pattern(left);
                self.assigned.insert(span);
                ExprKind::Unify(self.pattern(left), right)
            }
            ast::ExprKind::SomeVars(names) => {
                for name in names {
                    self.scopes.declare(
                        &name.text,
                        name.span,
                        Origin::Some,
                        self.shared.diagnostics,
                    );
                }
                return None;
            }
            ast::ExprKind::SomeIn { key, value, collection } => {
                // The variables are those of the collection too: in `some x in xs[x]` there is one `x`.
                self.declare_iterated(key.as_ref(), value);
                let collection = self.term(collection);
                let key = key.as_ref().map(|it| self.pattern(it));
                ExprKind::SomeIn { key, value: self.pattern(value), collection }
            }
            ast::ExprKind::Every { key, value, domain, body } => {
                self.every(key.as_ref(), value, domain, body)
            }
            ast::ExprKind::Or(parts) => {
                ExprKind::Or(parts.iter().map(|part| self.operand(part)).collect())
            }
            ast::ExprKind::And(parts) => ExprKind::And(self.closure(parts, []).0),
            // A braced body holds once at most for what is outside; its variables stay inside.
            ast::ExprKind::Body(body) => ExprKind::Or(vec![self.closure(&body.exprs, []).0]),
        })
    }

    /// An operand of `and` or `or`: a body of its own, braced or not.
    fn operand(&mut self, part: &ast::Expr) -> Body {
        match &part.kind {
            ast::ExprKind::Body(body) if !part.negated && part.with.is_empty() => {
                self.closure(&body.exprs, []).0
            }
            _ => self.closure(std::slice::from_ref(part), []).0,
        }
    }

    fn term_expr(&mut self, term: &ast::Term) -> ExprKind {
        match &term.kind {
            ast::TermKind::Call(callee, args) => self.call_expr(callee, args, term.span),
            ast::TermKind::Parens(inner) => self.term_expr(inner),
            _ => ExprKind::Term(self.term(term)),
        }
    }

    fn every(
        &mut self,
        key: Option<&ast::Term>,
        value: &ast::Term,
        domain: &ast::Term,
        body: &ast::Body,
    ) -> ExprKind {
        let domain = self.term(domain);
        self.open_frame(true, BTreeSet::new());
        let key = key.map(|key| self.every_variable(key));
        let value = self.every_variable(value);
        self.open(false, &body.exprs, &[]);
        let body = self.body(&body.exprs);
        self.close();
        self.close();
        ExprKind::Every { key, value, domain, body }
    }

    fn every_variable(&mut self, term: &ast::Term) -> LocalId {
        match &term.kind {
            ast::TermKind::Var(name) if name != "_" => {
                self.scopes.declare(name, term.span, Origin::Every, self.shared.diagnostics)
            }
            _ => self.scopes.fresh("_", term.span),
        }
    }

    /// Declares the variables of the patterns of `some … in`, in which a name may stand twice.
    fn declare_iterated(&mut self, key: Option<&ast::Term>, value: &ast::Term) {
        let mut variables = Vec::new();
        key.into_iter().chain([value]).for_each(|it| pattern_variables(it, &mut variables));
        let mut seen = BTreeSet::new();
        // `some input in …` compares with the input.
        variables.retain(|(name, _)| !names::is_root(name) && seen.insert(*name));
        for (name, span) in variables {
            self.declare_variable(name, span, Origin::Iterated);
        }
    }

    /// Declares the variables on the left of `:=`, where there must be nothing else.
    fn declare_pattern(&mut self, pattern: &ast::Term) {
        let mut variables = Vec::new();
        pattern_variables(pattern, &mut variables);
        for (name, span) in variables {
            self.declare_variable(name, span, Origin::Assigned);
        }
        let mut others = Vec::new();
        unassignable(pattern, &mut others);
        for (what, span) in others {
            self.report(errors::cannot_assign(what, span));
        }
    }

    fn declare_variable(&mut self, name: &str, span: Span, origin: Origin) {
        if matches!(name, "input" | "data") && self.environment.is_strict {
            self.report(errors::shadows_root("variable", name, span));
        }
        self.scopes.declare(name, span, origin, self.shared.diagnostics);
    }

    /// Lowers a pattern whose variables are declared; that they stand there is no use of them.
    fn pattern(&mut self, pattern: &ast::Term) -> Term {
        let names = Names::of([], [pattern], false);
        let term = self.term(pattern);
        self.scopes.unread_declared(names.used.iter().map(|(name, _)| name.as_str()));
        term
    }
}

/// The variables that a pattern declares, with their places.
fn pattern_variables<'a>(pattern: &'a ast::Term, found: &mut Vec<(&'a str, Span)>) {
    match &pattern.kind {
        ast::TermKind::Var(name) if name != "_" => found.push((name, pattern.span)),
        ast::TermKind::Array(items) => items.iter().for_each(|it| pattern_variables(it, found)),
        ast::TermKind::Object(entries) => {
            entries.iter().for_each(|(_, value)| pattern_variables(value, found));
        }
        ast::TermKind::Parens(inner) => pattern_variables(inner, found),
        _ => {}
    }
}

/// What stands on the left of `:=` and can't be declared, with its places.
fn unassignable(pattern: &ast::Term, found: &mut Vec<(&'static str, Span)>) {
    let what = match &pattern.kind {
        ast::TermKind::Array(items) => return items.iter().for_each(|it| unassignable(it, found)),
        ast::TermKind::Object(entries) => {
            return entries.iter().for_each(|(_, value)| unassignable(value, found));
        }
        ast::TermKind::Parens(inner) => return unassignable(inner, found),
        ast::TermKind::Var(_) | ast::TermKind::Error => return,
        ast::TermKind::Null => "null",
        ast::TermKind::Boolean(_) => "boolean",
        ast::TermKind::Number(_) => "number",
        ast::TermKind::String { .. } => "string",
        ast::TermKind::Template { .. } => "templatestring",
        ast::TermKind::Ref(_) => "ref",
        ast::TermKind::Call(..) | ast::TermKind::Infix(..) | ast::TermKind::In { .. } => "call",
        ast::TermKind::Set(_) => "set",
        ast::TermKind::ArrayComprehension(..) => "arraycomprehension",
        ast::TermKind::SetComprehension(..) => "setcomprehension",
        ast::TermKind::ObjectComprehension(..) => "objectcomprehension",
    };
    found.push((what, pattern.span));
}

/// What stands behind `not`.
fn negated_span(expr: &ast::Expr) -> Span {
    match &expr.kind {
        ast::ExprKind::Term(term) => term.span,
        ast::ExprKind::Assign(_, left, right) => left.span.to(right.span),
        _ => expr.span,
    }
}
