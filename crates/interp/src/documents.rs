//! References into `data`: virtual documents and base data beside them.

use std::collections::BTreeSet;

use palisade_diag::Span;
use palisade_rego::checked::{Node, RuleKind, Term};
use palisade_value::{AnyValue, Entry, Value};

use crate::machine::{Flow, Machine, ThenValue, ThenValues};

/// The document below `data` that a reference to all of `data` leaves out, as OPA does.
const SYSTEM: &str = "system";

/// A place below `data` on the way of a reference.
#[derive(Clone)]
pub(crate) struct Place<'p> {
    /// The virtual documents here, unless there are none or they were replaced.
    node: Option<&'p Node>,
    /// The base data here.
    base: Option<Value>,
    /// The way from `data`.
    path: Vec<Value>,
}

impl<'p> Machine<'p> {
    /// Calls `then` with each value that the path below `data` leads to.
    pub(crate) fn data(&mut self, span: Span, path: &[Term], then: ThenValue<'_, 'p>) -> Flow {
        let root = self.root();
        self.descend(root, span, path, then)
    }

    /// The document at a constant path.
    pub(crate) fn document(&mut self, span: Span, path: &[Term]) -> Flow<Option<Value>> {
        let mut found = None;
        let root = self.root();
        self.descend(root, span, path, &mut |_, value| {
            found = Some(value);
            Ok(())
        })?;
        Ok(found)
    }

