//! The keywords that hold no schemas.

use std::collections::BTreeSet;

use palisade_value::{AnyValue, Num, View};

use super::numbers::{canonical, is_integer};
use super::schema::{Draft, Node};
use crate::context::Context;
use crate::regexes;

const TYPES: [&str; 7] = ["array", "boolean", "integer", "number", "null", "object", "string"];

/// The message for a keyword of the wrong type.
pub(super) fn invalid_type(expected: &str, given: &str) -> String {
    ["Invalid type. Expected: ", expected, ", given: ", given].concat()
}

fn must_be(key: &str, article: &str, kind: &str) -> String {
    [key, " must be of ", article, " ", kind].concat()
}

/// The string under a key, if there is one.
pub(super) fn string<V: AnyValue>(it: &V, key: &str) -> Result<Option<String>, String> {
    match it.get_str(key) {
        None => Ok(None),
        Some(it) => match it.as_str() {
            Some(it) => Ok(Some(it.to_owned())),
            None => Err(invalid_type("string", key)),
        },
    }
}

/// The elements of the array under a key, none if there is none.
pub(super) fn array<V: AnyValue>(it: &V, key: &str) -> Result<Vec<V>, String> {
    let Some(it) = it.get_str(key) else { return Ok(Vec::new()) };
    match it.view() {
        View::Array(items) => Ok(items.to_vec()),
        _ => Err(must_be(key, "an", "array")),
    }
}

/// `type`
pub(super) fn types<V: AnyValue>(it: &V, node: &mut Node<V>) -> Result<(), String> {
    let Some(types) = it.get_str("type") else { return Ok(()) };
    let one = std::slice::from_ref(&types);
    let wrong = || invalid_type("type", "string/Array Of Strings");
    let items = match types.view() {
        View::String(_) => one,
        View::Array(items) => items,
        _ => return Err(wrong()),
    };
    for item in items {
        let name = item.as_str().ok_or_else(wrong)?;
        if !TYPES.contains(&name) {
            let known = TYPES.join(" ");
            let parts = [
                "has a primitive type that is NOT VALID -- given: /",
                name,
                "/ Expected valid values are:[",
                &known,
                "]",
            ];
            return Err(parts.concat());
        }
        if node.types.iter().any(|it| it == name) {
            return Err([name, " type is duplicated"].concat());
        }
        node.types.push(name.to_owned());
    }
    Ok(())
}

/// The keywords for numbers.
pub(super) fn numbers<V: AnyValue>(it: &V, draft: Draft, node: &mut Node<V>) -> Result<(), String> {
    if let Some(multiple) = it.get_str("multipleOf") {
        match multiple.view() {
            View::Number(it) if it.compare(&Num::Int(0)).is_gt() => {}
            View::Number(_) => return Err("multipleOf must be strictly greater than 0".to_owned()),
            _ => return Err(invalid_type("Number", "multipleOf")),
        }
        node.multiple_of = Some(multiple);
    }
    (node.minimum, node.exclusive_minimum) = limits(it, "minimum", "exclusiveMinimum", draft)?;
    (node.maximum, node.exclusive_maximum) = limits(it, "maximum", "exclusiveMaximum", draft)?;
    Ok(())
}

/// The inclusive and the exclusive limit on one side. In draft 4 a boolean says which of the two the one is.
fn limits<V: AnyValue>(
    it: &V,
    key: &str,
    exclusive_key: &str,
    draft: Draft,
) -> Result<(Option<V>, Option<V>), String> {
    let inclusive = it.get_str(key);
    if inclusive.as_ref().is_some_and(|it| !is_number(it)) {
        return Err(must_be(key, "a", "Number"));
    }
    let Some(exclusive) = it.get_str(exclusive_key) else { return Ok((inclusive, None)) };
    let takes_boolean = draft == Draft::FOUR || draft == Draft::HYBRID;
    let takes_number = draft != Draft::FOUR;
    match exclusive.view() {
        View::Boolean(is_exclusive) if takes_boolean => match inclusive {
            None => Err([exclusive_key, " cannot be used without ", key].concat()),
            Some(limit) if is_exclusive => Ok((None, Some(limit))),
            limit => Ok((limit, None)),
        },
        View::Number(_) if takes_number => Ok((inclusive, Some(exclusive))),
        _ => {
            let expected = match (takes_boolean, takes_number) {
                (true, true) => "boolean/number",
                (true, false) => "boolean",
                _ => "number",
            };
            Err(invalid_type(expected, exclusive_key))
        }
    }
}

