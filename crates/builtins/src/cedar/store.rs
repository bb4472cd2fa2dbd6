//! The store of entities: looking them up, and what lies above them.

use palisade_value::{AnyValue, Entry, View, order};

use super::values::{entries, entry, has, items, position};

/// The entities of the request and the frozen ones.
pub(super) struct Store<'a, V> {
    own: &'a [Entry<V>],
    frozen: &'a [Entry<V>],
}

/// What is known of an entity.
pub(super) struct Record<'a, V> {
    pub(super) attrs: &'a [Entry<V>],
    pub(super) tags: &'a [Entry<V>],
    pub(super) parents: &'a V,
    ancestors: &'a V,
}

/// What an entity lies in, itself not counted; sorted.
pub(super) enum Ancestors<'a, V> {
    Closed(&'a [V]),
    Found(Vec<&'a V>),
}

impl<'a, V: AnyValue> Store<'a, V> {
    /// The store that a value is.
    pub(super) fn of(value: &'a V) -> Store<'a, V> {
        match value.view() {
            View::Array([own, frozen]) => Store::new(entries(own), entries(frozen)),
            _ => Store::new(&[], &[]),
        }
    }

    pub(super) fn new(own: &'a [Entry<V>], frozen: &'a [Entry<V>]) -> Store<'a, V> {
        Store { own, frozen }
    }

    /// An entity.
    pub(super) fn find(&self, uid: &V) -> Option<Record<'a, V>> {
        let value = entry(self.own, uid).or_else(|| entry(self.frozen, uid))?;
        Record::of(value)
    }

    /// How many entities of the request there are.
    pub(super) fn n_own(&self) -> usize {
        self.own.len()
    }

    /// How many entities there are, hidden ones counted too.
    pub(super) fn len(&self) -> usize {
        self.own.len() + self.frozen.len()
    }

    /// The number of an entity: those of the request come first.
    pub(super) fn index(&self, uid: &V) -> Option<usize> {
        position(self.own, uid).or_else(|| position(self.frozen, uid).map(|it| self.own.len() + it))
    }

    /// The entity of a number.
    pub(super) fn at(&self, index: usize) -> Option<&'a Entry<V>> {
        match index.checked_sub(self.own.len()) {
            Some(index) => self.frozen.get(index),
            None => self.own.get(index),
        }
    }

    /// What the entity of a number lies in directly.
    pub(super) fn parents(&self, index: usize) -> &'a [V] {
        self.at(index).and_then(|it| Record::of(&it.value)).map_or(&[], |it| items(it.parents))
    }

    /// Whether an entity lies in one of a sorted set.
    pub(super) fn lies_in_any(&self, uid: &V, set: &[V]) -> bool {
        match self.closed(uid) {
            Some(ancestors) if ancestors.len() < set.len() => {
                ancestors.iter().any(|it| has(set, it))
            }
            Some(ancestors) => set.iter().any(|it| has(ancestors, it)),
            None => self.climb(uid, |it| has(set, it)),
        }
    }

    /// Whether an entity lies in another.
    pub(super) fn lies_below(&self, uid: &V, other: &V) -> bool {
        match self.closed(uid) {
            Some(ancestors) => has(ancestors, other),
            None => self.climb(uid, |it| order::equal(it, other)),
        }
    }

    /// What an entity lies in.
    pub(super) fn ancestors(&self, uid: &V) -> Ancestors<'a, V> {
        if let Some(ancestors) = self.closed(uid) {
            return Ancestors::Closed(ancestors);
        }
        let mut found = Vec::new();
        self.climb(uid, |it| {
            found.push(it);
            false
        });
        found.sort_unstable_by(|a, b| order::compare(*a, *b));
        found.dedup_by(|a, b| order::equal(*a, *b));
        Ancestors::Found(found)
    }

    /// What a frozen entity lies in, where no entity of the request comes between.
    fn closed(&self, uid: &V) -> Option<&'a [V]> {
        if !self.own.is_empty() {
            return None;
        }
        let record = match entry(self.frozen, uid) {
            Some(value) => Record::of(value)?,
            None => return Some(&[]),
        };
        match record.ancestors.view() {
            View::Set(it) => Some(it),
            _ => None,
        }
    }

    /// Visits what an entity lies in until `is_enough`, and says whether it was. One may come more than once, but what lies
    /// above them is visited once.
    fn climb(&self, uid: &V, mut is_enough: impl FnMut(&'a V) -> bool) -> bool {
        let Some(start) = self.index(uid) else { return false };
        let mut seen = Seen::default();
        let mut pending = self.parents(start);
        let mut more: Vec<&'a [V]> = Vec::new();
        loop {
            let Some((parent, rest)) = pending.split_first() else {
                match more.pop() {
                    Some(next) => pending = next,
                    None => return false,
                }
                continue;
            };
            if is_enough(parent) {
                return true;
            }
            pending = rest;
            let Some(index) = self.index(parent) else { continue };
            if seen.is_new(index, !rest.is_empty() || !more.is_empty(), self.len()) {
                if !pending.is_empty() {
                    more.push(pending);
                }
                pending = self.parents(index);
            }
        }
    }
}

impl<'a, V: AnyValue> Record<'a, V> {
    pub(super) fn of(value: &'a V) -> Option<Record<'a, V>> {
        match value.view() {
            View::Array([attrs, tags, parents, ancestors]) => {
                Some(Record { attrs: entries(attrs), tags: entries(tags), parents, ancestors })
            }
            _ => None,
        }
    }
}

impl<V: AnyValue> Ancestors<'_, V> {
    /// Whether an entity is among them.
    pub(super) fn has(&self, uid: &V) -> bool {
        match self {
            Ancestors::Closed(it) => has(it, uid),
            Ancestors::Found(it) => it.binary_search_by(|it| order::compare(*it, uid)).is_ok(),
        }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Ancestors::Closed(it) => it.len(),
            Ancestors::Found(it) => it.len(),
        }
    }

    /// Visits them in order.
    pub(super) fn each(&self, mut visit: impl FnMut(&V)) {
        match self {
            Ancestors::Closed(it) => it.iter().for_each(visit),
            Ancestors::Found(it) => it.iter().for_each(|it| visit(it)),
        }
    }

    /// Whether they are the same.
    pub(super) fn are(&self, others: &Ancestors<'_, V>) -> bool {
        let mut are_all = self.len() == others.len();
        self.each(|it| are_all = are_all && others.has(it));
        are_all
    }
}

/// Which entities were visited. On a way without branches nothing can be visited twice, and nothing needs to be kept.
#[derive(Default)]
struct Seen {
    steps: usize,
    bits: Vec<u64>,
}

impl Seen {
    /// Whether the entity was not visited before. `is_branching` is whether there are other ways than through it.
    fn is_new(&mut self, index: usize, is_branching: bool, n_entities: usize) -> bool {
        // More steps than entities on a way without branches go round in a circle.
        self.steps += 1;
        if self.bits.is_empty() {
            if !is_branching && self.steps <= n_entities {
                return true;
            }
            self.bits = vec![0; n_entities / 64 + 1];
        }
        let Some(word) = self.bits.get_mut(index / 64) else { return false };
        let is_new = *word >> (index % 64) & 1 == 0;
        *word |= 1 << (index % 64);
        is_new
    }
}
