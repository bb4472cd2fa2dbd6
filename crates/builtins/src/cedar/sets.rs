//! Operators on sets.

use palisade_value::AnyValue;

use super::faults::{Fault, expected, noted};
use super::values::{Shape, exactly, has};
use crate::context::Context;
use crate::failure::Failure;

/// `set.contains(value)`
pub fn contains<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [set, value] = exactly(operands)?;
    noted(context, members(set).map(|it| V::boolean(has(it, value))))
}

/// `a.containsAll(b)`
pub fn contains_all<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    let all = |(a, b): (&[V], &[V])| b.len() <= a.len() && b.iter().all(|it| has(a, it));
    noted(context, both(a, b).map(|it| V::boolean(all(it))))
}

/// `a.containsAny(b)`
pub fn contains_any<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    let any = |(a, b): (&[V], &[V])| {
        let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
        few.iter().any(|it| has(many, it))
    };
    noted(context, both(a, b).map(|it| V::boolean(any(it))))
}

/// `set.isEmpty()`
pub fn is_empty<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [set] = exactly(operands)?;
    noted(context, members(set).map(|it| V::boolean(it.is_empty())))
}

fn both<'a, V: AnyValue>(a: &'a V, b: &'a V) -> Result<(&'a [V], &'a [V]), Fault> {
    Ok((members(a)?, members(b)?))
}

fn members<V: AnyValue>(value: &V) -> Result<&[V], Fault> {
    match Shape::of(value) {
        Shape::Set(it) => Ok(it),
        _ => Err(expected(&["set"], value)),
    }
}
