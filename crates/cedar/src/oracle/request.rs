//! Reading a request.

use cedar_policy::{Context, Entities, Entity, EntityUid, Request, Schema};
use serde_json::{Map, Value};

use crate::errors::message;
use crate::uid;

/// The request and the entities that it is decided with.
pub(super) fn read(
    request: &Value,
    schema: Option<&Schema>,
    validation: Option<&Schema>,
    known: &Entities,
) -> Result<(Request, Entities), String> {
    let members = request.as_object().ok_or("a request must be an object")?;
    let [principal, action, resource] = [
        entity_name(members, "principal")?,
        entity_name(members, "action")?,
        entity_name(members, "resource")?,
    ];
    let context = members.get("context").cloned().unwrap_or_else(|| Value::Object(Map::new()));
    let context = Context::from_json_value(context, schema.map(|it| (it, &action)))
        .map_err(|it| message(&it))?;
    let request = Request::new(principal, action, resource, context, validation)
        .map_err(|it| message(&it))?;
    Ok((request, entities(members.get("entities"), schema, known)?))
}

fn entity_name(request: &Map<String, Value>, name: &str) -> Result<EntityUid, String> {
    let value = request.get(name).ok_or_else(|| format!("the request has no `{name}`"))?;
    uid::from_json(value).map_err(|it| format!("`{name}`: {it}"))
}

/// The entities that are known, those of the request in place of others of the same name.
fn entities(
    given: Option<&Value>,
    schema: Option<&Schema>,
    known: &Entities,
) -> Result<Entities, String> {
    let Some(given) = given else { return Ok(known.clone()) };
    let given = given.as_array().ok_or("`entities` must be a list")?;
    if given.is_empty() {
        return Ok(known.clone());
    }
    // As one collection first: two different entities of one name are an error and not the last of them.
    let given = Value::Array(given.clone());
    let given = Entities::from_json_value(given, schema).map_err(|it| message(&it))?;
    let given: Vec<Entity> = given.into_iter().collect();
    known.clone().upsert_entities(given, schema).map_err(|it| message(&it))
}
