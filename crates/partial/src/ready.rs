//! What of a term has a value already.

use palisade_rego::checked::{Term, TermKind};

use crate::machine::Machine;

impl Machine<'_> {
    /// Whether the term can be held against a symbol right now: a variable, or a composite to take apart.
    pub(crate) fn is_pattern(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Local(_) | TermKind::Array(_) => true,
            TermKind::Object(entries) => entries.iter().all(|(key, _)| self.is_ready(key)),
            _ => false,
        }
    }

    /// Whether the term is a pattern with a variable in it that has no value yet.
    pub(crate) fn is_open(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Local(local) => self.frame.get(*local).is_none(),
            TermKind::Array(items) => items.iter().any(|item| self.is_open(item)),
            TermKind::Object(entries) => entries.iter().any(|(_, value)| self.is_open(value)),
            _ => false,
        }
    }

    /// Whether the term can be evaluated: every variable has a value, but for those that stand for keys.
    pub(crate) fn is_ready(&self, term: &Term) -> bool {
        match &term.kind {
            TermKind::Const(_) => true,
            TermKind::Local(local) => self.frame.get(*local).is_some(),
            TermKind::Array(items) | TermKind::Set(items) => {
                items.iter().all(|item| self.is_ready(item))
            }
            TermKind::Object(entries) => {
                entries.iter().all(|(key, value)| self.is_ready(key) && self.is_ready(value))
            }
            TermKind::Input(path) | TermKind::Data(path) => {
                path.iter().all(|key| self.is_key_ready(key))
            }
            TermKind::Ref(head, path) => {
                self.is_ready(head) && path.iter().all(|key| self.is_key_ready(key))
            }
            TermKind::Call(_, arguments) => {
                arguments.iter().all(|argument| self.is_ready(argument))
            }
            // The checker orders bodies so that what a comprehension takes from outside is bound.
            TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => true,
        }
    }

    fn is_key_ready(&self, key: &Term) -> bool {
        match &key.kind {
            TermKind::Local(_) => true,
            TermKind::Array(items) => items.iter().all(|item| self.is_key_ready(item)),
            TermKind::Object(entries) => {
                entries.iter().all(|(key, value)| self.is_ready(key) && self.is_key_ready(value))
            }
            _ => self.is_ready(key),
        }
    }
}
