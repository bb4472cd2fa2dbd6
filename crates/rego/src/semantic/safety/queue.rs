//! The expressions of a body that are not in order yet, and what each of them waits for.
//!
//! An expression is looked at again only when a variable that it waits for has got a value, so that the time for a long
//! body grows with its length.

use std::collections::{BTreeMap, BTreeSet};

use crate::checked::{Expr, ExprKind, LocalId, Term, TermKind};
use crate::semantic::safety::bind::{self, Missing, Outcome};

/// An expression with what it misses.
#[derive(Debug)]
struct Entry {
    expr: Expr,
    missing: Vec<Missing>,
    /// Whether it has been tried in vain to take it apart since it was last looked at.
    is_whole: bool,
}

/// The expressions that wait, by their place in the body as written.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: BTreeMap<usize, Entry>,
    ready: BTreeMap<usize, Expr>,
    /// By variable: which expressions to look at when it gets a value.
    watchers: BTreeMap<LocalId, Vec<usize>>,
    /// By variable: how many of the waiting expressions could give it a value.
    binders: BTreeMap<LocalId, usize>,
    /// What is to be looked at.
    woken: BTreeSet<usize>,
}

impl Queue {
    /// All expressions of a body, to be looked at.
    pub fn new(exprs: impl Iterator<Item = Expr>) -> Queue {
        let mut queue = Queue::default();
        for (at, expr) in exprs.enumerate() {
            bind::bindable(&expr).into_iter().for_each(|local| {
                *queue.binders.entry(local).or_default() += 1;
            });
            queue.waiting.insert(at, Entry { expr, missing: Vec::new(), is_whole: false });
            queue.woken.insert(at);
        }
        queue
    }

    /// Looks at those that are to be looked at, and takes the first that misses nothing.
    pub fn pop_ready(&mut self, look: impl Fn(&Expr) -> Outcome) -> Option<Expr> {
        while let Some(at) = self.woken.pop_first() {
            let Some(entry) = self.waiting.get_mut(&at) else { continue };
            let outcome = look(&entry.expr);
            if outcome.missing.is_empty() {
                if let Some(expr) = self.remove(at) {
                    self.ready.insert(at, expr);
                }
                continue;
            }
            let needs_all = needs_all(&entry.expr);
            let watched = outcome.missing.iter().chain(&outcome.missing_otherwise);
            for missing in watched.take(if needs_all { 1 } else { usize::MAX }) {
                self.watchers.entry(missing.local).or_default().push(at);
            }
            entry.missing = outcome.missing;
            entry.is_whole = false;
        }
        self.ready.pop_first().map(|(_, expr)| expr)
    }

    /// These variables have values now.
    pub fn wake(&mut self, locals: &[LocalId]) {
        for local in locals {
            self.woken.extend(self.watchers.remove(local).into_iter().flatten());
        }
    }

    /// The first waiting expression that can be taken apart, replaced by what comes of that.
    pub fn divide_first(
        &mut self,
        mut divide: impl FnMut(&Expr) -> Option<Vec<Expr>>,
    ) -> Option<Vec<Expr>> {
        let (at, parts) =
            self.waiting.iter_mut().filter(|(_, it)| !it.is_whole).find_map(|(at, entry)| {
                let parts = divide(&entry.expr);
                entry.is_whole = parts.is_none();
                Some((*at, parts?))
            })?;
        self.remove(at);
        Some(parts)
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.ready.is_empty()
    }

    /// What to report where nothing can go on: the variables that nothing else could give a value, or all that the
    /// first expression misses where they wait for each other.
    pub fn hopeless(&self) -> Vec<Missing> {
        let mut found: Vec<Missing> = Vec::new();
        for entry in self.waiting.values() {
            let own = bind::bindable(&entry.expr);
            found.extend(entry.missing.iter().filter(|missing| {
                let all = self.binders.get(&missing.local).copied().unwrap_or(0);
                all <= usize::from(own.contains(&missing.local))
            }));
        }
        if found.is_empty() {
            found.extend(self.waiting.values().next().into_iter().flat_map(|it| &it.missing));
        }
        let mut seen = BTreeSet::new();
        found.retain(|missing| seen.insert(missing.local));
        found
    }

    fn remove(&mut self, at: usize) -> Option<Expr> {
        let expr = self.waiting.remove(&at)?.expr;
        for local in bind::bindable(&expr) {
            if let Some(count) = self.binders.get_mut(&local) {
                *count = count.saturating_sub(1);
            }
        }
        Some(expr)
    }
}

/// Whether an expression needs everything that it misses. An equation of two patterns may be helped by one of its sides.
fn needs_all(expr: &Expr) -> bool {
    let is_local = |term: &Term| matches!(term.kind, TermKind::Local(_));
    let is_computed = |term: &Term| {
        !matches!(term.kind, TermKind::Local(_) | TermKind::Array(_) | TermKind::Object(_))
    };
    match &expr.kind {
        ExprKind::Unify(left, right) => {
            (is_local(left) && is_computed(right)) || (is_computed(left) && is_local(right))
        }
        _ => true,
    }
}
