//! Whether entities are what a schema says.

use palisade_value::{AnyValue, Entry, order};

use super::conformance::{misfit, unknown, unknown_in};
use super::names::is_action;
use super::place::{Place, Refusal};
use super::schema::{EntityType, Schema, attribute};
use super::store::{Record, Store};
use super::text;
use super::values::{Uid, field, items, uid};

/// Whether an entity is as the schema says, if it is no action.
pub(super) fn conform<V: AnyValue>(
    entity: &Entry<V>,
    schema: &Schema<'_, V>,
) -> Result<(), Refusal> {
    let Some(name) = uid(&entity.key) else { return Ok(()) };
    if is_action(name.ty) {
        return Ok(());
    }
    let ty = schema.entity_type(name.ty).ok_or_else(|| undeclared(name))?;
    if let Some(unknown) = unknown(&entity.key, name, schema) {
        return Err(unknown.in_entities());
    }
    let Some(record) = Record::of(&entity.value) else { return Ok(()) };
    conform_attrs(record.attrs, name, &ty, schema)?;
    conform_parents(items(record.parents), name, &ty, schema)?;
    for it in record.tags {
        let tag = it.key.as_str().unwrap_or_default();
        let tags = ty.tags.ok_or_else(|| unexpected_tag(name, tag))?;
        if let Some(misfit) = misfit(&it.value, tags) {
            return Err(misfit.at(&Place::Tag(name, tag)));
        }
        if let Some(unknown) = unknown_in(&it.value, schema) {
            return Err(unknown.in_entities());
        }
    }
    Ok(())
}

fn conform_attrs<V: AnyValue>(
    attrs: &[Entry<V>],
    name: Uid<'_>,
    ty: &EntityType<'_, V>,
    schema: &Schema<'_, V>,
) -> Result<(), Refusal> {
    for it in ty.attrs {
        let attr = it.key.as_str().unwrap_or_default();
        if attribute(&it.value).1 && field(attrs, attr).is_none() {
            return Err(Refusal::saying(&[
                "expected entity `",
                &text::uid_text(name),
                "` to have attribute `",
                attr,
                "`, but it does not",
            ]));
        }
    }
    for it in attrs {
        let attr = it.key.as_str().unwrap_or_default();
        let known = field(ty.attrs, attr).ok_or_else(|| unexpected_attr(name, attr))?;
        if let Some(misfit) = misfit(&it.value, attribute(known).0) {
            return Err(misfit.at(&Place::Attribute(name, attr)));
        }
        if let Some(unknown) = unknown_in(&it.value, schema) {
            return Err(unknown.in_entities());
        }
    }
    Ok(())
}

fn conform_parents<V: AnyValue>(
    parents: &[V],
    name: Uid<'_>,
    ty: &EntityType<'_, V>,
    schema: &Schema<'_, V>,
) -> Result<(), Refusal> {
    for parent in parents {
        let Some(parent_name) = uid(parent) else { continue };
        if let Some(unknown) = unknown(parent, parent_name, schema) {
            return Err(unknown.in_entities());
        }
        if !ty.may_lie_in(parent_name.ty) {
            return Err(Refusal::saying(&[
                "`",
                &text::uid_text(name),
                "` is not allowed to have an ancestor of type `",
                parent_name.ty,
                "` according to the schema",
            ]));
        }
    }
    Ok(())
}

/// Whether the actions are those of the schema.
pub(super) fn check_actions<V: AnyValue>(
    own: &[Entry<V>],
    schema: &Schema<'_, V>,
    frozen: &[Entry<V>],
) -> Result<(), Refusal> {
    let (given, declared) = (Store::new(own, &[]), Store::new(&[], frozen));
    for it in own {
        let Some(name) = uid(&it.key).filter(|it| is_action(it.ty)) else { continue };
        if schema.action(&it.key).is_none() {
            let parts = [
                "found action entity `",
                &text::uid_text(name),
                "`, but it was not declared as an action in the schema",
            ];
            return Err(Refusal::saying(&parts));
        }
        let is_same = match (given.find(&it.key), declared.find(&it.key)) {
            (Some(a), Some(b)) => {
                is_same(a.attrs, b.attrs)
                    && is_same(a.tags, b.tags)
                    && given.ancestors(&it.key).are(&declared.ancestors(&it.key))
            }
            _ => false,
        };
        if !is_same {
            return Err(Refusal::saying(&[
                "definition of action `",
                &text::uid_text(name),
                "` does not match its schema declaration",
            ]));
        }
    }
    Ok(())
}

fn is_same<V: AnyValue>(a: &[Entry<V>], b: &[Entry<V>]) -> bool {
    let equal = |(a, b): (&Entry<V>, &Entry<V>)| {
        order::equal(&a.key, &b.key) && order::equal(&a.value, &b.value)
    };
    a.len() == b.len() && a.iter().zip(b).all(equal)
}

#[cold]
#[inline(never)]
pub(super) fn undeclared(uid: Uid<'_>) -> Refusal {
    let parts = [
        "entity `",
        &text::uid_text(uid),
        "` has type `",
        uid.ty,
        "` which is not declared in the schema",
    ];
    Refusal::saying(&parts)
}

#[cold]
#[inline(never)]
pub(super) fn unexpected_attr(uid: Uid<'_>, name: &str) -> Refusal {
    let parts = [
        "attribute `",
        name,
        "` on `",
        &text::uid_text(uid),
        "` should not exist according to the schema",
    ];
    Refusal::saying(&parts)
}

#[cold]
#[inline(never)]
pub(super) fn unexpected_tag(uid: Uid<'_>, name: &str) -> Refusal {
    let entity = text::uid_text(uid);
    Refusal::saying(&[
        "found a tag `",
        name,
        "` on `",
        &entity,
        "`, but no tags should exist on `",
        &entity,
        "` according to the schema",
    ])
}
