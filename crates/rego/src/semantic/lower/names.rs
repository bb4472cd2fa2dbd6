//! Which names a body uses and declares itself, closures in it left out.

use std::collections::BTreeSet;

use palisade_diag::Span;

use crate::syntax::ast::{Assign, Body, Expr, ExprKind, Term, TermKind};

/// The names that stand directly in a body, in order of appearance, and those that the body declares.
#[derive(Debug, Default)]
pub struct Names {
    /// Every name with the place where it first stands.
    pub used: Vec<(String, Span)>,
    /// Names declared by `:=` and `some`.
    pub declared: BTreeSet<String>,
    /// Where the first `_` stands.
    pub wildcard: Option<Span>,
    seen: BTreeSet<String>,
    /// Whether every `not` is a closure.
    improved_not: bool,
}

impl Names {
    /// Of expressions and terms of one body.
    pub fn of<'a>(
        exprs: impl IntoIterator<Item = &'a Expr>,
        terms: impl IntoIterator<Item = &'a Term>,
        improved_not: bool,
    ) -> Names {
        let mut names = Names { improved_not, ..Names::default() };
        exprs.into_iter().for_each(|expr| names.expr(expr));
        terms.into_iter().for_each(|term| names.term(term));
        names
    }

    fn expr(&mut self, expr: &Expr) {
        expr.with.iter().for_each(|with| self.replacement(&with.value));
        if expr.negated && (self.improved_not || is_braced(&expr.kind)) {
            return;
        }
        match &expr.kind {
            ExprKind::Term(term) => self.term(term),
            ExprKind::Assign(assign, left, right) => {
                if *assign == Assign::Declare {
                    self.declare(left);
                }
                self.term(left);
                self.term(right);
            }
            ExprKind::SomeVars(vars) => self.declared.extend(vars.iter().map(|it| it.text.clone())),
            ExprKind::SomeIn { key, value, collection } => {
                for pattern in key.iter().chain([value]) {
                    self.declare(pattern);
                    self.term(pattern);
                }
                self.declared.retain(|name| !is_root(name));
                self.term(collection);
            }
            ExprKind::Every { domain, .. } => self.term(domain),
            ExprKind::Body(_) | ExprKind::And(_) | ExprKind::Or(_) => {}
        }
    }

    /// The value of a `with` may be the name of a function; as a variable it is bound elsewhere anyway.
    fn replacement(&mut self, value: &Term) {
        match &value.kind {
            TermKind::Var(_) => {}
            TermKind::Ref(reference) => reference.path.iter().for_each(|it| self.term(it)),
            _ => self.term(value),
        }
    }

    /// The variables of a pattern are declared; the heads of references in it are not.
    fn declare(&mut self, pattern: &Term) {
        match &pattern.kind {
            TermKind::Var(name) if name != "_" => {
                self.declared.insert(name.clone());
            }
            TermKind::Array(items) => items.iter().for_each(|it| self.declare(it)),
            TermKind::Object(entries) => entries.iter().for_each(|(_, value)| self.declare(value)),
            TermKind::Parens(inner) => self.declare(inner),
            _ => {}
        }
    }

    fn name(&mut self, name: &str, span: Span) {
        if name == "_" {
            self.wildcard.get_or_insert(span);
        } else if self.seen.insert(name.to_owned()) {
            self.used.push((name.to_owned(), span));
        }
    }

    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Var(name) => self.name(name, term.span),
            TermKind::Ref(reference) => {
                self.term(&reference.head);
                reference.path.iter().for_each(|it| self.term(it));
            }
            TermKind::Array(items) | TermKind::Set(items) | TermKind::Call(_, items) => {
                items.iter().for_each(|it| self.term(it));
            }
            TermKind::Object(entries) => entries.iter().for_each(|(key, value)| {
                self.term(key);
                self.term(value);
            }),
            TermKind::Infix(_, left, right) => {
                self.term(left);
                self.term(right);
            }
            TermKind::In { key, value, collection } => {
                key.iter().for_each(|it| self.term(it));
                self.term(value);
                self.term(collection);
            }
            TermKind::Parens(inner) => self.term(inner),
            _ => {}
        }
    }
}

