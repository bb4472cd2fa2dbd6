//! The example policies, their packages and every entrypoint, with the input unknown and with the data unknown.

use std::fs;
use std::path::Path;

use palisade_conformance::{Case, Expected, Version, prepare};
use palisade_partial::Unknown;
use palisade_value::{Value, json};

use crate::property::{Verdict, check};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");

fn document(dir: &Path, name: &str) -> Option<Value> {
    let text = fs::read_to_string(dir.join(name)).ok()?;
    Some(json::parse(&text).expect("JSON"))
}

fn case(dir: &Path) -> Case {
    Case {
        note: dir.display().to_string(),
        file: String::new(),
        version: Version::V1,
        query: "x = data".to_owned(),
        modules: vec![fs::read_to_string(dir.join("policy.rego")).expect("a policy")],
        data: document(dir, "data.json").unwrap_or_else(Value::empty_object),
        input: document(dir, "input.json"),
        input_term: None,
        expected: Expected::default(),
        sort_bindings: false,
        strict_error: false,
        experimental_keywords: false,
        env: Vec::new(),
    }
}

#[test]
fn examples_stay_what_they_are() {
    let mut checked = 0;
    for dir in fs::read_dir(EXAMPLES).expect("the examples") {
        let case = case(&dir.expect("a folder").path());
        let prepared = prepare(&case, palisade_builtins::declarations());
        let prepared = prepared.unwrap_or_else(|answer| panic!("{}: {answer:?}", case.note));
        let paths = prepared.program.entrypoints.iter().map(|it| it.join("."));
        let mut queries: Vec<String> = paths.map(|path| format!("x = data.{path}")).collect();
        queries
            .extend(prepared.program.entrypoints.iter().map(|it| format!("data.{}", it.join("."))));
        queries.push(format!("x = data.{}", prepared.program.rules[0].package.join(".")));
        for query in queries {
            let case = Case { query, ..case.clone() };
            for shallow in [false, true] {
                let verdict = check(&case, &[Unknown::Input(Vec::new())], shallow);
                assert!(
                    matches!(verdict, Verdict::Same),
                    "{}: {}: {verdict:?}",
                    case.note,
                    case.query
                );
                checked += 1;
            }
        }
    }
    assert!(checked >= 20, "{checked} questions");
}
