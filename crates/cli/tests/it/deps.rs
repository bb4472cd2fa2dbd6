//! `palisade deps`. What must come out, in `tests/deps`, is what `opa deps` prints for the same files.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::Workplace;

const DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/deps");

fn place() -> Workplace {
    let place = Workplace::new();
    for name in ["authz.rego", "lib.rego"] {
        let text = std::fs::read_to_string(Path::new(DIR).join(name)).expect("a policy");
        place.write(name, &text);
    }
    place
}

/// The terms of a document as their values.
fn plain(document: &Value) -> Value {
    let terms = document.as_array().expect("a list of terms");
    assert_eq!(terms[0]["type"], "var");
    terms.iter().map(|it| it["value"].clone()).collect()
}

#[test]
fn documents_are_those_that_opa_names() {
    let expected = std::fs::read_to_string(Path::new(DIR).join("expected.json")).expect("a file");
    let expected: Vec<Value> = serde_json::from_str(&expected).expect("JSON");
    let place = place();
    for case in &expected {
        let query = case["query"].as_str().expect("a query");
        let out = place.ok(&["deps", "-d", "authz.rego", "-d", "lib.rego", "-f", "json", query]);
        let found: Value = serde_json::from_str(&out).expect("JSON");
        for kind in ["base", "virtual"] {
            let plain: Option<Value> = found
                .get(kind)
                .map(|it| it.as_array().expect("a list").iter().map(plain).collect());
            assert_eq!(plain.as_ref(), case.get(kind), "{kind} of {query}");
        }
    }
}

#[test]
fn prints_a_table_with_a_column_for_what_there_is() {
    let place = place();
    let out = place.ok(&["deps", "-d", "authz.rego", "data.authz.docs"]);
    let lines: Vec<&str> = out.lines().map(str::trim_end).collect();
    assert_eq!(lines[1], "| BASE DOCUMENTS | VIRTUAL DOCUMENTS |");
    assert_eq!(
        lines[3..5],
        ["| data.docs      | data.authz.docs   |", "| input.user     |                   |"]
    );
    let out = place.ok(&["deps", r#"data.roles["a b"]["every"]"#]);
    assert!(out.contains(r#"| data.roles["a b"]["every"] |"#), "{out}");
    assert!(!out.contains("VIRTUAL"), "{out}");
    assert_eq!(place.ok(&["deps", "1 + 1"]), "");
    assert_eq!(place.ok(&["deps", "1 + 1", "-f", "json"]).trim(), json!({}).to_string());
}

#[test]
fn reads_bundles_and_refuses_what_has_no_sources() {
    let place = place();
    let build = ["build", "-e", "authz/docs", "authz.rego", "-o"];
    place.ok(&[build.as_slice(), &["with.tar.gz", "--include-sources"]].concat());
    place.ok(&[build.as_slice(), &["without.tar.gz"]].concat());
    let out = place.ok(&["deps", "-b", "with.tar.gz", "data.authz.docs"]);
    assert!(out.contains("data.docs"), "{out}");
    place.fails(1, &["deps", "-b", "without.tar.gz", "data.authz.docs"], &["holds no sources"]);
    place.fails(1, &["deps", "-d", "authz.rego", "data.authz.f(1, 2, 3)"], &["query:1:1"]);
}
