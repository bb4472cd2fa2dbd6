//! What evaluating an expression front to back needs, and which variables it binds.

use std::collections::HashSet;

use palisade_diag::Span;
use palisade_value::Value;

use crate::checked::{Body, Expr, ExprKind, LocalId, Term, TermKind, WithValue};
use crate::semantic::walk;

/// The variables that have values.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    is_bound: Vec<bool>,
    count: usize,
}

impl Bound {
    /// Whether the variable has a value.
    pub fn contains(&self, local: LocalId) -> bool {
        self.is_bound.get(local.0 as usize).is_some_and(|it| *it)
    }

    /// From now on the variable has a value.
    pub fn insert(&mut self, local: LocalId) {
        let at = local.0 as usize;
        if self.is_bound.len() <= at {
            self.is_bound.resize(at + 1, false);
        }
        if let Some(slot @ false) = self.is_bound.get_mut(at) {
            *slot = true;
            self.count += 1;
        }
    }

    /// How many have values.
    pub fn count(&self) -> usize {
        self.count
    }
}

/// A variable that is needed and has no value.
#[derive(Clone, Copy, Debug)]
pub struct Missing {
    /// Which.
    pub local: LocalId,
    /// Where it is needed.
    pub span: Span,
}

/// Goes through expressions as an evaluator does.
#[derive(Debug)]
pub struct Binder<'a> {
    bound: Bound,
    missing: Vec<Missing>,
    depth: u32,
    depths: &'a [u32],
    assigned: &'a HashSet<Span>,
    eager: &'a HashSet<LocalId>,
}

impl<'a> Binder<'a> {
    /// Starts in a body inside `depth` closures with some variables bound.
    pub fn new(
        bound: Bound,
        depth: u32,
        depths: &'a [u32],
        assigned: &'a HashSet<Span>,
        eager: &'a HashSet<LocalId>,
    ) -> Binder<'a> {
        Binder { bound, missing: Vec::new(), depth, depths, assigned, eager }
    }

    /// What is bound now, and what was missing on the way.
    pub fn finish(self) -> (Bound, Vec<Missing>) {
        (self.bound, self.missing)
    }

    /// Goes through an expression. Tells whether the sides of an equation must be swapped.
    pub fn expr(&mut self, expr: &Expr) -> bool {
        self.replacements(expr);
        match &expr.kind {
            ExprKind::Term(term) => self.eval(term),
            ExprKind::Unify(left, right) if self.assigned.contains(&expr.span) => {
                self.eval(right);
                self.pattern_for(left, right);
            }
            ExprKind::Unify(left, right) => return self.unify(left, right),
            ExprKind::SomeIn { key, value, collection } => {
                self.eval(collection);
                key.iter().chain([value]).for_each(|term| self.pattern(term));
            }
            ExprKind::Every { domain, .. } => {
                self.eval(domain);
                walk::bodies(expr).iter().for_each(|body| self.closure(body, &[]));
            }
            ExprKind::Not(_) | ExprKind::Or(_) | ExprKind::And(_) => {
                walk::bodies(expr).iter().for_each(|body| self.closure(body, &[]));
            }
        }
        false
    }

    /// Goes through the values of an expression's `with` modifiers.
    pub fn replacements(&mut self, expr: &Expr) {
        for with in &expr.with {
            if let WithValue::Term(term) = &with.value {
                self.eval(term);
            }
        }
    }

    fn unify(&mut self, left: &Term, right: &Term) -> bool {
        if let TermKind::Local(local) = &left.kind
            && self.eager.contains(local)
        {
            walk::locals_of_term(right, &mut |local, span| self.need(local, span));
            self.pattern(left);
            return false;
        }
        match (self.is_open(left), self.is_open(right)) {
            (true, false) => {
                self.eval(right);
                self.pattern_for(left, right);
            }
            (false, true) => {
                self.eval(left);
                self.pattern_for(right, left);
            }
            (true, true) => {
                self.eval(left);
                self.eval(right);
            }
            (false, false) => return self.compare(left, right),
        }
        false
    }

    /// Both sides are computed: left first, unless the right one binds what the left one needs.
    fn compare(&mut self, left: &Term, right: &Term) -> bool {
        let (bound, missing) = (self.bound.clone(), self.missing.len());
        self.eval(left);
        self.eval(right);
        if self.missing.len() == missing {
            return false;
        }
        let first_try =
            (std::mem::replace(&mut self.bound, bound), self.missing.split_off(missing));
        self.eval(right);
        self.eval(left);
        if self.missing.len() == missing {
            return true;
        }
        self.missing.truncate(missing);
        self.bound = first_try.0;
        self.missing.extend(first_try.1);
        false
    }

    /// Whether a term is a pattern with an unbound variable in it.
    fn is_open(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Local(local) => !self.bound.contains(*local),
            TermKind::Array(items) => items.iter().any(|it| self.is_open(it)),
            TermKind::Object(entries) => entries.iter().any(|(_, value)| self.is_open(value)),
            _ => false,
        }
    }

    fn need(&mut self, local: LocalId, span: Span) {
        if !self.bound.contains(local) && !self.missing.iter().any(|it| it.local == local) {
            self.missing.push(Missing { local, span });
        }
    }

    /// A term whose value is needed.
    pub fn eval(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Local(local) => self.need(*local, term.span),
            TermKind::Input(path) | TermKind::Data(path) => path.iter().for_each(|it| self.key(it)),
            TermKind::Ref(head, path) => {
                self.eval(head);
                path.iter().for_each(|it| self.key(it));
            }
            _ => match walk::comprehension(term) {
                Some((body, terms)) => self.closure(body, &terms),
                None => walk::parts(term).into_iter().for_each(|part| self.eval(part)),
            },
        }
    }

    /// A part of a reference: unbound variables go through all keys.
    fn key(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Local(_) | TermKind::Array(_) | TermKind::Object(_) => self.pattern(term),
            _ => self.eval(term),
        }
    }

    /// A term that is compared with a value: unbound variables take it.
    pub fn pattern(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Local(local) => self.bound.insert(*local),
            TermKind::Array(items) => items.iter().for_each(|it| self.pattern(it)),
            TermKind::Object(entries) => entries.iter().for_each(|(key, value)| {
                self.eval(key);
                self.pattern(value);
            }),
            _ => self.eval(term),
        }
    }

    /// A pattern that is compared with this term. Where both are written objects, only what stands under the same key in
    /// both takes a value: of `{k: x}` and `{"a": 1}` it isn't known whether `x` gets one.
    fn pattern_for(&mut self, pattern: &Term, other: &Term) {
        let (TermKind::Object(entries), Some(others)) = (&pattern.kind, written_keys(other)) else {
            return self.pattern(pattern);
        };
        let is_known = others.iter().all(|other| matches!(other, Key::Constant(_)));
        for (key, value) in entries {
            self.eval(key);
            let key = written_key(key);
            // That two constant keys differ is for the types to tell.
            let is_constant = is_known && !others.is_empty() && matches!(key, Key::Constant(_));
            if is_constant || (key != Key::Computed && others.contains(&key)) {
                self.pattern(value);
            } else {
                self.eval(value);
            }
        }
    }

    /// A body of its own: what it takes from outside must be there.
    fn closure(&mut self, body: &Body, terms: &[&Term]) {
        let (depth, depths) = (self.depth, self.depths);
        let is_outer = |local: LocalId| depths.get(local.0 as usize).is_some_and(|it| *it <= depth);
        let mut visit = |local: LocalId, span: Span| {
            if is_outer(local) {
                self.need(local, span);
            }
        };
        walk::locals_of_body(body, &mut visit);
        terms.iter().for_each(|term| walk::locals_of_term(term, &mut visit));
    }
}

