//! The native representation: reference counted, safe, cheap to clone.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use crate::any::{AnyValue, Entry, View};
use crate::number::Num;
use crate::{json, order};

/// A Rego value. Composite values are sorted slices, see the crate's documentation.
#[derive(Clone)]
pub enum Value {
    /// `null`
    Null,
    /// A boolean.
    Boolean(bool),
    /// A number that fits 64 bits.
    Integer(i64),
    /// Any other number, as its decimal text.
    Decimal(Arc<str>),
    /// A string.
    String(Arc<str>),
    /// An array.
    Array(Arc<[Value]>),
    /// An object: entries sorted by key.
    Object(Arc<[Entry<Value>]>),
    /// A set: members sorted.
    Set(Arc<[Value]>),
}

impl Value {
    /// An object with string keys.
    pub fn object_of<K: AsRef<str>>(entries: impl IntoIterator<Item = (K, Value)>) -> Value {
        Value::object(
            entries
                .into_iter()
                .map(|(key, value)| Entry { key: Value::text(key.as_ref()), value })
                .collect(),
        )
    }

    /// The empty object.
    pub fn empty_object() -> Value {
        Value::Object(Arc::from([]))
    }

    /// The entries of an object, none of anything else.
    pub fn entries(&self) -> &[Entry<Value>] {
        match self {
            Value::Object(entries) => entries,
            _ => &[],
        }
    }

    /// The elements of an array or the members of a set, none of anything else.
    pub fn items(&self) -> &[Value] {
        match self {
            Value::Array(items) | Value::Set(items) => items,
            _ => &[],
        }
    }
}

impl AnyValue for Value {
    fn view(&self) -> View<'_, Value> {
        match self {
            Value::Null => View::Null,
            Value::Boolean(it) => View::Boolean(*it),
            Value::Integer(it) => View::Number(Num::Int(*it)),
            Value::Decimal(text) => View::Number(Num::Decimal(text)),
            Value::String(it) => View::String(it),
            Value::Array(items) => View::Array(items),
            Value::Object(entries) => View::Object(entries),
            Value::Set(members) => View::Set(members),
        }
    }

    fn null() -> Value {
        Value::Null
    }

    fn boolean(it: bool) -> Value {
        Value::Boolean(it)
    }

    fn integer(it: i64) -> Value {
        Value::Integer(it)
    }

    fn decimal(text: &str) -> Value {
        match Num::parse_int(text) {
            Some(it) => Value::Integer(it),
            None => Value::Decimal(Arc::from(text)),
        }
    }

    fn string(it: String) -> Value {
        Value::String(Arc::from(it))
    }

    fn array(items: Vec<Value>) -> Value {
        Value::Array(Arc::from(items))
    }

    fn set_from_sorted(members: Vec<Value>) -> Value {
        Value::Set(Arc::from(members))
    }

    fn object_from_sorted(entries: Vec<Entry<Value>>) -> Value {
        Value::Object(Arc::from(entries))
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        order::equal(self, other)
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Value) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Value) -> Ordering {
        order::compare(self, other)
    }
}

impl From<&str> for Value {
    fn from(it: &str) -> Value {
        Value::text(it)
    }
}

impl From<i64> for Value {
    fn from(it: i64) -> Value {
        Value::Integer(it)
    }
}

impl From<bool> for Value {
    fn from(it: bool) -> Value {
        Value::Boolean(it)
    }
}

/// Prints the value as a Rego term: sets as `{1, 2}` and `set()`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        json::write_rego(self, &mut text);
        f.write_str(&text)
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
