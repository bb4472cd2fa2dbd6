//! Cases in Markdown, `cases/*.md`: a heading, policy text, and what must come of it.
//!
//! The text stands in a block ```` ```rego ````, with words behind it for options: `v0`, `experimental`, `query`, `term`.
//! It is followed by blocks `tree` (see [`crate::show`]) and `errors` (as `check` prints them); text without a block
//! `errors` must have none. `BLESS=1 cargo test` writes the blocks anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use palisade_diag::{Diagnostic, Files, Format, render};
use palisade_syntax::syntax::ast::Version;
use palisade_syntax::syntax::{ParseOptions, parse_module, parse_query, parse_term};

use crate::show;

#[test]
fn annotations() {
    check("annotations");
}

#[test]
fn bodies() {
    check("bodies");
}

#[test]
fn lexer() {
    check("lexer");
}

#[test]
fn modules() {
    check("modules");
}

#[test]
fn recovery() {
    check("recovery");
}

#[test]
fn rules() {
    check("rules");
}

#[test]
fn terms() {
    check("terms");
}

#[test]
fn v0() {
    check("v0");
}

/// Where a diagnostic has a fix, the fixed text has no fault left.
#[test]
fn fixes_mend() {
    let broken = "package p\na { b }\nf(x) := 1 { x }\nc[x] { x := 1 }\nd[\"e\"]\ng if { h } else := 1 { i } else { j }\n";
    let parse = |text: &str| {
        let mut files = Files::new();
        let file = files.add("test.rego", text);
        parse_module(&files, file, &ParseOptions::default()).diagnostics
    };
    let mut fixes: Vec<_> = parse(broken).into_iter().map(|it| it.fix.expect("a fix")).collect();
    assert_eq!(fixes.len(), 7);
    fixes.sort_by_key(|fix| std::cmp::Reverse(fix.span.start));
    let mut text = broken.to_owned();
    for fix in fixes {
        text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.replacement);
    }
    assert_eq!(parse(&text), [], "{text}");
}

fn check(name: &str) {
    let path = folder().join(name).with_extension("md");
    let text = std::fs::read_to_string(&path).expect("a readable file");
    let cases = cases(&text);
    assert!(!cases.is_empty(), "no cases in {name}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, bless(&text, &cases)).expect("a writable file");
        return;
    }
    for case in cases {
        let outcome = outcome(&case);
        assert_eq!(outcome.errors, case.errors, "errors of `{}` in {name}", case.title);
        assert!(
            case.tree.is_some() || !case.errors.is_empty(),
            "`{}` in {name} expects nothing",
            case.title
        );
        if let Some(tree) = case.tree {
            assert_eq!(outcome.tree, tree, "tree of `{}` in {name}", case.title);
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax/cases")
}

#[derive(Default)]
struct Case {
    title: String,
    options: Vec<String>,
    source: String,
    tree: Option<String>,
    errors: String,
    /// Where in the file the expectations start and end.
    expectations: (usize, usize),
}

struct Outcome {
    tree: String,
    errors: String,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut title = String::new();
    let mut block: Option<(String, String)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        match (&mut block, line.trim_end()) {
            (None, line) if line.starts_with("## ") => title = line[3..].to_owned(),
            (None, line) if line.starts_with("```") => {
                block = Some((line[3..].to_owned(), String::new()))
            }
            (Some(_), "```") => {
                let (info, content) = block.take().expect("an open block");
                close_block(&mut cases, &title, &info, content, at);
            }
            (Some((_, content)), _) => content.push_str(line),
            _ => {}
        }
    }
    cases
}

fn close_block(cases: &mut Vec<Case>, title: &str, info: &str, content: String, at: usize) {
    let mut words = info.split_whitespace().map(str::to_owned);
    match words.next().as_deref() {
        Some("rego") => cases.push(Case {
            title: title.to_owned(),
            options: words.collect(),
            source: unescape(&content),
            expectations: (at, at),
            ..Case::default()
        }),
        Some("tree") => {
            let case = cases.last_mut().expect("policy text above a tree");
            case.tree = Some(content);
            case.expectations.1 = at;
        }
        Some("errors") => {
            let case = cases.last_mut().expect("policy text above errors");
            case.errors = content;
            case.expectations.1 = at;
        }
        other => panic!("unknown block {other:?}"),
    }
}

/// `␀`, `␍` and `␄` stand for characters that editors do not keep: NUL, carriage return, byte-order mark. `␃` cuts the
/// text off.
fn unescape(text: &str) -> String {
    let text = text.split('␃').next().unwrap_or_default();
    text.replace('␀', "\0").replace('␍', "\r").replace('␄', "\u{feff}")
}

fn outcome(case: &Case) -> Outcome {
    let has = |word: &str| case.options.iter().any(|it| it == word);
    let version = if has("v0") { Version::V0 } else { Version::V1 };
    let options = ParseOptions { experimental: has("experimental"), ..ParseOptions::of(version) };
    let mut files = Files::new();
    let file = files.add("test.rego", case.source.as_str());
    let (tree, diagnostics) = if has("query") {
        let parse = parse_query(&files, file, &options);
        (show::body(&parse.tree, 0), parse.diagnostics)
    } else if has("term") {
        let parse = parse_term(&files, file, &options);
        (show::term(&parse.tree) + "\n", parse.diagnostics)
    } else {
        let parse = parse_module(&files, file, &options);
        (show::module(&parse.tree), parse.diagnostics)
    };
    Outcome { tree, errors: errors(&files, &diagnostics) }
}

fn errors(files: &Files, diagnostics: &[Diagnostic]) -> String {
    render(Format::Pretty { color: false }, files, diagnostics)
}

fn bless(text: &str, cases: &[Case]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for case in cases {
        let (start, end) = case.expectations;
        out.push_str(&text[at..start]);
        let outcome = outcome(case);
        if case.tree.is_some() || outcome.errors.is_empty() {
            write!(out, "\n```tree\n{}```\n", outcome.tree).expect("a string takes all");
        }
        if !outcome.errors.is_empty() {
            write!(out, "\n```errors\n{}```\n", outcome.errors).expect("a string takes all");
        }
        at = end;
    }
    out.push_str(&text[at..]);
    out
}
