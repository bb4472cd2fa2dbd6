//! What can be done with a term while some variables have no value yet.
//!
//! Both searches for solutions over a checked program ask this, the reference evaluator's and that of partial
//! evaluation; and so does the compiler. They say which variables have a value; it does not matter here what it is.

use super::{LocalId, Term, TermKind};

impl Term {
    /// Whether the term can be held against a value before the body has bound any variable.
    pub fn is_key_pattern(&self) -> bool {
        match &self.kind {
            TermKind::Const(_) | TermKind::Local(_) => true,
            TermKind::Array(items) => items.iter().all(Term::is_key_pattern),
            TermKind::Object(entries) => entries.iter().all(|(key, value)| {
                matches!(key.kind, TermKind::Const(_)) && value.is_key_pattern()
            }),
            _ => false,
        }
    }

    /// Whether the term can be held against a value right now: a variable, or a composite to take apart.
    pub fn is_pattern(&self, is_bound: &impl Fn(LocalId) -> bool) -> bool {
        match &self.kind {
            TermKind::Local(_) | TermKind::Array(_) => true,
            TermKind::Object(entries) => entries.iter().all(|(key, _)| key.is_ready(is_bound)),
            _ => false,
        }
    }

    /// Whether the term is a pattern with a variable in it that has no value yet.
    pub fn is_open(&self, is_bound: &impl Fn(LocalId) -> bool) -> bool {
        match &self.kind {
            TermKind::Local(local) => !is_bound(*local),
            TermKind::Array(items) => items.iter().any(|item| item.is_open(is_bound)),
            TermKind::Object(entries) => entries.iter().any(|(_, value)| value.is_open(is_bound)),
            _ => false,
        }
    }

    /// Whether the term can be evaluated: every variable has a value, but for those that stand for keys.
    pub fn is_ready(&self, is_bound: &impl Fn(LocalId) -> bool) -> bool {
        match &self.kind {
            TermKind::Const(_) => true,
            TermKind::Local(local) => is_bound(*local),
            TermKind::Array(items) | TermKind::Set(items) | TermKind::Call(_, items) => {
                items.iter().all(|item| item.is_ready(is_bound))
            }
            TermKind::Object(entries) => entries
                .iter()
                .all(|(key, value)| key.is_ready(is_bound) && value.is_ready(is_bound)),
            TermKind::Input(path) | TermKind::Data(path) => {
                path.iter().all(|key| key.is_key_ready(is_bound))
            }
            TermKind::Ref(head, path) => {
                head.is_ready(is_bound) && path.iter().all(|key| key.is_key_ready(is_bound))
            }
            // The checker orders bodies so that what a comprehension takes from outside is bound.
            TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => true,
        }
    }

    /// Whether a key can be evaluated, or held against all keys that there are: no call or set in it, and no key of an
    /// object, waits for a variable.
    pub fn is_key_ready(&self, is_bound: &impl Fn(LocalId) -> bool) -> bool {
        match &self.kind {
            TermKind::Local(_) => true,
            TermKind::Array(items) => items.iter().all(|item| item.is_key_ready(is_bound)),
            TermKind::Object(entries) => entries
                .iter()
                .all(|(key, value)| key.is_ready(is_bound) && value.is_key_ready(is_bound)),
            _ => self.is_ready(is_bound),
        }
    }
}
