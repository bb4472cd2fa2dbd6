//! Traces, coverage, profiles, and which rules held.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use palisade_diag::Position;
use palisade_interp::trace::{self, Mode};
use palisade_interp::{EvalError, EvalOptions, Evaluator, QueryResult, Range};
use palisade_rego::checked::Program;
use palisade_value::{Value, json};

use crate::policy;

const POLICY: &str = "package test

allow if {
	input.user == \"root\"
}

allow if {
	some role in input.roles
	role == \"admin\"
	trace(\"it is an admin\")
}

unused := 1
";

fn evaluate(program: &Program, options: EvalOptions) -> Result<QueryResult, EvalError> {
    let input = json::parse(r#"{"user": "alice", "roles": ["dev", "admin"]}"#).ok();
    let options = EvalOptions { input, ..options };
    let evaluator = Evaluator::new(program, Value::empty_object());
    Ok(evaluator.document_with_report(&["test", "allow"], &options)?.1)
}

fn check_trace(mode: Mode, wanted: &[&str]) {
    check_trace_of(POLICY, mode, wanted);
}

fn check_trace_of(policy: &str, mode: Mode, wanted: &[&str]) {
    let program = policy::program(policy);
    let report = evaluate(&program, EvalOptions { trace: true, ..EvalOptions::default() });
    let trace = report.ok().and_then(|report| report.trace).unwrap_or_default();
    let printed = trace::print(&trace, &program.files, mode);
    assert_eq!(printed.lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_full_trace_has_every_step() {
    check_trace(
        Mode::Full,
        &[
            r#"test-0.rego:3      | Enter data.test.allow"#,
            r#"test-0.rego:4      | | Eval input.user == "root""#,
            r#"test-0.rego:4      | | Fail input.user == "root""#,
            r#"test-0.rego:7      | Enter data.test.allow"#,
            r#"test-0.rego:8      | | Eval some role in input.roles"#,
            r#"test-0.rego:9      | | Eval role == "admin""#,
            r#"test-0.rego:9      | | Fail role == "admin""#,
            r#"test-0.rego:8      | | Redo some role in input.roles"#,
            r#"test-0.rego:9      | | Eval role == "admin""#,
            r#"test-0.rego:10     | | Eval trace("it is an admin")"#,
            r#"test-0.rego:10     | | Note "it is an admin""#,
            r#"test-0.rego:7      | | Exit data.test.allow early"#,
        ],
    );
}

/// The last failure of `data.test.allow`: the expression and the values in it.
fn check_failure(policy: &str, expr: &str, values: &[(&str, &str)]) {
    let program = policy::program(policy);
    let report = evaluate(&program, EvalOptions { failures: true, ..EvalOptions::default() });
    let failures = report.expect("an evaluation").failures;
    let last = failures.last().expect("a failure");
    assert_eq!(program.files.slice(last.span), expr);
    let text = |value: &Option<Value>| value.as_ref().map_or("undefined".to_owned(), json::to_json);
    let found: Vec<(&str, String)> =
        last.values.iter().map(|(span, it)| (program.files.slice(*span), text(it))).collect();
    let found: Vec<(&str, &str)> = found.iter().map(|(name, it)| (*name, it.as_str())).collect();
    assert_eq!(found, values);
}

#[test]
fn failures_have_the_values_of_their_parts() {
    check_failure(
        "package test\n\nallow if {\n\tx := 1\n\tx == count(input.roles) + f(x)\n}\n\nf(x) := x + 1\n",
        "x == count(input.roles) + f(x)",
        &[
            ("x", "1"),
            ("count(input.roles)", "2"),
            ("count(input.roles) + f(x)", "4"),
            ("input.roles", r#"["dev","admin"]"#),
            ("f(x)", "2"),
            ("x", "1"),
        ],
    );
    // What was not reached has no value, and is not undefined either.
    check_failure(
        "package test\n\nallow if input.nothing == count(input.roles)\n",
        "input.nothing == count(input.roles)",
        &[("input.nothing", "undefined")],
    );
    check_failure(
        "package test\n\nallow if {\n\tsome r in input.roles\n\tnot startswith(r, \"\")\n}\n",
        "not startswith(r, \"\")",
        &[("startswith(r, \"\")", "true"), ("r", "\"admin\"")],
    );
}

#[test]
fn the_failure_of_every_is_that_of_its_body() {
    check_failure(
        "package test\n\nallow if {\n\tevery r in input.roles {\n\t\tx := count(r)\n\t\tx < 4\n\t}\n}\n",
        "x < 4",
        &[("x", "5")],
    );
    check_failure(
        "package test\n\nallow if every r in input.nothing { r }\n",
        "every r in input.nothing { r }",
        &[("input.nothing", "undefined")],
    );
}

/// Rules that only help fail without being the reason.
#[test]
fn failures_are_those_of_the_rule_that_is_asked_for() {
    check_failure(
        "package test\n\nallow if helps == 2\n\nhelps := 1 if {\n\tsome r in input.roles\n\tr == \"admin\"\n}\n",
        "helps == 2",
        &[("helps", "1")],
    );
}

/// What is negated fails, and then the negation does not: the two must not look alike.
#[test]
fn a_negation_is_told_from_what_it_negates() {
    check_trace_of(
        "package test\n\nallow if not blocked\n\nblocked if input.user == \"root\"\n",
        Mode::Full,
        &[
            r#"test-0.rego:3     | Enter data.test.allow"#,
            r#"test-0.rego:3     | | Eval not blocked"#,
            r#"test-0.rego:3     | | Enter blocked"#,
            r#"test-0.rego:3     | | | Eval blocked"#,
            r#"test-0.rego:3     | | | Index data.test.blocked (matched 1 rule, early exit)"#,
            r#"test-0.rego:5     | | | Enter data.test.blocked"#,
            r#"test-0.rego:5     | | | | Eval input.user == "root""#,
            r#"test-0.rego:5     | | | | Fail input.user == "root""#,
            r#"test-0.rego:3     | | | Fail blocked"#,
            r#"test-0.rego:3     | | Exit data.test.allow early"#,
        ],
    );
    check_trace_of(
        "package test\n\nallow if not input.user == \"alice\"\n",
        Mode::Full,
        &[
            r#"test-0.rego:3     | Enter data.test.allow"#,
            r#"test-0.rego:3     | | Eval not input.user == "alice""#,
            r#"test-0.rego:3     | | Enter input.user == "alice""#,
            r#"test-0.rego:3     | | | Eval input.user == "alice""#,
            r#"test-0.rego:3     | | | Exit input.user == "alice""#,
            r#"test-0.rego:3     | | Fail not input.user == "alice""#,
        ],
    );
}

#[test]
fn a_trace_of_notes_says_where_they_were_made() {
    check_trace(
        Mode::Notes,
        &[
            r#"test-0.rego:7      | Enter data.test.allow"#,
            r#"test-0.rego:10     | | Note "it is an admin""#,
        ],
    );
}

#[test]
fn a_trace_of_failures_says_where_they_stand() {
    check_trace(
        Mode::Fails,
        &[
            r#"test-0.rego:3     | Enter data.test.allow"#,
            r#"test-0.rego:4     | | Fail input.user == "root""#,
            r#"test-0.rego:7     | Enter data.test.allow"#,
            r#"test-0.rego:9     | | Fail role == "admin""#,
        ],
    );
}

#[test]
fn coverage_tells_reached_parts_from_others() {
    let program = policy::program(POLICY);
    let report = evaluate(&program, EvalOptions { coverage: true, ..EvalOptions::default() });
    let coverage = report.ok().and_then(|report| report.coverage).unwrap_or_default();
    let ranges = |parts: &BTreeSet<Range>| -> Vec<String> {
        let place = |it: Position| format!("{}:{}", it.row, it.col);
        parts.iter().map(|it| format!("{}-{}", place(it.start), place(it.end))).collect()
    };
    let file = &coverage.files["test-0.rego"];
    assert_eq!(
        ranges(&file.covered),
        ["4:2-4:22", "7:1-7:6", "8:2-8:26", "9:2-9:17", "10:2-10:25"]
    );
    assert_eq!(ranges(&file.not_covered), ["3:1-3:6", "13:1-13:12"]);
    let shown = json::to_json(&coverage.to_value());
    let totals = r#"{"coverage":71.42857142857143,"covered_lines":5,"files":{"test-0.rego":{"coverage":71.42857142857143,"#;
    assert!(shown.starts_with(totals), "{shown}");
    let first = r#""covered":[{"end":{"col":22,"row":4},"start":{"col":2,"row":4}},"#;
    assert!(shown.contains(first), "{shown}");
    assert!(shown.ends_with(r#""not_covered_lines":2}},"not_covered_lines":2}"#), "{shown}");
}

/// What lies in a part that was reached is not missed, and a line may be both.
#[test]
fn parts_of_what_was_reached_are_not_missed() {
    let policy = "package test

allow if {
\tinput.user; input.nothing; input.more
\tx := [y |
\t\tsome y in input.none
\t\ty > 1
\t]
}

allow if { every y in input.none {
\ty > 1
} }
";
    let program = policy::program(policy);
    let report = evaluate(&program, EvalOptions { coverage: true, ..EvalOptions::default() });
    let coverage = report.ok().and_then(|report| report.coverage).unwrap_or_default();
    let rows = |parts: &BTreeSet<Range>| -> Vec<(u32, u32)> {
        parts.iter().map(|it| (it.start.row, it.end.row)).collect()
    };
    let file = &coverage.files["test-0.rego"];
    assert_eq!(rows(&file.covered), [(4, 4), (4, 4), (11, 13)]);
    assert_eq!(rows(&file.not_covered), [(3, 3), (4, 4), (5, 8), (6, 6), (7, 7), (11, 11)]);
}

#[test]
fn a_profile_counts_evaluations_and_time() {
    let program = policy::program(POLICY);
    let ticks = AtomicU64::new(0);
    let clock = Arc::new(move || ticks.fetch_add(1, Ordering::Relaxed));
    let report = evaluate(&program, EvalOptions { profile: Some(clock), ..EvalOptions::default() });
    let profile = report.ok().and_then(|report| report.profile).unwrap_or_default();
    let mut rows: Vec<_> = profile
        .entries
        .iter()
        .map(|entry| (entry.row, entry.col, entry.num_eval, entry.num_redo, entry.total_time_ns))
        .collect();
    rows.sort_unstable();
    assert_eq!(rows, [(4, 2, 1, 0, 1), (8, 2, 1, 1, 2), (9, 2, 2, 0, 2), (10, 2, 1, 0, 1)]);
}

#[test]
fn the_rules_that_held_are_named() {
    let program = policy::program(POLICY);
    let held = evaluate(&program, EvalOptions::default()).map(|report| report.rules_held);
    let rows: Vec<u32> = held
        .unwrap_or_default()
        .iter()
        .filter_map(|(rule, _)| program.rules.get(rule.0 as usize))
        .map(|rule| program.files.start(rule.span).row)
        .collect();
    assert_eq!(rows, [7]);
}

#[test]
fn what_is_printed_comes_in_order_and_shows_undefined() {
    let program = policy::printing(
        "package test

allow if {
	print(\"user\", input.user, input.missing)
	some role in input.roles
	print(role, {1, \"a\"})
	role == \"admin\"
}
",
    );
    let printed =
        evaluate(&program, EvalOptions::default()).map(|report| report.printed).unwrap_or_default();
    let lines: Vec<&str> = printed.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(lines, ["user alice <undefined>", "dev {1, \"a\"}", "admin {1, \"a\"}"]);
    assert_eq!(printed.first().map(|line| program.files.start(line.span).row), Some(4));
}
