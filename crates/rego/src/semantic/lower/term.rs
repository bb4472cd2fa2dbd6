//! Terms: references to documents and variables, composites, comprehensions, operators.

use palisade_diag::Span;
use palisade_value::{AnyValue, Entry, Value};

use crate::checked::{Body, Term, TermKind};
use crate::names::data_path;
use crate::semantic::errors;
use crate::semantic::imports::Root;
use crate::semantic::lower::{Lowerer, Name, constant};
use crate::syntax::ast;

impl Lowerer<'_, '_> {
    /// Lowers a term.
    pub(super) fn term(&mut self, term: &ast::Term) -> Term {
        let span = term.span;
        let kind = match &term.kind {
            ast::TermKind::Null => TermKind::Const(Value::Null),
            ast::TermKind::Boolean(it) => TermKind::Const(Value::Boolean(*it)),
            ast::TermKind::Number(text) => TermKind::Const(Value::decimal(text)),
            ast::TermKind::String { text, .. } => TermKind::Const(Value::text(text)),
            ast::TermKind::Template { parts, .. } => self.template(parts, span),
            ast::TermKind::Var(name) => match self.name(name, span) {
                Name::Local(local) => TermKind::Local(local),
                Name::Document(root, path) => self.document_ref(root, path, span),
            },
            ast::TermKind::Ref(reference) => self.reference(reference),
            ast::TermKind::Array(items) => array(self.terms(items)),
            ast::TermKind::Set(items) => set(self.terms(items)),
            ast::TermKind::Object(entries) => object(self.entries(entries)),
            ast::TermKind::ArrayComprehension(value, body) => {
                let (body, [value]) = self.closure(&body.exprs, [value]);
                TermKind::ArrayComprehension(Box::new(value), body)
            }
            ast::TermKind::SetComprehension(value, body) => {
                let (body, [value]) = self.closure(&body.exprs, [value]);
                TermKind::SetComprehension(Box::new(value), body)
            }
            ast::TermKind::ObjectComprehension(key, value, body) => {
                let (body, [key, value]) = self.closure(&body.exprs, [key, value]);
                TermKind::ObjectComprehension(Box::new(key), Box::new(value), body)
            }
            ast::TermKind::Call(callee, args) => self.call(callee, args, span),
            ast::TermKind::Infix(operator, left, right) => {
                let args = vec![self.term(left), self.term(right)];
                self.operator(operator.builtin(), args, span)
            }
            ast::TermKind::In { key, value, collection } => {
                let name = if key.is_some() { "internal.member_3" } else { "internal.member_2" };
                let parts = key.iter().chain([value, collection]);
                let args = parts.map(|part| self.term(part)).collect();
                self.operator(name, args, span)
            }
            ast::TermKind::Parens(inner) => return self.term(inner),
            ast::TermKind::Error => anything(),
        };
        Term { span, kind }
    }

    fn terms(&mut self, terms: &[ast::Term]) -> Vec<Term> {
        terms.iter().map(|term| self.term(term)).collect()
    }

    /// The entries of an object. Of those that are written with the same key only the last counts: the values of the
    /// others are not even computed.
    fn entries(&mut self, entries: &[(ast::Term, ast::Term)]) -> Vec<(Term, Term)> {
        let keys: Vec<Term> = entries.iter().map(|(key, _)| self.term(key)).collect();
        let is_last = |at: usize| !keys[at + 1..].iter().any(|later| is_same(&keys[at], later));
        let last: Vec<usize> = (0..keys.len()).filter(|at| is_last(*at)).collect();
        last.into_iter().map(|at| (keys[at].clone(), self.term(&entries[at].1))).collect()
    }

    /// A term that is known to be a constant, at another place.
    pub(super) fn constant_term(&mut self, term: &ast::Term, span: Span) -> Term {
        Term { span, ..self.term(term) }
    }

