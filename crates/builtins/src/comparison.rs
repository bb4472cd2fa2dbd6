//! The comparison operators: Rego's total order over all values.

use std::cmp::Ordering;

use palisade_value::{AnyValue, order};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// `x == y`
pub fn equal<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(order::equal(args.value(0)?, args.value(1)?)))
}

/// `x != y`
pub fn neq<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(!order::equal(args.value(0)?, args.value(1)?)))
}

/// `x < y`
pub fn lt<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    compare(args, Ordering::is_lt)
}

/// `x <= y`
pub fn lte<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    compare(args, Ordering::is_le)
}

/// `x > y`
pub fn gt<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    compare(args, Ordering::is_gt)
}

/// `x >= y`
pub fn gte<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    compare(args, Ordering::is_ge)
}

fn compare<V: AnyValue>(args: &[V], holds: fn(Ordering) -> bool) -> Result<V, Failure> {
    Ok(V::boolean(holds(order::compare(args.value(0)?, args.value(1)?))))
}
