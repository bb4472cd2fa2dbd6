//! The entities of a request.

use palisade_value::{AnyValue, Entry, View, order};

use super::conformance::{misfit, unknown, unknown_in};
use super::json;
use super::names::is_action;
use super::place::{Place, Refusal};
use super::schema::{EntityType, Schema, Type, attribute};
use super::store::{Record, Store};
use super::text;
use super::values::{Uid, entries, exactly, field, items, uid};
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
                &shown(name),
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

/// Whether an entity is as the schema says, if it is no action.
fn conform<V: AnyValue>(entity: &Entry<V>, schema: &Schema<'_, V>) -> Result<(), Refusal> {
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
                &shown(name),
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
                &shown(name),
                "` is not allowed to have an ancestor of type `",
                parent_name.ty,
                "` according to the schema",
            ]));
        }
    }
    Ok(())
}

/// Whether the actions are those of the schema.
fn check_actions<V: AnyValue>(
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
                &shown(name),
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
                &shown(name),
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

/// How far the search for cycles is with an entity.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Search {
    NotBegun,
    Open,
    Done,
}

/// Refuses entities that lie in themselves, be it by way of frozen ones.
fn check_cycles<V: AnyValue>(store: &Store<'_, V>) -> Result<(), Refusal> {
    let mut states = vec![Search::NotBegun; store.n_own()];
    let mut open: Vec<(usize, &[V])> = Vec::new();
    for start in 0..store.n_own() {
        let mut next = Some(start);
        loop {
            if let Some(index) = next.take() {
                match state(&mut states, index, store) {
                    Search::Open => return Err(cycle(store, index)),
                    Search::Done => {}
                    begun @ Search::NotBegun => {
                        *begun = Search::Open;
                        open.push((index, store.parents(index)));
                    }
                }
            }
            let Some((index, parents)) = open.last_mut() else { break };
            match parents.split_first() {
                Some((parent, rest)) => {
                    *parents = rest;
                    next = store.index(parent);
                }
                None => {
                    *state(&mut states, *index, store) = Search::Done;
                    open.pop();
                }
            }
        }
    }
    Ok(())
}

/// The state of an entity. Those of frozen ones are made when the first is asked for: many requests lead to none.
fn state<'a, V: AnyValue>(
    states: &'a mut Vec<Search>,
    index: usize,
    store: &Store<'_, V>,
) -> &'a mut Search {
    if index >= states.len() {
        states.resize(store.len().max(index + 1), Search::NotBegun);
    }
    &mut states[index]
}

#[cold]
#[inline(never)]
fn cycle<V: AnyValue>(store: &Store<'_, V>, index: usize) -> Refusal {
    let entity = store.at(index).map(|it| text::entity(&it.key)).unwrap_or_default();
    Refusal::saying(&[
        "transitive closure computation/enforcement error: input graph has a cycle containing vertex `",
        &entity,
        "`",
    ])
}

#[cold]
#[inline(never)]
fn undeclared(uid: Uid<'_>) -> Refusal {
    let parts =
        ["entity `", &shown(uid), "` has type `", uid.ty, "` which is not declared in the schema"];
    Refusal::saying(&parts)
}

#[cold]
#[inline(never)]
fn unexpected_attr(uid: Uid<'_>, name: &str) -> Refusal {
    let parts =
        ["attribute `", name, "` on `", &shown(uid), "` should not exist according to the schema"];
    Refusal::saying(&parts)
}

#[cold]
#[inline(never)]
fn unexpected_tag(uid: Uid<'_>, name: &str) -> Refusal {
    let entity = shown(uid);
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

fn shown(uid: Uid<'_>) -> String {
    let mut out = String::new();
    text::uid(uid, &mut out);
    out
}
