//! Decimal numbers with four digits behind the point.

use palisade_value::AnyValue;

use super::faults::{Fault, expected, noted, of_extension};
use super::operators::string;
use super::values::{Shape, exactly, numeric};
use crate::context::Context;
use crate::failure::Failure;

/// The name of the type.
const TYPE: &str = "decimal";

/// How many digits there are behind the point.
const N_DIGITS: usize = 4;

/// How many units make one.
const ONE: i64 = 10_000;

/// `decimal(text)`
pub fn decimal<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [text] = exactly(operands)?;
    noted(context, make(text))
}

pub(super) fn make<V: AnyValue>(text: &V) -> Result<V, Fault> {
    Ok(numeric(TYPE, parse(string(text)?)?))
}

/// `a.lessThan(b)`
pub fn less_than<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, compare(a, b, |a, b| a < b))
}

/// `a.lessThanOrEqual(b)`
pub fn less_than_or_equal<V: AnyValue>(
    context: &mut Context,
    operands: &[V],
) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, compare(a, b, |a, b| a <= b))
}

/// `a.greaterThan(b)`
pub fn greater_than<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, compare(a, b, |a, b| a > b))
}

/// `a.greaterThanOrEqual(b)`
pub fn greater_than_or_equal<V: AnyValue>(
    context: &mut Context,
    operands: &[V],
) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, compare(a, b, |a, b| a >= b))
}

pub(super) fn compare<V: AnyValue>(
    a: &V,
    b: &V,
    holds: impl Fn(i64, i64) -> bool,
) -> Result<V, Fault> {
    Ok(V::boolean(holds(read(a)?, read(b)?)))
}

fn read<V: AnyValue>(value: &V) -> Result<i64, Fault> {
    match Shape::of(value) {
        Shape::Extension(it) if it.ty == TYPE => Ok(it.number()),
        _ => Err(expected(&[TYPE], value)),
    }
}

/// Digits, a point, and digits.
fn parse(text: &str) -> Result<i64, Fault> {
    let (whole, fraction) = parts(text)
        .ok_or_else(|| of_extension(TYPE, &["`", text, "` is not a well-formed decimal value"]))?;
    let whole_units = whole.parse().ok().and_then(|it: i64| it.checked_mul(ONE));
    let whole_units = whole_units.ok_or_else(overflow)?;
    if fraction.len() > N_DIGITS {
        return Err(of_extension(TYPE, &["too many digits after the decimal in `", text, "`"]));
    }
    let padding = 10_i64.pow((N_DIGITS - fraction.len()) as u32);
    let units = fraction.parse::<i64>().unwrap_or(0) * padding;
    let sum = match whole.starts_with('-') {
        true => whole_units.checked_sub(units),
        false => whole_units.checked_add(units),
    };
    sum.ok_or_else(overflow)
}

fn parts(text: &str) -> Option<(&str, &str)> {
    let (whole, fraction) = text.split_once('.')?;
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let are_digits = is_digits(whole.strip_prefix('-').unwrap_or(whole)) && is_digits(fraction);
    are_digits.then_some((whole, fraction))
}

#[cold]
#[inline(never)]
fn overflow() -> Fault {
    of_extension(TYPE, &["overflow when converting to decimal"])
}
