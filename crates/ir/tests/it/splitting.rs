//! Documents with so many rules that they don't stay one function.

use std::fmt::Write;

use palisade_ir::passes;

use crate::lowering::{SHARING, decided, lowered_by};

/// The decision over a module of many rules, which must not be one function.
#[track_caller]
fn check(rules: impl Fn(usize) -> String, rest: &str, input: &str, expected: &str) {
    let mut source = format!("package t\n{rest}\n");
    for at in 0..1_500 {
        writeln!(source, "{}", rules(at)).expect("writing to a string");
    }
    for passing in [passes::Options::default(), SHARING] {
        let program = lowered_by(&passing, &[&source], "{}", "t/p");
        let parts = program.functions.iter().filter(|it| it.name.contains(", part "));
        assert!(parts.count() > 1, "it stays one function");
        let found = decided(&program, "t/p", input);
        assert!(found.ends_with(expected), "{found} instead of {expected}");
    }
}

/// A condition that holds for one number.
fn only(at: usize) -> String {
    format!("x := input.a; y := count(x); y > 0; z := input.b[y]; z == \"k{at}\"")
}

const INPUT: &str = r#"{"a": [1], "b": ["", "k1400"]}"#;

#[test]
fn the_first_rule_that_holds_decides() {
    check(|at| format!("p if {{ {} }}", only(at)), "", INPUT, "true");
    check(|at| format!("p if {{ {} }}", only(at)), "", "{}", "undefined");
    check(|at| format!("p if {{ {} }}", only(at)), "default p := false", "{}", "false");
}

#[test]
fn values_of_several_parts_are_one_value() {
    let rule = |at: usize| format!("p := input.v[{}] if {{ x := input.a; x > {at} }}", at / 750);
    check(rule, "", r#"{"a": 9999, "v": [7, 7]}"#, "7");
    let conflict = "complete rules must not produce multiple outputs";
    check(rule, "", r#"{"a": 9999, "v": [7, 8]}"#, conflict);
}

#[test]
fn members_of_all_parts_are_one_set() {
    let rule = |at: usize| format!("p contains z if {{ z := input.a[{at}]; count(z) > 0 }}");
    let mut members = vec!["\"\"".to_owned(); 1_500];
    members[3] = "\"first\"".to_owned();
    members[1_499] = "\"last\"".to_owned();
    let input = format!("{{\"a\": [{}]}}", members.join(","));
    check(rule, "", &input, r#"{"first", "last"}"#);
}

#[test]
fn entries_of_all_parts_are_one_object() {
    let rule =
        |at: usize| format!("p[k] := v if {{ k := input.k[{at}]; v := count(input.v[{at}]) }}");
    check(rule, "", r#"{"k": ["a", "b"], "v": [[], [1]]}"#, r#"{"a": 0, "b": 1}"#);
    check(rule, "", r#"{"k": ["a", "a"], "v": [[], [1]]}"#, "object keys must be unique");
}

#[test]
fn indexed_rules_are_parts_too() {
    let rule = |at: usize| {
        format!(
            "p := v if {{ input.x == \"k{at}\"; y := count(input.a); y > 0; v := input.a[0] + {at} }}"
        )
    };
    check(rule, "", r#"{"a": [1], "x": "k1400"}"#, "1401");
    check(rule, "", r#"{"a": [1], "x": "k"}"#, "undefined");
    let function = |at: usize| {
        format!(
            "f(x) := v if {{ x == \"k{at}\"; y := count(input.a); y > 0; v := input.a[0] + {at} }}"
        )
    };
    check(function, "p := f(\"k1400\")", r#"{"a": [1]}"#, "1401");
}

#[test]
fn arguments_reach_every_part() {
    let rule = |at: usize| format!("f(x) := {at} if {{ y := count(x); y == {at}; z := x[0]; z }}");
    check(rule, "p := f(input.a)", r#"{"a": [1, 2, 3]}"#, "3");
}