    fn root(&self) -> Place<'p> {
        let node = (!self.world.is_replaced(&[])).then_some(&self.program.root);
        Place { node, base: Some(self.world.data.clone()), path: Vec::new() }
    }

    fn child(&self, place: &Place<'p>, key: &Value) -> Place<'p> {
        let path = [place.path.as_slice(), std::slice::from_ref(key)].concat();
        let below = |node: &'p Node| node.children.get(key);
        let node = place.node.and_then(below).filter(|_| !self.world.is_replaced(&path));
        Place { node, base: place.base.as_ref().and_then(|base| base.get(key)), path }
    }

    fn descend(
        &mut self,
        place: Place<'p>,
        span: Span,
        path: &[Term],
        then: ThenValue<'_, 'p>,
    ) -> Flow {
        self.tick(span)?;
        let Some(node) = place.node else {
            return match place.base {
                Some(base) => self.access(base, path, then),
                None => Ok(()),
            };
        };
        if !node.rules.is_empty() {
            return self.descend_into_rules(node, path, then);
        }
        let Some((first, rest)) = path.split_first() else {
            return match self.whole(&place)? {
                Some(value) => then(self, value),
                None => Ok(()),
            };
        };
        if self.is_open(first) {
            return keys(&place).into_iter().try_for_each(|key| {
                let child = self.child(&place, &key);
                self.matches(first, key, &mut |machine| {
                    machine.descend(child.clone(), span, rest, then)
                })
            });
        }
        self.term(first, &mut |machine, key| {
            let child = machine.child(&place, &key);
            machine.descend(child, span, rest, then)
        })
    }

    /// A reference that has come to rules: asks them only for the keys that are known.
    fn descend_into_rules(
        &mut self,
        node: &'p Node,
        path: &[Term],
        then: ThenValue<'_, 'p>,
    ) -> Flow {
        let reach = self.reach(node).min(path.len());
        let (front, _) = path.split_at(reach);
        self.known_keys(front, &mut Vec::new(), &mut |machine, keys| {
            let Some(mut value) = machine.extent(node, keys)? else {
                return Ok(());
            };
            for key in keys {
                match value.get(key) {
                    Some(part) => value = part,
                    None => return Ok(()),
                }
            }
            machine.access(value, &path[keys.len()..], then)
        })
    }

    /// Evaluates the keys in front of the first that has unbound variables.
    fn known_keys(
        &mut self,
        path: &[Term],
        keys: &mut Vec<Value>,
        then: ThenValues<'_, 'p>,
    ) -> Flow {
        let known = path.split_first().filter(|(first, _)| !self.is_open(first));
        let Some((first, rest)) = known else {
            return then(self, keys);
        };
        self.term(first, &mut |machine, key| {
            keys.push(key);
            let flow = machine.known_keys(rest, keys, then);
            keys.pop();
            flow
        })
    }

    /// How many keys behind the node its rules can tell apart.
    fn reach(&mut self, node: &'p Node) -> usize {
        let address = std::ptr::from_ref(node).addr();
        if let Some(known) = self.reach.get(&address) {
            return *known;
        }
        let own = node.rules.iter().filter_map(|id| self.program.rules.get(id.0 as usize));
        let own = own.map(|rule| {
            rule.suffix.len() + usize::from(matches!(rule.kind, RuleKind::Contains(_)))
        });
        let own = own.max().unwrap_or(0);
        let below = node.children.values().map(|child| 1 + self.reach(child)).max().unwrap_or(0);
        self.reach.insert(address, own.max(below));
        own.max(below)
    }

    /// The whole document at a place: base data, and what rules give beside it.
    fn whole(&mut self, place: &Place<'p>) -> Flow<Option<Value>> {
        let whole = match (place.base.clone(), self.leaves(place)?) {
            (Some(base), Some(leaves)) => Some(merge(&base, &leaves)),
            (base, leaves) => base.or(leaves),
        };
        Ok(match whole {
            Some(Value::Object(entries)) if place.path.is_empty() => {
                let shown = entries.iter().filter(|entry| entry.key.as_str() != Some(SYSTEM));
                Some(Value::object_from_sorted(shown.cloned().collect()))
            }
            whole => whole,
        })
    }

    /// What all rules at a place and below it give. Packages are objects, empty ones too; functions are nothing.
    fn leaves(&mut self, place: &Place<'p>) -> Flow<Option<Value>> {
        let Some(node) = place.node else {
            return Ok(None);
        };
        if !node.rules.is_empty() {
            return self.extent(node, &[]);
        }
        if node.children.is_empty() && node.function.is_some() {
            return Ok(None);
        }
        let mut entries = Vec::with_capacity(node.children.len());
        for key in node.children.keys() {
            let child = self.child(place, key);
            if let Some(value) = self.leaves(&child)? {
                entries.push(Entry { key: key.clone(), value });
            }
        }
        Ok(Some(Value::object_from_sorted(entries)))
    }
}

/// Two documents in one: objects are merged, of anything else the first stays.
fn merge(first: &Value, second: &Value) -> Value {
    let (Value::Object(_), Value::Object(theirs)) = (first, second) else {
        return first.clone();
    };
    let merged = theirs.iter().map(|entry| {
        let value = first
            .get(&entry.key)
            .map_or_else(|| entry.value.clone(), |ours| merge(&ours, &entry.value));
        Entry { key: entry.key.clone(), value }
    });
    // Of equal keys the last one stays: the merged ones.
    Value::object(first.entries().iter().cloned().chain(merged).collect())
}

/// The keys at a place, in order: those of base data and of the virtual documents.
fn keys(place: &Place<'_>) -> BTreeSet<Value> {
    let base: Vec<Value> = match &place.base {
        Some(Value::Array(items)) => (0..items.len()).map(|at| Value::Integer(at as i64)).collect(),
        Some(Value::Set(members)) => members.to_vec(),
        Some(Value::Object(entries)) => entries.iter().map(|entry| entry.key.clone()).collect(),
        _ => Vec::new(),
    };
    let virtual_keys = place.node.iter().flat_map(|node| node.children.keys()).cloned();
    let mut keys: BTreeSet<Value> = base.into_iter().chain(virtual_keys).collect();
    if place.path.is_empty() {
        keys.remove(&Value::text(SYSTEM));
    }
    keys
}
