//! Bodies and literals so long that they don't stay one function.

use palisade_ir::program::{Function, Stmt, visit};
use palisade_value::json;

use crate::eval::{Facts, evaluate};
use crate::lowering::lowered;

/// The decision over a module, whose functions must not be large.
fn decision(source: &str, input: &str) -> String {
    let program = lowered(&[source], "{}", "t/p");
    let largest = program.functions.iter().map(size).max();
    assert!(largest < Some(4_000), "a function of {largest:?} statements");
    assert!(program.functions.iter().any(|it| it.name.contains(", row ")), "it stays whole");
    let facts = Facts { input: json::parse(input).ok(), ..Facts::default() };
    let outcome = evaluate(&program, "t/p", facts);
    match (outcome.error, outcome.value) {
        (Some((_, text)), _) => text,
        (None, Some(value)) => value.to_string(),
        (None, None) => "undefined".to_owned(),
    }
}

fn size(function: &Function) -> usize {
    let mut size = 0;
    visit(&function.body, &mut |_: &Stmt| size += 1);
    size
}

/// A rule whose body has a piece for each number.
fn rule(head: &str, first: &str, n_pieces: usize, piece: impl Fn(usize) -> String) -> String {
    let pieces: Vec<String> = (0..n_pieces).map(piece).collect();
    format!("package t\n{head} if {{\n\t{first}\n\t{}\n}}\n", pieces.join("\n\t"))
}

#[test]
fn a_body_holds_if_all_of_its_rows_do() {
    let source = rule("p", "a := input.a", 1_500, |at| match at % 3 {
        0 => format!("x{at} := [y | some y in a; y > {at}]\n\tcount(x{at}) < 2"),
        1 => format!("not a[{at}]"),
        _ => format!("a[0] != {at}"),
    });
    assert_eq!(decision(&source, r#"{"a": [5000]}"#), "true");
    assert_eq!(decision(&source, r#"{"a": [1000]}"#), "true");
    assert_eq!(decision(&source, r#"{"a": [1001]}"#), "undefined");
    assert_eq!(decision(&source, r#"{"a": [1001.5, 7]}"#), "undefined");
    assert_eq!(decision(&source, r#"{"a": [1499]}"#), "undefined");
    assert_eq!(decision(&source, "{}"), "undefined");
}

#[test]
fn a_row_gives_a_value_to_what_follows() {
    let source = rule("p := x1499", "x0 := input.a", 1_499, |at| {
        format!("y{at} := [z | z := input.k[_]]\n\tx{} := x{at} + count(y{at})", at + 1)
    });
    assert_eq!(decision(&source, r#"{"a": 1, "k": [true]}"#), "1500");
    assert_eq!(decision(&source, r#"{"a": 1, "k": []}"#), "1");
    assert_eq!(decision(&source, r#"{"k": []}"#), "undefined");
}

#[test]
fn a_row_gives_several_values_to_what_follows() {
    let source = rule(
        "p := [first, x1499, y1499]",
        "first := input.a\n\tfirst != 1.0\n\tx0 := first\n\ty0 := 0",
        1_499,
        |at| format!("y{} := y{at} + x{at}\n\tx{} := x{at} + input.k", at + 1, at + 1),
    );
    assert_eq!(decision(&source, r#"{"a": 2, "k": 1}"#), "[2, 1501, 1125749]");
    assert_eq!(decision(&source, r#"{"a": 2, "k": "1"}"#), "undefined");
}

#[test]
fn rows_run_again_in_each_turn_of_a_loop() {
    let source = rule("p contains x1499", "some x0 in input.a", 1_499, |at| {
        format!("not x{at} in input.k\n\tx{} := x{at} + 1", at + 1)
    });
    assert_eq!(decision(&source, r#"{"a": [1, 2, 9], "k": []}"#), "{1500, 1501, 1508}");
    assert_eq!(decision(&source, r#"{"a": [1, 7000], "k": [8000]}"#), "{1500}");
}

/// A rule whose value is a literal with a member for each number.
fn literal(open: char, close: char, member: impl Fn(usize) -> String) -> String {
    let members: Vec<String> = (0..3_000).map(member).collect();
    format!("package t\np := [count(x), x[input.at]]\nx := {open}{}{close}\n", members.join(", "))
}

#[test]
fn literals_of_very_many_members_are_built_in_rows() {
    let array = literal('[', ']', |at| format!("input.a[{}]", at % 3));
    assert_eq!(decision(&array, r#"{"a": [7, 8, 9], "at": 2999}"#), "[3000, 9]");
    assert_eq!(decision(&array, r#"{"a": [7, 8], "at": 0}"#), "undefined");
    let set = literal('{', '}', |at| format!("input.a + {}", at % 2_900));
    assert_eq!(decision(&set, r#"{"a": 1, "at": 2900}"#), "[2900, 2900]");
}

#[test]
fn the_last_value_of_a_key_is_the_one_in_a_long_literal() {
    // In one row, in another one, and in the rest.
    let object = literal('{', '}', |at| format!("input.k[{}]: input.v + {at}", at % 1_100));
    let keys: Vec<String> = (0..1_100).map(|at| format!("\"k{at}\"")).collect();
    let input = |at| format!(r#"{{"k": [{}], "v": 0.5, "at": "k{at}"}}"#, keys.join(","));
    assert_eq!(decision(&object, &input(1)), "[1100, 2201.5]");
    assert_eq!(decision(&object, &input(1_099)), "[1100, 2199.5]");
}

#[test]
fn literals_are_made_whole_where_their_members_have_several_values() {
    let rest = vec!["input.b"; 150].join(", ");
    let source = format!("package t\np contains x if x := [input.a[_], input.a[_], {rest}]");
    let program = lowered(&[&source], "{}", "t/p");
    let facts = Facts { input: json::parse(r#"{"a": [1, 2], "b": 3}"#).ok(), ..Facts::default() };
    let value = evaluate(&program, "t/p", facts).value.expect("a set").to_string();
    assert_eq!(value.matches('[').count(), 4, "{value}");
}
