//! Decisions by the official evaluator.

use palisade_cedar::oracle::{Oracle, OracleAnswer};
use palisade_cedar::{Options, Source};
use serde_json::{Value, json};

use crate::support::with_schema;

fn oracle(policies: &str, options: &Options) -> Oracle {
    match Oracle::new(&[Source::new("policy.cedar", policies)], options) {
        Ok(oracle) => oracle,
        Err(refusal) => panic!("{:#?}", refusal.diagnostics),
    }
}

fn request(more: Value) -> Value {
    let mut request = json!({
        "principal": "User::\"u\"",
        "action": {"type": "Action", "id": "a"},
        "resource": {"__entity": {"type": "Doc", "id": "d"}},
    });
    let members = more.as_object().unwrap().clone();
    request.as_object_mut().unwrap().extend(members);
    request
}

fn answer(is_allowed: bool, reasons: &[&str], errors: &[(&str, &str)]) -> OracleAnswer {
    OracleAnswer {
        is_allowed,
        reasons: reasons.iter().map(|it| (*it).to_owned()).collect(),
        errors: errors.iter().map(|(id, it)| ((*id).to_owned(), (*it).to_owned())).collect(),
    }
}

#[test]
fn decision_reasons_and_errors() {
    let oracle = oracle(
        r#"permit(principal, action, resource) when { context.n > 1 };
           permit(principal == User::"u", action, resource);
           forbid(principal, action, resource) when { context.n + 9223372036854775807 > 0 };"#,
        &Options::default(),
    );
    let overflow =
        "integer overflow while attempting to add the values `2` and `9223372036854775807`";
    let expected = answer(true, &["policy0", "policy1"], &[("policy2", overflow)]);
    assert_eq!(oracle.decide(&request(json!({"context": {"n": 2}}))).unwrap(), expected);
    let expected = answer(false, &["policy2"], &[]);
    assert_eq!(oracle.decide(&request(json!({"context": {"n": 0}}))).unwrap(), expected);
}

#[test]
fn entities_of_the_request_replace_known_ones() {
    let known = r#"[
        {"uid": {"type": "User", "id": "u"}, "attrs": {"n": 1}, "parents": [{"type": "G", "id": "g"}]},
        {"uid": {"type": "G", "id": "g"}, "attrs": {}, "parents": [{"type": "G", "id": "top"}]}]"#;
    let options = Options { entities: Some(Source::new("e.json", known)), ..Options::default() };
    let oracle = oracle(
        r#"permit(principal in G::"top", action, resource) when { principal.n == 1 };"#,
        &options,
    );
    let allows = |more: Value| oracle.decide(&request(more)).unwrap().is_allowed;
    assert!(allows(json!({})));
    assert!(allows(json!({"entities": []})));
    let user = |n: i64, group: &str| json!({"uid": {"type": "User", "id": "u"}, "attrs": {"n": n}, "parents": [{"type": "G", "id": group}]});
    assert!(allows(json!({"entities": [user(1, "g")]})));
    assert!(!allows(json!({"entities": [user(2, "g")]})));
    assert!(!allows(json!({"entities": [user(1, "other")]})));
    let group = json!({"uid": {"type": "G", "id": "g"}, "attrs": {}, "parents": []});
    assert!(!allows(json!({"entities": [group]})));
    assert!(oracle.decide(&request(json!({"entities": [user(1, "g"), user(2, "g")]}))).is_err());
}

#[test]
fn requests_are_held_against_the_schema() {
    let schema = "entity User, Doc; action a appliesTo { principal: User, resource: Doc, context: { ip?: ipaddr } };";
    let oracle = oracle(
        r#"permit(principal, action, resource) when { context has ip && context.ip.isLoopback() };
           permit(principal, action == Action::"b", resource);"#,
        &Options { validation: palisade_cedar::Validation::Off, ..with_schema(schema) },
    );
    assert!(!oracle.decide(&request(json!({}))).unwrap().is_allowed);
    assert!(oracle.decide(&request(json!({"context": {"ip": "127.0.0.1"}}))).unwrap().is_allowed);
    assert!(oracle.decide(&request(json!({"context": {"x": 1}}))).is_err());
    assert!(oracle.decide(&request(json!({"principal": "Doc::\"d\""}))).is_err());
    let other = request(json!({"principal": "Doc::\"d\""}));
    assert!(!oracle.decide_unvalidated(&other).unwrap().is_allowed);
    let user = json!({"uid": {"type": "User", "id": "u"}, "attrs": {"x": 1}, "parents": []});
    assert!(oracle.decide(&request(json!({"entities": [user]}))).is_err());
}

#[test]
fn requests_of_another_form_are_errors() {
    let oracle = oracle("permit(principal, action, resource);", &Options::default());
    let error = |request: Value| oracle.decide(&request).unwrap_err();
    assert_eq!(error(json!(1)), "a request must be an object");
    assert_eq!(error(json!({"principal": "U::\"u\""})), "the request has no `action`");
    assert!(error(request(json!({"resource": 1}))).starts_with("`resource`: expected an entity"));
    assert_eq!(error(request(json!({"entities": {}}))), "`entities` must be a list");
    assert!(!error(request(json!({"context": []}))).is_empty());
    assert!(!error(request(json!({"context": {"a": null}}))).is_empty());
}

#[test]
fn broken_sources_are_refused() {
    let sources = [Source::new("policy.cedar", "permit(principal);")];
    let refusal = Oracle::new(&sources, &Options::default()).err().unwrap();
    assert_eq!(refusal.diagnostics[0].code.name, "cedar-parse");
    assert_eq!(refusal.files.iter().count(), 1);
}
