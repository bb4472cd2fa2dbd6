//! Set operators and `union`, `intersection`.

use std::cmp::Ordering;

use palisade_value::{AnyValue, View, order};

use crate::context::Context;
use crate::failure::{Failure, Problem};
use crate::operands::Operands;

/// `a & b`
pub fn and<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::set_from_sorted(intersect(args.set(0)?, args.set(1)?)))
}

/// `a | b`
pub fn or<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::set_from_sorted(merge(args.set(0)?, args.set(1)?)))
}

/// The members of `a` that aren't in `b`.
pub fn set_diff<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::set_from_sorted(difference(args.set(0)?, args.set(1)?)))
}

/// What all sets in a set have in common.
pub fn intersection<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let [first, rest @ ..] = args.set(0)? else { return Ok(V::set_from_sorted(Vec::new())) };
    let mut common = members(first)?.to_vec();
    for set in rest {
        common = intersect(&common, members(set)?);
    }
    Ok(V::set_from_sorted(common))
}

/// The members of all sets in a set.
pub fn union<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut all = Vec::new();
    for set in args.set(0)? {
        all.extend_from_slice(members(set)?);
    }
    Ok(V::set(all))
}

fn members<V: AnyValue>(it: &V) -> Result<&[V], Failure> {
    match it.view() {
        View::Set(members) => Ok(members),
        _ => Err(Failure::Operand(1, Problem::Kind { expected: &["set"], found: it.kind() })),
    }
}

/// The members of `a` that aren't in `b`; both sorted, as is the result.
pub(crate) fn difference<V: AnyValue>(a: &[V], b: &[V]) -> Vec<V> {
    let mut kept = Vec::new();
    walk(a, b, |side, it| {
        if side.is_lt() {
            kept.push(it.clone());
        }
    });
    kept
}

fn intersect<V: AnyValue>(a: &[V], b: &[V]) -> Vec<V> {
    let mut kept = Vec::new();
    walk(a, b, |side, it| {
        if side.is_eq() {
            kept.push(it.clone());
        }
    });
    kept
}

fn merge<V: AnyValue>(a: &[V], b: &[V]) -> Vec<V> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    walk(a, b, |_, it| all.push(it.clone()));
    all
}

/// Visits the members of two sorted slices in order: `Less` is only in `a`, `Greater` only in `b`, `Equal` in both.
fn walk<V: AnyValue>(mut a: &[V], mut b: &[V], mut visit: impl FnMut(Ordering, &V)) {
    while let ([x, rest_a @ ..], [y, rest_b @ ..]) = (a, b) {
        let side = order::compare(x, y);
        visit(side, if side.is_gt() { y } else { x });
        if side.is_le() {
            a = rest_a;
        }
        if side.is_ge() {
            b = rest_b;
        }
    }
    a.iter().for_each(|it| visit(Ordering::Less, it));
    b.iter().for_each(|it| visit(Ordering::Greater, it));
}
