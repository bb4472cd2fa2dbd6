//! From a case to a checked program: what every evaluator starts from.

use std::collections::BTreeSet;
use std::sync::Arc;

use palisade_diag::{Diagnostic, FileId, Files, Severity};
use palisade_rego::checked::Program;
use palisade_rego::semantic::{self, Options, QuerySource};
use palisade_rego::syntax::ast::{self, Term, TermKind};
use palisade_rego::syntax::{ParseOptions, parse_module, parse_query, parse_term};
use palisade_value::types::Declaration;
use palisade_value::{AnyValue, Entry, Value, json};

use crate::case::{Case, Version};
use crate::judge::{Answer, Failed};

/// The names of OPA's built-ins. A case that calls one that isn't declared is skipped, not failed.
const OPA_BUILTINS: &str = include_str!("opa_builtins.txt");

/// A case that is ready to be evaluated.
pub struct Prepared {
    /// The program; the case's query is its only one.
    pub program: Program,
    /// The input document.
    pub input: Option<Value>,
    /// What `opa.runtime` gives, as JSON text.
    pub runtime: String,
}

/// Compiles a case with these built-ins.
///
/// # Errors
/// The answer that the case has already: it doesn't compile, or needs a built-in that isn't there.
pub fn prepare(case: &Case, builtins: &[Declaration]) -> Result<Prepared, Answer> {
    let version = match case.version {
        Version::V0 => ast::Version::V0,
        Version::V1 => ast::Version::V1,
    };
    let parsing =
        ParseOptions { experimental: case.experimental_keywords, ..ParseOptions::of(version) };
    let mut files = Files::new();
    let ids: Vec<FileId> = case
        .modules
        .iter()
        .enumerate()
        .map(|(at, text)| files.add(&format!("test-{at}.rego"), text.as_str()))
        .collect();
    let query = files.add("query", case.query.as_str());
    let input_term = case.input_term.as_ref().map(|text| files.add("input", text.as_str()));

    let mut diagnostics = Vec::new();
    let mut modules = Vec::new();
    for id in ids {
        let parse = parse_module(&files, id, &parsing);
        diagnostics.extend(parse.diagnostics);
        modules.push(parse.tree);
    }
    let body = parse_query(&files, query, &parsing);
    diagnostics.extend(body.diagnostics);
    let input = match input_term {
        Some(id) => {
            let parse = parse_term(&files, id, &ParseOptions::of(ast::Version::V1));
            diagnostics.extend(parse.diagnostics);
            constant(&parse.tree)
        }
        None => case.input.clone(),
    };
    let files = Arc::new(files);
    if !diagnostics.is_empty() {
        return Err(failed(&diagnostics, &files));
    }
    let query = QuerySource { body: body.tree, package: None, imports: Vec::new(), version };
    let options = Options { test_cases: true, ..Options::new(builtins) };
    let mut checked = semantic::check(Arc::clone(&files), modules, &[query], &options);
    checked.diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    match missing_builtin(&checked.diagnostics, builtins) {
        _ if checked.diagnostics.is_empty() => {
            Ok(Prepared { program: checked.program, input, runtime: runtime(case) })
        }
        Some(name) => Err(Answer::Missing(name)),
        None => Err(failed(&checked.diagnostics, &files)),
    }
}

fn failed(diagnostics: &[Diagnostic], files: &Files) -> Answer {
    let lines = diagnostics.iter().map(|diagnostic| {
        let place = diagnostic.span().map(|span| {
            let at = files.start(span);
            format!("{}:{}:{}: ", files.name(span.file), at.row, at.col)
        });
        let place = place.unwrap_or_default();
        format!("{place}{}: {}", diagnostic.code.opa, diagnostic.message)
    });
    Answer::Failed(Failed {
        codes: diagnostics.iter().map(|diagnostic| diagnostic.code.opa.to_owned()).collect(),
        text: lines.collect::<Vec<_>>().join("\n"),
    })
}

/// A built-in of OPA that a diagnostic says is undefined.
fn missing_builtin(diagnostics: &[Diagnostic], declared: &[Declaration]) -> Option<String> {
    let declared: BTreeSet<&str> = declared.iter().map(|it| it.name).collect();
    let known: BTreeSet<&str> = OPA_BUILTINS.lines().collect();
    let undefined =
        diagnostics.iter().filter_map(|it| it.message.strip_prefix("undefined function "));
    let names =
        undefined.map(|rest| rest.split_whitespace().next().unwrap_or(rest).trim_matches('`'));
    names.filter(|name| known.contains(name) && !declared.contains(name)).map(str::to_owned).next()
}

/// The case's environment variables as `opa.runtime` shows them.
fn runtime(case: &Case) -> String {
    if case.env.is_empty() {
        return "{}".to_owned();
    }
    let env = case.env.iter().map(|(name, value)| (name, Value::from(value.as_str())));
    json::to_json(&Value::object_of([("env", Value::object_of(env))]))
}

/// The value of a term without variables.
fn constant(term: &Term) -> Option<Value> {
    Some(match &term.kind {
        TermKind::Null => Value::Null,
        TermKind::Boolean(it) => Value::Boolean(*it),
        TermKind::Number(text) => Value::decimal(text),
        TermKind::String { text, .. } => Value::text(text),
        TermKind::Array(items) => Value::array(items.iter().map(constant).collect::<Option<_>>()?),
        TermKind::Set(items) => Value::set(items.iter().map(constant).collect::<Option<_>>()?),
        TermKind::Object(entries) => {
            let entry = |(key, value): &(Term, Term)| {
                Some(Entry { key: constant(key)?, value: constant(value)? })
            };
            Value::object(entries.iter().map(entry).collect::<Option<_>>()?)
        }
        TermKind::Parens(inner) => constant(inner)?,
        _ => return None,
    })
}
