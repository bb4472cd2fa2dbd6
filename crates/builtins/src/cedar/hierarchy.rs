//! Where an entity lies, and what type it is of.

use palisade_value::{AnyValue, order};

use super::faults::{ANY_ENTITY, Fault, expected, noted};
use super::store::Store;
use super::values::{Shape, Uid, exactly, has, uid};
use crate::context::Context;
use crate::failure::Failure;

/// `entity in other`, the other being an entity or a set of them.
pub fn lies_in<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [entity, other, store] = exactly(operands)?;
    noted(context, is_in(entity, other, store).map(V::boolean))
}

fn is_in<V: AnyValue>(entity: &V, other: &V, store: &V) -> Result<bool, Fault> {
    name(entity)?;
    match Shape::of(other) {
        Shape::Entity(_) => {
            Ok(order::equal(entity, other) || Store::of(store).lies_below(entity, other))
        }
        Shape::Set(members) => {
            if members.iter().any(|it| uid(it).is_none()) {
                return Err(not_an_entity(members));
            }
            Ok(has(members, entity) || Store::of(store).lies_in_any(entity, members))
        }
        _ => Err(expected(&["set", ANY_ENTITY], other)),
    }
}

/// `entity is type`
pub fn is<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [entity, ty] = exactly(operands)?;
    noted(context, name(entity).map(|it| V::boolean(Some(it.ty) == ty.as_str())))
}

fn name<V: AnyValue>(value: &V) -> Result<Uid<'_>, Fault> {
    uid(value).ok_or_else(|| expected(&[ANY_ENTITY], value))
}

/// The error about the member that comes first in Cedar's order, in which records come before values of extensions.
#[cold]
#[inline(never)]
fn not_an_entity<V: AnyValue>(members: &[V]) -> Fault {
    let rank = |it: &V| match Shape::of(it) {
        Shape::Boolean(_) => 0,
        Shape::Long(_) => 1,
        Shape::String(_) => 2,
        Shape::Set(_) => 3,
        Shape::Record(_) => 4,
        Shape::Extension(_) | Shape::Entity(_) | Shape::Other => 5,
    };
    let first = members.iter().filter(|it| uid(*it).is_none()).min_by_key(|it| rank(it));
    expected(&[ANY_ENTITY], first.unwrap_or(&V::null()))
}
