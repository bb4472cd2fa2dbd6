//! What the operands of a template's functions are: parts of the object, and what functions make.

use std::borrow::Cow;

use palisade_value::{AnyValue, View, json};

use crate::sprintf;
use crate::sprintf::float::shortest;

/// A value while a template is rendered.
#[derive(Clone)]
pub(super) enum Item<V> {
    /// There is none: a key that the object doesn't have.
    Missing,
    /// Part of the object; `null` is Go's `nil`, numbers and strings are strings.
    Data(V),
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
}

impl<V: AnyValue> Item<V> {
    /// What a pipeline makes of it: a `nil` isn't there any more.
    pub(super) fn unwrapped(self) -> Item<V> {
        if self.is_nil() { Item::Missing } else { self }
    }

    /// Whether it is missing or `nil`.
    pub(super) fn is_nil(&self) -> bool {
        match self {
            Item::Missing => true,
            Item::Data(it) => matches!(it.view(), View::Null),
            _ => false,
        }
    }

    /// Whether `if` takes it for true: what isn't empty or zero.
    pub(super) fn is_true(&self) -> bool {
        match self {
            Item::Missing => false,
            Item::Boolean(it) => *it,
            Item::Integer(it) => *it != 0,
            Item::Float(it) => *it != 0.0,
            Item::Text(it) => !it.is_empty(),
            Item::Data(it) => match it.view() {
                View::Null => false,
                View::Boolean(it) => it,
                View::Number(_) => true,
                View::String(it) => !it.is_empty(),
                View::Array(it) | View::Set(it) => !it.is_empty(),
                View::Object(it) => !it.is_empty(),
            },
        }
    }

    /// The boolean it is.
    pub(super) fn as_boolean(&self) -> Option<bool> {
        match self {
            Item::Boolean(it) => Some(*it),
            Item::Data(it) => match it.view() {
                View::Boolean(it) => Some(it),
                _ => None,
            },
            _ => None,
        }
    }

    /// The string it is; numbers of the object are strings.
    pub(super) fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Item::Text(it) => Some(Cow::Borrowed(it)),
            Item::Data(it) => match it.view() {
                View::String(it) => Some(Cow::Borrowed(it)),
                View::Number(it) => Some(Cow::Owned(it.to_text())),
                _ => None,
            },
            _ => None,
        }
    }

    /// The name of its type in Go.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Item::Missing => "<nil>",
            Item::Boolean(_) => "bool",
            Item::Integer(_) => "int",
            Item::Float(_) => "float64",
            Item::Text(_) => "string",
            Item::Data(it) => match it.view() {
                View::Null => "<nil>",
                View::Boolean(_) => "bool",
                View::Number(_) => "json.Number",
                View::String(_) => "string",
                View::Array(_) | View::Set(_) => "[]interface {}",
                View::Object(_) => "map[string]interface {}",
            },
        }
    }

    /// Its text, as Go prints it.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match self {
            Item::Missing => "<nil>".into(),
            Item::Boolean(it) => if *it { "true" } else { "false" }.into(),
            Item::Integer(it) => it.to_string().into(),
            Item::Float(it) => print_float(*it).into(),
            Item::Text(it) => it.into(),
            Item::Data(it) => {
                let mut out = String::new();
                print(it, &mut out);
                out.into()
            }
        }
    }

    /// The operand of `printf` that it is.
    pub(super) fn to_operand(&self) -> sprintf::Operand<'_> {
        match self {
            Item::Integer(it) => sprintf::Operand::GoInt(*it),
            Item::Float(it) => sprintf::Operand::Float(*it),
            _ if self.is_nil() => sprintf::Operand::Nil,
            _ => match self.as_boolean() {
                Some(it) => sprintf::Operand::Boolean(it),
                None => sprintf::Operand::Other(self.text(), self.type_name()),
            },
        }
    }
}

/// A double in its shortest form, scientific only where it is very large or small.
fn print_float(it: f64) -> String {
    match it.abs() {
        magnitude if magnitude == 0.0 || (1e-4..1e21).contains(&magnitude) => format!("{it}"),
        _ => shortest(it),
    }
}

fn print<V: AnyValue>(value: &V, out: &mut String) {
    match value.view() {
        View::Null => out.push_str("<nil>"),
        View::String(it) => out.push_str(it),
        View::Boolean(_) | View::Number(_) => json::write_json(value, out),
        View::Array(items) | View::Set(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                print(item, out);
            }
            out.push(']');
        }
        View::Object(entries) => {
            out.push_str("map[");
            for (at, entry) in entries.iter().enumerate() {
                if at > 0 {
                    out.push(' ');
                }
                print(&entry.key, out);
                out.push(':');
                print(&entry.value, out);
            }
            out.push(']');
        }
    }
}
