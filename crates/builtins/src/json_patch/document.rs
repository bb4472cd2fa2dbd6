//! A document that is changed in place.
//!
//! Only what a path has led through is taken apart, and each collection once: thousands of changes to a large object
//! make no thousands of copies of it.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use palisade_value::{AnyValue, Entry, View, order};

use crate::failure::Failure;
use crate::limits::ITEMS_MAX;

/// A value, taken apart as far as needed.
pub(super) enum Document<V> {
    Whole(V),
    Array(Vec<Document<V>>),
    Object(BTreeMap<Key<V>, Document<V>>),
    Set(BTreeSet<Key<V>>),
}

/// A key or member in the order of values.
pub(super) struct Key<V>(V);

impl<V: AnyValue> PartialEq for Key<V> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<V: AnyValue> Eq for Key<V> {}

impl<V: AnyValue> PartialOrd for Key<V> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<V: AnyValue> Ord for Key<V> {
    fn cmp(&self, other: &Self) -> Ordering {
        order::compare(&self.0, &other.0)
    }
}

pub(super) fn missing() -> Failure {
    Failure::error("path does not exist in the document")
}

impl<V: AnyValue> Document<V> {
    /// The document put together again.
    pub(super) fn value(&self) -> V {
        match self {
            Document::Whole(value) => value.clone(),
            Document::Array(items) => V::array(items.iter().map(Document::value).collect()),
            Document::Object(entries) => V::object_from_sorted(
                entries
                    .iter()
                    .map(|(key, value)| Entry { key: key.0.clone(), value: value.value() })
                    .collect(),
            ),
            Document::Set(members) => {
                V::set_from_sorted(members.iter().map(|it| it.0.clone()).collect())
            }
        }
    }

    /// Takes the outermost collection apart.
    fn open(&mut self) {
        let Document::Whole(value) = self else { return };
        let whole = |value: &V| Document::Whole(value.clone());
        *self = match value.view() {
            View::Array(items) => Document::Array(items.iter().map(whole).collect()),
            View::Object(entries) => Document::Object(
                entries.iter().map(|it| (Key(it.key.clone()), whole(&it.value))).collect(),
            ),
            View::Set(members) => Document::Set(members.iter().cloned().map(Key).collect()),
            _ => return,
        };
    }

    /// What stands at a path.
    pub(super) fn find(&self, path: &[V]) -> Result<V, Failure> {
        let Some((key, rest)) = path.split_first() else { return Ok(self.value()) };
        match self {
            Document::Whole(value) => {
                path.iter().try_fold(value.clone(), |at, key| child(&at, key))
            }
            Document::Array(items) => {
                items.get(index(key, items.len())?).ok_or_else(missing)?.find(rest)
            }
            Document::Object(entries) => {
                entries.get(&Key(key.clone())).ok_or_else(missing)?.find(rest)
            }
            Document::Set(members) => {
                let member = members.get(&Key(key.clone())).ok_or_else(missing)?;
                rest.iter().try_fold(member.0.clone(), |at, key| child(&at, key))
            }
        }
    }

    /// Changes what stands at a path.
    pub(super) fn edit(
        &mut self,
        path: &[V],
        change: &mut dyn FnMut(&mut Document<V>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Some((key, rest)) = path.split_first() else { return change(self) };
        self.open();
        match self {
            Document::Whole(_) => Err(missing()),
            Document::Array(items) => {
                let at = index(key, items.len())?;
                items.get_mut(at).ok_or_else(missing)?.edit(rest, change)
            }
            Document::Object(entries) => {
                entries.get_mut(&Key(key.clone())).ok_or_else(missing)?.edit(rest, change)
            }
            Document::Set(members) => {
                let member = members.take(&Key(key.clone())).ok_or_else(missing)?;
                let mut member = Document::Whole(member.0);
                member.edit(rest, change)?;
                members.insert(Key(member.value()));
                Ok(())
            }
        }
    }

    /// Objects take any key, sets only a member under itself, arrays an index up to their length or `-`.
    pub(super) fn insert(&mut self, key: &V, value: V) -> Result<(), Failure> {
        self.open();
        match self {
            Document::Whole(_) => return Err(Failure::error("expected composite type")),
            Document::Object(entries) => {
                entries.insert(Key(key.clone()), Document::Whole(value));
            }
            Document::Set(members) if order::equal(key, &value) => {
                members.replace(Key(value));
            }
            Document::Set(_) => {
                return Err(Failure::error("set key does not equal value to be inserted"));
            }
            Document::Array(items) => {
                let at = index(key, items.len())?;
                if at > items.len() || items.len() >= ITEMS_MAX {
                    return Err(Failure::error("index for array insertion out of bounds"));
                }
                items.insert(at, Document::Whole(value));
            }
        }
        Ok(())
    }

    /// Takes away what stands under a key.
    pub(super) fn remove(&mut self, key: &V) -> Result<(), Failure> {
        self.open();
        match self {
            Document::Whole(_) => Err(Failure::error("expected composite type")),
            Document::Object(entries) => {
                entries.remove(&Key(key.clone())).map(|_| ()).ok_or_else(missing)
            }
            Document::Set(members) => {
                members.take(&Key(key.clone())).map(|_| ()).ok_or_else(missing)
            }
            Document::Array(items) => {
                let at = index(key, items.len())?;
                if at >= items.len() {
                    return Err(Failure::error("index for array delete out of bounds"));
                }
                items.remove(at);
                Ok(())
            }
        }
    }
}

fn child<V: AnyValue>(parent: &V, key: &V) -> Result<V, Failure> {
    match parent.view() {
        View::Array(items) => items.get(index(key, items.len())?).cloned().ok_or_else(missing),
        _ => parent.get(key).ok_or_else(missing),
    }
}

/// An index from a number or its decimal text without leading zeros; `-` is the place behind the last element.
fn index<V: AnyValue>(key: &V, length: usize) -> Result<usize, Failure> {
    let at = match key.view() {
        View::Number(at) => at.plain_int().and_then(|at| u64::try_from(at).ok()),
        View::String("-") => return Ok(length),
        View::String(text) if text.len() > 1 && text.starts_with('0') => {
            return Err(Failure::error("leading zeros are not allowed in JSON paths"));
        }
        View::String(text) => text.parse().ok(),
        _ => None,
    };
    let at = at.ok_or(Failure::error("invalid index"))?;
    Ok(usize::try_from(at).unwrap_or(usize::MAX))
}
