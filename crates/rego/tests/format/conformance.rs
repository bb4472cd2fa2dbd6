//! Every policy of the conformance suite, if it is there, and of the examples: laid out, it says the same, has its
//! comments, and stays as it is.

use std::path::{Path, PathBuf};

use palisade_diag::Files;
use palisade_rego::format::{self, Options, Target};
use palisade_rego::syntax::ast::{Module, Version};
use palisade_rego::syntax::{ParseOptions, parse_module};
use palisade_rego::tree::{self, JsonOptions};
use palisade_value::{AnyValue, Entry, Value};
use yaml_rust2::YamlLoader;

#[test]
fn v0() {
    check_suite("v0", Version::V0);
}

#[test]
fn v1() {
    check_suite("v1", Version::V1);
}

#[test]
fn examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut files = Vec::new();
    collect(&root, "rego", &mut files);
    assert!(!files.is_empty(), "no examples");
    for file in files {
        check(&std::fs::read_to_string(&file).expect("a readable file"), Version::V1);
    }
}

fn check_suite(folder: &str, version: Version) {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let root = std::env::var_os("PALISADE_CONFORMANCE").map_or(beside, PathBuf::from);
    if !root.join("rego").is_dir() {
        println!("skipped: no conformance data");
        return;
    }
    let mut files = Vec::new();
    collect(&root.join("rego").join(folder), "yaml", &mut files);
    let mut count = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a readable file");
        let documents = YamlLoader::load_from_str(&text).expect("a YAML document");
        let cases = documents.iter().flat_map(|it| it["cases"].as_vec()).flatten();
        // Experimental keywords are another language.
        let cases = cases.filter(|it| it["experimental_keywords"].as_bool() != Some(true));
        for module in cases.flat_map(|it| it["modules"].as_vec()).flatten() {
            check(module.as_str().unwrap_or_default(), version);
            count += 1;
        }
    }
    assert!(count > 500, "only {count} policies in {folder}");
}

fn check(text: &str, version: Version) {
    let target = if version == Version::V0 { Target::V0 } else { Target::V1 };
    let options = Options { target, drop_v0_imports: false };
    let (files, module) = parse(text, version);
    let once = format::module(&files, &module, &options).expect(text);
    let (files_after, after) = parse(&once, version);
    assert_eq!(meaning(&files, &module), meaning(&files_after, &after), "{text}\n{once}");
    assert_eq!(comments(&module), comments(&after), "{text}\n{once}");
    assert_eq!(format::module(&files_after, &after, &options).expect(&once), once, "{text}");
}

fn parse(text: &str, version: Version) -> (Files, Module) {
    let mut files = Files::new();
    let file = files.add("test.rego", text);
    let parse = parse_module(&files, file, &ParseOptions::of(version));
    assert_eq!(parse.diagnostics, [], "{text}");
    (files, parse.tree)
}

fn comments(module: &Module) -> Vec<&str> {
    let mut comments: Vec<_> = module.comments.iter().map(|it| it.text.trim_end()).collect();
    comments.sort_unstable();
    comments
}

/// The tree of the rules without what says the same in two ways: `=` and `:=`, and the names that heads have besides.
fn meaning(files: &Files, module: &Module) -> Value {
    let tree = tree::module(files, module);
    let options = JsonOptions { locations: false, comments: false };
    let json: Value = tree::json(files, module.file, &tree, options);
    strip(&json.get_str("rules").unwrap_or(Value::Null))
}

fn strip(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::array(items.iter().map(strip).collect()),
        Value::Object(entries) => {
            let is_head = value.get_str("ref").is_some();
            let has_value = value.get_str("value").is_some();
            let says_nothing = |key: &str| {
                is_head && (matches!(key, "assign" | "name") || (key == "key" && has_value))
            };
            let entries = entries.iter().filter(|it| !it.key.as_str().is_some_and(says_nothing));
            let entries = entries.map(|it| Entry { key: it.key.clone(), value: strip(&it.value) });
            Value::object(entries.collect())
        }
        _ => value.clone(),
    }
}

fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, extension, files);
        } else if path.extension().is_some_and(|it| it == extension) {
            files.push(path);
        }
    }
}