    /// Lowers a body of its own and the terms that are computed in it.
    pub(super) fn closure<const N: usize>(
        &mut self,
        exprs: &[ast::Expr],
        terms: [&ast::Term; N],
    ) -> (Body, [Term; N]) {
        self.open(true, exprs, &terms);
        let body = self.body(exprs);
        let terms = terms.map(|term| self.term(term));
        self.close();
        (body, terms)
    }

    fn reference(&mut self, reference: &ast::Ref) -> TermKind {
        let head = match &reference.head.kind {
            ast::TermKind::Var(name) => self.name(name, reference.head.span),
            _ => {
                let head = self.term(&reference.head);
                let path = self.terms(&reference.path);
                return TermKind::Ref(Box::new(head), path);
            }
        };
        let path = self.terms(&reference.path);
        match head {
            Name::Local(local) => {
                let head = Term { span: reference.head.span, kind: TermKind::Local(local) };
                TermKind::Ref(Box::new(head), path)
            }
            Name::Document(root, mut front) => {
                front.extend(path);
                self.document_ref(root, front, reference.span)
            }
        }
    }

    /// A reference below a root document; functions have no value there.
    pub(super) fn document_ref(&mut self, root: Root, path: Vec<Term>, span: Span) -> TermKind {
        if root == Root::Input {
            return TermKind::Input(path);
        }
        let mut node = &self.shared.tree.root;
        let mut constant_part = Vec::new();
        for key in path.iter().map_while(constant_value) {
            let Some(child) = node.children.get(key) else { break };
            node = child;
            constant_part.push(key);
            if node.function.is_some() {
                let name = data_path(constant_part);
                self.report(errors::function_as_value(&name, span));
                return anything();
            }
        }
        TermKind::Data(path)
    }

    /// The constant `true`.
    pub(super) fn truth(span: Span) -> Term {
        constant(span, Value::Boolean(true))
    }
}

/// What stands for a term with an error: a term that can have any value, so that no further error comes of it.
pub(super) fn anything() -> TermKind {
    TermKind::Input(Vec::new())
}

/// The value of a constant.
pub(super) fn constant_value(term: &Term) -> Option<&Value> {
    match &term.kind {
        TermKind::Const(value) => Some(value),
        _ => None,
    }
}

/// The values of terms, if all of them are constants.
fn constants(terms: &[Term]) -> Option<Vec<Value>> {
    terms.iter().map(|term| constant_value(term).cloned()).collect()
}

/// An array, constant if its elements are.
pub(super) fn array(items: Vec<Term>) -> TermKind {
    match constants(&items) {
        Some(values) => TermKind::Const(Value::array(values)),
        None => TermKind::Array(items),
    }
}

fn set(items: Vec<Term>) -> TermKind {
    match constants(&items) {
        Some(values) => TermKind::Const(Value::set(values)),
        None => TermKind::Set(items),
    }
}

/// Whether two terms are written alike: constants, variables, and what composites and references are made of them.
fn is_same(one: &Term, other: &Term) -> bool {
    let all = |ones: &[Term], others: &[Term]| {
        ones.len() == others.len()
            && ones.iter().zip(others).all(|(one, other)| is_same(one, other))
    };
    match (&one.kind, &other.kind) {
        (TermKind::Const(one), TermKind::Const(other)) => one == other,
        (TermKind::Local(one), TermKind::Local(other)) => one == other,
        (TermKind::Array(ones), TermKind::Array(others))
        | (TermKind::Input(ones), TermKind::Input(others))
        | (TermKind::Data(ones), TermKind::Data(others)) => all(ones, others),
        (TermKind::Ref(one, ones), TermKind::Ref(other, others)) => {
            is_same(one, other) && all(ones, others)
        }
        _ => false,
    }
}

fn object(entries: Vec<(Term, Term)>) -> TermKind {
    let pair = |(key, value): &(Term, Term)| match (&key.kind, &value.kind) {
        (TermKind::Const(key), TermKind::Const(value)) => {
            Some(Entry { key: key.clone(), value: value.clone() })
        }
        _ => None,
    };
    match entries.iter().map(pair).collect() {
        Some(values) => TermKind::Const(Value::object(values)),
        None => TermKind::Object(entries),
    }
}
