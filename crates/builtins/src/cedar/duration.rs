//! Durations in milliseconds.

use palisade_value::AnyValue;

use super::faults::{Fault, expected, noted, of_extension};
use super::operators::string;
use super::values::{Shape, exactly, numeric};
use crate::context::Context;
use crate::failure::Failure;

/// The name of the type.
const TYPE: &str = "duration";

pub(super) const SECOND: i64 = 1_000;
pub(super) const MINUTE: i64 = 60 * SECOND;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;

/// The units in the order in which they may come.
const UNITS: [(&str, i64); 5] = [("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", 1)];

/// `duration(text)`
pub fn duration<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [text] = exactly(operands)?;
    noted(context, make(text))
}

pub(super) fn make<V: AnyValue>(text: &V) -> Result<V, Fault> {
    Ok(value(parse(string(text)?)?))
}

/// `duration.toMilliseconds()`
pub fn to_milliseconds<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [duration] = exactly(operands)?;
    noted(context, in_units(duration, 1))
}

/// `duration.toSeconds()`
pub fn to_seconds<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [duration] = exactly(operands)?;
    noted(context, in_units(duration, SECOND))
}

/// `duration.toMinutes()`
pub fn to_minutes<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [duration] = exactly(operands)?;
    noted(context, in_units(duration, MINUTE))
}

/// `duration.toHours()`
pub fn to_hours<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [duration] = exactly(operands)?;
    noted(context, in_units(duration, HOUR))
}

/// `duration.toDays()`
pub fn to_days<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [duration] = exactly(operands)?;
    noted(context, in_units(duration, DAY))
}

/// How many whole units there are, towards zero.
pub(super) fn in_units<V: AnyValue>(duration: &V, unit: i64) -> Result<V, Fault> {
    Ok(V::integer(read(duration)? / unit))
}

pub(super) fn value<V: AnyValue>(milliseconds: i64) -> V {
    numeric(TYPE, milliseconds)
}

/// The milliseconds of a duration.
pub(super) fn read<V: AnyValue>(value: &V) -> Result<i64, Fault> {
    match Shape::of(value) {
        Shape::Extension(it) if it.ty == TYPE => Ok(it.number()),
        _ => Err(expected(&[TYPE], value)),
    }
}

/// `1d2h3m4s50ms`, each unit at most once and in this order, maybe behind a minus.
fn parse(text: &str) -> Result<i64, Fault> {
    let quantities =
        quantities(text).ok_or_else(|| of_extension(TYPE, &["invalid duration pattern"]))?;
    let sign = if text.starts_with('-') { -1 } else { 1 };
    total(quantities, sign)
        .ok_or_else(|| of_extension(TYPE, &["Duration overflows internal representation"]))
}

/// The digits before each unit.
fn quantities(text: &str) -> Option<[&str; 5]> {
    let mut rest = text.strip_prefix('-').unwrap_or(text);
    if rest.is_empty() {
        return None;
    }
    let mut quantities = [""; 5];
    for ((unit, _), quantity) in UNITS.iter().zip(&mut quantities) {
        let n_digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, behind) = rest.split_at(n_digits);
        let has_unit = behind.starts_with(*unit) && !(*unit == "m" && behind.starts_with("ms"));
        if n_digits > 0 && has_unit {
            *quantity = digits;
            rest = behind.get(unit.len()..)?;
        }
    }
    rest.is_empty().then_some(quantities)
}

/// The sum, computed so that the lowest number there is can be written.
fn total(quantities: [&str; 5], sign: i64) -> Option<i64> {
    let mut total: i64 = 0;
    for ((_, milliseconds), digits) in UNITS.iter().zip(quantities).rev() {
        if digits.is_empty() {
            continue;
        }
        let quantity: u64 = digits.parse().ok()?;
        let part = i128::from(quantity) * i128::from(*milliseconds);
        // Of all units but the last one, the part must be a positive number of 64 bits before it is taken away.
        if *milliseconds > 1 && i64::try_from(part).is_err() {
            return None;
        }
        total = i64::try_from(i128::from(total) + i128::from(sign) * part).ok()?;
    }
    Some(total)
}
