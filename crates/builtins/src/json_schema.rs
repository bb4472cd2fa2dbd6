//! `json.verify_schema`, `json.match_schema`: JSON Schema of the drafts 4, 6 and 7, as leniently as OPA reads it.

use palisade_value::{AnyValue, Entry, View, json};

use crate::context::Context;
use crate::failure::Failure;
use crate::json::write::by_key;
use crate::operands::Operands;

mod compile;
mod formats;
mod keywords;
mod mail;
mod numbers;
mod references;
mod schema;
mod validate;

use compile::compile;
use validate::{Issue, validate};

/// Whether it is a schema: `[true, null]` or `[false, what is wrong]`.
pub fn json_verify_schema<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let schema = document(args.value(0)?)?.and_then(|it| compile(ctx, &it));
    let problem = match &schema {
        Ok(_) => V::null(),
        Err(it) => V::string(["jsonschema: ", it].concat()),
    };
    Ok(V::array(vec![V::boolean(schema.is_ok()), problem]))
}

/// Whether a document is what a schema describes, and every way in which it isn't.
pub fn json_match_schema<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let error = |it: String| Failure::Error(it.into());
    let root = document(args.value(0)?)?.map_err(error)?;
    let schema = document(args.value(1)?)?.map_err(error)?;
    let schema = compile(ctx, &schema).map_err(error)?;
    let issues = validate(ctx, &schema, &root)?;
    let found = issues.iter().map(to_value).collect();
    Ok(V::array(vec![V::boolean(issues.is_empty()), V::array(found)]))
}

fn to_value<V: AnyValue>(issue: &Issue) -> V {
    let Issue { kind, field, description } = issue;
    let error = [field, ": ", description].concat();
    let entry = |key, value| Entry { key: V::text(key), value: V::text(value) };
    V::object_from_sorted(vec![
        entry("desc", description),
        entry("error", &error),
        entry("field", field),
        entry("type", kind),
    ])
}

/// The JSON document that an operand stands for: a string is its text. Or else why it stands for none.
fn document<V: AnyValue>(operand: &V) -> Result<Result<V, String>, Failure> {
    Ok(match operand.view() {
        View::String(text) => json::parse(text).map_err(|_| "invalid JSON string".to_owned()),
        View::Object(_) | View::Array(_) => Ok(plain(operand)?),
        _ => Err("wrong type, expected string or object".to_owned()),
    })
}

/// The value without what JSON doesn't have: sets become arrays, keys become strings.
fn plain<V: AnyValue>(value: &V) -> Result<V, Failure> {
    // Loops, since each level of a document takes a frame.
    match value.view() {
        View::Array(items) | View::Set(items) => {
            let mut out = Vec::with_capacity(items.len());
            for item in items {
                out.push(plain(item)?);
            }
            Ok(V::array(out))
        }
        View::Object(entries) => {
            let mut out = Vec::with_capacity(entries.len());
            for (key, value) in by_key(entries)? {
                out.push(Entry { key: V::text(&key), value: plain(value)? });
            }
            Ok(V::object(out))
        }
        _ => Ok(value.clone()),
    }
}
