//! Decisions: what a path means, and that nothing but `true` allows.

use palisade::{Ambient, DecideError, Decision, EvalError, Policy};
use palisade_abi::limits::OUTPUT_BYTES_MAX;

use crate::modules::{constants, echo, load, load_with_data, palisade};

fn decide(policy: &Policy, path: &str, input: Option<&str>) -> Result<Decision, DecideError> {
    policy.decide(path, input, &Ambient::default())
}

fn example() -> Policy {
    load(&constants(&[
        ("authz/allow", r#"{"result":true}"#),
        ("authz/user", r#"{"result":{"name":"ada","roles":["admin","dev"]}}"#),
        ("authz/undefined", "{}"),
        ("other/nested/rule", r#"{"result":7}"#),
    ]))
    .expect("a policy")
}

#[track_caller]
fn check(path: &str, expected: Option<&str>) {
    let decision = decide(&example(), path, None).expect("a decision");
    assert_eq!((decision.result.as_deref(), decision.error), (expected, None));
}

#[test]
fn an_entrypoint_gives_its_result() {
    check("authz/allow", Some("true"));
    check("/authz/allow/", Some("true"));
    check("authz/undefined", None);
}

#[test]
fn beyond_an_entrypoint_is_a_part_of_its_result() {
    check("authz/user/name", Some(r#""ada""#));
    check("authz/user/roles/1", Some(r#""dev""#));
    check("authz/user/email", None);
    check("authz/allow/x", None);
    check("authz/undefined/x", None);
}

#[test]
fn above_entrypoints_is_the_object_of_them() {
    check("other", Some(r#"{"nested":{"rule":7}}"#));
    check("authz", Some(r#"{"allow":true,"user":{"name":"ada","roles":["admin","dev"]}}"#));
    check(
        "",
        Some(concat!(
            r#"{"authz":{"allow":true,"user":{"name":"ada","roles":["admin","dev"]}},"#,
            r#""other":{"nested":{"rule":7}}}"#
        )),
    );
}

#[test]
fn a_path_that_leads_nowhere_is_an_error() {
    for path in ["authz/alow", "auth", "other/rule"] {
        let error = decide(&example(), path, None).expect_err("no such path");
        assert!(matches!(&error, DecideError::UnknownPath(found) if found == path), "{error:?}");
    }
}

#[test]
fn the_input_is_passed_on_and_may_be_absent() {
    let policy = load(&echo()).expect("a policy");
    let result = |input| decide(&policy, "echo", input).expect("a decision").result;
    assert_eq!(result(Some(r#"{"result":"é"}"#)).as_deref(), Some(r#""é""#));
    assert_eq!(result(None), None);
}

#[test]
fn only_true_allows() {
    for document in [
        r#"{"result":false}"#,
        r#"{"result":"true"}"#,
        r#"{"result":1}"#,
        r#"{"result":[true]}"#,
        r#"{"result":{"allow":true}}"#,
        r#"{"result":null}"#,
        "{}",
        r#"{"error":{"code":"eval_conflict_error","message":"two values"}}"#,
    ] {
        let policy = load(&constants(&[("a/b", document)])).expect("a policy");
        assert!(!decide(&policy, "a/b", None).expect("a decision").is_allowed(), "{document}");
    }
    assert!(decide(&example(), "authz/allow", None).expect("a decision").is_allowed());
}

#[test]
fn an_error_below_is_the_error_of_the_package() {
    let policy = load(&constants(&[
        ("a/x", r#"{"result":true}"#),
        ("a/y", r#"{"error":{"code":"eval_conflict_error","message":"two values"}}"#),
    ]))
    .expect("a policy");
    let decision = decide(&policy, "a", None).expect("a decision");
    assert_eq!(decision.result, None);
    assert_eq!(decision.error.map(|error| error.message).as_deref(), Some("two values"));
}

#[test]
fn rules_of_several_entrypoints_are_named_once() {
    let rule = |row: u32| format!(r#"{{"path":"data.a","file":"a.rego","row":{row}}}"#);
    let policy = load(&constants(&[
        ("a/x", &format!(r#"{{"result":1,"rules":[{},{}]}}"#, rule(1), rule(2))),
        ("a/y", &format!(r#"{{"result":2,"rules":[{}]}}"#, rule(2))),
    ]))
    .expect("a policy");
    let rows = |path| {
        let rules = decide(&policy, path, None).expect("a decision").rules.expect("rules");
        rules.iter().map(|rule| rule.row).collect::<Vec<_>>()
    };
    assert_eq!(rows("a"), [1, 2]);
    assert_eq!(rows("a/y"), [2]);
}

#[test]
fn a_trap_is_not_a_decision() {
    let policy =
        load(&palisade(r#"(func (export "a/b") (param i32 i32) (result i64) unreachable)"#))
            .expect("a policy");
    for path in ["a/b", "a/b/c", "a", ""] {
        let error = decide(&policy, path, None).expect_err("a trap");
        assert!(matches!(error, DecideError::Evaluation(EvalError::Trap(_))), "{path}: {error:?}");
    }
}

#[test]
fn base_data_is_answered_where_no_entrypoint_is() {
    let data =
        r#"{"roles": {"ada": ["admin"]}, "authz": {"allow": 0, "limit": 1.50}, "top": null}"#;
    let policy = load_with_data(&constants(&[("authz/allow", r#"{"result":true}"#)]), data);
    let result = |path| decide(&policy, path, None).expect("a decision").result.expect("a result");
    assert_eq!(result("authz/allow"), "true");
    assert_eq!(result("authz/limit"), "1.50");
    assert_eq!(result("authz"), r#"{"allow":true,"limit":1.50}"#);
    assert_eq!(result("roles/ada/0"), r#""admin""#);
    assert_eq!(result("top"), "null");
    let whole = r#"{"authz":{"allow":true,"limit":1.50},"roles":{"ada":["admin"]},"top":null}"#;
    assert_eq!(result(""), whole);
    let error = decide(&policy, "roles/bob", None).expect_err("nothing");
    assert!(matches!(error, DecideError::UnknownPath(_)), "{error:?}");
}

#[test]
fn base_data_is_no_larger_than_an_answer_may_be() {
    let data = format!(r#"{{"big": "{}", "small": 1}}"#, "x".repeat(OUTPUT_BYTES_MAX));
    let policy = load_with_data(&constants(&[("a/b", r#"{"result":true}"#)]), &data);
    for path in ["big", ""] {
        let error = decide(&policy, path, None).expect_err("too large");
        let is_bound = matches!(error, DecideError::Evaluation(EvalError::OutputTooLarge { .. }));
        assert!(is_bound, "{path}");
    }
    assert_eq!(decide(&policy, "small", None).expect("a decision").result.as_deref(), Some("1"));
}
