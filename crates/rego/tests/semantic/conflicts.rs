//! Base data where a program has rules.

use std::sync::Arc;

use palisade_diag::Files;
use palisade_rego::semantic::{Options, check, data_conflicts};
use palisade_rego::syntax::{ParseOptions, parse_module};
use palisade_value::{Value, json};

fn run(data: &str, expected: &[&str]) {
    let mut files = Files::new();
    let file = files.add("a.rego", "package a.b\np.q := 1\nf(x) := x\ns contains 1");
    let module = parse_module(&files, file, &ParseOptions::default()).tree;
    let program = check(Arc::new(files), vec![module], &[], &Options::new(&[])).program;
    let data: Value = json::parse(data).expect("JSON");
    let messages: Vec<String> =
        data_conflicts(&program, &data).into_iter().map(|it| it.message).collect();
    assert_eq!(messages, expected, "{data}");
}

#[test]
fn data_beside_rules_is_no_conflict() {
    run("{}", &[]);
    run(r#"{"a": {"b": {"p": {"r": 1}, "c": 2}}, "p": {"q": 1}}"#, &[]);
}

#[test]
fn data_in_the_way_of_rules_is_a_conflict() {
    for data in [r#"{"a": 1}"#, r#"{"a": {"b": []}}"#, r#"{"a": {"b": null}}"#] {
        run(
            data,
            &[
                "conflicting rule for data path a/b/f found",
                "conflicting rule for data path a/b/p/q found",
                "conflicting rule for data path a/b/s found",
            ],
        );
    }
    run(r#"{"a": {"b": {"p": "x"}}}"#, &["conflicting rule for data path a/b/p/q found"]);
}

#[test]
fn data_at_a_rule_is_a_conflict() {
    run(r#"{"a": {"b": {"p": {"q": 1}}}}"#, &["conflicting rule for data path a/b/p/q found"]);
    run(
        r#"{"a": {"b": {"f": null, "s": []}}}"#,
        &[
            "conflicting rule for data path a/b/f found",
            "conflicting rule for data path a/b/s found",
        ],
    );
}
