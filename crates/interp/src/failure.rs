//! Why a document is undefined: the expressions of its own rules that had no solution, with the values in them.
//!
//! Unlike a trace this takes little room however long the evaluation is: of everything below an expression that is under
//! way only the last value of each term is kept, and of the failed expressions the last ones.

use std::collections::{BTreeMap, VecDeque};

use palisade_diag::Span;
use palisade_rego::checked::{Body, Expr, ExprKind, LocalId, Term, TermKind, WithValue};
use palisade_value::Value;

use crate::frame::Frame;
use crate::size;

/// How many failed expressions are kept.
const FAILURES_MAX: usize = 1_000;

/// How many queries are open in the body of a rule that was asked for: that of whoever asked, and the rule's own.
const DEPTH: usize = 2;

/// An expression that had no solution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The expression; of an `every`, the expression in its body.
    pub span: Span,
    /// The variables, references and calls in it in the order of their places, each with its value; none for what is
    /// undefined. What was not reached is left out, and so are large values.
    pub values: Vec<(Span, Option<Value>)>,
    /// The named variables that have a value.
    pub bindings: Vec<(String, Value)>,
}

/// Records failures while an evaluation is under way.
#[derive(Default)]
pub(crate) struct Recorder {
    /// The expression of the asked rule's body that is under way.
    under_way: Option<Span>,
    /// What the terms inside it were when they were last evaluated.
    values: BTreeMap<Span, Option<Value>>,
    /// The last failure inside it.
    last: Option<Failure>,
    failures: VecDeque<Failure>,
}

impl Recorder {
    /// An expression is begun.
    pub(crate) fn begin(&mut self, span: Span, depth: usize) {
        if depth == DEPTH {
            self.under_way = Some(span);
            self.values.clear();
            self.last = None;
        }
    }

    /// A term is begun: until it has a value, it has none.
    pub(crate) fn term(&mut self, term: &Term) {
        if is_shown(term) && self.under_way.is_some_and(|outer| contains(outer, term.span)) {
            self.values.insert(term.span, None);
        }
    }

    /// A term has a value.
    pub(crate) fn value(&mut self, term: &Term, value: &Value) {
        if let Some(known) = self.values.get_mut(&term.span) {
            *known = Some(value.clone());
        }
    }

    /// An expression had no solution.
    pub(crate) fn fail(&mut self, expr: &Expr, frame: &Frame<'_>, depth: usize) {
        if depth != DEPTH && !self.under_way.is_some_and(|outer| contains(outer, expr.span)) {
            return;
        }
        // Of `every`, what failed in its body says more.
        let is_told = matches!(expr.kind, ExprKind::Every { .. })
            && self.last.as_ref().is_some_and(|last| contains(expr.span, last.span));
        if !is_told {
            self.last = Some(self.failure(expr, frame));
        }
        if depth == DEPTH {
            if self.failures.len() == FAILURES_MAX {
                self.failures.pop_front();
            }
            self.failures.extend(self.last.take());
        }
    }

    /// What was recorded, in order.
    pub(crate) fn into_failures(self) -> Vec<Failure> {
        self.failures.into()
    }

    fn failure(&self, expr: &Expr, frame: &Frame<'_>) -> Failure {
        let mut found = Found { recorder: self, frame, values: BTreeMap::new() };
        found.expr(expr);
        // That a call as a whole does not hold is known.
        let is_known = |span: &Span| {
            *span == expr.span
                && matches!(&expr.kind, ExprKind::Term(Term { kind: TermKind::Call(..), .. }))
        };
        let values = found
            .values
            .into_iter()
            .filter(|(span, value)| !is_known(span) && value.as_ref().is_none_or(size::is_shown));
        Failure { span: expr.span, values: values.collect(), bindings: frame.named() }
    }
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

/// Whether the value of the term says more than its text.
fn is_shown(term: &Term) -> bool {
    matches!(
        term.kind,
        TermKind::Input(_)
            | TermKind::Data(_)
            | TermKind::Ref(..)
            | TermKind::Call(..)
            | TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..)
    )
}

/// The values in an expression.
struct Found<'a, 'p> {
    recorder: &'a Recorder,
    frame: &'a Frame<'p>,
    values: BTreeMap<Span, Option<Value>>,
}

impl Found<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        for with in &expr.with {
            if let WithValue::Term(term) = &with.value {
                self.term(term);
            }
        }
        match &expr.kind {
            ExprKind::Term(term) => self.term(term),
            ExprKind::Unify(left, right) => [left, right].into_iter().for_each(|it| self.term(it)),
            ExprKind::SomeIn { key, value, collection } => {
                key.iter().chain([value, collection]).for_each(|it| self.term(it));
            }
            ExprKind::Not(body) | ExprKind::And(body) => self.body(body),
            ExprKind::Or(bodies) => bodies.iter().for_each(|body| self.body(body)),
            // Its body has been evaluated many times, and failed once.
            ExprKind::Every { domain, .. } => self.term(domain),
        }
    }

    fn body(&mut self, body: &Body) {
        body.exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn term(&mut self, term: &Term) {
        if let Some(value) = self.recorder.values.get(&term.span) {
            self.values.insert(term.span, value.clone());
        }
        match &term.kind {
            TermKind::Local(local) => self.local(*local, term.span),
            TermKind::Array(items)
            | TermKind::Set(items)
            | TermKind::Input(items)
            | TermKind::Data(items)
            | TermKind::Call(_, items) => items.iter().for_each(|item| self.term(item)),
            TermKind::Object(entries) => {
                entries.iter().flat_map(|(key, value)| [key, value]).for_each(|it| self.term(it));
            }
            TermKind::Ref(head, path) => {
                std::iter::once(&**head).chain(path).for_each(|it| self.term(it));
            }
            // What is inside a comprehension has many values.
            TermKind::Const(_)
            | TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => {}
        }
    }

    fn local(&mut self, local: LocalId, span: Span) {
        if let Some(value) = self.frame.get(local) {
            self.values.insert(span, Some(value.clone()));
        }
    }
}
