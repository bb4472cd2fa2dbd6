//! `array.*`

use palisade_value::{AnyValue, View};

use crate::context::Context;
use crate::failure::Failure;
use crate::limits::ITEMS_MAX;
use crate::operands::{Operands, count};

/// The elements of both arrays, one after the other.
pub fn array_concat<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (a, b) = (args.array(0)?, args.array(1)?);
    if a.len().saturating_add(b.len()) > ITEMS_MAX {
        return Err(Failure::too_large());
    }
    Ok(V::array([a, b].concat()))
}

/// The elements, with those that are arrays replaced by their elements, one level deep.
pub fn array_flatten<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut flat = Vec::new();
    for item in args.array(0)? {
        match item.view() {
            View::Array(items) => flat.extend_from_slice(items),
            _ => flat.push(item.clone()),
        }
        if flat.len() > ITEMS_MAX {
            return Err(Failure::too_large());
        }
    }
    Ok(V::array(flat))
}

/// The elements in the opposite order.
pub fn array_reverse<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::array(args.array(0)?.iter().rev().cloned().collect()))
}

/// The elements from `start` up to, not including, `stop`; both are brought into the array's range.
pub fn array_slice<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (items, start, stop) = (args.array(0)?, args.integer(1)?, args.integer(2)?);
    let stop = count(stop).min(items.len());
    let start = count(start).min(stop);
    Ok(V::array(items.get(start..stop).unwrap_or_default().to_vec()))
}
