//! Attributes and tags.

use palisade_value::AnyValue;

use super::faults::{ANY_ENTITY, Fault, expected, noted, saying};
use super::operators::string;
use super::store::Store;
use super::text;
use super::values::{Shape, exactly, field, items};
use crate::context::Context;
use crate::failure::Failure;

/// `value.name`, of a record or an entity.
pub fn attr<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [value, name, store] = exactly(operands)?;
    let name = name.as_str().unwrap_or_default();
    noted(context, attribute(value, name, store).cloned())
}

fn attribute<'a, V: AnyValue>(value: &'a V, name: &str, store: &'a V) -> Result<&'a V, Fault> {
    match Shape::of(value) {
        Shape::Record(entries) => match field(entries, name) {
            Some(it) => Ok(it),
            None => Err(saying(&["record does not have the attribute `", name, "`"])),
        },
        Shape::Entity(_) => match Store::of(store).find(value) {
            Some(record) => {
                field(record.attrs, name).ok_or_else(|| lacks(value, "attribute", name))
            }
            None => Err(does_not_exist(value)),
        },
        _ => Err(expected(&["record", ANY_ENTITY], value)),
    }
}

/// `value has a.b`: whether there are all of the names, each in what the one before is.
pub fn has<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [value, names, store] = exactly(operands)?;
    noted(context, has_all(value, items(names), &Store::of(store)).map(V::boolean))
}

fn has_all<'a, V: AnyValue>(
    mut value: &'a V,
    names: &[V],
    store: &Store<'a, V>,
) -> Result<bool, Fault> {
    for name in names {
        let entries = match Shape::of(value) {
            Shape::Record(entries) => entries,
            Shape::Entity(_) => store.find(value).map_or(&[][..], |it| it.attrs),
            _ => return Err(expected(&["record", ANY_ENTITY], value)),
        };
        match field(entries, name.as_str().unwrap_or_default()) {
            Some(next) => value = next,
            None => return Ok(false),
        }
    }
    Ok(true)
}

/// `entity.getTag(key)`
pub fn get_tag<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [entity, key, store] = exactly(operands)?;
    noted(context, tag(entity, key, store).cloned())
}

fn tag<'a, V: AnyValue>(entity: &V, key: &V, store: &'a V) -> Result<&'a V, Fault> {
    let key = entity_and_key(entity, key)?;
    match Store::of(store).find(entity) {
        Some(record) => field(record.tags, key).ok_or_else(|| lacks(entity, "tag", key)),
        None => Err(does_not_exist(entity)),
    }
}

/// `entity.hasTag(key)`
pub fn has_tag<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [entity, key, store] = exactly(operands)?;
    let has = |key: &str| {
        Store::of(store).find(entity).is_some_and(|record| field(record.tags, key).is_some())
    };
    noted(context, entity_and_key(entity, key).map(|key| V::boolean(has(key))))
}

fn entity_and_key<'a, V: AnyValue>(entity: &V, key: &'a V) -> Result<&'a str, Fault> {
    match Shape::of(entity) {
        Shape::Entity(_) => string(key),
        _ => Err(expected(&[ANY_ENTITY], entity)),
    }
}

#[cold]
#[inline(never)]
fn does_not_exist<V: AnyValue>(entity: &V) -> Fault {
    saying(&["entity `", &text::entity(entity), "` does not exist"])
}

#[cold]
#[inline(never)]
fn lacks<V: AnyValue>(entity: &V, what: &str, name: &str) -> Fault {
    saying(&["`", &text::entity(entity), "` does not have the ", what, " `", name, "`"])
}
