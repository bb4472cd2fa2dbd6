//! Data that a program reads and nobody gave.

use std::sync::Arc;

use palisade_diag::Files;
use palisade_rego::semantic::{Options, check, missing_data};
use palisade_rego::syntax::{ParseOptions, parse_module};
use palisade_value::{Value, json};

/// What is missing for `data.a.p`.
#[track_caller]
fn run(policy: &str, data: &str, expected: &[&str]) {
    let mut files = Files::new();
    let file = files.add("a.rego", format!("package a\n{policy}"));
    let module = parse_module(&files, file, &ParseOptions::default()).tree;
    let checked = check(Arc::new(files), vec![module], &[], &Options::new(&[]));
    assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
    let data: Value = json::parse(data).expect("JSON");
    let entrypoints = [vec!["a".to_owned(), "p".to_owned()]];
    let later = [vec!["later".to_owned()]];
    let found = missing_data(&checked.program, &entrypoints, &data, &later);
    let names = found.iter().filter_map(|it| it.message.split(' ').nth(6));
    assert_eq!(names.collect::<Vec<_>>(), expected, "{policy}");
}

#[test]
fn what_nobody_gave_is_missing() {
    run("p if data.x.y", "{}", &["data.x:"]);
    run("p if data.x.y", r#"{"x": {"z": 1}}"#, &["data.x.y:"]);
    run("p if data.x.y", r#"{"x": 1}"#, &["data.x.y:"]);
    run("p if data.x[input.k]", "{}", &["data.x:"]);
    run("p if { data.x.a; data.x.b; data.y }", "{}", &["data.x:", "data.y:"]);
    run("p if data.a.absent", "{}", &["data.a.absent:"]);
    run("p if f(1)\nf(x) := [y | y := data.x[x]]", "{}", &["data.x:"]);
}

#[test]
fn what_is_there_is_not() {
    run("p if data.x.y", r#"{"x": {"y": null}}"#, &[]);
    run("p if data.x[0].y", r#"{"x": [{}]}"#, &[]);
    run("p if data.x[input.k]", r#"{"x": {}}"#, &[]);
    run("p if data.a.q.deeper\nq := {}", "{}", &[]);
    run("p if data.a.q[\"x\"]\nq contains input.k", "{}", &[]);
    run("p if data.later.x", "{}", &[]);
}

#[test]
fn what_nobody_asks_for_is_not_missing() {
    run("p := 1\nq if data.x", "{}", &[]);
}

#[test]
fn what_a_with_puts_there_is_not_missing() {
    run("p if data.x.y with data.x as {}", "{}", &[]);
    run("p if q with data.x.y as 1\nq if data.x.y", "{}", &[]);
    run("p if q with data.x.y as 1\nq if { data.x[_]; data.z }", "{}", &["data.z:"]);
}
