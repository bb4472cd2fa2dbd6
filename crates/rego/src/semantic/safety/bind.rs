//! What evaluating an expression front to back needs, and which variables it binds.

use std::collections::{BTreeSet, HashSet};

use palisade_diag::Span;
use palisade_value::Value;

use crate::checked::{Body, Expr, ExprKind, LocalId, Term, TermKind, WithValue};
use crate::semantic::walk;

/// The variables that have values.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    is_bound: Vec<bool>,
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
        if let Some(slot) = self.is_bound.get_mut(at) {
            *slot = true;
        }
    }

    /// From now on these have values.
    pub fn extend(&mut self, locals: &[LocalId]) {
        locals.iter().for_each(|local| self.insert(*local));
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

/// What came of going through an expression.
#[derive(Debug)]
pub struct Outcome {
    /// The variables that have values afterwards and had none before.
    pub bound: Vec<LocalId>,
    /// What was missing on the way.
    pub missing: Vec<Missing>,
    /// What else was missing when the sides of an equation were tried the other way round.
    pub missing_otherwise: Vec<Missing>,
}

/// Goes through expressions as an evaluator does.
#[derive(Clone, Debug)]
pub struct Binder<'a> {
    before: &'a Bound,
    bound: BTreeSet<LocalId>,
    missing: Vec<Missing>,
    is_missing: BTreeSet<LocalId>,
    missing_otherwise: Vec<Missing>,
    depth: u32,
    depths: &'a [u32],
    assigned: &'a HashSet<Span>,
    eager: &'a HashSet<LocalId>,
}

impl<'a> Binder<'a> {
    /// Starts in a body inside `depth` closures with some variables bound.
    pub fn new(
        before: &'a Bound,
        depth: u32,
        depths: &'a [u32],
        assigned: &'a HashSet<Span>,
        eager: &'a HashSet<LocalId>,
    ) -> Binder<'a> {
        Binder {
            before,
            bound: BTreeSet::new(),
            missing: Vec::new(),
            is_missing: BTreeSet::new(),
            missing_otherwise: Vec::new(),
            depth,
            depths,
            assigned,
            eager,
        }
    }

    /// What came of it.
    pub fn finish(self) -> Outcome {
        Outcome {
            bound: self.bound.into_iter().collect(),
            missing: self.missing,
            missing_otherwise: self.missing_otherwise,
        }
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
        let mut first = self.clone();
        first.eval(left);
        first.eval(right);
        let mut second = self.clone();
        let is_swapped = first.missing.len() > self.missing.len() && {
            second.eval(right);
            second.eval(left);
            second.missing.len() == self.missing.len()
        };
        if is_swapped {
            *self = second;
        } else {
            first.missing_otherwise = second.missing;
            *self = first;
        }
        is_swapped
    }

    /// Whether a term is a pattern with an unbound variable in it.
    fn is_open(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Local(local) => !self.contains(*local),
            TermKind::Array(items) => items.iter().any(|it| self.is_open(it)),
            TermKind::Object(entries) => entries.iter().any(|(_, value)| self.is_open(value)),
            _ => false,
        }
    }

    fn contains(&self, local: LocalId) -> bool {
        self.before.contains(local) || self.bound.contains(&local)
    }

    fn need(&mut self, local: LocalId, span: Span) {
        if !self.contains(local) && self.is_missing.insert(local) {
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
            TermKind::Local(local) => {
                if !self.contains(*local) {
                    self.bound.insert(*local);
                }
            }
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

/// The variables to which an expression could give values if all else were there.
pub fn bindable(expr: &Expr) -> BTreeSet<LocalId> {
    let mut found = BTreeSet::new();
    match &expr.kind {
        ExprKind::Unify(left, right) => {
            of_pattern(left, &mut found);
            of_pattern(right, &mut found);
        }
        ExprKind::SomeIn { key, value, .. } => {
            key.iter().chain([value]).for_each(|it| of_pattern(it, &mut found));
        }
        ExprKind::Not(_) => return found,
        _ => {}
    }
    walk::terms(expr).into_iter().for_each(|term| of_keys(term, &mut found));
    found
}

fn of_pattern(term: &Term, found: &mut BTreeSet<LocalId>) {
    match &term.kind {
        TermKind::Local(local) => {
            found.insert(*local);
        }
        TermKind::Array(items) => items.iter().for_each(|it| of_pattern(it, found)),
        TermKind::Object(entries) => entries.iter().for_each(|(_, it)| of_pattern(it, found)),
        _ => {}
    }
}

fn of_keys(term: &Term, found: &mut BTreeSet<LocalId>) {
    if let TermKind::Input(path) | TermKind::Data(path) | TermKind::Ref(_, path) = &term.kind {
        path.iter().for_each(|it| of_pattern(it, found));
    }
    walk::parts(term).into_iter().for_each(|part| of_keys(part, found));
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
