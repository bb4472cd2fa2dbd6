//! Calls of built-in functions and what they give: one table a family, one line a call.
//!
//! A line is `name(operands) => result` with Rego terms on both sides; the result may also be `undefined` or
//! `error: CODE: TEXT`, line breaks in the text as `\n`. Lines that begin with `#` are comments. Expected results are
//! those of OPA. A line `let @name = term` lets `@name` stand for the term in all lines behind it.
//!
//! Of Cedar's functions the expected results are Cedar's; where one notes an error, the result is `fault: TEXT`.

mod cedar;
mod large;
mod registry;
mod term;

use palisade_builtins::{Context, Failure, Function, cedar as functions_of_cedar, lookup};
use palisade_value::Value;

/// The time and the seed of every call in the tables.
const NOW_NS: i64 = 1_700_000_000_123_456_789;
const SEED: u64 = 7;

/// Checks every line of a table.
fn check(table: &str) {
    let mut context = Context::new(NOW_NS, SEED);
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    let lines = table.lines().filter(|it| !it.is_empty() && !it.starts_with('#'));
    for line in lines.clone() {
        if let Some(definition) = line.strip_prefix("let ") {
            names.push(definition.split_once(" = ").expect("a definition has a term"));
            continue;
        }
        let (call, expected) = line.rsplit_once(" => ").expect("a line has an arrow");
        let call = &names.iter().fold(call.to_owned(), |it, (name, term)| it.replace(name, term));
        let found = evaluate(&mut context, call);
        if found != expected {
            wrong.push(format!("{call}\n  expected {expected}\n  found    {found}"));
        }
    }
    assert!(lines.count() > 0, "the table is empty");
    assert!(wrong.is_empty(), "{} lines differ:\n{}", wrong.len(), wrong.join("\n"));
}

fn evaluate(context: &mut Context, call: &str) -> String {
    let (name, args) = term::call(call).unwrap_or_else(|| panic!("this is no call: {call}"));
    let function: Option<Function<Value>> =
        lookup(name).or_else(|| functions_of_cedar::lookup(name));
    let function = function.unwrap_or_else(|| panic!("no function {name}"));
    match function(context, &args) {
        Ok(it) => it.to_string(),
        Err(Failure::Undefined) => match context.fault.take() {
            Some(fault) => format!("fault: {fault}"),
            None => "undefined".to_owned(),
        },
        Err(Failure::Input(text)) => format!("input: {text}"),
        Err(it) => {
            let text = it.to_string().replace('\n', "\\n");
            format!("error: {}: {text}", it.code().unwrap_or("none"))
        }
    }
}

macro_rules! tables {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                check(include_str!(concat!("../tables/", stringify!($name), ".txt")));
            }
        )*
    };
}

tables! {
    aggregates, ambient, arrays, base64, bits, casts, cedar_entities, cedar_extensions, cedar_operators, cedar_request, crypto, globs, go_template, graphql, graphs, hex, json, json_patch,
    json_paths, json_schema, net, numbers, objects, regexes, semver, sets, sprintf, strings, template, time, types, units,
    uri, urlquery, uuid, yaml,
}
