//! Cases in Markdown, `cases/*.md`: a heading, policy text, and the text laid out.
//!
//! The text stands in a block ```` ```rego ````, with words behind it for options: `v0`, `to-v0v1`, `to-v1`, `drop`,
//! `experimental`. A block `formatted` follows; without one, the text is to stay as it is. `BLESS=1 cargo test` writes
//! the blocks anew.

use std::path::Path;

use palisade_diag::Files;
use palisade_rego::format::{self, Options, Target};
use palisade_rego::syntax::ast::Version;
use palisade_rego::syntax::{ParseOptions, parse_module};

#[test]
fn bodies() {
    check("bodies");
}

#[test]
fn comments() {
    check("comments");
}

#[test]
fn modules() {
    check("modules");
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
fn versions() {
    check("versions");
}

/// What only the other version can say is refused.
#[test]
fn no_change_of_meaning() {
    // In v1, `if` is no name.
    assert!(lay_out("package p\n\nif { true }\n", &["v0".to_owned(), "to-v1".to_owned()]).is_err());
}

struct Case {
    title: String,
    options: Vec<String>,
    source: String,
    formatted: Option<String>,
}

fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format/cases");
    let path = folder.join(name).with_extension("md");
    let text = std::fs::read_to_string(&path).expect("a readable file");
    let (preface, cases) = cases(&text);
    assert!(!cases.is_empty(), "no cases in {name}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, bless(&preface, &cases)).expect("a writable file");
        return;
    }
    for case in cases {
        let found = lay_out(&case.source, &case.options).expect(&case.title);
        let expected = case.formatted.as_ref().unwrap_or(&case.source);
        assert_eq!(&found, expected, "`{}` in {name}", case.title);
        let options: Vec<_> = case.options.iter().map(|it| after(it)).collect();
        let again = lay_out(&found, &options).expect(&case.title);
        assert_eq!(again, found, "`{}` in {name} again", case.title);
    }
}

/// The option for a text that has been brought to its target already.
fn after(option: &str) -> String {
    if option == "to-v1" { "v1" } else { option }.to_owned()
}

fn lay_out(text: &str, options: &[String]) -> Result<String, format::FormatError> {
    let has = |word: &str| options.iter().any(|it| it == word);
    let version = if has("v0") && !has("v1") { Version::V0 } else { Version::V1 };
    let target = match version {
        _ if has("to-v0v1") => Target::V0V1,
        Version::V0 if !has("to-v1") => Target::V0,
        _ => Target::V1,
    };
    let mut files = Files::new();
    let file = files.add("test.rego", text);
    let experimental = has("experimental");
    let options = ParseOptions { experimental, ..ParseOptions::of(version) };
    let parse = parse_module(&files, file, &options);
    assert_eq!(parse.diagnostics, [], "{text}");
    let options = Options { target, drop_v0_imports: has("drop") };
    format::module(&files, &parse.tree, &options)
}

/// What stands above the first case, and the cases.
fn cases(text: &str) -> (String, Vec<Case>) {
    let mut preface = String::new();
    let mut cases: Vec<Case> = Vec::new();
    let mut title = String::new();
    let mut block: Option<(String, String)> = None;
    for line in text.split_inclusive('\n') {
        match (&mut block, line.trim_end()) {
            (None, line) if line.starts_with("## ") => line[3..].clone_into(&mut title),
            (None, line) if line.starts_with("```") => {
                block = Some((line[3..].to_owned(), String::new()));
            }
            (Some(_), "```") => {
                let (info, content) = block.take().expect("an open block");
                close_block(&mut cases, &title, &info, content);
            }
            (Some((_, content)), _) => content.push_str(line),
            _ if title.is_empty() => preface.push_str(line),
            _ => {}
        }
    }
    (preface, cases)
}

fn close_block(cases: &mut Vec<Case>, title: &str, info: &str, content: String) {
    let mut words = info.split_whitespace().map(str::to_owned);
    match words.next().as_deref() {
        Some("rego") => cases.push(Case {
            title: title.to_owned(),
            options: words.collect(),
            source: content,
            formatted: None,
        }),
        Some("formatted") => {
            cases.last_mut().expect("policy text above").formatted = Some(content);
        }
        other => panic!("unknown block {other:?}"),
    }
}

fn bless(preface: &str, cases: &[Case]) -> String {
    let mut out = preface.to_owned();
    let mut title = "";
    for case in cases {
        if case.title != title {
            title = &case.title;
            out += &format!("## {title}\n\n");
        }
        let options: String = case.options.iter().map(|it| format!(" {it}")).collect();
        out += &format!("```rego{options}\n{}```\n\n", case.source);
        let formatted = lay_out(&case.source, &case.options).expect(title);
        if formatted != case.source {
            out += &format!("```formatted\n{formatted}```\n\n");
        }
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}
