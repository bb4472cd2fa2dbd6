//! Policies of unreasonable shape: they take no unreasonable time and overflow no stack.

use std::fmt::Write;
use std::sync::Arc;

use palisade_diag::Files;
use palisade_rego::semantic::{Checked, Options, check};
use palisade_rego::syntax::{ParseOptions, parse_module};

const NESTED: usize = 500;

fn run(text: &str, errors: usize) -> Checked {
    let mut files = Files::new();
    let file = files.add("a.rego", text);
    let parse = parse_module(&files, file, &ParseOptions::default());
    assert!(parse.diagnostics.is_empty(), "{:?}", parse.diagnostics);
    let options = Options::new(palisade_builtins::declarations());
    let checked = check(Arc::new(files), vec![parse.tree], &[], &options);
    let messages: Vec<&str> = checked.diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(messages.len(), errors, "{messages:?}");
    checked
}

#[test]
fn long_bodies_in_the_worst_order() {
    let mut text = "package a\np if {\n".to_owned();
    for at in (0..3_000).rev() {
        writeln!(text, "x{} = x{at} + 1", at + 1).expect("a string takes all");
    }
    text += "x0 = 1\n}\n";
    let checked = run(&text, 0);
    assert_eq!(checked.program.rules[0].clauses[0].body.exprs.len(), 3_001);
}

#[test]
fn long_bodies_with_nothing_bound() {
    let lines: Vec<String> = (0..3_000).map(|at| format!("x{at} > 1")).collect();
    run(&format!("package a\np if {{\n{}\n}}", lines.join("\n")), 3_000);
    // All wait for each other: the first is to blame.
    let lines: Vec<String> =
        (0..3_000).map(|at| format!("x{at} = x{} + 1", (at + 1) % 3_000)).collect();
    run(&format!("package a\np if {{\n{}\n}}", lines.join("\n")), 1);
}

#[test]
fn long_chains_of_rules() {
    let mut text = "package a\np0 := 1\n".to_owned();
    for at in 1..5_000 {
        writeln!(text, "p{at} := [p{}, p{}]", at - 1, at - 1).expect("a string takes all");
    }
    run(&text, 0);
    text = text.replace("p0 := 1", "p0 := p4999");
    // The cycle is reported for some of its rules only.
    run(&text, 10);
}

#[test]
fn deep_nesting() {
    // Each is a bracket and an expression.
    let (open, close) = ("[x | x := ".repeat(NESTED / 2), "]".repeat(NESTED / 2));
    run(&format!("package a\np := {open}1{close}"), 0);
    let (open, close) = ("[".repeat(NESTED), "]".repeat(NESTED));
    run(&format!("package a\np := {open}input.x{close}"), 0);
    run(&format!("package a\np := 1{}", " + 1".repeat(1_000)), 0);
    let (calls, ends) = ("abs(".repeat(NESTED), ")".repeat(NESTED));
    run(&format!("package a\np := {calls}input.x{ends}"), 0);
    run(&format!("package a\np if {{ {open}x{close} = {open}1{close}; x > 0 }}"), 0);
}

#[test]
fn every_error_up_to_the_limit() {
    let text = "package a\np if { a > 1; b > 1; c > 1 }";
    run(text, 3);
    let mut files = Files::new();
    let file = files.add("a.rego", text);
    let module = parse_module(&files, file, &ParseOptions::default()).tree;
    let options = Options { max_errors: 2, ..Options::new(palisade_builtins::declarations()) };
    let diagnostics = check(Arc::new(files), vec![module], &[], &options).diagnostics;
    let messages: Vec<&str> = diagnostics.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "var a is unsafe",
            "var b is unsafe",
            "error limit reached: only the first 2 errors are shown"
        ]
    );
}
