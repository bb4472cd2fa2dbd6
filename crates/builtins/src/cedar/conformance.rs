//! Whether values are what a schema says.

use palisade_value::{AnyValue, Entry};

use super::names::is_action;
use super::place::{Place, Refusal};
use super::schema::{Schema, Type, attribute};
use super::text::{self, Style};
use super::values::{Shape, Uid, field};

/// A value that is not of the type that it should be of.
pub(super) struct Misfit<'a, V> {
    ty: Type<'a, V>,
    value: &'a V,
    reason: Reason<'a>,
}

enum Reason<'a> {
    Type,
    Unexpected(&'a str),
    Missing(&'a str),
}

/// What in a value is not as the type says. It goes as deep as the value does, and values from outside are not deep.
pub(super) fn misfit<'a, V: AnyValue>(value: &'a V, ty: Type<'a, V>) -> Option<Misfit<'a, V>> {
    let fits = match (ty, Shape::of(value)) {
        (Type::Any, _)
        | (Type::Bool, Shape::Boolean(_))
        | (Type::Long, Shape::Long(_))
        | (Type::String, Shape::String(_)) => true,
        (Type::Entity(name), Shape::Entity(it)) => it.ty == name,
        (Type::Extension(name), Shape::Extension(it)) => it.ty == name,
        (Type::Set(element), Shape::Set(members)) => {
            return members.iter().find_map(|it| misfit(it, Type::of(element)));
        }
        (Type::Record(attrs), Shape::Record(entries)) => return misfit_in(value, attrs, entries),
        _ => false,
    };
    (!fits).then_some(Misfit { ty, value, reason: Reason::Type })
}

fn misfit_in<'a, V: AnyValue>(
    value: &'a V,
    attrs: &'a [Entry<V>],
    entries: &'a [Entry<V>],
) -> Option<Misfit<'a, V>> {
    let because = |reason| Misfit { ty: Type::Record(attrs), value, reason };
    let key = |it: &'a Entry<V>| it.key.as_str().unwrap_or_default();
    let is_missing = |it: &&Entry<V>| {
        attribute(&it.value).1 && field(entries, it.key.as_str().unwrap_or_default()).is_none()
    };
    if let Some(it) = attrs.iter().find(is_missing) {
        return Some(because(Reason::Missing(key(it))));
    }
    entries.iter().find_map(|it| match field(attrs, key(it)) {
        Some(attr) => misfit(&it.value, attribute(attr).0),
        None => Some(because(Reason::Unexpected(key(it)))),
    })
}

impl<V: AnyValue> Misfit<'_, V> {
    /// The refusal of the value at this place.
    #[cold]
    #[inline(never)]
    pub(super) fn at(&self, place: &Place<'_>) -> Refusal {
        let mut out = "type mismatch: value was expected to have type ".to_owned();
        self.ty.write(&mut out);
        out.push_str(", but it ");
        match self.reason {
            Reason::Type => {
                out.push_str("actually has type ");
                text::type_of(self.value, &mut out);
            }
            Reason::Unexpected(name) => {
                out.extend(["contains an unexpected attribute `", name, "`"]);
            }
            Reason::Missing(name) => {
                out.extend(["is missing the required attribute `", name, "`"]);
            }
        }
        out.push_str(": `");
        text::value(self.value, Style { most: usize::MAX, quotes_keys: true }, &mut out);
        out.push('`');
        place.refuse(&[&out])
    }
}

/// What is wrong with the name of an entity.
pub(super) enum Unknown<'a> {
    /// It is none of the names that entities of its type have.
    Name(Uid<'a>),
    /// It is an action that is not declared.
    Action(Uid<'a>),
}

/// What is wrong with the first of the entities in a value that cannot be.
pub(super) fn unknown_in<'a, V: AnyValue>(
    value: &'a V,
    schema: &Schema<'_, V>,
) -> Option<Unknown<'a>> {
    match Shape::of(value) {
        Shape::Entity(it) => unknown(value, it, schema),
        Shape::Set(members) => members.iter().find_map(|it| unknown_in(it, schema)),
        Shape::Record(entries) => entries.iter().find_map(|it| unknown_in(&it.value, schema)),
        _ => None,
    }
}

/// What is wrong with the name of an entity.
pub(super) fn unknown<'a, V: AnyValue>(
    value: &V,
    uid: Uid<'a>,
    schema: &Schema<'_, V>,
) -> Option<Unknown<'a>> {
    match schema.entity_type(uid.ty) {
        Some(ty) if !ty.may_be_named(uid.id) => Some(Unknown::Name(uid)),
        _ if is_action(uid.ty) && schema.action(value).is_none() => Some(Unknown::Action(uid)),
        _ => None,
    }
}

impl Unknown<'_> {
    /// What it says in a request.
    #[cold]
    #[inline(never)]
    pub(super) fn in_request(&self) -> Refusal {
        match self {
            Unknown::Name(uid) => misnamed(*uid),
            Unknown::Action(uid) => undeclared_action(*uid),
        }
    }

    /// What it says in entities.
    #[cold]
    #[inline(never)]
    pub(super) fn in_entities(&self) -> Refusal {
        match self {
            Unknown::Name(uid) => misnamed(*uid),
            Unknown::Action(uid) => Refusal::saying(&[
                "found action entity `",
                &text::uid_text(*uid),
                "`, but it was not declared as an action in the schema",
            ]),
        }
    }
}

/// The refusal of a request because its action is not declared.
#[cold]
#[inline(never)]
pub(super) fn undeclared_action(uid: Uid<'_>) -> Refusal {
    Refusal::saying(&[
        "request's action `",
        &text::uid_text(uid),
        "` is not declared in the schema",
    ])
}

fn misnamed(uid: Uid<'_>) -> Refusal {
    let mut id = String::new();
    text::quoted(uid.id, &mut id);
    Refusal::saying(&[
        "entity `",
        &text::uid_text(uid),
        "` is of an enumerated entity type, but `",
        &id,
        "` is not declared as a valid eid",
    ])
}
