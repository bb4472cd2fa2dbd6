//! Every module and query of the conformance suite must parse, if the suite is there.

use std::path::{Path, PathBuf};

use palisade_diag::Files;
use palisade_syntax::syntax::ast::Version;
use palisade_syntax::syntax::{Keywords, ParseOptions, parse_module, parse_query, parse_term};
use yaml_rust2::{Yaml, YamlLoader};

#[test]
fn v0_parses() {
    check("v0", Version::V0, false);
}

#[test]
fn v1_parses() {
    check("v1", Version::V1, false);
}

#[test]
fn v1_parses_with_improved_negation() {
    check("v1", Version::V1, true);
}

fn check(folder: &str, version: Version, improved_negation: bool) {
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
            check_case(case, version, improved_negation, &mut faults);
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn check_case(case: &Yaml, version: Version, improved_negation: bool, faults: &mut Vec<String>) {
    let note = case["note"].as_str().unwrap_or_default();
    let keywords = Keywords { not: improved_negation, ..Keywords::default() };
    let experimental = case["experimental_keywords"].as_bool().unwrap_or_default();
    let options = ParseOptions { keywords, experimental, ..ParseOptions::of(version) };
    for module in case["modules"].as_vec().into_iter().flatten() {
        let mut files = Files::new();
        let file = files.add("test.rego", module.as_str().unwrap_or_default());
        let parse = parse_module(&files, file, &options);
        faults.extend(parse.diagnostics.iter().map(|it| fault(note, &files, it)));
    }
    let mut files = Files::new();
    let file = files.add("query", case["query"].as_str().unwrap_or_default());
    faults.extend(
        parse_query(&files, file, &options).diagnostics.iter().map(|it| fault(note, &files, it)),
    );
    if let Some(term) = case["input_term"].as_str() {
        let file = files.add("input", term);
        faults.extend(
            parse_term(&files, file, &options).diagnostics.iter().map(|it| fault(note, &files, it)),
        );
    }
}

fn fault(note: &str, files: &Files, diagnostic: &palisade_diag::Diagnostic) -> String {
    let at = diagnostic.span().map(|span| (span, files.start(span)));
    let line = at
        .and_then(|(span, at)| files.text(span.file).lines().nth(at.row as usize - 1))
        .unwrap_or_default();
    format!("{note}: {:?}: {}: {line}", at.map(|(_, at)| at), diagnostic.message)
}

fn suite() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance");
    let root = std::env::var_os("PALISADE_CONFORMANCE").map_or(beside, PathBuf::from);
    Some(root.join("rego")).filter(|root| root.is_dir())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|it| it == "yaml") {
            files.push(path);
        }
    }
}

/// The text under an expression's span must read as that expression.
#[test]
fn spans_cover_their_expressions() {
    let Some(root) = suite() else {
        println!("skipped: no conformance data");
        return;
    };
    let mut paths = Vec::new();
    collect(&root.join("v1"), &mut paths);
    let mut count = 0;
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let documents = YamlLoader::load_from_str(&text).expect("a YAML document");
        let cases = documents.iter().flat_map(|it| it["cases"].as_vec()).flatten();
        for module in
            cases.flat_map(|case| case["modules"].as_vec()).flatten().filter_map(|it| it.as_str())
        {
            // What an import changes does not hold for the expression alone.
            if !module.contains("future.keywords") {
                count += check_spans(module);
            }
        }
    }
    assert!(count > 1_000, "only {count} expressions");
}

fn check_spans(module: &str) -> usize {
    let mut files = Files::new();
    let file = files.add("test.rego", module);
    let rules = parse_module(&files, file, &ParseOptions::default()).tree.rules;
    let bodies = rules.iter().flat_map(|rule| {
        rule.body.iter().chain(rule.elses.iter().filter_map(|it| it.body.as_ref()))
    });
    let mut count = 0;
    for body in bodies {
        for expr in &body.exprs {
            let text = files.slice(expr.span);
            assert_eq!(text.trim(), text);
            let mut alone = Files::new();
            let file = alone.add("query", text);
            let again = parse_query(&alone, file, &ParseOptions::default());
            let body =
                palisade_syntax::syntax::ast::Body { span: expr.span, exprs: vec![expr.clone()] };
            assert_eq!(crate::show::body(&again.tree, 0), crate::show::body(&body, 0), "{text}");
            count += 1;
        }
    }
    count
}
