//! `bits.*`: integers of any size as two's complement.

use num_bigint::BigInt;
use palisade_value::AnyValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::limits::INTEGER_BITS_MAX;
use crate::numbers::big;
use crate::operands::{self, Operands};

/// Bitwise and.
pub fn bits_and<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    big(args.big_integer(0)? & args.big_integer(1)?)
}

/// Bitwise or.
pub fn bits_or<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    big(args.big_integer(0)? | args.big_integer(1)?)
}

/// Bitwise exclusive or.
pub fn bits_xor<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    big(args.big_integer(0)? ^ args.big_integer(1)?)
}

/// Every bit flipped.
pub fn bits_negate<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    big(-args.big_integer(0)? - 1)
}

/// Shifted to the left.
pub fn bits_lsh<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (x, by) = (args.big_integer(0)?, distance(args)?);
    if x == BigInt::ZERO {
        return Ok(V::integer(0));
    }
    match u64::try_from(by) {
        Ok(by) if by.saturating_add(x.bits()) <= INTEGER_BITS_MAX => big(x << by),
        _ => Err(Failure::too_large()),
    }
}

/// Shifted to the right, rounding towards negative infinity.
pub fn bits_rsh<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (x, by) = (args.big_integer(0)?, distance(args)?);
    // Past the last bit only the sign is left, so a longer way changes nothing.
    let by = u64::try_from(by).unwrap_or(u64::MAX).min(x.bits() + 1);
    big(x >> by)
}

fn distance<V: AnyValue>(args: &[V]) -> Result<BigInt, Failure> {
    let by = args.big_integer(1)?;
    if by < BigInt::ZERO {
        return Err(operands::operand(
            1,
            "must be an unsigned integer number but got a negative integer",
        ));
    }
    Ok(by)
}
