//! Every case of the conformance suite must check without errors, if the suite is there.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use palisade_diag::{Diagnostic, Files};
use palisade_rego::semantic::{Options, QuerySource, check};
use palisade_rego::syntax::ast::Version;
use palisade_rego::syntax::{Keywords, ParseOptions, parse_module, parse_query};
use yaml_rust2::{Yaml, YamlLoader};

#[test]
fn v0_checks() {
    run("v0", Version::V0, false);
}

#[test]
fn v1_checks() {
    run("v1", Version::V1, false);
}

#[test]
fn v1_checks_with_improved_negation() {
    run("v1", Version::V1, true);
}

fn run(folder: &str, version: Version, improved_not: bool) {
    let Some(root) = suite() else {
        println!("skipped: no conformance data");
        return;
    };
    let mut files = Vec::new();
    collect(&root.join(folder), &mut files);
    assert!(!files.is_empty(), "no cases in {folder}");
    let mut faults = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a readable file");
        let documents = YamlLoader::load_from_str(&text).expect("a YAML document");
        for case in documents.iter().flat_map(|it| it["cases"].as_vec()).flatten() {
            run_case(case, version, improved_not, &mut faults);
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn run_case(case: &Yaml, version: Version, improved_not: bool, faults: &mut Vec<String>) {
    let keywords = Keywords { not: improved_not, ..Keywords::default() };
    let experimental = case["experimental_keywords"].as_bool().unwrap_or_default();
    let parsing = ParseOptions { keywords, experimental, ..ParseOptions::of(version) };
    let mut files = Files::new();
    let mut modules = Vec::new();
    for module in case["modules"].as_vec().into_iter().flatten() {
        let file = files.add("test.rego", module.as_str().unwrap_or_default());
        modules.push(parse_module(&files, file, &parsing).tree);
    }
    let file = files.add("query", case["query"].as_str().unwrap_or_default());
    let body = parse_query(&files, file, &parsing).tree;
    let queries = [QuerySource { body, package: None, imports: Vec::new(), version }];
    let options = Options { improved_not, ..Options::new(palisade_builtins::declarations()) };
    let files = Arc::new(files);
    let diagnostics = check(files.clone(), modules, &queries, &options).diagnostics;
    if diagnostics.iter().any(is_missing_builtin) {
        return;
    }
    let note = case["note"].as_str().unwrap_or_default();
    faults.extend(diagnostics.iter().map(|it| {
        let row = it.span().map_or(0, |span| files.start(span).row);
        format!("{note}: row {row}: {}", it.message)
    }));
}

/// Whether the case calls a built-in that is not there yet.
fn is_missing_builtin(diagnostic: &Diagnostic) -> bool {
    diagnostic.code.name == "undefined-function" && !diagnostic.message.contains(" data.")
}

fn suite() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let root = std::env::var_os("PALISADE_CONFORMANCE").map_or(beside, PathBuf::from).join("rego");
    root.is_dir().then_some(root)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    for entry in entries {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "yaml") {
            files.push(path);
        }
    }
    files.sort();
}
