//! Templates and their links.

use palisade_cedar::checked::Scope;
use palisade_cedar::{Options, Source};

use crate::support::{problems, set_with, uid};

const TEMPLATES: &str = r#"permit(principal == ?principal, action, resource in ?resource) when { context.a };
@id("named") @note("n")
forbid(principal is U in ?principal, action, resource);
permit(principal, action, resource) when { context.a };"#;

fn links(text: &str) -> Options {
    Options { links: vec![Source::new("links.json", text)], ..Options::default() }
}

#[test]
fn links_become_policies_that_share_their_condition() {
    let options = links(
        r#"[
        {"template_id": "policy0", "link_id": "a",
         "args": {"?principal": "U::\"u\"", "?resource": {"type": "R", "id": "r"}}},
        {"template_id": "policy0", "new_id": "b",
         "args": {"?principal": "N::U::\"v\"", "?resource": "R::\"s\""}},
        {"template_id": "policy1", "link_id": "c", "args": {"?principal": "G::\"g\""}}
        ]"#,
    );
    let set = set_with(TEMPLATES, &options);
    let found: Vec<_> = set
        .policies
        .iter()
        .map(|it| (it.id.as_str(), it.condition, it.file.as_str(), it.row))
        .collect();
    assert_eq!(
        found,
        [
            ("policy2", Some(0), "policy.cedar", 4),
            ("a", Some(0), "links.json", 2),
            ("b", Some(0), "links.json", 4),
            ("c", None, "links.json", 6),
        ]
    );
    assert_eq!(set.policies[1].principal, Scope::Eq(uid("U", "u")));
    assert_eq!(set.policies[1].resource, Scope::In(uid("R", "r")));
    assert_eq!(set.policies[2].principal, Scope::Eq(uid("N::U", "v")));
    assert_eq!(set.policies[3].principal, Scope::IsIn("U".to_owned(), uid("G", "g")));
    assert_eq!(set.policies[3].annotations["note"], "n");
}

#[test]
fn templates_without_links_decide_nothing() {
    let set = set_with(TEMPLATES, &Options::default());
    assert_eq!(set.policies.len(), 1);
}

#[test]
fn links_see_the_names_that_annotations_give() {
    let options = Options {
        ids_from_annotations: true,
        ..links(r#"[{"template_id": "named", "link_id": "l", "args": {"?principal": "G::\"g\""}}]"#)
    };
    assert_eq!(set_with(TEMPLATES, &options).policies[1].id, "l");
}

fn problem(link: &str) -> (String, String) {
    let sources = [Source::new("policy.cedar", TEMPLATES)];
    let mut problems = problems(&sources, &links(&format!("[\n{link}]")));
    assert_eq!(problems.len(), 1, "{problems:?}");
    let (code, place, message) = problems.remove(0);
    assert_eq!(place, "links.json:2:1");
    (code.to_owned(), message)
}

#[test]
fn bad_links_are_errors() {
    for (link, code, expected) in [
        (
            r#"{"template_id": "no", "link_id": "l", "args": {}}"#,
            "cedar-link",
            "unable to link template: failed to find a template with id `no`",
        ),
        (
            r#"{"template_id": "policy2", "link_id": "l", "args": {}}"#,
            "cedar-link",
            "expected a template, but a static policy was provided",
        ),
        (
            r#"{"template_id": "policy1", "link_id": "l", "args": {}}"#,
            "cedar-link",
            "unable to link template: the following slots were not provided as arguments: ?principal",
        ),
        (
            r#"{"template_id": "policy1", "link_id": "l",
                "args": {"?principal": "G::\"g\"", "?resource": "G::\"g\""}}"#,
            "cedar-link",
            "unable to link template: the following slots were provided as arguments, but did not \
             exist in the template: ?resource",
        ),
        (
            r#"{"template_id": "policy1", "link_id": "l", "args": {"?action": "G::\"g\""}}"#,
            "cedar-link",
            "there is no slot `?action`; there are `?principal` and `?resource`",
        ),
        (
            r#"{"template_id": "policy1", "link_id": "l", "args": {"?principal": "g"}}"#,
            "cedar-link",
            "`g` does not name an entity",
        ),
        (
            r#"{"template_id": "policy1", "link_id": "policy2", "args": {"?principal": "G::\"g\""}}"#,
            "cedar-duplicate-policy",
            "there already is a policy or template `policy2`",
        ),
        (r#"{"template_id": "policy1", "args": {}}"#, "cedar-link", "missing field `link_id`"),
    ] {
        assert_eq!(problem(link), (code.to_owned(), expected.to_owned()), "{link}");
    }
}

#[test]
fn links_of_broken_policies_are_not_said_to_be_wrong() {
    let sources = [Source::new("policy.cedar", "permit(principal == ?principal, action);")];
    let options = links(r#"[{"template_id": "policy0", "link_id": "l", "args": {}}]"#);
    let found = problems(&sources, &options);
    assert!(found.iter().all(|(code, ..)| *code == "cedar-parse"), "{found:?}");
}
