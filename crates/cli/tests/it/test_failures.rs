//! What `palisade test` says of tests that fail.

use crate::support::Workplace;

const POLICY: &str = "package p

limit := 3

allow if {
	print(\"asked for\", input.n)
	input.n < limit
}
";

const TESTS: &str = "package p_test

import data.p

test_good if p.allow with input as {\"n\": 1}

test_bad if {
	n := 2 + 5
	some m in [1, 2]
	p.allow with input as {\"n\": n + m}
}

test_sum if {
	x := 1
	y := 2
	x == y + p.limit
}

test_value := 7

test_every if {
	every n in [1, 2, 9] {
		n < p.limit
	}
}

test_not if not p.allow with input.n as 2

test_case[name] if {
	some name, n in {\"low\": 1, \"high\": 8, \"higher\": 9}
	p.allow with input.n as n
}
";

fn place() -> Workplace {
    let place = Workplace::new();
    place.write("p.rego", POLICY).write("p_test.rego", TESTS);
    place
}

/// What is told of the failures, without the times.
fn failures(place: &Workplace, flags: &[&str]) -> String {
    let ran = place.run(&[&["test", "."], flags].concat());
    assert_eq!(ran.code, 1, "{ran:?}");
    let (_, rest) = ran.out.split_once("FAILURES\n").expect("failures");
    let lines = rest.lines().map(|line| line.split(" (").next().unwrap_or_default());
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn the_place_of_the_failed_expression_is_shown() {
    let expected = "\
--------------------------------------------------------------------------------
data.p_test.test_bad: FAIL

  ./p_test.rego:10:
    p.allow with input as {\"n\": n + m}

data.p_test.test_sum: FAIL

  ./p_test.rego:16:
    x == y + p.limit

data.p_test.test_value: FAIL

  ./p_test.rego:19:
    test_value := 7
    the value is 7, not true

data.p_test.test_every: FAIL

  ./p_test.rego:23:
    n < p.limit

data.p_test.test_not: FAIL

  ./p_test.rego:27:
    not p.allow with input.n as 2

data.p_test.test_case: FAIL

  high: FAIL
    ./p_test.rego:31:
      p.allow with input.n as n

  higher: FAIL
    ./p_test.rego:31:
      p.allow with input.n as n

--------------------------------------------------------------------------------
PASS: 2/9
FAIL: 7/9
";
    assert_eq!(failures(&place(), &[]), expected);
}

#[test]
fn values_stand_under_the_expression() {
    let shown = failures(&place(), &["--var-values"]);
    for part in [
        "    p.allow with input as {\"n\": n + m}\n    |                           |   |\n",
        "    x == y + p.limit\n    |    |   |\n    |    |   3\n    |    y + p.limit: 5\n    |    y: 2\n    1\n",
        "    n < p.limit\n    |   |\n    |   3\n    9\n",
        "    not p.allow with input.n as 2\n        |\n        true\n",
        "      p.allow with input.n as n\n      |                       |\n      |                       8\n      undefined\n",
    ] {
        assert!(shown.contains(part), "{part}\nin\n{shown}");
    }
}

#[test]
fn what_is_printed_is_shown_of_failed_tests_and_with_v_of_all() {
    let place = place();
    let out = place.run(&["test", ".", "-r", "good|bad"]).out;
    assert!(out.contains("\n\n  asked for 8\n  asked for 9\n\n"), "{out}");
    assert!(!out.contains("asked for 1\n"), "{out}");
    let out = place.ok(&["test", ".", "-r", "good", "-v"]);
    assert!(out.contains("\n\n  asked for 1\n\n"), "{out}");
    // The compiled module has nowhere to print to; the reference evaluator tells.
    let out = place.run(&["test", ".", "-r", "bad", "-t", "wasm"]).out;
    assert!(out.contains("\n  asked for 9\n") && out.contains("p_test.rego:10:"), "{out}");
}

#[test]
fn steps_are_shown_where_asked_for() {
    let place = place();
    let bad = |flags: &[&str]| failures(&place, &[&["-r", "bad"], flags].concat());
    let fails = bad(&["--explain", "fails"]);
    assert!(fails.contains("| | | Fail input.n < limit\n"), "{fails}");
    assert!(!fails.contains("Eval"), "{fails}");
    assert!(bad(&["--explain"]).contains("| | Eval some m in [1, 2]\n"));
    assert!(!bad(&["--explain", "notes"]).contains("Fail input.n"));
    assert!(bad(&["-v"]).contains("| | | Fail input.n < limit\n"));
    assert!(!bad(&[]).contains("Fail input.n"));
}

#[test]
fn programs_are_told_the_same() {
    let place = place();
    let flags = ["test", ".", "--format", "json", "--var-values", "--explain", "fails"];
    let shown: serde_json::Value = serde_json::from_str(&place.run(&flags).out).expect("JSON");
    let test = |name: &str| {
        let all = shown.as_array().expect("an array");
        all.iter().find(|it| it["name"] == name).cloned().expect("the test")
    };
    let bad = test("test_bad");
    // `asked for 8` and `asked for 9`, a line each.
    assert_eq!(bad["output"], "YXNrZWQgZm9yIDgKYXNrZWQgZm9yIDkK");
    assert_eq!(bad["failed_at"]["location"]["row"], 10);
    assert_eq!(bad["failed_at"]["text"], "p.allow with input as {\"n\": n + m}");
    let sum = test("test_sum");
    let values = serde_json::json!([
        {"name": "x", "value": 1},
        {"name": "y", "value": 2},
        {"name": "y + p.limit", "value": 5},
        {"name": "p.limit", "value": 3},
    ]);
    assert_eq!(sum["failed_at"]["values"], values);
    assert_eq!(sum["trace"][0]["Op"], "Enter");
    assert_eq!(test("test_value")["failed_at"]["note"], "the value is 7, not true");
    let cases = &test("test_case")["sub_results"];
    assert_eq!(cases["high"]["failed_at"]["location"]["row"], 31);
    assert_eq!(cases["low"], serde_json::json!({"name": "low"}));
    let junit = place.run(&["test", ".", "--format", "junit"]).out;
    assert!(junit.contains("./p_test.rego:16: x == y + p.limit</failure>"), "{junit}");
}

/// An error ends the test; what it printed until then is told.
#[test]
fn errors_have_their_output_too() {
    let place = Workplace::new();
    place.write(
        "p_test.rego",
        "package p_test\n\nf(x) := 1 if x > 0\n\nf(x) := 2 if x > 1\n\ntest_x if {\n\tprint(\"here\")\n\tf(2) == 1\n}\n",
    );
    let ran = place.run(&["test", "."]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("test_x: ERROR") && ran.out.contains("\n  here\n"), "{}", ran.out);
}
