//! Walks through checked terms and bodies.

use std::collections::BTreeSet;

use palisade_rego::checked::{Body, Expr, ExprKind, LocalId, Term, TermKind, With, WithValue};

/// What is looked for.
pub(super) trait Visitor {
    /// A variable stands here.
    fn local(&mut self, _id: LocalId) {}
    /// A term stands here; what is in it is visited too.
    fn term(&mut self, _term: &Term) {}
    /// A replacement stands here.
    fn with(&mut self, _with: &With) {}
}

/// The variables of terms.
#[derive(Debug, Default)]
pub(super) struct Locals(pub BTreeSet<LocalId>);

impl Visitor for Locals {
    fn local(&mut self, id: LocalId) {
        self.0.insert(id);
    }
}

/// Visits everything in a body.
pub(super) fn body(it: &Body, visitor: &mut impl Visitor) {
    it.exprs.iter().for_each(|it| expr(it, visitor));
}

/// Visits everything in an expression.
pub(super) fn expr(it: &Expr, visitor: &mut impl Visitor) {
    for with in &it.with {
        visitor.with(with);
        if let WithValue::Term(value) = &with.value {
            term(value, visitor);
        }
    }
    match &it.kind {
        ExprKind::Term(it) => term(it, visitor),
        ExprKind::Unify(a, b) => {
            term(a, visitor);
            term(b, visitor);
        }
        ExprKind::SomeIn { key, value, collection } => {
            key.iter().for_each(|key| term(key, visitor));
            term(value, visitor);
            term(collection, visitor);
        }
        ExprKind::Not(it) | ExprKind::And(it) => body(it, visitor),
        ExprKind::Every { key, value, domain, body: it } => {
            key.iter().for_each(|key| visitor.local(*key));
            visitor.local(*value);
            term(domain, visitor);
            body(it, visitor);
        }
        ExprKind::Or(bodies) => bodies.iter().for_each(|it| body(it, visitor)),
    }
}

/// Visits everything in terms.
pub(super) fn terms<'t>(them: impl IntoIterator<Item = &'t Term>, visitor: &mut impl Visitor) {
    them.into_iter().for_each(|it| term(it, visitor));
}

/// Visits everything in a term.
pub(super) fn term(it: &Term, visitor: &mut impl Visitor) {
    visitor.term(it);
    match &it.kind {
        TermKind::Const(_) => {}
        TermKind::Local(id) => visitor.local(*id),
        TermKind::Array(items) | TermKind::Set(items) => terms(items, visitor),
        TermKind::Input(parts) | TermKind::Data(parts) => terms(parts, visitor),
        TermKind::Call(_, args) => terms(args, visitor),
        TermKind::Object(entries) => {
            terms(entries.iter().flat_map(|(key, value)| [key, value]), visitor)
        }
        TermKind::Ref(base, parts) => {
            term(base, visitor);
            terms(parts, visitor);
        }
        TermKind::ArrayComprehension(value, it) | TermKind::SetComprehension(value, it) => {
            term(value, visitor);
            body(it, visitor);
        }
        TermKind::ObjectComprehension(key, value, it) => {
            term(key, visitor);
            term(value, visitor);
            body(it, visitor);
        }
    }
}
