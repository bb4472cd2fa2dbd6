//! Aggregates over collections, and membership.

use num_bigint::BigInt;
use palisade_value::{AnyValue, Num, View, order};

use crate::context::Context;
use crate::failure::Failure;
use crate::float::Float;
use crate::numbers;
use crate::operands::{self, Operands};

/// How many elements, members, entries or characters there are.
pub fn count<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let n = match args.value(0)?.view() {
        View::Array(it) | View::Set(it) => it.len(),
        View::Object(it) => it.len(),
        View::String(it) => it.chars().count(),
        _ => return Err(args.unlike(0, &["array", "object", "set", "string"])),
    };
    Ok(V::integer(n as i64))
}

/// The sum of the numbers in an array or set.
pub fn sum<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    fold(args, 0, i64::checked_add, |sum, it| sum + it, Float::add)
}

/// The product of the numbers in an array or set.
pub fn product<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    fold(args, 1, i64::checked_mul, |product, it| product * it, Float::multiply)
}

/// Combines small integers, else integers of any size, else numbers with a fraction.
fn fold<V: AnyValue>(
    args: &[V],
    start: i64,
    small: fn(i64, i64) -> Option<i64>,
    exact: fn(BigInt, BigInt) -> BigInt,
    inexact: fn(Float, Float) -> Float,
) -> Result<V, Failure> {
    let items = args.items(0)?;
    let number = |it: &V| match it.view() {
        View::Number(Num::Int(it)) => Some(it),
        _ => None,
    };
    if let Some(result) = items.iter().try_fold(start, |result, it| small(result, number(it)?)) {
        return Ok(V::integer(result));
    }
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        match item.view() {
            View::Number(it) => numbers.push(it),
            _ => return Err(operands::element(args, 0, item, &["number"])),
        }
    }
    let integers: Option<Vec<BigInt>> = numbers.iter().map(Num::to_big_int).collect();
    if let Some(integers) = integers {
        return numbers::big(integers.into_iter().fold(BigInt::from(start), exact));
    }
    let mut result = numbers::float(Num::Int(start))?;
    for number in numbers {
        result = inexact(result, numbers::float(number)?);
    }
    Ok(V::number(result.to_number()))
}

/// The largest element, undefined for an empty collection.
pub fn max<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let items = args.items(0)?;
    items.iter().max_by(|a, b| order::compare(*a, *b)).cloned().ok_or(Failure::Undefined)
}

/// The smallest element, undefined for an empty collection.
pub fn min<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let items = match args.value(0)?.view() {
        // OPA passes over `null` in a set as long as there is something else.
        View::Set([first, rest @ ..]) if !rest.is_empty() && matches!(first.view(), View::Null) => {
            rest
        }
        _ => args.items(0)?,
    };
    // Of equal elements (`1` and `1.0`) the last one counts, as in `max`.
    items.iter().rev().min_by(|a, b| order::compare(*a, *b)).cloned().ok_or(Failure::Undefined)
}

/// The elements in order, duplicates kept.
pub fn sort<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut items = args.items(0)?.to_vec();
    items.sort_by(order::compare);
    Ok(V::array(items))
}

/// Whether every element is `true`.
pub fn all<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(booleans(args)?.iter().all(is_true)))
}

/// Whether any element is `true`.
pub fn any<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(booleans(args)?.iter().any(is_true)))
}

fn booleans<V: AnyValue>(args: &[V]) -> Result<&[V], Failure> {
    args.items(0).map_err(|_| args.unlike(0, &["array", "set"]))
}

fn is_true<V: AnyValue>(it: &V) -> bool {
    matches!(it.view(), View::Boolean(true))
}

/// `x in collection`
pub fn internal_member_2<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (item, collection) = (args.value(0)?, args.value(1)?);
    Ok(V::boolean(match collection.view() {
        View::Set(_) => collection.get(item).is_some(),
        View::Array(items) => items.iter().any(|it| order::equal(it, item)),
        View::Object(entries) => entries.iter().any(|it| order::equal(&it.value, item)),
        _ => false,
    }))
}

/// `key, x in collection`
pub fn internal_member_3<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (key, item, collection) = (args.value(0)?, args.value(1)?, args.value(2)?);
    Ok(V::boolean(collection.get(key).is_some_and(|it| order::equal(&it, item))))
}
