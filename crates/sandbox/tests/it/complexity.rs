//! Modules that would keep a compiler busy for long are refused before it sees them.

use std::time::{Duration, Instant};

use palisade_sandbox::{LoadError, TooComplex};

use crate::wat::{ask, load, palisade};

/// A module with one more function of that many locals and that body.
fn with_function(n_locals: usize, body: &str) -> String {
    let locals = "i64 ".repeat(n_locals);
    palisade(
        r#"{"result":1}"#,
        "(call $pack (i32.const 16) (i32.const 12))",
        &format!("(func (local {locals}) {body})"),
    )
}

/// Loops in loops, the innermost of which changes all locals.
fn nested_loops(n_loops: usize, n_locals: usize) -> String {
    let changes: String = (0..n_locals)
        .map(|local| format!("(local.set {local} (i64.add (local.get {local}) (local.get 0)))"))
        .collect();
    let body = "loop ".repeat(n_loops)
        + &changes
        + &"(br_if 0 (i64.eqz (local.get 0))) end ".repeat(n_loops);
    with_function(n_locals, &body)
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let start = Instant::now();
    let refusal = load(text).expect_err("a module that is refused");
    assert!(matches!(refusal, LoadError::TooComplex(_)), "{refusal:?}");
    let message = refusal.to_string();
    assert!(message.contains(expected), "`{message}` says nothing of `{expected}`");
    assert!(start.elapsed() < Duration::from_secs(5), "it took {:?}", start.elapsed());
}

#[test]
fn nested_loops_over_many_locals_are_refused() {
    check_refused(&nested_loops(300, 300), "function 3 has 300 locals");
    check_refused(&nested_loops(1000, 1000), "function 3 has 1000 locals");
}

#[test]
fn wide_branches_over_many_locals_are_refused() {
    let targets = "0 ".repeat(60_000);
    let uses = |count| -> String {
        (0..count).map(|local| format!("(drop (local.get {local}))")).collect()
    };
    let body = |count| format!("(block (br_table {targets} (i32.const 0))) {}", uses(count));
    check_refused(
        &with_function(1000, &body(1000)),
        "function 3 has 1000 locals and 60002 branches",
    );
    load(&with_function(1000, &body(1))).expect("locals that are not used");
}

#[test]
fn many_locals_far_behind_many_branches_are_refused() {
    let branches = "(block (br_if 0 (i32.const 0)))".repeat(40_000);
    let body = |count: usize| -> String {
        let sets: String =
            (0..count).map(|local| format!("(local.set {local} (i64.const 1))")).collect();
        branches.clone() + &sets
    };
    check_refused(&with_function(2000, &body(2000)), "places in tables of locals");
    load(&with_function(2000, &body(10))).expect("few locals that are used");
}

#[test]
fn branches_over_many_values_on_the_stack_are_refused() {
    let values = "(i64.const 0) ".repeat(1000);
    let branches = "(block (br_if 0 (i32.const 0)))".repeat(10_000);
    let drops = "drop ".repeat(1000);
    check_refused(
        &with_function(0, &format!("{values} {branches} {drops}")),
        "function 3 has 0 locals and 20001 branches",
    );
}

#[test]
fn counts_are_limited() {
    let params = "i64 ".repeat(129);
    check_refused(
        &palisade("", "(i64.const 0)", &format!("(func (param {params}))")),
        "it has 129 parameters or results of one function, which is more than the limit of 128",
    );
    check_refused(
        &palisade("", "(i64.const 0)", &"(table 1 funcref)".repeat(9)),
        "it has 9 tables, which is more than the limit of 8",
    );
    let refusal = load(&palisade("", "(i64.const 0)", &"(data \"\")".repeat(100_000)))
        .expect_err("a module that is refused");
    let LoadError::TooComplex(TooComplex::Module { what, count, .. }) = refusal else {
        panic!("{refusal:?}")
    };
    assert_eq!((what, count), ("data segments", 100_001));
}

#[test]
fn what_compilers_make_is_loaded() {
    for text in [nested_loops(10, 1000), nested_loops(50, 50), with_function(20_000, "")] {
        let module = load(&text).expect("a module that loads");
        assert_eq!(ask(&module, "{}").expect("a decision").result(), Some("1"));
    }
}
