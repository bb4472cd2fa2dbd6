//! The functions that every template has.

use std::cmp::Ordering;

use palisade_value::{AnyValue, View};

use super::item::Item;
use crate::quote::prints;
use crate::{sprintf, urlquery};

/// The names of the functions.
pub(super) const NAMES: [&str; 19] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or",
    "print", "printf", "println", "slice", "urlquery",
];

/// How many operands a function takes: at least, and at most if there is a limit.
fn arity(name: &str) -> (usize, Option<usize>) {
    match name {
        "len" | "not" => (1, Some(1)),
        "ne" | "lt" | "le" | "gt" | "ge" => (2, Some(2)),
        "html" | "js" | "urlquery" | "print" | "println" => (0, None),
        _ => (1, None),
    }
}

/// Checks that a function takes so many operands.
pub(super) fn check_arity(name: &str, n: usize) -> Result<(), String> {
    let (least, most) = arity(name);
    if most.is_some_and(|most| n != most) {
        return Err(format!("wrong number of args for {name}: want {least} got {n}"));
    }
    if n < least {
        return Err(format!("wrong number of args for {name}: want at least {least} got {n}"));
    }
    Ok(())
}

/// What a function makes of its operands. `and` and `or` are not among them.
pub(super) fn call<V: AnyValue>(
    name: &str,
    callee: &str,
    items: &[Item<V>],
) -> Result<Item<V>, String> {
    let [first, rest @ ..] = items else {
        return Ok(Item::Text(if name == "println" { "\n" } else { "" }.to_owned()));
    };
    match name {
        "not" => Ok(Item::Boolean(!first.is_true())),
        "len" => length(first).map(|it| Item::Integer(i64::try_from(it).unwrap_or(i64::MAX))),
        "index" => index(first, rest),
        "slice" => slice(first, rest),
        "print" => Ok(Item::Text(joined(items))),
        "println" => {
            let texts: Vec<_> = items.iter().map(Item::text).collect();
            Ok(Item::Text([texts.join(" ").as_str(), "\n"].concat()))
        }
        "printf" => {
            let format = first.as_text().ok_or_else(|| {
                ["wrong type for value; expected string; got ", first.type_name()].concat()
            })?;
            let operands: Vec<_> = rest.iter().map(Item::to_operand).collect();
            sprintf::write(&format, &operands).map(Item::Text).map_err(|it| it.to_string())
        }
        "html" => Ok(Item::Text(html(&joined(items)))),
        "js" => Ok(Item::Text(js(&joined(items)))),
        "urlquery" => Ok(Item::Text(urlquery::escaped(&joined(items)))),
        "eq" => equal_any(first, rest).map(Item::Boolean),
        "ne" => equal_any(first, rest).map(|it| Item::Boolean(!it)),
        "call" if first.is_nil() => Err("call of nil".to_owned()),
        "call" => Err(["non-function ", callee, " of type ", first.type_name()].concat()),
        _ => compare(name, first, rest).map(Item::Boolean),
    }
}

/// The operands one after the other, with a space between two that are no strings.
fn joined<V: AnyValue>(items: &[Item<V>]) -> String {
    let mut out = String::new();
    let mut before: Option<&Item<V>> = None;
    for item in items {
        if before.is_some_and(|it| it.as_text().is_none()) && item.as_text().is_none() {
            out.push(' ');
        }
        out.push_str(&item.text());
        before = Some(item);
    }
    out
}

fn length<V: AnyValue>(item: &Item<V>) -> Result<usize, String> {
    if let Some(text) = item.as_text() {
        return Ok(text.len());
    }
    match item {
        Item::Missing => Err("reflect: call of reflect.Value.Type on zero Value".to_owned()),
        Item::Data(it) => match it.view() {
            View::Array(items) | View::Set(items) => Ok(items.len()),
            View::Object(entries) => Ok(entries.len()),
            View::Null => Err("len of nil pointer".to_owned()),
            _ => Err(["len of type ", item.type_name()].concat()),
        },
        _ => Err(["len of type ", item.type_name()].concat()),
    }
}

/// A position in something that is so long.
fn position<V: AnyValue>(item: &Item<V>, length: usize) -> Result<usize, String> {
    match item {
        Item::Integer(it) => usize::try_from(*it)
            .ok()
            .filter(|it| *it <= length)
            .ok_or_else(|| ["index out of range: ", &it.to_string()].concat()),
        _ if item.is_nil() => Err("cannot index slice/array with nil".to_owned()),
        _ => Err(["cannot index slice/array with type ", item.type_name()].concat()),
    }
}

fn index<V: AnyValue>(item: &Item<V>, indexes: &[Item<V>]) -> Result<Item<V>, String> {
    if item.is_nil() {
        return Err("index of untyped nil".to_owned());
    }
    let mut item = item.clone();
    for index in indexes {
        if item.is_nil() {
            return Err("index of nil pointer".to_owned());
        }
        if let Some(text) = item.as_text() {
            let at = position(index, text.len())?;
            let byte = text.as_bytes().get(at);
            let byte = byte.ok_or("error calling index: reflect: string index out of range")?;
            item = Item::Integer(i64::from(*byte));
            continue;
        }
        item = match &item {
            Item::Data(it) => match it.view() {
                View::Array(items) | View::Set(items) => {
                    let at = position(index, items.len())?;
                    let found = items.get(at).cloned();
                    Item::Data(found.ok_or("reflect: slice index out of range")?)
                }
                View::Object(_) => {
                    let Some(key) = index.as_text() else {
                        let name = index.type_name();
                        return Err(["value has type ", name, "; should be string"].concat());
                    };
                    it.get_str(&key).map_or(Item::Missing, Item::Data)
                }
                _ => return Err(["can't index item of type ", item.type_name()].concat()),
            },
            _ => return Err(["can't index item of type ", item.type_name()].concat()),
        };
    }
    Ok(item)
}

