//! `json.filter` and `json.remove`, and the paths they share with `json.patch`.

use std::borrow::Cow;

use palisade_value::{AnyValue, Entry, View, order};

use crate::context::Context;
use crate::failure::{Failure, Problem};
use crate::operands::Operands;

/// Only what lies on the paths.
pub fn json_filter<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    args.object(0)?;
    let tree = Tree::of(&paths(args)?);
    Ok(filter(args.value(0)?, &tree))
}

/// Without what lies at the end of the paths.
pub fn json_remove<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    args.object(0)?;
    let tree = Tree::of(&paths(args)?);
    remove(args.value(0)?, Some(&tree)).ok_or(Failure::Undefined)
}

fn paths<V: AnyValue>(args: &[V]) -> Result<Vec<Vec<V>>, Failure> {
    args.items(1)?.iter().map(path).collect()
}

/// A path: an array of keys, or a JSON pointer whose leading slashes don't matter.
pub(crate) fn path<V: AnyValue>(it: &V) -> Result<Vec<V>, Failure> {
    match it.view() {
        View::String("") => Ok(Vec::new()),
        View::String(text) => Ok(text.trim_start_matches('/').split('/').map(unescaped).collect()),
        View::Array(keys) => Ok(keys.to_vec()),
        _ => {
            let text = "must be one of {set, array} containing string paths or array of path segments but got ";
            Err(Failure::Operand(2, Problem::Other(Cow::Owned([text, it.kind().name()].concat()))))
        }
    }
}

fn unescaped<V: AnyValue>(key: &str) -> V {
    if key.contains('~') {
        V::string(key.replace("~1", "/").replace("~0", "~"))
    } else {
        V::text(key)
    }
}

/// Paths put together: nodes are sorted by key, a leaf is the end of a path.
enum Tree<V> {
    Leaf,
    Node(Vec<(V, Tree<V>)>),
}

impl<V: AnyValue> Tree<V> {
    fn of(paths: &[Vec<V>]) -> Tree<V> {
        let mut root = Tree::Node(Vec::new());
        for path in paths.iter().filter(|it| !it.is_empty()) {
            root.insert(path);
        }
        root
    }

    fn insert(&mut self, path: &[V]) {
        let mut tree = self;
        for key in path {
            // A shorter path has been here: everything below is already named.
            let Tree::Node(branches) = tree else { return };
            let at = match branches.binary_search_by(|(it, _)| order::compare(it, key)) {
                Ok(at) => at,
                Err(at) => {
                    branches.insert(at, (key.clone(), Tree::Node(Vec::new())));
                    at
                }
            };
            let Some((_, branch)) = branches.get_mut(at) else { return };
            tree = branch;
        }
        *tree = Tree::Leaf;
    }

    fn branch(&self, key: &V) -> Option<&Tree<V>> {
        match self {
            Tree::Leaf => None,
            Tree::Node(branches) => {
                let at = branches.binary_search_by(|(it, _)| order::compare(it, key)).ok()?;
                branches.get(at).map(|(_, tree)| tree)
            }
        }
    }
}

/// In paths, an array's elements are named by their index as a string.
fn index<V: AnyValue>(at: usize) -> V {
    V::string(at.to_string())
}

fn filter<V: AnyValue>(value: &V, tree: &Tree<V>) -> V {
    if matches!(tree, Tree::Leaf) {
        return value.clone();
    }
    match value.view() {
        View::Array(items) => {
            let kept = items.iter().enumerate();
            V::array(
                kept.filter_map(|(at, it)| Some(filter(it, tree.branch(&index(at))?))).collect(),
            )
        }
        View::Set(members) => {
            V::set(members.iter().filter_map(|it| Some(filter(it, tree.branch(it)?))).collect())
        }
        View::Object(entries) => {
            let kept = entries.iter().filter_map(|Entry { key, value }| {
                Some(Entry { key: key.clone(), value: filter(value, tree.branch(key)?) })
            });
            V::object_from_sorted(kept.collect())
        }
        _ => value.clone(),
    }
}

fn remove<V: AnyValue>(value: &V, tree: Option<&Tree<V>>) -> Option<V> {
    let Some(tree) = tree else { return Some(value.clone()) };
    if matches!(tree, Tree::Leaf) {
        return None;
    }
    Some(match value.view() {
        View::Array(items) => {
            let all = items.iter().enumerate();
            V::array(all.filter_map(|(at, it)| remove(it, tree.branch(&index(at)))).collect())
        }
        View::Set(members) => {
            V::set(members.iter().filter_map(|it| remove(it, tree.branch(it))).collect())
        }
        View::Object(entries) => {
            let kept = entries.iter().filter_map(|Entry { key, value }| {
                Some(Entry { key: key.clone(), value: remove(value, tree.branch(key))? })
            });
            V::object_from_sorted(kept.collect())
        }
        _ => value.clone(),
    })
}
