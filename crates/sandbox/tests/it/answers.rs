//! What is taken for a decision, of every shape of module, and what is not.

use palisade_sandbox::{Call, EvalError, LoadOptions, Malformed};

use crate::wat::{ask, ask_with, constant, custom, echo, load, load_with, palisade};

#[track_caller]
fn check(text: &str, document: &str, result: Option<&str>) {
    let module = load(text).expect("a module that loads");
    for _ in 0..3 {
        let output = ask(&module, "{}").expect("a decision");
        assert_eq!((output.document(), output.result()), (document, result));
    }
}

#[track_caller]
fn check_malformed(text: &str) -> Malformed {
    let module = load(text).expect("a module that loads");
    match ask(&module, "{}") {
        Err(EvalError::Malformed(malformed)) => malformed,
        other => panic!("expected a malformed answer, found {other:?}"),
    }
}

#[test]
fn decision_documents_of_palisade_modules() {
    check(&constant(r#"{"result":true}"#), r#"{"result":true}"#, Some("true"));
    check(
        &constant(r#"{"result":{"b":[1.0]}}"#),
        r#"{"result":{"b":[1.0]}}"#,
        Some(r#"{"b":[1.0]}"#),
    );
    check(&constant("{}"), "{}", None);

    let module = load(&constant(
        r#"{"error":{"code":"eval_conflict_error","message":"two values","location":{"file":"a.rego","row":3,"col":1}}}"#,
    ))
    .expect("a module that loads");
    let output = ask(&module, "{}").expect("a document");
    assert_eq!(output.result(), None);
    assert_eq!(output.error().map(|error| error.message.as_str()), Some("two values"));
}

#[test]
fn rules_that_held_are_read() {
    let module = load(&constant(
        r#"{"result":true,"rules":[{"path":"data.authz.allow","file":"a.rego","row":3}]}"#,
    ))
    .expect("a module that loads");
    let output = ask(&module, "{}").expect("a decision");
    let rules = output.rules().expect("rules");
    assert_eq!((rules[0].path.as_str(), rules[0].row), ("data.authz.allow", 3));
}

#[test]
fn the_input_arrives_as_it_is() {
    let module = load(&echo()).expect("a module that loads");
    for input in [r#"{"result":"é"}"#, r#"{"result":[1,2]}"#, "{}"] {
        assert_eq!(ask(&module, input).expect("a decision").document(), input);
    }
}

#[test]
fn entrypoints_are_called_by_name() {
    let more = r#"(func (export "authz/deny") (param i32 i32) (result i64) (call $pack (i32.const 16) (i32.const 2)))"#;
    let module = load(&palisade("{}", "(call $pack (local.get $ptr) (local.get $len))", more))
        .expect("a module");
    let ask = |path: &str| {
        let entrypoint = module.entrypoint(path).expect("an entrypoint");
        let call = Call { entrypoint, input: br#"{"result":1}"#, ambient: None, deadline: None };
        module.evaluate(&call).expect("a decision").document().to_owned()
    };
    assert_eq!(ask("authz/allow"), r#"{"result":1}"#);
    assert_eq!(ask("authz/deny"), "{}");
    assert_eq!(ask("authz/allow"), r#"{"result":1}"#);
}

#[test]
fn custom_engines_answer_in_three_ways() {
    let document = r#"{"result":7}"#;
    check(&custom("i64", document, "(i64.const 68719476748)"), document, Some("7"));
    check(&custom("i32 i32", document, "(i32.const 16) (i32.const 12)"), document, Some("7"));
    check(
        &custom("i32 i32", "false", "(i32.const 16) (i32.const 5)"),
        r#"{"result":false}"#,
        Some("false"),
    );
    check(&custom("i32", "", "(i32.const 1)"), r#"{"result":true}"#, Some("true"));
    check(&custom("i32", "", "(i32.const 0)"), r#"{"result":false}"#, Some("false"));
}

/// It says yes only to the first call of its life, and every decision is the first.
#[test]
fn custom_engines_remember_nothing() {
    check(
        &custom("i32", "", "(i32.eq (global.get $calls) (i32.const 1))"),
        r#"{"result":true}"#,
        Some("true"),
    );
}

/// Answers with the number of evaluations that the instance has made, as one digit.
fn counting() -> String {
    palisade(
        r#"{"result":0}"#,
        "(i32.store8 (i32.const 26) (i32.add (i32.load8_u (i32.const 26)) (i32.const 1)))
         (call $pack (i32.const 16) (i32.const 12))",
        "",
    )
}

#[test]
fn a_module_is_believed_to_forget_only_where_that_is_asked_for() {
    for (reuse, answers) in [(false, ["1", "1", "1"]), (true, ["1", "2", "3"])] {
        let options = LoadOptions { reuse, ..LoadOptions::default() };
        let module = load_with(&counting(), options).expect("a module that loads");
        for expected in answers {
            assert_eq!(ask(&module, "{}").expect("a decision").result(), Some(expected));
        }
    }
}

#[test]
fn a_place_outside_of_memory_is_malformed() {
    for (ptr, len) in [(65_536, 1), (65_535, 2), (u32::MAX, 1), (0x8000_0000, 16)] {
        let body = format!("(i64.const {})", (u64::from(ptr) << 32 | u64::from(len)).cast_signed());
        let malformed = check_malformed(&palisade("", &body, ""));
        assert!(
            matches!(malformed, Malformed::Place { ptr: p, len: l } if (p, l) == (ptr, len)),
            "{malformed}"
        );
    }
    check_malformed(&custom("i32 i32", "", "(i32.const -1) (i32.const 1)"));
    check_malformed(&custom("i64", "", "(i64.const -4294967295)"));
}

#[test]
fn a_place_without_a_document_is_malformed() {
    assert!(matches!(
        check_malformed(&palisade("", "(i64.const 0)", "")),
        Malformed::NotDecision(_)
    ));
}

#[test]
fn what_is_not_a_decision_document_is_malformed() {
    for document in
        ["true", "null", "[]", "{", r#"{"result":true,}"#, r#"{"allow":true}"#, r#"{"error":null}"#]
    {
        assert!(
            matches!(check_malformed(&constant(document)), Malformed::NotDecision(_)),
            "{document}"
        );
    }
    let text = palisade(
        "",
        "(i32.store8 (i32.const 16) (i32.const 255)) (call $pack (i32.const 16) (i32.const 1))",
        "",
    );
    assert!(matches!(check_malformed(&text), Malformed::NotUtf8));
    check_malformed(&custom("i32 i32", "yes", "(i32.const 16) (i32.const 3)"));
}

#[test]
fn a_boolean_is_zero_or_one() {
    for value in ["2", "-1"] {
        let malformed = check_malformed(&custom("i32", "", &format!("(i32.const {value})")));
        assert!(matches!(malformed, Malformed::NotBoolean(_)));
    }
}

#[test]
fn an_allocation_outside_of_memory_is_malformed() {
    for ptr in ["65530", "-1", "65536"] {
        let text = custom("i32", "", "(i32.const 1)")
            .replace("(i32.const 4096)", &format!("(i32.const {ptr})"));
        let module = load(&text).expect("a module that loads");
        let found = ask(&module, r#"{"input":1}"#);
        assert!(
            matches!(found, Err(EvalError::Malformed(Malformed::Allocation { .. }))),
            "{ptr}: {found:?}"
        );
    }
}

#[test]
fn ambient_facts_come_before_the_evaluation() {
    let text = palisade(
        r#"{"error":{"code":"ambient_malformed","message":"empty"}}"#,
        "(call $pack (global.get $facts) (global.get $facts_len))",
        r#"(global $facts (mut i32) (i32.const 16))
           (global $facts_len (mut i32) (i32.const 0))
           (func (export "ambient") (param $ptr i32) (param $len i32) (result i64)
             (if (i32.eqz (local.get $len)) (then (return (call $pack (i32.const 16) (i32.const 56)))))
             (global.set $facts (local.get $ptr))
             (global.set $facts_len (local.get $len))
             (i64.const 0))"#,
    );
    let module = load(&text).expect("a module that loads");
    let output = ask_with(&module, "{}", Some(r#"{"result":5}"#)).expect("a decision");
    assert_eq!(output.result(), Some("5"));
    let refusal = ask_with(&module, "{}", Some("")).expect_err("a refusal");
    assert!(
        matches!(&refusal, EvalError::Refused { call: "ambient", error } if error.message == "empty"),
        "{refusal:?}"
    );
    // A module without `ambient` needs no facts.
    let module = load(&constant("{}")).expect("a module that loads");
    assert_eq!(ask_with(&module, "{}", Some("{}")).expect("a decision").document(), "{}");
}
