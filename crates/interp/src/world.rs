//! What an expression is evaluated against: `input`, `data`, and what `with` put in the place of functions.

use std::cell::RefCell;
use std::collections::BTreeMap;

use palisade_rego::checked::{Callee, FunctionId};
use palisade_value::{AnyValue, Entry, Value};

/// What stands in the place of a function or built-in.
#[derive(Clone, Debug)]
pub(crate) enum Mock {
    /// Every call returns this.
    Value(Value),
    /// This is called instead.
    Callee(Callee),
}

/// Results by what was asked and with which values; `None` for undefined.
type Memory<K> = RefCell<BTreeMap<(K, Vec<Value>), Option<Value>>>;

/// One world. Each `with` makes another one; results are remembered in the world in which they were found.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) input: Option<Value>,
    /// Base data, replacements of `with data…` put in.
    pub(crate) data: Value,
    /// The paths below `data` that were replaced: nothing virtual is left there.
    pub(crate) replaced: Vec<Vec<Value>>,
    /// The replaced functions; of several replacements of one the last counts.
    pub(crate) mocks: Vec<(Callee, Mock)>,
    /// Documents that were evaluated: the node's address and the keys asked for.
    pub(crate) documents: Memory<usize>,
    /// Calls that were evaluated.
    pub(crate) calls: Memory<FunctionId>,
}

impl World {
    pub(crate) fn new(input: Option<Value>, data: Value) -> World {
        World {
            input,
            data,
            replaced: Vec::new(),
            mocks: Vec::new(),
            documents: RefCell::default(),
            calls: RefCell::default(),
        }
    }

    /// The same world with nothing remembered.
    pub(crate) fn fresh(&self) -> World {
        World {
            replaced: self.replaced.clone(),
            mocks: self.mocks.clone(),
            ..World::new(self.input.clone(), self.data.clone())
        }
    }

    /// Whether the document at this very path was replaced.
    pub(crate) fn is_replaced(&self, path: &[Value]) -> bool {
        self.replaced.iter().any(|replaced| replaced == path)
    }

    pub(crate) fn mock(&self, callee: Callee) -> Option<&Mock> {
        self.mocks.iter().rev().find(|(target, _)| *target == callee).map(|(_, mock)| mock)
    }

    pub(crate) fn replace_input(&mut self, path: &[Value], value: Value) {
        self.input = Some(put(self.input.as_ref(), path, value));
    }

    pub(crate) fn replace_data(&mut self, path: &[Value], value: Value) {
        self.data = put(Some(&self.data), path, value);
        self.replaced.push(path.to_vec());
    }
}

/// A copy of a document with `value` at `path`. What is no object on the way gives way to one.
fn put(document: Option<&Value>, path: &[Value], value: Value) -> Value {
    let Some((key, rest)) = path.split_first() else {
        return value;
    };
    let below = document.and_then(|it| match it {
        Value::Object(_) => it.get(key),
        _ => None,
    });
    let value = put(below.as_ref(), rest, value);
    let mut entries = document.map(|it| it.entries().to_vec()).unwrap_or_default();
    entries.push(Entry { key: key.clone(), value });
    Value::object(entries)
}