/// A key of a written object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key<'a> {
    Constant(&'a Value),
    Variable(LocalId),
    Computed,
}

fn written_key(term: &Term) -> Key<'_> {
    match &term.kind {
        TermKind::Const(key) => Key::Constant(key),
        TermKind::Local(local) => Key::Variable(*local),
        _ => Key::Computed,
    }
}

/// The keys of a written object.
fn written_keys(term: &Term) -> Option<Vec<Key<'_>>> {
    match &term.kind {
        TermKind::Const(Value::Object(entries)) => {
            Some(entries.iter().map(|it| Key::Constant(&it.key)).collect())
        }
        TermKind::Object(entries) => {
            Some(entries.iter().map(|(key, _)| written_key(key)).collect())
        }
        _ => None,
    }
}

/// Whether an expression could give the variable a value if all else were there.
pub fn can_bind(expr: &Expr, local: LocalId) -> bool {
    let is_pattern = |term: &Term| pattern_has(term, local);
    match &expr.kind {
        ExprKind::Unify(left, right) if is_pattern(left) || is_pattern(right) => true,
        ExprKind::SomeIn { key, value, .. } if key.iter().chain([value]).any(is_pattern) => true,
        ExprKind::Not(_) => false,
        _ => walk::terms(expr).into_iter().any(|term| key_has(term, local)),
    }
}

fn pattern_has(term: &Term, local: LocalId) -> bool {
    match &term.kind {
        TermKind::Local(it) => *it == local,
        TermKind::Array(items) => items.iter().any(|it| pattern_has(it, local)),
        TermKind::Object(entries) => entries.iter().any(|(_, value)| pattern_has(value, local)),
        _ => false,
    }
}

fn key_has(term: &Term, local: LocalId) -> bool {
    let here = match &term.kind {
        TermKind::Input(path) | TermKind::Data(path) | TermKind::Ref(_, path) => {
            path.iter().any(|it| pattern_has(it, local))
        }
        _ => false,
    };
    here || walk::parts(term).into_iter().any(|part| key_has(part, local))
}

/// Whether there is a reference with a variable in it that could bind something.
pub fn can_bind_any(term: &Term) -> bool {
    let here = match &term.kind {
        TermKind::Input(path) | TermKind::Data(path) | TermKind::Ref(_, path) => {
            path.iter().any(|it| !matches!(it.kind, TermKind::Const(_)))
        }
        _ => false,
    };
    here || walk::parts(term).into_iter().any(can_bind_any)
}

/// Whether evaluating the term may give nothing.
pub fn may_be_undefined(term: &Term) -> bool {
    match &term.kind {
        TermKind::Input(_) | TermKind::Data(_) | TermKind::Ref(..) | TermKind::Call(..) => true,
        _ => walk::parts(term).into_iter().any(may_be_undefined),
    }
}