fn is_number<V: AnyValue>(it: &V) -> bool {
    matches!(it.view(), View::Number(_))
}

/// A count that isn't negative, if there is one.
fn count<V: AnyValue>(it: &V, key: &str) -> Result<Option<i64>, String> {
    let Some(it) = it.get_str(key) else { return Ok(None) };
    let number = match it.view() {
        View::Number(it) => it.plain_int(),
        _ => None,
    };
    // Only what is written as an integer is one here.
    let number = number.ok_or_else(|| must_be(key, "an", "integer"))?;
    if number < 0 {
        return Err([key, " must be greater than or equal to 0"].concat());
    }
    Ok(Some(number))
}

fn check_order(
    (least, least_key): (Option<i64>, &str),
    (most, most_key): (Option<i64>, &str),
) -> Result<(), String> {
    match (least, most) {
        (Some(least), Some(most)) if least > most => {
            Err([least_key, " cannot be greater than ", most_key].concat())
        }
        _ => Ok(()),
    }
}

/// The keywords for strings.
pub(super) fn strings<V: AnyValue>(
    ctx: &mut Context,
    it: &V,
    node: &mut Node<V>,
) -> Result<(), String> {
    node.min_length = count(it, "minLength")?;
    node.max_length = count(it, "maxLength")?;
    check_order((node.min_length, "minLength"), (node.max_length, "maxLength"))?;
    node.pattern = string(it, "pattern")?;
    if node.pattern.as_ref().is_some_and(|it| regexes::compiled(ctx, it).is_err()) {
        return Err("pattern must be a valid regex".to_owned());
    }
    node.format = string(it, "format")?;
    Ok(())
}

/// The keywords for objects.
pub(super) fn objects<V: AnyValue>(it: &V, node: &mut Node<V>) -> Result<(), String> {
    node.min_properties = count(it, "minProperties")?;
    node.max_properties = count(it, "maxProperties")?;
    check_order((node.min_properties, "minProperties"), (node.max_properties, "maxProperties"))?;
    for name in array(it, "required")? {
        let name = name.as_str().ok_or_else(|| invalid_type("string", "required"))?;
        node.required.push(name.to_owned());
    }
    let distinct: BTreeSet<&String> = node.required.iter().collect();
    if distinct.len() < node.required.len() {
        return Err("required items must be unique".to_owned());
    }
    Ok(())
}

/// The keywords for arrays.
pub(super) fn arrays<V: AnyValue>(it: &V, node: &mut Node<V>) -> Result<(), String> {
    node.min_items = count(it, "minItems")?;
    node.max_items = count(it, "maxItems")?;
    if let Some(unique) = it.get_str("uniqueItems") {
        match unique.view() {
            View::Boolean(it) => node.unique_items = it,
            _ => return Err(must_be("uniqueItems", "a", "boolean")),
        }
    }
    Ok(())
}

/// `const` and `enum`.
pub(super) fn values<V: AnyValue>(it: &V, draft: Draft, node: &mut Node<V>) -> Result<(), String> {
    if draft >= Draft::SIX {
        node.constant = it.get_str("const").map(|it| canonical(&it));
    }
    node.choices = array(it, "enum")?.iter().map(canonical).collect();
    let distinct: BTreeSet<&String> = node.choices.iter().collect();
    if distinct.len() < node.choices.len() {
        return Err("enum items must be unique".to_owned());
    }
    Ok(())
}

/// The type of a value as a schema names it.
pub(super) fn type_of<V: AnyValue>(it: &V) -> &'static str {
    match it.view() {
        View::Null => "null",
        View::Boolean(_) => "boolean",
        View::Number(it) if is_integer(&it) => "integer",
        View::Number(_) => "number",
        View::String(_) => "string",
        View::Array(_) | View::Set(_) => "array",
        View::Object(_) => "object",
    }
}
