//! Arithmetic: the operators, rounding, ranges and integers in other bases.
//!
//! Integers of any size are exact. As soon as one operand has a fraction, [`Float`] computes.

use std::borrow::Cow;

use num_bigint::BigInt;
use palisade_value::{AnyValue, Num, View};

use crate::context::Context;
use crate::failure::{Failure, Problem};
use crate::float::Float;
use crate::limits::{INTEGER_BITS_MAX, ITEMS_MAX};
use crate::operands::Operands;
use crate::sets;

/// `x + y`
pub fn plus<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (x, y) = (args.number(0)?, args.number(1)?);
    add(x, y)
}

pub(crate) fn add<V: AnyValue>(x: Num<'_>, y: Num<'_>) -> Result<V, Failure> {
    arithmetic(x, y, i64::checked_add, |x, y| x + y, Float::add)
}

pub(crate) fn multiply<V: AnyValue>(x: Num<'_>, y: Num<'_>) -> Result<V, Failure> {
    arithmetic(x, y, i64::checked_mul, |x, y| x * y, Float::multiply)
}

/// `x - y` of numbers or sets.
pub fn minus<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    match (args.value(0)?.view(), args.value(1)?.view()) {
        (View::Number(x), View::Number(y)) => {
            arithmetic(x, y, i64::checked_sub, |x, y| x - y, |x, y| x.add(y.negate()))
        }
        (View::Set(a), View::Set(b)) => Ok(V::set_from_sorted(sets::difference(a, b))),
        (View::Number(_), _) => Err(args.unlike(1, &["number"])),
        (View::Set(_), View::Number(_)) => Err(args.unlike(1, &["set"])),
        (View::Set(_), _) => Err(args.unlike(1, &["number"])),
        _ => Err(args.unlike(0, &["number", "set"])),
    }
}

/// `x * y`
pub fn mul<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (x, y) = (args.number(0)?, args.number(1)?);
    multiply(x, y)
}

/// `x / y`
pub fn div<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (x, y) = (args.number(0)?, args.number(1)?);
    if let (Num::Int(x), Num::Int(y)) = (x, y)
        && x.checked_rem(y) == Some(0)
    {
        return Ok(V::integer(x / y));
    }
    float(x)?
        .divide(float(y)?)
        .map(|it| V::number(it.to_number()))
        .ok_or(Failure::error("divide by zero"))
}

/// `x % y` of integers, with the sign of `x`.
pub fn rem<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (x, y) = (args.number(0)?, args.number(1)?);
    if let (Num::Int(x), Num::Int(y)) = (x, y)
        && y != 0
    {
        return Ok(V::integer(x.checked_rem(y).unwrap_or(0)));
    }
    let (Some(x), Some(y)) = (x.to_big_int(), y.to_big_int()) else {
        return Err(Failure::error("modulo on floating-point number"));
    };
    if y == BigInt::ZERO {
        return Err(Failure::error("modulo by zero"));
    }
    big(x % y)
}

/// The number without its sign.
pub fn abs<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let x = args.number(0)?;
    match x {
        Num::Int(it) if it >= 0 => Ok(V::integer(it)),
        _ => match x.to_big_int() {
            Some(it) => big(BigInt::from(it.magnitude().clone())),
            None => Ok(V::number(float(x)?.abs().to_number())),
        },
    }
}

/// The nearest integer, halves away from zero.
pub fn round<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    rounded(args, |it| {
        let half = if it.is_negative() { Float::HALF.negate() } else { Float::HALF };
        it.add(half).truncate().0
    })
}

/// The next integer above.
pub fn ceil<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    rounded(args, |it| {
        let (whole, cut) = it.truncate();
        if cut && !it.is_negative() { whole + 1 } else { whole }
    })
}

/// The next integer below.
pub fn floor<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    rounded(args, |it| {
        let (whole, cut) = it.truncate();
        if cut && it.is_negative() { whole - 1 } else { whole }
    })
}

