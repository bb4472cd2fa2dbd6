//! Cedar's values in Rego's: what a value is, and making those that Rego doesn't have.

use palisade_value::{AnyValue, Entry, View, order};

use crate::failure::Failure;

/// A value, one level deep.
pub(super) enum Shape<'a, V> {
    Boolean(bool),
    Long(i64),
    String(&'a str),
    Entity(Uid<'a>),
    Extension(Extension<'a, V>),
    Set(&'a [V]),
    Record(&'a [Entry<V>]),
    /// None of Cedar's. Policies never see one.
    Other,
}

/// The name of an entity.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Uid<'a> {
    pub(super) ty: &'a str,
    pub(super) id: &'a str,
}

/// A value of an extension.
pub(super) struct Extension<'a, V> {
    /// The name of its type.
    pub(super) ty: &'a str,
    /// The first of what it is made of.
    pub(super) first: &'a V,
    /// The second.
    pub(super) second: &'a V,
}

impl<'a, V: AnyValue> Shape<'a, V> {
    pub(super) fn of(value: &'a V) -> Shape<'a, V> {
        match value.view() {
            View::Boolean(it) => Shape::Boolean(it),
            View::Number(it) => it.plain_int().map_or(Shape::Other, Shape::Long),
            View::String(it) => Shape::String(it),
            View::Set(it) => Shape::Set(it),
            View::Object(it) => Shape::Record(it),
            View::Array([ty, id]) => match (ty.view(), id.view()) {
                (View::String(ty), View::String(id)) => Shape::Entity(Uid { ty, id }),
                _ => Shape::Other,
            },
            View::Array([ty, first, second]) => match ty.view() {
                View::String(ty) => Shape::Extension(Extension { ty, first, second }),
                _ => Shape::Other,
            },
            View::Array(_) | View::Null => Shape::Other,
        }
    }
}

impl<V: AnyValue> Extension<'_, V> {
    /// The number that a decimal, a datetime or a duration is.
    pub(super) fn number(&self) -> i64 {
        integer(self.first).unwrap_or(0)
    }
}

/// The entity that a value is.
pub(super) fn uid<V: AnyValue>(value: &V) -> Option<Uid<'_>> {
    match Shape::of(value) {
        Shape::Entity(it) => Some(it),
        _ => None,
    }
}

/// An entity.
pub(super) fn entity<V: AnyValue>(ty: &str, id: &str) -> V {
    V::array(vec![V::text(ty), V::text(id)])
}

/// A value of an extension that is a number.
pub(super) fn numeric<V: AnyValue>(ty: &str, number: i64) -> V {
    V::array(vec![V::text(ty), V::integer(number), V::null()])
}

/// The integer that a value is.
pub(super) fn integer<V: AnyValue>(value: &V) -> Option<i64> {
    match value.view() {
        View::Number(it) => it.plain_int(),
        _ => None,
    }
}

/// The entries of an object, none of anything else.
pub(super) fn entries<V: AnyValue>(value: &V) -> &[Entry<V>] {
    match value.view() {
        View::Object(it) => it,
        _ => &[],
    }
}

/// The elements of an array or a set, none of anything else.
pub(super) fn items<V: AnyValue>(value: &V) -> &[V] {
    match value.view() {
        View::Array(it) | View::Set(it) => it,
        _ => &[],
    }
}

/// What stands under a string.
pub(super) fn field<'a, V: AnyValue>(entries: &'a [Entry<V>], name: &str) -> Option<&'a V> {
    let at = entries.binary_search_by(|it| order::compare_to_str(&it.key, name)).ok()?;
    entries.get(at).map(|it| &it.value)
}

/// What stands under a key.
pub(super) fn entry<'a, V: AnyValue>(entries: &'a [Entry<V>], key: &V) -> Option<&'a V> {
    entries.get(position(entries, key)?).map(|it| &it.value)
}

/// Where a key stands.
pub(super) fn position<V: AnyValue>(entries: &[Entry<V>], key: &V) -> Option<usize> {
    entries.binary_search_by(|it| order::compare(&it.key, key)).ok()
}

/// Whether a sorted slice has a value.
pub(super) fn has<V: AnyValue>(sorted: &[V], value: &V) -> bool {
    sorted.binary_search_by(|it| order::compare(it, value)).is_ok()
}

/// As many operands as a function takes.
pub(super) fn exactly<const N: usize, V: AnyValue>(operands: &[V]) -> Result<&[V; N], Failure> {
    operands.try_into().map_err(|_| Failure::error("wrong number of operands"))
}
