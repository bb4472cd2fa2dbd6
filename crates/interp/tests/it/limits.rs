//! Evaluations that would not end, or go very deep.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use palisade_interp::{Code, EvalOptions, Evaluator, Limits};
use palisade_rego::checked::Program;
use palisade_value::Value;

use crate::policy;

/// The code with which a policy that would run for years ends under these limits.
fn check_endless(limits: Limits) {
    let program = policy::program(
        "package test

xs := numbers.range(1, 1000)

p if {
	some a in xs
	some b in xs
	some c in xs
	some d in xs
	a + b + c + d < 0
}",
    );
    let options = EvalOptions { limits, ..EvalOptions::default() };
    let result = policy::document(&program, &Value::empty_object(), "data.test.p", &options);
    assert_eq!(result.map_err(|error| error.code), Err(Code::Cancelled));
}

#[test]
fn a_deadline_ends_the_evaluation() {
    check_endless(Limits { deadline: Some(Instant::now()), ..Limits::default() });
}

#[test]
fn the_number_of_steps_ends_the_evaluation() {
    check_endless(Limits { steps: Some(10_000), ..Limits::default() });
}

#[test]
fn the_caller_ends_the_evaluation() {
    check_endless(Limits { cancel: Some(Arc::new(AtomicBool::new(true))), ..Limits::default() });
}

/// Whether going through one collection, in which nothing is found, counts its elements as steps.
fn check_walk(query: &str) {
    let source = format!("package test\n\nxs := numbers.range(1, 1000)\n\np if {{ {query} }}");
    let limits = Limits { steps: Some(900), ..Limits::default() };
    let options = EvalOptions { limits, ..EvalOptions::default() };
    let program = policy::program(&source);
    let result = policy::document(&program, &Value::empty_object(), "data.test.p", &options);
    assert_eq!(result.map_err(|error| error.code), Err(Code::Cancelled), "{query}");
}

#[test]
fn going_through_one_collection_takes_steps() {
    check_walk("xs[_] == 0");
    check_walk("some 0 in xs");
    check_walk("every x in xs { x > 0 }");
    check_walk("walk(xs, [_, 0])");
}

#[test]
fn a_long_chain_of_rules_is_followed_to_its_end() {
    let mut source = String::from("package test\n\nr0 := 0\n");
    for at in 1..300 {
        writeln!(source, "r{at} := x + 1 if x := r{}", at - 1).expect("writing to a string");
    }
    let program = policy::program(&source);
    let found = policy::document(
        &program,
        &Value::empty_object(),
        "data.test.r299",
        &EvalOptions::default(),
    );
    assert_eq!(found, Ok("299".to_owned()));
}

#[test]
fn rules_are_evaluated_once_however_often_they_are_asked() {
    // Each rule asks for the one before twice: without memory that is 2^60 evaluations.
    let mut source = String::from("package test\n\nr0 := 1\n\nf0(x) := x\n");
    for at in 1..60 {
        let before = at - 1;
        writeln!(source, "r{at} := r{before} + r{before}").expect("writing to a string");
        writeln!(source, "f{at}(x) := f{before}(x) + f{before}(x)").expect("writing to a string");
    }
    source.push_str("p := [r59, f59(1)]\n");
    let program = policy::program(&source);
    let limits = Limits { steps: Some(10_000), ..Limits::default() };
    let options = EvalOptions { limits, ..EvalOptions::default() };
    let found = policy::document(&program, &Value::empty_object(), "data.test.p", &options);
    assert_eq!(found, Ok("[576460752303423488,576460752303423488]".to_owned()));
}

#[test]
fn an_error_outside_of_any_policy_has_no_place() {
    let limits = Limits { steps: Some(0), ..Limits::default() };
    let options = EvalOptions { limits, ..EvalOptions::default() };
    let program = Program::default();
    let result = Evaluator::new(&program, Value::empty_object()).document(&["a", "b"], &options);
    let text = result.map_err(|error| error.located(&program.files));
    assert_eq!(
        text,
        Err("eval_cancel_error: caller cancelled query execution: step limit reached".to_owned())
    );
}

#[test]
fn a_result_deeper_than_documents_may_be_is_refused() {
    let chain = |len: usize| {
        let mut source = String::from("package test\n\nr0 := [input]\n");
        for at in 1..len {
            writeln!(source, "r{at} := [x] if x := r{}", at - 1).expect("writing to a string");
        }
        writeln!(source, "p := r{}", len - 1).expect("writing to a string");
        let options = EvalOptions { input: Some(Value::Null), ..EvalOptions::default() };
        let program = policy::program(&source);
        policy::document(&program, &Value::empty_object(), "data.test.p", &options)
            .map_err(|error| error.code)
    };
    assert_eq!(chain(1_000).map(|text| text.len()), Ok(2_004));
    assert_eq!(chain(1_001), Err(Code::Depth));
}

#[test]
fn a_result_with_an_endless_text_is_refused() {
    // Each key is the JSON text of the object inside it, in quotes: the backslashes double with every level.
    let keys = |levels: usize| {
        let (open, close) = ("{".repeat(levels), ": 1}".repeat(levels));
        let program = policy::program(&format!("package test\n\np := {open}input{close}\n"));
        let options = EvalOptions { input: Some(Value::Null), ..EvalOptions::default() };
        policy::document(&program, &Value::empty_object(), "data.test.p", &options)
            .map_err(|error| error.code)
    };
    assert_eq!(keys(3), Ok(r#"{"{\"{\\\"null\\\":1}\":1}":1}"#.to_owned()));
    assert_eq!(keys(100), Err(Code::Depth));
}
