//! A schema, which comes as a value; see [`request`](super::request::request).

use palisade_value::{AnyValue, Entry, View};

use super::values::{entries, entry, field, items};

/// What entities and requests are like.
pub(super) struct Schema<'a, V> {
    entities: &'a [Entry<V>],
    actions: &'a [Entry<V>],
}

/// What the entities of a type are like.
pub(super) struct EntityType<'a, V> {
    /// The attributes, each with what [`attribute`] reads.
    pub(super) attrs: &'a [Entry<V>],
    pub(super) tags: Option<Type<'a, V>>,
    ancestors: &'a [V],
    names: Option<&'a [V]>,
}

/// What an action is about.
pub(super) struct Action<'a, V> {
    principals: &'a [V],
    resources: &'a [V],
    /// The attributes of the context.
    pub(super) context: &'a [Entry<V>],
}

/// A type of values.
pub(super) enum Type<'a, V> {
    /// Not known.
    Any,
    Bool,
    Long,
    String,
    Entity(&'a str),
    /// Of elements of this type.
    Set(&'a V),
    /// With these attributes.
    Record(&'a [Entry<V>]),
    Extension(&'a str),
}

impl<V> Clone for Type<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V> Copy for Type<'_, V> {}

impl<'a, V: AnyValue> Schema<'a, V> {
    /// The schema that a value is; null is none.
    pub(super) fn of(value: &'a V) -> Option<Schema<'a, V>> {
        let View::Object(fields) = value.view() else { return None };
        let part = |name| field(fields, name).map_or(&[][..], entries);
        Some(Schema { entities: part("entities"), actions: part("actions") })
    }

    pub(super) fn entity_type(&self, name: &str) -> Option<EntityType<'a, V>> {
        let fields = entries(field(self.entities, name)?);
        let defined = |name| field(fields, name).filter(|it| !matches!(it.view(), View::Null));
        Some(EntityType {
            attrs: defined("attrs").map_or(&[], entries),
            tags: defined("tags").map(Type::of),
            ancestors: defined("ancestors").map_or(&[], items),
            names: defined("names").map(items),
        })
    }

    pub(super) fn action(&self, uid: &V) -> Option<Action<'a, V>> {
        let fields = entries(entry(self.actions, uid)?);
        let list = |name| field(fields, name).map_or(&[][..], items);
        Some(Action {
            principals: list("principals"),
            resources: list("resources"),
            context: field(fields, "context").map_or(&[], entries),
        })
    }
}

impl<V: AnyValue> EntityType<'_, V> {
    /// Whether entities of this type may lie in those of another.
    pub(super) fn may_lie_in(&self, ty: &str) -> bool {
        names(self.ancestors, ty)
    }

    /// Whether there may be an entity of this name.
    pub(super) fn may_be_named(&self, id: &str) -> bool {
        self.names.is_none_or(|it| names(it, id))
    }
}

impl<V: AnyValue> Action<'_, V> {
    pub(super) fn takes_principal(&self, ty: &str) -> bool {
        names(self.principals, ty)
    }

    pub(super) fn takes_resource(&self, ty: &str) -> bool {
        names(self.resources, ty)
    }
}

impl<'a, V: AnyValue> Type<'a, V> {
    /// The type that a value is: `["Set", ["Long"]]`.
    pub(super) fn of(value: &'a V) -> Type<'a, V> {
        let [name, parameter @ ..] = items(value) else { return Type::Any };
        let parameter = parameter.first();
        let text = || parameter.and_then(|it| it.as_str()).unwrap_or_default();
        match (name.as_str(), parameter) {
            (Some("Bool"), _) => Type::Bool,
            (Some("Long"), _) => Type::Long,
            (Some("String"), _) => Type::String,
            (Some("Entity"), _) => Type::Entity(text()),
            (Some("Extension"), _) => Type::Extension(text()),
            (Some("Set"), Some(element)) => Type::Set(element),
            (Some("Record"), Some(attrs)) => Type::Record(entries(attrs)),
            _ => Type::Any,
        }
    }

    /// As Cedar prints it.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Type::Any => out.push_str("any"),
            Type::Bool => out.push_str("bool"),
            Type::Long => out.push_str("long"),
            Type::String => out.push_str("string"),
            Type::Extension(name) => out.push_str(name),
            Type::Entity(name) => {
                out.push('`');
                out.push_str(name);
                out.push('`');
            }
            Type::Set(element) => {
                out.push('[');
                Type::of(*element).write(out);
                out.push(']');
            }
            Type::Record(attrs) => write_attrs(attrs, out),
        }
    }
}

/// An attribute: its type, and whether it is always there.
pub(super) fn attribute<V: AnyValue>(value: &V) -> (Type<'_, V>, bool) {
    match items(value) {
        [ty, is_required] => (Type::of(ty), !is_required.is_false()),
        _ => (Type::Any, false),
    }
}

fn write_attrs<V: AnyValue>(attrs: &[Entry<V>], out: &mut String) {
    out.push_str("{ ");
    for (at, it) in attrs.iter().enumerate() {
        let (ty, is_required) = attribute(&it.value);
        if at > 0 {
            out.push_str(", ");
        }
        super::text::quoted(it.key.as_str().unwrap_or_default(), out);
        out.push_str(if is_required { " => (required) " } else { " => (optional) " });
        ty.write(out);
    }
    out.push_str(" }");
}

fn names<V: AnyValue>(list: &[V], name: &str) -> bool {
    list.iter().any(|it| it.as_str() == Some(name))
}
