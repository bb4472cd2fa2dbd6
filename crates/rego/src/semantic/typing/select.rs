//! What stands under the keys of a type.

use palisade_value::Value;
use palisade_value::types::Type;

use crate::semantic::typing::overlap::overlap;

/// What stands under a constant key; `None` if there is never anything.
pub fn at(kind: &Type, key: &Value) -> Option<Type> {
    match kind {
        Type::Any => Some(Type::Any),
        Type::Union(members) => Type::union(members.iter().filter_map(|member| at(member, key))),
        Type::Array { prefix, rest } => {
            let Value::Integer(index) = key else { return None };
            let index = usize::try_from(*index).ok()?;
            prefix.get(index).or(rest.as_deref()).cloned()
        }
        Type::Object { fixed, dynamic } => match fixed.iter().find(|(it, _)| it == key) {
            Some((_, value)) => Some(value.clone()),
            None => {
                let (keys, values) = dynamic.as_deref()?;
                overlap(keys, &Type::of(key)).then(|| values.clone())
            }
        },
        Type::Set(member) => overlap(member, &Type::of(key)).then(|| Type::of(key)),
        _ => None,
    }
}

/// What stands under a key that objects of this type are known to have.
pub fn field<'a>(kind: &'a Type, key: &Value) -> Option<&'a Type> {
    let Type::Object { fixed, .. } = kind else { return None };
    fixed.iter().find(|(it, _)| it == key).map(|(_, value)| value)
}

/// The keys and the values of all entries; `None` if the type is no collection.
pub fn entries(kind: &Type) -> Option<(Type, Type)> {
    match kind {
        Type::Any => Some((Type::Any, Type::Any)),
        Type::Union(members) => {
            let (keys, values): (Vec<Type>, Vec<Type>) = members.iter().filter_map(entries).unzip();
            Some((Type::union(keys)?, Type::union(values)?))
        }
        Type::Array { prefix, rest } => {
            let element = Type::union(prefix.iter().chain(rest.as_deref()).cloned());
            Some((Type::Number, element.unwrap_or(Type::Any)))
        }
        Type::Object { fixed, dynamic } => {
            let dynamic = dynamic.as_deref();
            let keys =
                fixed.iter().map(|(key, _)| Type::of(key)).chain(dynamic.map(|it| it.0.clone()));
            let values =
                fixed.iter().map(|(_, value)| value.clone()).chain(dynamic.map(|it| it.1.clone()));
            Some((Type::union(keys).unwrap_or(Type::Any), Type::union(values).unwrap_or(Type::Any)))
        }
        Type::Set(member) => Some((Type::clone(member), Type::clone(member))),
        _ => None,
    }
}

/// The keys that objects of a type are known to have, as an error shows them.
pub fn known_keys(kind: &Type) -> Vec<String> {
    let fixed = |kind: &Type| match kind {
        Type::Object { fixed, .. } => fixed.iter().map(|(key, _)| key.clone()).collect(),
        _ => Vec::new(),
    };
    let mut keys: Vec<Value> = kind.members().iter().flat_map(fixed).collect();
    keys.sort();
    keys.dedup();
    keys.iter().map(Value::to_string).collect()
}

/// Whether a document of this type may have keys beside those that are known: rules and packages below it give it
/// single keys, and base data may have others.
pub fn is_open(kind: &Type) -> bool {
    let Type::Object { fixed, dynamic: Some(dynamic) } = kind else { return false };
    !fixed.is_empty() && dynamic.1 == Type::Any
}

/// The type of a constant. Empty ones are taken for collections of anything.
pub fn of_constant(value: &Value) -> Type {
    match value {
        Value::Array(items) if items.is_empty() => Type::array_of(Type::Any),
        Value::Object(entries) if entries.is_empty() => Type::object_of(Type::Any, Type::Any),
        Value::Array(items) => {
            Type::Array { prefix: items.iter().map(of_constant).collect(), rest: None }
        }
        Value::Object(entries) => Type::Object {
            fixed: entries.iter().map(|it| (it.key.clone(), of_constant(&it.value))).collect(),
            dynamic: None,
        },
        Value::Set(members) => {
            Type::set_of(Type::union(members.iter().map(of_constant)).unwrap_or(Type::Any))
        }
        _ => Type::of(value),
    }
}
