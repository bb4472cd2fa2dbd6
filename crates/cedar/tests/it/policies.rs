//! Heads of policies, names and places.

use palisade_cedar::checked::{ActionScope, Effect, Scope};
use palisade_cedar::{Options, Source, analyse};

use crate::support::{problems, set, set_with, uid};

#[test]
fn scopes() {
    let any = "principal, action, resource";
    for (head, principal) in [
        (any, Scope::Any),
        (r#"principal == U::"a", action, resource"#, Scope::Eq(uid("U", "a"))),
        (r#"principal in U::"a", action, resource"#, Scope::In(uid("U", "a"))),
        ("principal is N::U, action, resource", Scope::Is("N::U".to_owned())),
        (
            r#"principal is U in G::"g", action, resource"#,
            Scope::IsIn("U".to_owned(), uid("G", "g")),
        ),
    ] {
        assert_eq!(set(&format!("permit({head});")).policies[0].principal, principal);
        let head = head
            .replace("principal", "x")
            .replace("resource", "principal")
            .replace('x', "resource");
        let parts: Vec<&str> = head.split(", ").collect();
        let head = format!("{}, {}, {}", parts[2], parts[1], parts[0]);
        assert_eq!(set(&format!("permit({head});")).policies[0].resource, principal);
    }
    for (head, action) in [
        (any, ActionScope::Any),
        (r#"principal, action == Action::"a", resource"#, ActionScope::Eq(uid("Action", "a"))),
        (
            r#"principal, action in N::Action::"a", resource"#,
            ActionScope::In(vec![uid("N::Action", "a")]),
        ),
        (
            r#"principal, action in [Action::"a", Action::"b"], resource"#,
            ActionScope::In(vec![uid("Action", "a"), uid("Action", "b")]),
        ),
        ("principal, action in [], resource", ActionScope::In(vec![])),
    ] {
        assert_eq!(set(&format!("permit({head});")).policies[0].action, action);
    }
}

#[test]
fn names_go_on_over_all_files() {
    let sources = [
        Source::new(
            "a.cedar",
            "permit(principal, action, resource);
// between
@note(\"two\")
@empty
forbid(principal, action, resource);",
        ),
        Source::new(
            "t.cedar",
            "permit(principal == ?principal, action, resource);
permit(principal, action, resource);",
        ),
        Source::new("empty.cedar", "// nothing"),
        Source::new(
            "c.json",
            r#"{"effect": "permit", "principal": {"op": "All"},
            "action": {"op": "All"}, "resource": {"op": "All"}, "conditions": []}"#,
        ),
    ];
    let set = analyse(&sources, &Options::default()).set;
    let found: Vec<_> =
        set.policies.iter().map(|it| (it.id.as_str(), it.file.as_str(), it.row)).collect();
    assert_eq!(
        found,
        [
            ("policy0", "a.cedar", 1),
            ("policy1", "a.cedar", 3),
            ("policy3", "t.cedar", 2),
            ("policy4", "c.json", 1),
        ]
    );
    assert_eq!(set.policies[1].effect, Effect::Forbid);
    let annotations: Vec<_> = set.policies[1].annotations.iter().collect();
    let (note, two, empty, nothing) =
        ("note".to_owned(), "two".to_owned(), "empty".to_owned(), String::new());
    assert_eq!(annotations, [(&empty, &nothing), (&note, &two)]);
}

#[test]
fn there_may_be_more_than_ten_policies() {
    let set = set(&"permit(principal, action, resource);\n".repeat(12));
    let found: Vec<_> = set.policies.iter().map(|it| (it.id.as_str(), it.row)).collect();
    assert_eq!(found[2], ("policy2", 3));
    assert_eq!(found[10], ("policy10", 11));
}

#[test]
fn annotations_name_policies_where_that_is_asked_for() {
    let text = r#"@id("first") permit(principal, action, resource);
        permit(principal, action, resource);"#;
    let ids = |options: &Options| -> Vec<String> {
        set_with(text, options).policies.into_iter().map(|it| it.id).collect()
    };
    assert_eq!(ids(&Options::default()), ["policy0", "policy1"]);
    let options = Options { ids_from_annotations: true, ..Options::default() };
    assert_eq!(ids(&options), ["first", "policy1"]);
}

#[test]
fn two_policies_of_one_name_are_an_error() {
    let text = "@id(\"a\") permit(principal, action, resource);\n".repeat(2);
    let sources = [Source::new("a.cedar", text)];
    let options = Options { ids_from_annotations: true, ..Options::default() };
    assert_eq!(problems(&sources, &Options::default()), []);
    assert_eq!(
        problems(&sources, &options),
        [(
            "cedar-duplicate-policy",
            "a.cedar:2:1".to_owned(),
            "there already is a policy or template `a`".to_owned()
        )]
    );
}

const POLICY_SET: &str = r#"{
"staticPolicies": {
    "z": {"effect": "forbid", "principal": {"op": "All"}, "action": {"op": "All"},
        "resource": {"op": "is", "entity_type": "Doc"},
        "conditions": [{"kind": "when", "body": {">": {"left": {"Value": 1}, "right": {"Value": 2}}}}]},
    "a": {"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"},
        "resource": {"op": "All"}, "conditions": []}
},
"templates": {
    "t": {"effect": "permit", "principal": {"op": "in", "slot": "?principal"}, "action": {"op": "All"},
        "resource": {"op": "is", "entity_type": "Doc", "in": {"slot": "?resource"}}, "conditions": [],
        "annotations": {"id": "named"}}
},
"templateLinks": [
    {"templateId": "t", "newId": "l", "values": {
        "?principal": {"type": "U", "id": "u"}, "?resource": {"__entity": {"type": "F", "id": "f"}}}}
]
}"#;

#[test]
fn a_policy_set_in_json_keeps_its_names() {
    for ids_from_annotations in [false, true] {
        let options = Options { ids_from_annotations, ..Options::default() };
        let sources = [
            Source::new("set.json", POLICY_SET),
            Source::new("a.cedar", "permit(principal, action, resource);"),
        ];
        let analysis = analyse(&sources, &options);
        assert!(!analysis.has_errors(), "{:#?}", analysis.diagnostics);
        let set = analysis.set;
        let found: Vec<_> = set.policies.iter().map(|it| (it.id.as_str(), it.row)).collect();
        assert_eq!(found, [("z", 3), ("a", 6), ("policy0", 1), ("l", 15)]);
        assert_eq!(set.policies[3].principal, Scope::In(uid("U", "u")));
        assert_eq!(set.policies[3].resource, Scope::IsIn("Doc".to_owned(), uid("F", "f")));
    }
}

#[test]
fn a_template_in_json() {
    let template = Source::new(
        "t.json",
        r#"{"effect": "permit", "principal": {"op": "==", "slot": "?principal"},
            "action": {"op": "All"}, "resource": {"op": "All"}, "conditions": []}"#,
    );
    let links = Source::new(
        "links.json",
        r#"[{"template_id": "policy0", "link_id": "l", "args": {"?principal": "U::\"u\""}}]"#,
    );
    let options = Options { links: vec![links], ..Options::default() };
    let set = analyse(&[template], &options).set;
    assert_eq!(set.policies[0].principal, Scope::Eq(uid("U", "u")));
}

#[test]
fn text_and_json_mean_the_same() {
    let text = r#"permit(principal, action, resource) when
        { context has a.b && -(5) >= -5 && principal is A in B::"x" && ip("1.1.1.1").isIpv4() &&
          "x" like "*\*" && context.getTag("a") != {a: [1]} && !(1 < 2) && context["if"] };"#;
    let source = Source::new("a.cedar", text);
    let json = palisade_cedar::to_json(std::slice::from_ref(&source)).unwrap();
    let of_json = analyse(&[Source::new("a.json", json)], &Options::default()).set;
    assert_eq!(of_json.conditions, set(text).conditions);
    assert_eq!(of_json.policies.len(), 1);
}