fn slice<V: AnyValue>(item: &Item<V>, indexes: &[Item<V>]) -> Result<Item<V>, String> {
    if item.is_nil() {
        return Err("slice of untyped nil".to_owned());
    }
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()));
    }
    let text = item.as_text();
    if text.is_some() && indexes.len() == 3 {
        return Err("cannot 3-index slice a string".to_owned());
    }
    let items = match (&text, item) {
        (None, Item::Data(it)) => match it.view() {
            View::Array(items) | View::Set(items) => Some(items),
            _ => None,
        },
        _ => None,
    };
    let length = match (&text, items) {
        (Some(text), _) => text.len(),
        (None, Some(items)) => items.len(),
        (None, None) => return Err(["can't slice item of type ", item.type_name()].concat()),
    };
    let mut bounds = [0, length, length];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, length)?;
    }
    let [from, to, most] = bounds;
    for (low, high) in [(from, to), (to, most)] {
        if low > high {
            return Err(format!("invalid slice index: {low} > {high}"));
        }
    }
    Ok(match (text, items) {
        (Some(text), _) => {
            let bytes = text.as_bytes().get(from..to).unwrap_or_default();
            Item::Text(String::from_utf8_lossy(bytes).into_owned())
        }
        (None, items) => {
            Item::Data(V::array(items.and_then(|it| it.get(from..to)).unwrap_or_default().to_vec()))
        }
    })
}

fn incompatible<T, V: AnyValue>(a: &Item<V>, b: &Item<V>) -> Result<T, String> {
    let names = [a.type_name(), " and ", b.type_name()].concat();
    Err(["incompatible types for comparison: ", &names].concat())
}

fn equal_any<V: AnyValue>(item: &Item<V>, others: &[Item<V>]) -> Result<bool, String> {
    if others.is_empty() {
        return Err("missing argument for comparison".to_owned());
    }
    for other in others {
        if equal(item, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal<V: AnyValue>(a: &Item<V>, b: &Item<V>) -> Result<bool, String> {
    if a.is_nil() || b.is_nil() {
        return Ok(a.is_nil() && b.is_nil());
    }
    if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
        return Ok(a == b);
    }
    if let (Some(a), Some(b)) = (a.as_boolean(), b.as_boolean()) {
        return Ok(a == b);
    }
    match (a, b) {
        (Item::Integer(a), Item::Integer(b)) => Ok(a == b),
        (Item::Float(a), Item::Float(b)) => Ok(a == b),
        _ => {
            let kind = |it: &Item<V>| match it {
                Item::Data(it) => {
                    matches!(it.view(), View::Array(_) | View::Set(_) | View::Object(_))
                }
                _ => false,
            };
            if kind(a) && kind(b) {
                let message = ["non-comparable type ", &b.text(), ": ", b.type_name()];
                return Err(message.concat());
            }
            incompatible(a, b)
        }
    }
}

fn compare<V: AnyValue>(name: &str, a: &Item<V>, rest: &[Item<V>]) -> Result<bool, String> {
    let Some(b) = rest.first() else { return Err("missing argument for comparison".to_owned()) };
    let order = match (a, b, a.as_text(), b.as_text()) {
        (_, _, Some(a), Some(b)) => Some(a.cmp(&b)),
        (Item::Integer(a), Item::Integer(b), ..) => Some(a.cmp(b)),
        (Item::Float(a), Item::Float(b), ..) => a.partial_cmp(b),
        _ => {
            let is_basic = |it: &Item<V>| {
                it.as_text().is_some()
                    || it.as_boolean().is_some()
                    || matches!(it, Item::Integer(_) | Item::Float(_))
            };
            let are_booleans = a.as_boolean().is_some() && b.as_boolean().is_some();
            if !is_basic(a) || !is_basic(b) || are_booleans {
                return Err("invalid type for comparison".to_owned());
            }
            return incompatible(a, b);
        }
    };
    Ok(match name {
        "lt" => order == Some(Ordering::Less),
        "le" => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        "gt" => !matches!(order, Some(Ordering::Less | Ordering::Equal)),
        _ => order != Some(Ordering::Less),
    })
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(it),
        }
    }
    out
}

fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\\' | '\'' | '"' => {
                out.push('\\');
                out.push(it);
            }
            '<' | '>' | '&' | '=' | '\0'..='\u{1f}' => {
                out.push_str(&format!("\\u{:04X}", u32::from(it)));
            }
            _ if it.is_ascii() || prints(it) => out.push(it),
            _ => out.push_str(&format!("\\u{:04X}", u32::from(it))),
        }
    }
    out
}
