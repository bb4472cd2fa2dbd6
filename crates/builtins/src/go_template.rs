//! `strings.render_template`: Go's templates.

use palisade_value::{AnyValue, View};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;
use crate::quote;

mod ast;
mod functions;
mod item;
mod lexer;
mod number;
mod parser;
mod render;

/// The template with its actions replaced by what they make of the object.
pub fn strings_render_template<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = args.string(0)?;
    args.object(1)?;
    let data = args.value(1)?;
    check_json(data)?;
    let templates = parser::parse(text).map_err(|it| Failure::Error(it.into()))?;
    let rendered = render::render(&templates, text, data)?;
    Ok(V::string(rendered.replace("<no value>", "<undefined>")))
}

/// OPA hands the object over as JSON text, in which sets and keys that aren't strings have no place.
fn check_json<V: AnyValue>(value: &V) -> Result<(), Failure> {
    let invalid = |it: char, what: &str| {
        let it = it.to_string();
        Err(Failure::Error(["invalid character '", &it, "' ", what].concat().into()))
    };
    let first = |it: &V| {
        let mut text = String::new();
        quote::write_term(it, &mut text);
        text.chars().next().unwrap_or(' ')
    };
    match value.view() {
        View::Set([]) => invalid('s', "looking for beginning of value"),
        View::Set([one, rest @ ..]) => match one.view() {
            View::String(_) if rest.is_empty() => invalid('}', "after object key"),
            View::String(_) => invalid(',', "after object key"),
            _ => invalid(first(one), "looking for beginning of object key string"),
        },
        View::Array(items) => items.iter().try_for_each(check_json),
        View::Object(entries) => entries.iter().try_for_each(|it| match it.key.view() {
            View::String(_) => check_json(&it.value),
            _ => invalid(first(&it.key), "looking for beginning of object key string"),
        }),
        _ => Ok(()),
    }
}