/// Integers are their own rounding, however large.
fn rounded<V: AnyValue>(args: &[V], round: fn(Float) -> BigInt) -> Result<V, Failure> {
    let x = args.number(0)?;
    match x {
        Num::Int(it) => Ok(V::integer(it)),
        Num::Decimal(_) => big(x.to_big_int().map_or_else(|| float(x).map(round), Ok)?),
    }
}

/// The integers from `a` to `b`, both included, upwards or downwards.
pub fn numbers_range<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    range(args, &BigInt::from(1))
}

/// Every `step`th integer from `a` to `b`.
pub fn numbers_range_step<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    // The first two operands are looked at first, so that their errors come first.
    let (_, _) = (args.big_integer(0)?, args.big_integer(1)?);
    let step = args.big_integer(2)?;
    if step <= BigInt::ZERO {
        return Err(Failure::error("step must be a positive integer"));
    }
    range(args, &step)
}

fn range<V: AnyValue>(args: &[V], step: &BigInt) -> Result<V, Failure> {
    let (first, last) = (args.big_integer(0)?, args.big_integer(1)?);
    let up = first <= last;
    let distance = if up { &last - &first } else { &first - &last };
    let Some(n_steps) = usize::try_from(distance / step).ok().filter(|it| *it < ITEMS_MAX) else {
        return Err(Failure::Halt(format!("more than {ITEMS_MAX} elements").into()));
    };
    let step = if up { step.clone() } else { -step };
    let mut items = Vec::with_capacity(n_steps + 1);
    if let (Ok(first), Ok(_), Ok(step)) =
        (i64::try_from(&first), i64::try_from(&last), i64::try_from(&step))
    {
        // Every sum fits; the product alone may wrap on its way there.
        let at = |n: i64| first.wrapping_add(n.wrapping_mul(step));
        items.extend((0..=n_steps as i64).map(|n| V::integer(at(n))));
        return Ok(V::array(items));
    }
    for at in 0..=n_steps {
        items.push(big(&first + &step * at)?);
    }
    Ok(V::array(items))
}

/// The integer part in base 2, 8, 10 or 16.
pub fn format_int<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (x, base) = (args.number(0)?, args.number(1)?);
    let base = match base {
        Num::Int(base @ (2 | 8 | 10 | 16)) => base as u32,
        _ => return Err(Failure::Operand(2, Problem::Value(&["2", "8", "10", "16"]))),
    };
    let whole = x.to_big_int().map_or_else(|| float(x).map(|it| it.truncate().0), Ok)?;
    Ok(V::string(whole.to_str_radix(base)))
}

fn arithmetic<V: AnyValue>(
    x: Num<'_>,
    y: Num<'_>,
    small: fn(i64, i64) -> Option<i64>,
    exact: fn(BigInt, BigInt) -> BigInt,
    inexact: fn(Float, Float) -> Float,
) -> Result<V, Failure> {
    if let (Num::Int(x), Num::Int(y)) = (x, y)
        && let Some(it) = small(x, y)
    {
        return Ok(V::integer(it));
    }
    match (x.to_big_int(), y.to_big_int()) {
        (Some(x), Some(y)) => big(exact(x, y)),
        _ => Ok(V::number(inexact(float(x)?, float(y)?).to_number())),
    }
}

/// The number in the precision in which fractions are computed.
pub(crate) fn float(x: Num<'_>) -> Result<Float, Failure> {
    Float::new(&x).ok_or(Failure::Error(Cow::Borrowed("number out of range")))
}

/// An integer of any size as a value.
pub(crate) fn big<V: AnyValue>(it: BigInt) -> Result<V, Failure> {
    match i64::try_from(&it) {
        Ok(it) => Ok(V::integer(it)),
        Err(_) if it.bits() > INTEGER_BITS_MAX => Err(Failure::too_large()),
        Err(_) => Ok(V::decimal(&it.to_string())),
    }
}
