//! `palisade test`.

use crate::support::{Workplace, authz, repository};

/// A limit that one evaluator reaches says nothing about what the policy means.
#[test]
fn a_limit_is_no_difference() {
    let place = Workplace::new();
    place.write(
        "p_test.rego",
        "package p_test\n\ntest_large if count([x | some x in numbers.range(1, 2000000)]) == 2000000\n",
    );
    let ran = place.run(&["test", ".", "--memory-mib", "16", "--timeout", "60"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for words in ["test_large: ERROR", "the compiled module reached a limit", "16777216 bytes"] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
    assert!(!ran.out.contains("differ"), "{}", ran.out);
    place.write(
        "p_test.rego",
        "package p_test\n\ntest_long if {\n\tsome a in numbers.range(1, 100000)\n\tsome b in numbers.range(1, 100000)\n\t\
         a == b + 1000000\n}\n",
    );
    let ran = place.run(&["test", ".", "--timeout", "200ms"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("the reference evaluator reached a limit"), "{}", ran.out);
    assert!(!ran.out.contains("differ"), "{}", ran.out);
}

#[test]
fn the_examples_pass_in_both_evaluators() {
    let place = Workplace::new();
    let all = repository().join("examples").display().to_string();
    assert!(place.ok(&["test", &all]).starts_with("PASS: "));
    for folder in ["roles", "rbac", "kubernetes", "http_api", "routes"] {
        let path = repository().join("examples").join(folder).display().to_string();
        let out = place.ok(&["test", &path]);
        assert!(out.starts_with("PASS: "), "{folder}: {out}");
    }
}

/// The article's tests as it prints them: Rego of before 1.0.
const ARTICLES_TESTS: &str = r#"# policy_test.rego
package authz_test

import data.authz

test_admin_can_delete {
    authz.allow with input as {
        "subject": {"role": "admin"},
        "action": "delete",
        "resource": {"type": "document"}
    }
}

test_viewer_cannot_delete {
    not authz.allow with input as {
        "subject": {"role": "viewer"},
        "action": "delete",
        "resource": {"type": "document"}
    }
}

test_default_deny_on_unknown_role {
    not authz.allow with input as {
        "subject": {"role": "unknown"},
        "action": "read",
        "resource": {"type": "document"}
    }
}
"#;

#[test]
fn the_articles_tests_run_beside_old_and_new_policies() {
    let old =
        "package authz\n\ndefault allow = false\n\nallow { input.subject.role == \"admin\" }\n";
    let new =
        "package authz\n\ndefault allow := false\n\nallow if input.subject.role == \"admin\"\n";
    for policy in [old, new, &new.replace("authz\n\nd", "authz\n\nimport rego.v1\n\nd")] {
        let place = Workplace::new();
        place.write("policy.rego", policy).write("policy_test.rego", ARTICLES_TESTS);
        let ran = place.run(&["test", "policy.rego", "policy_test.rego", "-v"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.out.contains("data.authz_test.test_admin_can_delete: PASS"), "{ran:?}");
        assert!(ran.out.contains("PASS: 3/3"), "{ran:?}");
        assert!(ran.err.contains("policy_test.rego:2:1"), "{ran:?}");
        assert!(ran.err.contains("--v0-compatible"), "{ran:?}");
        // The compiled policy too, as the article goes on.
        let build = ["build", "-t", "wasm", "-e", "authz/allow", "policy.rego", "-o", "b.tar.gz"];
        place.ok(&[&build[..], &["--include-sources"]].concat());
        let strict = ["test", "--v1-compatible", "policy.rego", "policy_test.rego"];
        place.fails(1, &strict, &["policy_test.rego:6:"]);
    }
    let place = Workplace::new();
    place.write("policy.rego", old).write("policy_test.rego", ARTICLES_TESTS);
    let ran = place.run(&["test", "--v0-compatible", "policy.rego", "policy_test.rego"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    place.write("input.json", "{\"subject\": {\"role\": \"admin\"}}");
    let query = ["eval", "-d", "policy.rego", "-i", "input.json", "-f", "raw", "data.authz.allow"];
    assert_eq!(place.ok(&query), "true\n");
}

#[test]
fn failures_and_todos_are_told_apart() {
    let place = Workplace::new();
    authz(&place);
    place.write(
        "policy_test.rego",
        "package authz_test\n\nimport data.authz\n\ntest_good if not authz.allow with input as {}\n\n\
         test_bad if authz.allow with input as {}\n\ntodo_test_later if false\n\n\
         test_cases[name] if {\n\tsome name, role in {\"a\": \"admin\", \"b\": \"nobody\"}\n\t\
         authz.allow with input as {\"subject\": {\"role\": role}}\n}\n",
    );
    let ran = place.run(&["test", "."]);
    assert_eq!(ran.code, 1);
    for words in [
        "test_bad: FAIL",
        "todo_test_later: SKIPPED",
        "test_cases: FAIL",
        "  b: FAIL",
        "PASS: 2/5",
        "FAIL: 2/5",
        "SKIPPED: 1/5",
    ] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
    assert!(!ran.out.contains("a: FAIL"), "{}", ran.out);
    let one = place.run(&["test", ".", "-r", "good", "-v"]);
    assert_eq!(one.code, 0, "{one:?}");
    assert!(one.out.contains("PASS: 1/1"), "{}", one.out);
    let json: serde_json::Value =
        serde_json::from_str(&place.run(&["test", ".", "--format", "json"]).out).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(4));
    let junit = place.run(&["test", ".", "--format", "junit"]).out;
    assert!(junit.contains("tests=\"4\" failures=\"2\" errors=\"0\" skipped=\"1\""), "{junit}");
}

#[test]
fn constant_keys_name_cases() {
    let place = Workplace::new();
    place.write(
        "policy_test.rego",
        "package p\n\ntest_x[1] if true\n\ntest_x[2] if 1 == 2\n\n\
         test_x[n] if {\n\tsome n in [3, 4]\n\tn == 3\n}\n\ntest_y[1].a if 2 == 3\n",
    );
    let ran = place.run(&["test", "."]);
    for words in ["data.p.test_x: FAIL", "  2: FAIL", "  4: FAIL", "  [1,\"a\"]: FAIL", "2 == 3"] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
    assert!(ran.out.contains("FAIL: 3/5"), "{}", ran.out);
    let all = place.run(&["test", ".", "-v"]).out;
    assert!(all.contains("  1: PASS") && all.contains("  3: PASS"), "{all}");
}

#[test]
fn coverage_is_reported_and_has_a_threshold() {
    let place = Workplace::new();
    authz(&place);
    place.write(
        "policy_test.rego",
        "package authz_test\n\nimport data.authz\n\ntest_admin if authz.allow with input as {\"subject\": {\"role\": \"admin\"}}\n",
    );
    let report: serde_json::Value =
        serde_json::from_str(&place.ok(&["test", ".", "--coverage"])).expect("JSON");
    assert!(report["files"].is_object(), "{report}");
    place.fails(1, &["test", ".", "--threshold", "100"], &["Code coverage threshold not met: got"]);
    let met = place.run(&["test", ".", "--threshold", "10"]);
    assert_eq!((met.code, met.out.as_str()), (0, ""));
    assert!(met.err.starts_with("Code coverage threshold met: got "), "{}", met.err);
    assert!(met.err.ends_with(", needed 10.00\n"), "{}", met.err);
}

#[test]
fn a_policy_with_errors_runs_no_tests() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\ntest_x if y\n");
    place.fails(1, &["test", "."], &["p.rego:3:"]);
}

/// `-t` runs one of the evaluators only: what just one of them cannot do is seen in that one.
#[test]
fn one_evaluator_can_be_chosen() {
    let place = Workplace::new();
    place.write(
        "p_test.rego",
        "package p_test\n\ntest_large if count([x | some x in numbers.range(1, 2000000)]) == 2000000\n",
    );
    let test = |target| ["test", ".", "--memory-mib", "16", "--timeout", "60", "-t", target, "-v"];
    let rego = place.ok(&test("rego"));
    assert!(rego.contains("test_large: PASS"), "{rego}");
    let wasm = place.run(&test("wasm"));
    assert_eq!(wasm.code, 1, "{wasm:?}");
    assert!(wasm.out.contains("the compiled module reached a limit"), "{}", wasm.out);
    place.fails(2, &["test", ".", "-t", "nonsense"], &["rego", "wasm"]);
}

#[test]
fn no_tests_can_be_a_failure() {
    let place = Workplace::new();
    authz(&place);
    place.ok(&["test", "."]);
    place.fails(1, &["test", ".", "--fail-on-empty"], &[]);
    place.fails(0, &["test", ".", "--format", "json"], &["warning: there is no rule", "[]"]);
    place.write("p_test.rego", "package p_test\n\ntest_x if true\n");
    place.ok(&["test", ".", "--fail-on-empty"]);
    let words = ["warning: no test's name matches `typo`", "--fail-on-empty"];
    place.fails(0, &["test", ".", "-r", "typo"], &words);
    place.fails(1, &["test", ".", "--fail-on-empty", "-r", "nothing"], &[]);
}
