//! The entities of a request.

use palisade_value::{AnyValue, Entry, View, order};

use super::cycles::check_cycles;
use super::declared::{check_actions, conform, undeclared, unexpected_attr, unexpected_tag};
use super::json;
use super::names::is_action;
use super::place::{Place, Refusal};
use super::schema::{EntityType, Schema, Type, attribute};
use super::store::Store;
use super::text;
use super::values::{Uid, entries, exactly, field, uid};
use crate::context::Context;
use crate::failure::Failure;

/// What goes before the message when entities are not as a schema says.
const NONCONFORMING: &str = "entity does not conform to the schema";

/// The store made of entities in JSON and the frozen ones; for the schema see [`request`](super::request::request).
pub fn entities<V: AnyValue>(_: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [json, schema, frozen] = exactly(operands)?;
    let own = own(json, Schema::of(schema).as_ref(), entries(frozen));
    let own = own.map_err(Refusal::failure)?;
    Ok(V::array(vec![V::object_from_sorted(own), frozen.clone()]))
}

fn own<V: AnyValue>(
    json: &V,
    schema: Option<&Schema<'_, V>>,
    frozen: &[Entry<V>],
) -> Result<Vec<Entry<V>>, Refusal> {
    let View::Array(list) = json.view() else {
        return Err(not_read(Refusal::saying(&["the entities are not an array"])));
    };
    let read: Result<Vec<_>, _> = list.iter().map(|it| read(it, schema)).collect();
    let mut own = read.map_err(not_read)?;
    sort(&mut own)?;
    if let Some(schema) = schema {
        own.iter().try_for_each(|it| conform(it, schema)).map_err(|it| it.behind(NONCONFORMING))?;
    }
    check_cycles(&Store::new(&own, frozen))?;
    if let Some(schema) = schema {
        check_actions(&own, schema, frozen).map_err(|it| it.behind(NONCONFORMING))?;
        // Those of the schema are frozen, and these are the same.
        own.retain(|it| !uid(&it.key).is_some_and(|it| is_action(it.ty)));
    }
    Ok(own)
}

#[cold]
fn not_read(refusal: Refusal) -> Refusal {
    refusal.behind("error during entity deserialization")
}

/// Reads one entity.
fn read<V: AnyValue>(json: &V, schema: Option<&Schema<'_, V>>) -> Result<Entry<V>, Refusal> {
    let View::Object(fields) = json.view() else {
        return Err(Refusal::saying(&["an entity is not an object"]));
    };
    let missing = |name: &str| Refusal::saying(&["missing field `", name, "`"]);
    let key: V = json::reference(field(fields, "uid").ok_or_else(|| missing("uid"))?, &Place::Uid)?;
    let name = uid(&key).unwrap_or(Uid { ty: "", id: "" });
    let ty = match schema {
        Some(schema) if !is_action(name.ty) => match schema.entity_type(name.ty) {
            Some(ty) => Some(ty),
            None => return Err(undeclared(name)),
        },
        _ => None,
    };
    let attrs = field(fields, "attrs").ok_or_else(|| missing("attrs"))?;
    let parents = field(fields, "parents").ok_or_else(|| missing("parents"))?;
    let attrs = read_attrs(object(attrs, "attrs")?, name, ty.as_ref())?;
    let tags = match field(fields, "tags") {
        Some(tags) => read_tags(object(tags, "tags")?, name, ty.as_ref())?,
        None => V::object_from_sorted(Vec::new()),
    };
    let parents = read_parents(parents, name)?;
    Ok(Entry { value: V::array(vec![attrs, tags, parents, V::null()]), key })
}

fn object<'a, V: AnyValue>(json: &'a V, name: &str) -> Result<&'a [Entry<V>], Refusal> {
    match json.view() {
        View::Object(it) => Ok(it),
        _ => Err(Refusal::saying(&["`", name, "` of an entity is not an object"])),
    }
}

fn read_attrs<V: AnyValue>(
    fields: &[Entry<V>],
    uid: Uid<'_>,
    ty: Option<&EntityType<'_, V>>,
) -> Result<V, Refusal> {
    read_all(fields, |name, json| {
        let known = match ty.map(|it| field(it.attrs, name)) {
            None => Type::Any,
            Some(Some(attr)) => attribute(attr).0,
            Some(None) => return Err(unexpected_attr(uid, name)),
        };
        json::value(json, known, &Place::Attribute(uid, name))
    })
}

fn read_tags<V: AnyValue>(
    fields: &[Entry<V>],
    uid: Uid<'_>,
    ty: Option<&EntityType<'_, V>>,
) -> Result<V, Refusal> {
    read_all(fields, |name, json| {
        let known = match ty.map(|it| it.tags) {
            None => Type::Any,
            Some(Some(tags)) => tags,
            Some(None) => return Err(unexpected_tag(uid, name)),
        };
        json::value(json, known, &Place::Tag(uid, name))
    })
}

fn read_all<V: AnyValue>(
    fields: &[Entry<V>],
    read: impl Fn(&str, &V) -> Result<V, Refusal>,
) -> Result<V, Refusal> {
    let mut entries = Vec::with_capacity(fields.len());
    for it in fields {
        let value = read(it.key.as_str().unwrap_or_default(), &it.value)?;
        entries.push(Entry { key: it.key.clone(), value });
    }
    Ok(V::object_from_sorted(entries))
}

/// The parents, sorted and none twice.
fn read_parents<V: AnyValue>(json: &V, name: Uid<'_>) -> Result<V, Refusal> {
    let View::Array(list) = json.view() else {
        return Err(Refusal::saying(&["`parents` of an entity is not an array"]));
    };
    let mut parents = Vec::with_capacity(list.len());
    for it in list {
        let parent: V = json::reference(it, &Place::Parents(name))?;
        if is_action(name.ty) && !uid(&parent).is_some_and(|it| is_action(it.ty)) {
            return Err(Refusal::saying(&[
                "action `",
                &text::uid_text(name),
                "` has a non-action parent `",
                &text::entity(&parent),
                "`",
            ]));
        }
        parents.push(parent);
    }
    parents.sort_unstable_by(order::compare);
    parents.dedup_by(|a, b| order::equal(a, b));
    Ok(V::array(parents))
}

/// Sorts the entities. One may be given more than once if it is always the same.
fn sort<V: AnyValue>(own: &mut Vec<Entry<V>>) -> Result<(), Refusal> {
    let is_sorted = own.is_sorted_by(|a, b| order::compare(&a.key, &b.key).is_lt());
    if is_sorted {
        return Ok(());
    }
    own.sort_by(|a, b| order::compare(&a.key, &b.key));
    let differs = |pair: &&[Entry<V>]| matches!(pair, [a, b] if order::equal(&a.key, &b.key) && !order::equal(&a.value, &b.value));
    if let Some([entry, _]) = own.windows(2).find(differs) {
        let parts = ["duplicate entity entry `", &text::entity(&entry.key), "`"];
        return Err(Refusal::saying(&parts));
    }
    own.dedup_by(|a, b| order::equal(&a.key, &b.key));
    Ok(())
}
