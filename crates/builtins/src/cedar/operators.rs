//! Operators on booleans, numbers, times and strings.

use palisade_value::AnyValue;

use super::faults::{Fault, expected, noted, saying};
use super::text;
use super::values::{Shape, exactly, items};
use crate::context::Context;
use crate::failure::Failure;

/// The value itself, which must be a boolean.
pub fn boolean<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [value] = exactly(operands)?;
    noted(context, truth(value).map(V::boolean))
}

/// `!value`
pub fn not<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [value] = exactly(operands)?;
    noted(context, truth(value).map(|it| V::boolean(!it)))
}

fn truth<V: AnyValue>(value: &V) -> Result<bool, Fault> {
    match Shape::of(value) {
        Shape::Boolean(it) => Ok(it),
        _ => Err(expected(&["bool"], value)),
    }
}

/// `-value`
pub fn negate<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [value] = exactly(operands)?;
    let negated = |it: i64| match it.checked_neg() {
        Some(it) => Ok(V::integer(it)),
        None => Err(saying(&[
            "integer overflow while attempting to negate the value `",
            &text::number_text(it),
            "`",
        ])),
    };
    noted(context, long(value).and_then(negated))
}

/// `a + b`
pub fn add<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, arithmetic("add", a, b, i64::checked_add))
}

/// `a - b`
pub fn subtract<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, arithmetic("subtract", a, b, i64::checked_sub))
}

/// `a * b`
pub fn multiply<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, arithmetic("multiply", a, b, i64::checked_mul))
}

#[inline(always)]
fn arithmetic<V: AnyValue>(
    verb: &str,
    a: &V,
    b: &V,
    compute: impl Fn(i64, i64) -> Option<i64>,
) -> Result<V, Fault> {
    let (a, b) = (long(a)?, long(b)?);
    match compute(a, b) {
        Some(it) => Ok(V::integer(it)),
        None => Err(overflow(verb, a, b)),
    }
}

#[cold]
#[inline(never)]
fn overflow(verb: &str, a: i64, b: i64) -> Fault {
    let (a, b) = (text::number_text(a), text::number_text(b));
    let to = "integer overflow while attempting to ";
    saying(&[to, verb, " the values `", &a, "` and `", &b, "`"])
}

fn long<V: AnyValue>(value: &V) -> Result<i64, Fault> {
    match Shape::of(value) {
        Shape::Long(it) => Ok(it),
        _ => Err(expected(&["long"], value)),
    }
}

/// `a < b`
pub fn less<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, comparable(a, b).map(|(a, b)| V::boolean(a < b)))
}

/// `a <= b`
pub fn less_equal<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, comparable(a, b).map(|(a, b)| V::boolean(a <= b)))
}

/// Both as numbers, if they are two integers, two points in time or two durations.
fn comparable<V: AnyValue>(a: &V, b: &V) -> Result<(i64, i64), Fault> {
    match (ordered(a), ordered(b)) {
        (Some((left, x)), Some((right, y))) if left == right => Ok((x, y)),
        (left, right) => Err(incomparable(left.map(|it| it.0), right.map(|it| it.0), a, b)),
    }
}

/// The type that orders a value, and its number there.
fn ordered<V: AnyValue>(value: &V) -> Option<(&str, i64)> {
    match Shape::of(value) {
        Shape::Long(it) => Some(("long", it)),
        Shape::Extension(it) if matches!(it.ty, "datetime" | "duration") => {
            Some((it.ty, it.number()))
        }
        _ => None,
    }
}

#[cold]
#[inline(never)]
fn incomparable<V: AnyValue>(left: Option<&str>, right: Option<&str>, a: &V, b: &V) -> Fault {
    match (left, right) {
        (Some("long"), _) => expected(&["long"], b),
        (_, Some("long")) => expected(&["long"], a),
        (Some(left), _) => expected(&[left], b),
        (None, Some(right)) => expected(&[right], a),
        (None, None) => expected(&["long", "datetime", "duration"], a),
    }
}

/// `value like pattern`; the pattern is the array of the texts between its wildcards.
pub fn like<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [value, pattern] = exactly(operands)?;
    let matches = |it: &str| V::boolean(matches(it, items(pattern)));
    noted(context, string(value).map(matches))
}

/// A string.
pub(super) fn string<V: AnyValue>(value: &V) -> Result<&str, Fault> {
    match Shape::of(value) {
        Shape::String(it) => Ok(it),
        _ => Err(expected(&["string"], value)),
    }
}

fn matches<V: AnyValue>(text: &str, pattern: &[V]) -> bool {
    match pattern {
        [] => text.is_empty(),
        [only] => text == piece(only),
        [first, between @ .., last] => text
            .strip_prefix(piece(first))
            .and_then(|it| it.strip_suffix(piece(last)))
            .is_some_and(|inner| has_in_order(inner, between)),
    }
}

/// Whether the pieces come one behind the other. The earliest place is the best one for each, as it leaves the most for
/// the others.
fn has_in_order<V: AnyValue>(mut text: &str, pieces: &[V]) -> bool {
    for it in pieces.iter().map(piece) {
        match text.split_once(it) {
            Some((_, behind)) => text = behind,
            None => return false,
        }
    }
    true
}

fn piece<V: AnyValue>(value: &V) -> &str {
    value.as_str().unwrap_or_default()
}
