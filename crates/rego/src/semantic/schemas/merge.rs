//! `allOf`: one type for what several schemas say of the same value.

use palisade_value::Value;
use palisade_value::types::Type;

use super::SchemaError;

/// The type of what is of both types: objects have the keys of both, arrays the elements of the longer one.
pub fn merge(a: Type, b: Type) -> Result<Type, SchemaError> {
    match (a, b) {
        (Type::Any, other) | (other, Type::Any) => Ok(other),
        (
            Type::Object { fixed: a, dynamic: a_dynamic },
            Type::Object { fixed: b, dynamic: b_dynamic },
        ) => Ok(Type::Object {
            // An object without properties says nothing of keys.
            dynamic: if a.is_empty() && b.is_empty() { a_dynamic.or(b_dynamic) } else { None },
            fixed: fields(a, b)?,
        }),
        (Type::Array { prefix: a, rest: a_rest }, Type::Array { prefix: b, rest: b_rest }) => {
            arrays((a, a_rest.map(|it| *it)), (b, b_rest.map(|it| *it)))
        }
        (a, b) if a == b => Ok(a),
        (a, b) => Err(SchemaError::Mismatch(name(&a), name(&b))),
    }
}

fn fields(
    mut a: Vec<(Value, Type)>,
    b: Vec<(Value, Type)>,
) -> Result<Vec<(Value, Type)>, SchemaError> {
    for (key, kind) in b {
        match a.binary_search_by(|(other, _)| other.cmp(&key)) {
            Err(at) => a.insert(at, (key, kind)),
            Ok(at) => {
                if let Some((_, slot)) = a.get_mut(at) {
                    *slot = merge(std::mem::replace(slot, Type::Any), kind)?;
                }
            }
        }
    }
    Ok(a)
}

/// The elements with a type of their own, and the type of the further ones.
type Elements = (Vec<Type>, Option<Type>);

fn arrays((a, a_rest): Elements, (b, b_rest): Elements) -> Result<Type, SchemaError> {
    let length = a.len().max(b.len());
    let (mut a, mut b) = (a.into_iter(), b.into_iter());
    let mut prefix = Vec::with_capacity(length);
    for _ in 0..length {
        let own = a.next().or_else(|| a_rest.clone()).unwrap_or(Type::Any);
        let other = b.next().or_else(|| b_rest.clone()).unwrap_or(Type::Any);
        prefix.push(merge(own, other)?);
    }
    let rest = match (a_rest, b_rest) {
        (Some(a), Some(b)) => Some(Box::new(merge(a, b)?)),
        _ => None,
    };
    Ok(Type::Array { prefix, rest })
}

/// What schemas call the kind of a type.
fn name(kind: &Type) -> &'static str {
    match kind {
        Type::Null => "null",
        Type::Boolean => "boolean",
        Type::Number => "number",
        Type::String => "string",
        Type::Array { .. } => "array",
        Type::Object { .. } => "object",
        Type::Set(_) | Type::Union(_) | Type::Any | Type::Function(_) => "anyOf",
    }
}
