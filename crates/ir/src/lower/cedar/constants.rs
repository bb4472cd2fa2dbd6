//! Entities and schemas as constants, in the form that `palisade_builtins::cedar` reads.

use std::collections::{BTreeMap, BTreeSet};

use palisade_cedar::checked::{Attribute, Entity, Extension, Schema, Type, Uid};
use palisade_value::{AnyValue, Entry, Value};

/// The functions of the extensions and how many arguments they take.
const EXTENSION_FUNCTIONS: [(&str, usize); 22] = [
    ("decimal", 1),
    ("datetime", 1),
    ("duration", 1),
    ("durationSince", 2),
    ("greaterThan", 2),
    ("greaterThanOrEqual", 2),
    ("ip", 1),
    ("isInRange", 2),
    ("isIpv4", 1),
    ("isIpv6", 1),
    ("isLoopback", 1),
    ("isMulticast", 1),
    ("lessThan", 2),
    ("lessThanOrEqual", 2),
    ("offset", 2),
    ("toDate", 1),
    ("toDays", 1),
    ("toHours", 1),
    ("toMilliseconds", 1),
    ("toMinutes", 1),
    ("toSeconds", 1),
    ("toTime", 1),
];

/// How many arguments a function of an extension takes; `None` if there is none of that name.
pub(super) fn extension_arity(name: &str) -> Option<usize> {
    EXTENSION_FUNCTIONS.iter().find(|(it, _)| *it == name).map(|(_, arity)| *arity)
}

/// An entity as a value.
pub(super) fn entity(uid: &Uid) -> Value {
    Value::array(vec![Value::text(&uid.ty), Value::text(&uid.id)])
}

/// The entities that are frozen into the module, each with what it lies in directly and at all.
pub(super) fn store(entities: &[Entity]) -> Value {
    let parents: BTreeMap<&Uid, &[Uid]> =
        entities.iter().map(|it| (&it.uid, it.parents.as_slice())).collect();
    let entries = entities.iter().map(|it| Entry {
        key: entity(&it.uid),
        value: Value::array(vec![
            it.attrs.clone(),
            it.tags.clone(),
            Value::array(it.parents.iter().map(entity).collect()),
            Value::set(ancestors(&it.uid, &parents).into_iter().map(entity).collect()),
        ]),
    });
    Value::object(entries.collect())
}

fn ancestors<'e>(of: &'e Uid, parents: &BTreeMap<&'e Uid, &'e [Uid]>) -> BTreeSet<&'e Uid> {
    let mut found = BTreeSet::new();
    let mut open = vec![of];
    while let Some(uid) = open.pop() {
        let parents = parents.get(uid).copied().unwrap_or_default();
        open.extend(parents.iter().filter(|parent| found.insert(*parent)));
    }
    found
}

/// A schema; null if there is none.
pub(super) fn schema(schema: Option<&Schema>) -> Value {
    let Some(schema) = schema else { return Value::null() };
    let types = schema.entities.iter().map(|(name, it)| {
        let value = Value::object_of([
            ("attrs", attributes(&it.attrs)),
            ("tags", it.tags.as_ref().map_or(Value::null(), of_type)),
            ("ancestors", texts(&it.ancestors)),
            ("names", it.names.as_deref().map_or(Value::null(), texts)),
        ]);
        Entry { key: Value::text(name), value }
    });
    let actions = schema.actions.iter().map(|(uid, it)| {
        let value = Value::object_of([
            ("principals", texts(&it.principals)),
            ("resources", texts(&it.resources)),
            ("context", attributes(&it.context)),
        ]);
        Entry { key: entity(uid), value }
    });
    Value::object_of([
        ("entities", Value::object(types.collect())),
        ("actions", Value::object(actions.collect())),
    ])
}

fn attributes(attributes: &BTreeMap<String, Attribute>) -> Value {
    let entries = attributes.iter().map(|(name, it)| Entry {
        key: Value::text(name),
        value: Value::array(vec![of_type(&it.ty), Value::boolean(it.is_required)]),
    });
    Value::object(entries.collect())
}

fn of_type(ty: &Type) -> Value {
    let (name, inner) = match ty {
        Type::Bool => ("Bool", None),
        Type::Long => ("Long", None),
        Type::String => ("String", None),
        Type::Entity(name) => ("Entity", Some(Value::text(name))),
        Type::Set(element) => ("Set", Some(of_type(element))),
        Type::Record(record) => ("Record", Some(attributes(record))),
        Type::Extension(it) => ("Extension", Some(Value::text(extension(*it)))),
    };
    Value::array(std::iter::once(Value::text(name)).chain(inner).collect())
}

fn extension(it: Extension) -> &'static str {
    match it {
        Extension::IpAddr => "ipaddr",
        Extension::Decimal => "decimal",
        Extension::Datetime => "datetime",
        Extension::Duration => "duration",
    }
}

fn texts(texts: &[String]) -> Value {
    Value::array(texts.iter().map(|it| Value::text(it)).collect())
}
