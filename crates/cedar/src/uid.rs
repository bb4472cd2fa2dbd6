//! The ways in which JSON names an entity.

use cedar_policy::{EntityId, EntityTypeName, EntityUid};
use serde_json::Value;

/// The entity that `{"type", "id"}`, `{"__entity": {"type", "id"}}` or the text `User::"alice"` names.
pub(crate) fn from_json(value: &Value) -> Result<EntityUid, String> {
    match value {
        Value::String(text) => {
            text.parse().map_err(|_| format!("`{text}` does not name an entity"))
        }
        Value::Object(members) => match members.get("__entity") {
            Some(inner) if members.len() == 1 => from_parts(inner),
            _ => from_parts(value),
        },
        _ => Err(no_entity(value)),
    }
}

fn from_parts(value: &Value) -> Result<EntityUid, String> {
    let part = |name: &str| value.get(name).and_then(Value::as_str);
    let n_members = value.as_object().map_or(0, serde_json::Map::len);
    let (Some(ty), Some(id), 2) = (part("type"), part("id"), n_members) else {
        return Err(no_entity(value));
    };
    let ty: EntityTypeName = ty.parse().map_err(|_| format!("`{ty}` is no entity type"))?;
    Ok(EntityUid::from_type_name_and_id(ty, EntityId::new(id)))
}

fn no_entity(value: &Value) -> String {
    format!(r#"expected an entity as {{"type": …, "id": …}} or `Type::"id"`, got {value}"#)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_three_ways_name_the_same_entity() {
        let ways = [
            json!({"type": "A::User", "id": "a\"b"}),
            json!({"__entity": {"type": "A::User", "id": "a\"b"}}),
            json!(r#"A::User::"a\"b""#),
        ];
        for way in ways {
            let uid = from_json(&way).unwrap();
            assert_eq!(uid.type_name().to_string(), "A::User");
            assert_eq!(uid.id().unescaped(), "a\"b");
        }
    }

    #[test]
    fn other_json_names_nothing() {
        let others = [
            json!(1),
            json!("alice"),
            json!({"type": "User"}),
            json!({"type": "if", "id": "a"}),
            json!({"type": "User", "id": "a", "more": 1}),
            json!({"__entity": {"type": "User", "id": 1}}),
        ];
        for other in others {
            assert!(from_json(&other).is_err(), "{other}");
        }
    }
}
