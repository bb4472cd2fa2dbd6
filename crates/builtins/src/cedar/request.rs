//! The request: who wants to do what with what, under which circumstances.

use palisade_value::{AnyValue, View};

use super::conformance::{misfit, undeclared_action, unknown, unknown_in};
use super::json;
use super::names;
use super::place::{Place, Refusal};
use super::schema::{Action, Schema, Type};
use super::text::{self, Style};
use super::values::{Uid, entity, entries, exactly, field, uid};
use crate::context::Context;
use crate::failure::Failure;

/// How many elements of each collection of a context are shown that is not what it should be.
const SHOWN_MAX: usize = 5;

/// The principal, the action, the resource and the context of the input, in this order.
///
/// The schema is null or an object:
///
/// ```text
/// {"entities": {TYPE: {"attrs": {NAME: [TYPE, REQUIRED]}, "tags": TYPE or null, "ancestors": [NAME...],
///                      "names": [ID...] or null}},
///  "actions": {ENTITY: {"principals": [NAME...], "resources": [NAME...], "context": {NAME: [TYPE, REQUIRED]}}}}
/// ```
///
/// where a type is `["Bool"]`, `["Long"]`, `["String"]`, `["Entity", NAME]`, `["Set", TYPE]`,
/// `["Record", {NAME: [TYPE, REQUIRED]}]` or `["Extension", NAME]`. The context is read as it says. The third operand is
/// whether the request must be as it says, too.
pub fn request<V: AnyValue>(_: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [input, schema, validates] = exactly(operands)?;
    let schema = Schema::of(schema);
    let is_strict = matches!(validates.view(), View::Boolean(true));
    read(input, schema.as_ref(), is_strict).map_err(Refusal::failure)
}

fn read<V: AnyValue>(
    input: &V,
    schema: Option<&Schema<'_, V>>,
    is_strict: bool,
) -> Result<V, Refusal> {
    let View::Object(_) = input.view() else {
        return Err(Refusal::saying(&["the request is not an object"]));
    };
    if let Some(stray) = entries(input).iter().find(|it| !is_part(&it.key)) {
        let name = stray.key.as_str().unwrap_or_default();
        return Err(Refusal::saying(&["a request has no `", name, "`"]));
    }
    let principal = part(input, "principal")?;
    let action = part(input, "action")?;
    let resource = part(input, "resource")?;
    let declared = schema.and_then(|it| it.action(&action));
    if let (Some(schema), true) = (schema, is_strict) {
        validate(&principal, &action, &resource, schema, declared.as_ref())?;
    }
    // Without the action's declaration nobody knows what the context is like, validated or not.
    if let (Some(_), None) = (schema, &declared) {
        let nobody = Uid { ty: "", id: "" };
        return Err(undeclared_action(uid(&action).unwrap_or(nobody)));
    }
    let context = context(input, declared.as_ref())?;
    if let (Some(schema), Some(declared), true) = (schema, &declared, is_strict) {
        validate_context(&context, &action, schema, declared)?;
    }
    Ok(V::array(vec![principal, action, resource, context]))
}

/// What a request can have. A misspelt part must not be taken for one that is left out.
const PARTS: [&str; 5] = ["action", "context", "entities", "principal", "resource"];

fn is_part<V: AnyValue>(key: &V) -> bool {
    PARTS.iter().any(|part| key.as_str() == Some(part))
}

/// The name of an entity, as an object or as text: `User::"alice"`.
fn part<V: AnyValue>(input: &V, name: &str) -> Result<V, Refusal> {
    let Some(json) = field(entries(input), name) else {
        return Err(Refusal::saying(&["the request has no `", name, "`"]));
    };
    match json.as_str() {
        None => json::reference(json, &Place::Request(name)),
        Some(text) => match names::parse_uid(text) {
            Some((ty, id)) => Ok(entity(ty, &id)),
            None => Err(Place::Request(name).refuse(&[
                "`",
                text,
                "` is not the name of an entity, like `User::\"alice\"`",
            ])),
        },
    }
}

fn context<V: AnyValue>(input: &V, action: Option<&Action<'_, V>>) -> Result<V, Refusal> {
    let none = V::object_from_sorted(Vec::new());
    let json = field(entries(input), "context").unwrap_or(&none);
    let ty = action.map_or(Type::Any, |it| Type::Record(it.context));
    let context = json::value(json, ty, &Place::Context)?;
    match context.view() {
        View::Object(_) => Ok(context),
        _ => {
            let mut shown = String::new();
            let style = Style { most: usize::MAX, quotes_keys: false };
            text::value(&context, style, &mut shown);
            Err(Refusal::saying(&["expression is not a record: ", &shown]))
        }
    }
}

fn validate<V: AnyValue>(
    principal: &V,
    action: &V,
    resource: &V,
    schema: &Schema<'_, V>,
    declared: Option<&Action<'_, V>>,
) -> Result<(), Refusal> {
    let nobody = Uid { ty: "", id: "" };
    let principal_uid = uid(principal).unwrap_or(nobody);
    let resource_uid = uid(resource).unwrap_or(nobody);
    for (name, value, uid) in
        [("principal", principal, principal_uid), ("resource", resource, resource_uid)]
    {
        if schema.entity_type(uid.ty).is_none() {
            return Err(Refusal::saying(&[
                name,
                " type `",
                uid.ty,
                "` is not declared in the schema",
            ]));
        }
        if let Some(unknown) = unknown(value, uid, schema) {
            return Err(unknown.in_request());
        }
    }
    let Some(declared) = declared else {
        return Err(undeclared_action(uid(action).unwrap_or(nobody)));
    };
    for (name, ty, is_taken) in [
        ("principal", principal_uid.ty, declared.takes_principal(principal_uid.ty)),
        ("resource", resource_uid.ty, declared.takes_resource(resource_uid.ty)),
    ] {
        if !is_taken {
            let action = text::entity(action);
            let parts = [name, " type `", ty, "` is not valid for `", &action, "`"];
            return Err(Refusal::saying(&parts));
        }
    }
    Ok(())
}

fn validate_context<V: AnyValue>(
    context: &V,
    action: &V,
    schema: &Schema<'_, V>,
    declared: &Action<'_, V>,
) -> Result<(), Refusal> {
    if let Some(unknown) = unknown_in(context, schema) {
        return Err(unknown.in_request());
    }
    if misfit(context, Type::Record(declared.context)).is_none() {
        return Ok(());
    }
    let mut shown = String::new();
    text::value(context, Style { most: SHOWN_MAX, quotes_keys: false }, &mut shown);
    let action = text::entity(action);
    Err(Refusal::saying(&["context `", &shown, "` is not valid for `", &action, "`"]))
}
