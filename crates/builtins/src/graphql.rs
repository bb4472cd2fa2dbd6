//! `graphql.*`: documents to syntax trees, and whether queries fit schemas.
//!
//! The trees have the fields, and the messages the words, of the parser that OPA uses.

use palisade_value::{AnyValue, View};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

mod ast;
mod lexer;
mod parser;
mod rules;
mod schema;
mod shape;
mod suggest;
mod validate;

use ast::{Document, SchemaDocument};
use parser::Fault;
use schema::Schema;
use shape::{conform, without_positions};

/// What every schema has: the scalars, the directives and the types of introspection.
const PRELUDE: &str = include_str!("graphql/prelude.graphql");

/// The syntax tree of a query.
pub fn graphql_parse_query<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let tree: V = parser::query(args.string(0)?).map_err(|it| failure(&[it], ""))?;
    Ok(without_positions(&tree))
}

/// The syntax tree of a schema, which isn't checked any further.
pub fn graphql_parse_schema<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let tree: V = parser::schema(args.string(0)?).map_err(|it| failure(&[it], ""))?;
    Ok(without_positions(&tree))
}

/// The syntax trees of a query and a schema, if the query fits the schema.
pub fn graphql_parse<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let query = query(args, 0)?;
    let schema = schema(args, 1)?;
    check(&query, &schema)?;
    Ok(V::array(vec![without_positions(&query), without_positions(&schema)]))
}

/// Whether a query fits a schema, and if so the syntax trees of both; empty objects otherwise.
pub fn graphql_parse_and_verify<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let empty = || V::object_from_sorted(Vec::new());
    let [query, schema] = args else { return Err(Failure::error("too few operands")) };
    let verified = match graphql_parse(ctx, &[query.clone(), schema.clone()]) {
        Err(halt @ Failure::Halt(_)) => return Err(halt),
        Err(_) => vec![V::boolean(false), empty(), empty()],
        Ok(trees) => match trees.view() {
            View::Array([query, schema]) => vec![V::boolean(true), query.clone(), schema.clone()],
            _ => vec![V::boolean(false), empty(), empty()],
        },
    };
    Ok(V::array(verified))
}

/// Whether a query fits a schema.
pub fn graphql_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let check = || {
        let query = query(args, 0)?;
        check(&query, &schema(args, 1)?)
    };
    to_boolean(check())
}

/// Whether a schema is one.
pub fn graphql_schema_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    to_boolean(schema(args, 0).and_then(|it| sound(&it).map(|_| ())))
}

fn to_boolean<V: AnyValue>(checked: Result<(), Failure>) -> Result<V, Failure> {
    match checked {
        Err(halt @ Failure::Halt(_)) => Err(halt),
        checked => Ok(V::boolean(checked.is_ok())),
    }
}

/// The tree of the query that is an operand: text, or such a tree itself.
fn query<V: AnyValue>(args: &[V], at: usize) -> Result<V, Failure> {
    match args.value(at)?.view() {
        View::String(text) => parser::query(text).map_err(|it| failure(&[it], "")),
        View::Object(_) => conformed(args.value(at)?, &shape::QUERY_DOCUMENT),
        _ => Err(unlike(args, at)),
    }
}

/// The tree of the schema that is an operand: text, or such a tree itself.
fn schema<V: AnyValue>(args: &[V], at: usize) -> Result<V, Failure> {
    match args.value(at)?.view() {
        View::String(text) => parser::schema(text).map_err(|it| failure(&[it], "")),
        View::Object(_) => conformed(args.value(at)?, &shape::SCHEMA_DOCUMENT),
        _ => Err(unlike(args, at)),
    }
}

fn conformed<V: AnyValue>(it: &V, shape: &'static shape::Shape) -> Result<V, Failure> {
    conform(it, shape).map_err(|it| Failure::Error(it.into()))
}

/// OPA counts these operands from 0.
fn unlike<V: AnyValue>(args: &[V], at: usize) -> Failure {
    match args.unlike(at, &["string", "object"]) {
        Failure::Operand(_, problem) => Failure::Operand(at, problem),
        other => other,
    }
}

/// The schema that a tree describes, which is checked.
fn sound<V: AnyValue>(tree: &V) -> Result<Schema, Failure> {
    let wrong = |it: String| Failure::Error(it.into());
    let prelude: V = parser::schema(PRELUDE).map_err(|it| wrong(it.message))?;
    let mut prelude = SchemaDocument::read(&prelude).map_err(wrong)?;
    for definition in &mut prelude.definitions {
        definition.is_built_in = true;
    }
    let document = SchemaDocument::read(tree).map_err(wrong)?;
    Schema::new(prelude, document).map_err(|it| {
        let place = it.place.map_or("-1:-1".to_owned(), |it| format!("{}:{}", it.line, it.column));
        let start = "Error in gqlparser SchemaDocument to Schema conversion: input:";
        wrong([start, &place, ": ", &it.message].concat())
    })
}

/// Checks a query against a schema.
fn check<V: AnyValue>(query: &V, schema: &V) -> Result<(), Failure> {
    let schema = sound(schema)?;
    let document = Document::read(query).map_err(|it| Failure::Error(it.into()))?;
    let faults = validate::validate(&schema, &document)?;
    if faults.is_empty() { Ok(()) } else { Err(failure(&faults, "\n")) }
}

/// The failure that faults make: OPA moves the place of the first to the end. Each fault ends with `end`.
fn failure(faults: &[Fault], end: &str) -> Failure {
    let mut text = String::new();
    for fault in faults {
        text.push_str("input");
        if let Some(it) = fault.position {
            text.push_str(&format!(":{}:{}", it.line, it.column));
        }
        text.push_str(": ");
        text.push_str(&fault.message);
        text.push_str(end);
    }
    let Some((message, position)) = faults.first().and_then(|it| {
        let message = text.splitn(4, ':').nth(3)?.trim_start_matches(' ');
        Some((message.strip_suffix(".\n").unwrap_or(message), it.position?))
    }) else {
        return Failure::Error(["GraphQL parse error: ", &text].concat().into());
    };
    let place = format!(" in GraphQL string at location {}:{}", position.line, position.column);
    Failure::Error([message, &place].concat().into())
}
