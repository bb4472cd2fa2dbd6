//! The tree in OPA's shape: cases in Markdown, `cases/*.md`.
//!
//! A block ```` ```rego ````, with the words `v0` and `locations` behind it for options, is followed by a block `json`:
//! the parts of the tree, one a line. `BLESS=1 cargo test` writes the blocks anew.

use std::path::Path;

use palisade_diag::Files;
use palisade_syntax::syntax::ast::Version;
use palisade_syntax::syntax::{ParseOptions, parse_module};
use palisade_syntax::tree::{self, JsonOptions};
use palisade_value::{AnyValue, Value, json};

#[test]
fn rules() {
    check("rules");
}

#[test]
fn terms() {
    check("terms");
}

#[test]
fn locations() {
    check("locations");
}

#[test]
fn annotations() {
    check("annotations");
}

#[test]
fn comments_are_left_out_on_demand() {
    let mut files = Files::new();
    let file = files.add("test.rego", "package p # c\n");
    let module = parse_module(&files, file, &ParseOptions::default()).tree;
    let tree = tree::module(&files, &module);
    let keys = |comments| {
        let options = JsonOptions { locations: false, comments };
        let json: Value = tree::json(&files, file, &tree, options);
        json.entries().iter().map(|it| json::to_json(&it.key)).collect::<Vec<_>>()
    };
    assert_eq!(keys(true), ["\"comments\"", "\"package\""]);
    assert_eq!(keys(false), ["\"package\""]);
}

fn check(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tree/cases");
    let path = folder.join(name).with_extension("md");
    let text = std::fs::read_to_string(&path).expect("a readable file");
    let found = blessed(&text);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, found).expect("a writable file");
        return;
    }
    assert!(text.contains("```json"), "no cases in {name}");
    assert_eq!(text, found, "{name}");
}

/// The file with its blocks `json` as they are to be.
fn blessed(text: &str) -> String {
    let mut out = String::new();
    let mut lines = text.split_inclusive('\n').peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```json") {
            lines.by_ref().find(|it| it.starts_with("```")).expect("an end of the block");
            // The blank line behind the block.
            lines.next_if(|it| it.trim().is_empty());
            continue;
        }
        out += line;
        if line.starts_with("```rego") {
            let source: String = lines.by_ref().take_while(|it| !it.starts_with("```")).collect();
            out += &format!("{source}```\n\n```json\n{}```\n", shown(&source, line));
            if lines.peek().is_some_and(|it| it.trim().is_empty()) {
                out += lines.next().unwrap_or_default();
            }
        }
    }
    out.truncate(out.trim_end().len());
    out + "\n"
}

fn shown(source: &str, options: &str) -> String {
    let version = if options.contains("v0") { Version::V0 } else { Version::V1 };
    let mut files = Files::new();
    let file = files.add("test.rego", source);
    let parse = parse_module(&files, file, &ParseOptions::of(version));
    assert_eq!(parse.diagnostics, [], "{source}");
    let tree = tree::module(&files, &parse.tree);
    let options = JsonOptions { locations: options.contains("locations"), comments: true };
    let json: Value = tree::json(&files, file, &tree, options);
    let mut out = String::new();
    for entry in json.entries() {
        let key = entry.key.as_str().unwrap_or_default();
        let items = if entry.value.items().is_empty() {
            std::slice::from_ref(&entry.value)
        } else {
            entry.value.items()
        };
        for item in items {
            out += &format!("{key}: {}\n", json::to_json(item));
        }
    }
    out
}

#[test]
fn the_tree_can_be_read_by_people() {
    let text = "package p\n\nimport input.x as y\n\na contains _ if not y[1] with input as {\"k\": 2} # c\n";
    let mut files = Files::new();
    let file = files.add("test.rego", text);
    let module = parse_module(&files, file, &ParseOptions::default()).tree;
    let expected = "\
module
 package
  ref
   data
   \"p\"
 import
  ref
   input
   \"x\"
  y
 rule
  head
   ref
    a
  body
   expr negated index=0
    ref
     y
     1
    with
     ref
      input
     object
      \"k\"
      2
 comment
";
    assert_eq!(tree::pretty(&tree::module(&files, &module)), expected);
}