/// Whether the expression is a body of its own when it is negated.
pub fn is_braced(kind: &ExprKind) -> bool {
    matches!(kind, ExprKind::Body(_) | ExprKind::And(_) | ExprKind::Or(_))
}

/// Whether this is the name of a root document.
pub fn is_root(name: &str) -> bool {
    matches!(name, "input" | "data")
}

/// The expressions of an optional body.
pub fn exprs(body: Option<&Body>) -> &[Expr] {
    body.map_or(&[], |body| &body.exprs)
}

/// Whether a term is a variable, a constant or a composite of such.
pub fn is_pattern(term: &Term) -> bool {
    match &term.kind {
        TermKind::Null
        | TermKind::Boolean(_)
        | TermKind::Number(_)
        | TermKind::String { .. }
        | TermKind::Var(_)
        | TermKind::Error => true,
        TermKind::Array(items) | TermKind::Set(items) => items.iter().all(is_pattern),
        TermKind::Object(entries) => {
            entries.iter().all(|(key, value)| is_pattern(key) && is_pattern(value))
        }
        TermKind::Parens(inner) => is_pattern(inner),
        _ => false,
    }
}

/// The names that stand more than once in patterns.
pub fn repeated<'a>(patterns: impl IntoIterator<Item = &'a Term>) -> BTreeSet<String> {
    let (mut once, mut repeated) = (BTreeSet::new(), BTreeSet::new());
    for (name, _) in patterns.into_iter().flat_map(variables) {
        if !once.insert(name) {
            repeated.insert(name.to_owned());
        }
    }
    repeated
}

/// The variables of a pattern from left to right, repetitions included, with what keeps each from getting a value there:
/// it is a key of an object or a member of a set.
pub fn variables(pattern: &Term) -> Vec<(&str, bool)> {
    fn collect<'a>(term: &'a Term, is_key: bool, found: &mut Vec<(&'a str, bool)>) {
        match &term.kind {
            TermKind::Var(name) => found.push((name, is_key)),
            TermKind::Array(items) => items.iter().for_each(|it| collect(it, is_key, found)),
            TermKind::Set(items) => items.iter().for_each(|it| collect(it, true, found)),
            TermKind::Object(entries) => entries.iter().for_each(|(key, value)| {
                collect(key, true, found);
                collect(value, is_key, found);
            }),
            TermKind::Parens(inner) => collect(inner, is_key, found),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(pattern, false, &mut found);
    found
}

/// The head of a reference that stands where a pattern would be taken apart, with its place.
pub fn reference_in(pattern: &Term) -> Option<(&str, Span)> {
    match &pattern.kind {
        TermKind::Ref(reference) => match &reference.head.kind {
            TermKind::Var(name) => Some((name, reference.head.span)),
            _ => None,
        },
        TermKind::Array(items) => items.iter().find_map(reference_in),
        TermKind::Object(entries) => entries.iter().find_map(|(_, value)| reference_in(value)),
        TermKind::Parens(inner) => reference_in(inner),
        _ => None,
    }
}

/// Where there is a call in a term of a head.
pub fn call_in(term: &Term) -> Option<Span> {
    match &term.kind {
        TermKind::Call(..) | TermKind::Infix(..) | TermKind::In { .. } => Some(term.span),
        TermKind::Array(items) | TermKind::Set(items) => items.iter().find_map(call_in),
        TermKind::Object(entries) => {
            entries.iter().find_map(|(key, value)| call_in(key).or_else(|| call_in(value)))
        }
        TermKind::Ref(reference) => {
            call_in(&reference.head).or_else(|| reference.path.iter().find_map(call_in))
        }
        TermKind::Parens(inner) => call_in(inner),
        _ => None,
    }
}
