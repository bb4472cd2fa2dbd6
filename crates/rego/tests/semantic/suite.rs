//! Cases in Markdown, `cases/*.md`: a heading, policy text, and what must come of it.
//!
//! The text stands in blocks ```` ```rego ````, one a file, and `query`. The first may have options behind it: `v0`,
//! `strict`, `print`, `experimental`. Blocks `program` (see [`crate::show`]) and `errors` (as `check` prints them) say
//! what is expected; text without a block `errors` must have none. `BLESS=1 cargo test` writes the blocks anew.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use palisade_diag::{Files, Format, render};
use palisade_rego::semantic::{Options, QuerySource, check};
use palisade_rego::syntax::ast::Version;
use palisade_rego::syntax::{ParseOptions, parse_module, parse_query};
use palisade_value::types::Declaration;

use crate::show;

#[test]
fn calls() {
    run("calls");
}

#[test]
fn metadata() {
    run("metadata");
}

#[test]
fn names() {
    run("names");
}

#[test]
fn negation() {
    run("negation");
}

#[test]
fn queries() {
    run("queries");
}

#[test]
fn recursion() {
    run("recursion");
}

#[test]
fn rules() {
    run("rules");
}

#[test]
fn safety() {
    run("safety");
}

#[test]
fn strict() {
    run("strict");
}

#[test]
fn types() {
    run("types");
}

#[test]
fn with() {
    run("with");
}

fn run(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/semantic/cases")
        .join(name)
        .with_extension("md");
    let text = std::fs::read_to_string(&path).expect("a readable file");
    let cases = cases(&text);
    assert!(!cases.is_empty(), "no cases in {name}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, bless(&text, &cases)).expect("a writable file");
        return;
    }
    for case in cases {
        let (program, errors) = outcome(&case);
        assert_eq!(errors, case.errors, "errors of `{}` in {name}", case.title);
        assert!(
            case.program.is_some() || !errors.is_empty(),
            "`{}` in {name} expects nothing",
            case.title
        );
        if let Some(expected) = case.program {
            assert_eq!(program, expected, "program of `{}` in {name}", case.title);
        }
    }
}

#[derive(Default)]
struct Case {
    title: String,
    options: Vec<String>,
    modules: Vec<String>,
    queries: Vec<String>,
    program: Option<String>,
    errors: String,
    /// Where in the file the expectations start and end.
    expectations: (usize, usize),
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut block: Option<(String, String)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        match (&mut block, line.trim_end()) {
            (None, line) if line.starts_with("## ") => {
                cases.push(Case { title: line[3..].to_owned(), ..Case::default() });
            }
            (None, line) if line.starts_with("```") => {
                block = Some((line[3..].to_owned(), String::new()))
            }
            (Some(_), "```") => {
                let (info, content) = block.take().expect("an open block");
                close_block(cases.last_mut().expect("a heading above a block"), &info, content, at);
            }
            (Some((_, content)), _) => content.push_str(line),
            _ => {}
        }
    }
    cases
}

fn close_block(case: &mut Case, info: &str, content: String, at: usize) {
    let mut words = info.split_whitespace().map(str::to_owned);
    match words.next().as_deref() {
        Some(kind @ ("rego" | "query")) => {
            case.options.extend(words);
            case.expectations = (at, at);
            if kind == "rego" { case.modules.push(content) } else { case.queries.push(content) }
        }
        Some("program") => {
            case.program = Some(content);
            case.expectations.1 = at;
        }
        Some("errors") => {
            case.errors = content;
            case.expectations.1 = at;
        }
        other => panic!("unknown block {other:?}"),
    }
}

/// The checked program and the errors as text. Errors of the parser are part of the errors.
fn outcome(case: &Case) -> (String, String) {
    let has = |word: &str| case.options.iter().any(|it| it == word);
    let version = if has("v0") { Version::V0 } else { Version::V1 };
    let parsing = ParseOptions { experimental: has("experimental"), ..ParseOptions::of(version) };
    let mut files = Files::new();
    let mut diagnostics = Vec::new();
    let mut modules = Vec::new();
    for (at, text) in case.modules.iter().enumerate() {
        let file = files.add(&format!("{}.rego", ["a", "b", "c"][at]), text.as_str());
        let parse = parse_module(&files, file, &parsing);
        diagnostics.extend(parse.diagnostics);
        modules.push(parse.tree);
    }
    let mut queries = Vec::new();
    for text in &case.queries {
        let file = files.add("query", text.as_str());
        let parse = parse_query(&files, file, &parsing);
        diagnostics.extend(parse.diagnostics);
        queries.push(QuerySource { body: parse.tree, package: None, imports: Vec::new(), version });
    }
    let mut builtins = palisade_builtins::declarations().to_vec();
    builtins.push(Declaration::new("internal.print", "(array[set[any]]) -> any"));
    let options =
        Options { strict: has("strict"), keep_print: has("print"), ..Options::new(&builtins) };
    let files = Arc::new(files);
    let checked = check(files.clone(), modules, &queries, &options);
    diagnostics.extend(checked.diagnostics);
    (show::program(&checked.program), render(Format::Pretty { color: false }, &files, &diagnostics))
}

fn bless(text: &str, cases: &[Case]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for case in cases {
        let (start, end) = case.expectations;
        out.push_str(&text[at..start]);
        let (program, errors) = outcome(case);
        if errors.is_empty() {
            write!(out, "\n```program\n{program}```\n").expect("a string takes all");
        } else {
            write!(out, "\n```errors\n{errors}```\n").expect("a string takes all");
        }
        at = end;
    }
    out.push_str(&text[at..]);
    out
}
