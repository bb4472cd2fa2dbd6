//! Broken policies.

use palisade_cedar::{Options, Source, analyse};

use crate::support::{codes, problems};

#[test]
fn all_errors_of_all_files_are_said() {
    let sources = [
        Source::new(
            "a.cedar",
            "permit(principal, action);\npermit(principal, action, resource) when { foo };",
        ),
        Source::new("b.cedar", "permit(principal, action, resource)"),
        Source::new("c.json", "{"),
        Source::new("d.cedar", "permit(principal, action, resource);"),
    ];
    let found = problems(&sources, &Options::default());
    let places: Vec<_> = found.iter().map(|(code, place, _)| (*code, place.as_str())).collect();
    assert_eq!(
        places,
        [
            ("cedar-parse", "a.cedar:1:25"),
            ("cedar-parse", "a.cedar:2:44"),
            ("cedar-parse", "b.cedar:1:36"),
            ("cedar-json", "c.json:1:1"),
        ]
    );
    assert_eq!(found[0].2, "this policy is missing the `resource` variable in the scope");
}

#[test]
fn help_and_labels_of_the_official_parser_are_kept() {
    let text = "permit(principal, action, resource) when { 1 = 2 };";
    let analysis = analyse(&[Source::new("a.cedar", text)], &Options::default());
    let diagnostic = &analysis.diagnostics[0];
    assert_eq!(diagnostic.message, "'=' is not a valid operator in Cedar");
    assert_eq!(diagnostic.help.as_deref(), Some("try using '==' instead"));
    assert_eq!(analysis.files.slice(diagnostic.span().unwrap()), "1 = 2");
    assert!(analysis.set.policies.is_empty());
}

#[test]
fn what_is_not_of_the_language_is_refused() {
    for text in [
        "permit(principal, action, resource) when { foo(1) };",
        "permit(principal, action, resource) when { principal.foo(1) };",
        "permit(principal, action, resource) when { ?principal == principal };",
        "permit(principal, action, resource) when { 9223372036854775808 };",
        "permit(principal, action, resource) when { \"\\q\" };",
        "permit(principal in [A::\"x\"], action, resource);",
        "permit(principal, action == User::\"x\", resource);",
        "@a(\"1\") @a(\"2\") permit(principal, action, resource);",
        "permit(principal, action, resource) when { {a: 1, a: 2} };",
        "permit(principal, action, resource) when { unknown(\"x\") };",
        "allow(principal, action, resource);",
        "\u{0}",
        "\"",
        "é",
    ] {
        let found = codes(text, &Options::default());
        assert!(
            !found.is_empty() && found.iter().all(|(code, _)| *code == "cedar-parse"),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn broken_json_policies() {
    for (text, code) in [
        ("1", "cedar-json"),
        ("{}", "cedar-parse"),
        (r#"{"effect": "permit"}"#, "cedar-parse"),
        (
            r#"{"staticPolicies": {"a": {"effect": "allow"}}, "templates": {}, "templateLinks": []}"#,
            "cedar-parse",
        ),
        (
            r#"{"effect": "permit", "principal": {"op": "All"}, "action": {"op": "All"}, "resource": {"op": "All"},
            "conditions": [{"kind": "when", "body": {"foo": [{"Value": 1}]}}]}"#,
            "cedar-parse",
        ),
    ] {
        let found = problems(&[Source::new("a.json", text)], &Options::default());
        assert_eq!(found.first().map(|it| it.0), Some(code), "{text}: {found:?}");
    }
}
