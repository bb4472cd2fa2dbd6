//! The Markdown suites: each section is a case with policies, input, data and expectations.

use palisade_interp::EvalOptions;
use palisade_value::{Value, json};

use crate::policy;

/// A fenced block: what stands behind the back-quotes, and the text.
struct Block {
    info: String,
    text: String,
}

/// A section with its blocks.
struct Section {
    title: String,
    blocks: Vec<Block>,
}

fn sections(markdown: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut open: Option<Block> = None;
    for line in markdown.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (Some(_), Some(_)) => {
                if let (Some(section), Some(block)) = (sections.last_mut(), open.take()) {
                    section.blocks.push(block);
                }
            }
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, Some(info)) => open = Some(Block { info: info.to_owned(), text: String::new() }),
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    sections.push(Section { title: title.to_owned(), blocks: Vec::new() });
                }
            }
        }
    }
    sections
}

fn value(text: &str) -> Value {
    json::parse(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// Checks every expectation of a section; returns what isn't as expected.
fn check(section: &Section) -> Vec<String> {
    let block =
        |info: &str| section.blocks.iter().find(|it| it.info == info).map(|it| value(&it.text));
    let sources: Vec<&str> =
        section.blocks.iter().filter(|it| it.info == "rego").map(|it| it.text.as_str()).collect();
    let program = match policy::compile(&sources) {
        Ok(program) => program,
        Err(errors) => return vec![format!("{}: does not compile: {errors}", section.title)],
    };
    let data = block("json data").unwrap_or_else(Value::empty_object);
    let options = EvalOptions { input: block("json input"), ..EvalOptions::default() };
    let mut wrong = Vec::new();
    let mut n_checked = 0;
    for block in &section.blocks {
        let Some((kind @ ("result" | "error"), path)) = block.info.split_once(' ') else {
            continue;
        };
        n_checked += 1;
        let found = match policy::document(&program, &data, path, &options) {
            Ok(found) => found,
            Err(error) => error.to_string(),
        };
        let wanted = match (kind, block.text.trim()) {
            ("error", text) | (_, text @ "undefined") => text.to_owned(),
            (_, text) => json::to_json(&value(text)),
        };
        if found != wanted {
            wrong.push(format!("{}: {path}\n  wanted {wanted}\n  found  {found}", section.title));
        }
    }
    if n_checked == 0 {
        wrong.push(format!("{}: nothing is expected", section.title));
    }
    wrong
}

fn check_suite(markdown: &str) {
    let sections = sections(markdown);
    assert!(!sections.is_empty(), "the suite has no sections");
    let wrong: Vec<String> = sections.iter().flat_map(check).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn documents() {
    check_suite(include_str!("suite/documents.md"));
}

#[test]
fn expressions() {
    check_suite(include_str!("suite/expressions.md"));
}

#[test]
fn functions() {
    check_suite(include_str!("suite/functions.md"));
}

#[test]
fn with() {
    check_suite(include_str!("suite/with.md"));
}
