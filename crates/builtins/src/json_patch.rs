//! `json.patch`: RFC 6902 on documents that may hold sets.

use palisade_value::{AnyValue, Entry, Num, View, order};

use crate::context::Context;
use crate::failure::Failure;
use crate::json_paths::path;
use crate::limits::ITEMS_MAX;
use crate::operands::Operands;

/// The document after all operations, or a failure if one of them fails.
pub fn json_patch<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    // `None` once the whole document has been removed.
    let mut document = Some(args.value(0)?.clone());
    for operation in args.array(1)? {
        if !matches!(operation.view(), View::Object(_)) {
            let text =
                "must be an array of JSON-Patch objects, but at least one element is not an object";
            return Err(Failure::error(text));
        }
        document = apply(document, operation)?;
    }
    document.ok_or(Failure::Undefined)
}

fn apply<V: AnyValue>(document: Option<V>, operation: &V) -> Result<Option<V>, Failure> {
    let at =
        operation.get_str("path").ok_or(Failure::error("missing required attribute 'path'"))?;
    let kind = operation.get_str("op").ok_or(Failure::error("missing required attribute 'op'"))?;
    let kind = kind.as_str().ok_or(Failure::error("attribute 'op' must be a string"))?;
    let at = path(&at)?;
    let value =
        || operation.get_str("value").ok_or(Failure::error("missing required attribute 'value'"));
    let from = || {
        path(
            &operation
                .get_str("from")
                .ok_or(Failure::error("missing required attribute 'from'"))?,
        )
    };
    match kind {
        "add" => insert(document, &at, value()?),
        "remove" => remove(document, &at),
        "replace" => insert(remove(document, &at)?, &at, value()?),
        "move" => {
            let from = from()?;
            let moved = find(document.as_ref(), &from)?;
            insert(remove(document, &from)?, &at, moved)
        }
        "copy" => {
            let copied = find(document.as_ref(), &from()?)?;
            insert(document, &at, copied)
        }
        "test" => {
            let found = find(document.as_ref(), &at)?;
            if order::equal(&found, &value()?) {
                Ok(document)
            } else {
                Err(Failure::error("value differs from patch"))
            }
        }
        _ => Err(Failure::error("unrecognized op")),
    }
}

fn missing() -> Failure {
    Failure::error("path does not exist in the document")
}

fn find<V: AnyValue>(document: Option<&V>, path: &[V]) -> Result<V, Failure> {
    let mut at = document.ok_or_else(missing)?.clone();
    for key in path {
        at = child(&at, key)?;
    }
    Ok(at)
}

fn child<V: AnyValue>(parent: &V, key: &V) -> Result<V, Failure> {
    match parent.view() {
        View::Array(items) => items.get(index(key, items.len())?).cloned().ok_or_else(missing),
        _ => parent.get(key).ok_or_else(missing),
    }
}

fn insert<V: AnyValue>(document: Option<V>, path: &[V], value: V) -> Result<Option<V>, Failure> {
    let Some((last, parents)) = path.split_last() else { return Ok(Some(value)) };
    let document = document.ok_or_else(missing)?;
    edit(&document, parents, &|parent| with_child(parent, last, &value)).map(Some)
}

fn remove<V: AnyValue>(document: Option<V>, path: &[V]) -> Result<Option<V>, Failure> {
    let document = document.ok_or_else(missing)?;
    let Some((last, parents)) = path.split_last() else { return Ok(None) };
    edit(&document, parents, &|parent| without_child(parent, last)).map(Some)
}

/// The value with the one at the end of the path changed.
fn edit<V: AnyValue>(
    value: &V,
    path: &[V],
    change: &dyn Fn(&V) -> Result<V, Failure>,
) -> Result<V, Failure> {
    let Some((key, rest)) = path.split_first() else { return change(value) };
    let new = edit(&child(value, key)?, rest, change)?;
    match value.view() {
        View::Array(items) => {
            let mut items = items.to_vec();
            let at = index(key, items.len())?;
            *items.get_mut(at).ok_or_else(missing)? = new;
            Ok(V::array(items))
        }
        View::Set(_) => match without_child(value, key)?.view() {
            View::Set(rest) => Ok(V::set(rest.iter().cloned().chain([new]).collect())),
            _ => Err(missing()),
        },
        _ => with_child(value, key, &new),
    }
}

/// Objects take any key, sets only a member under itself, arrays an index up to their length or `-`.
fn with_child<V: AnyValue>(parent: &V, key: &V, value: &V) -> Result<V, Failure> {
    match parent.view() {
        View::Object(entries) => {
            let added = Entry { key: key.clone(), value: value.clone() };
            Ok(V::object(entries.iter().cloned().chain([added]).collect()))
        }
        View::Set(members) if order::equal(key, value) => {
            Ok(V::set(members.iter().cloned().chain([value.clone()]).collect()))
        }
        View::Set(_) => Err(Failure::error("set key does not equal value to be inserted")),
        View::Array(items) => {
            let at = index(key, items.len())?;
            if at > items.len() || items.len() >= ITEMS_MAX {
                return Err(Failure::error("index for array insertion out of bounds"));
            }
            let mut items = items.to_vec();
            items.insert(at, value.clone());
            Ok(V::array(items))
        }
        _ => Err(Failure::error("expected composite type")),
    }
}

fn without_child<V: AnyValue>(parent: &V, key: &V) -> Result<V, Failure> {
    match parent.view() {
        View::Object(_) | View::Set(_) if parent.get(key).is_none() => Err(missing()),
        View::Object(entries) => {
            let kept = entries.iter().filter(|it| !order::equal(&it.key, key));
            Ok(V::object_from_sorted(kept.cloned().collect()))
        }
        View::Set(members) => Ok(V::set_from_sorted(
            members.iter().filter(|it| !order::equal(*it, key)).cloned().collect(),
        )),
        View::Array(items) => {
            let at = index(key, items.len())?;
            if at >= items.len() {
                return Err(Failure::error("index for array delete out of bounds"));
            }
            let mut items = items.to_vec();
            items.remove(at);
            Ok(V::array(items))
        }
        _ => Err(Failure::error("expected composite type")),
    }
}

/// An index from a number or its decimal text without leading zeros; `-` is the place behind the last element.
fn index<V: AnyValue>(key: &V, length: usize) -> Result<usize, Failure> {
    let at = match key.view() {
        View::Number(Num::Int(at)) => usize::try_from(at).ok(),
        View::String("-") => Some(length),
        View::String(text) if text.len() > 1 && text.starts_with('0') => {
            return Err(Failure::error("leading zeros are not allowed in JSON paths"));
        }
        View::String(text) => text.parse().ok(),
        _ => None,
    };
    at.ok_or(Failure::error("invalid index"))
}
