//! Nesting and length never take more stack than there is.

use palisade_cedar::oracle::Oracle;
use palisade_cedar::{NESTING_MAX, OPERATORS_MAX, Options, Source, format, to_json};

use crate::support::{analysis, codes, set, with_schema};

fn policy(condition: &str) -> String {
    format!("permit(principal, action, resource) when {{ {condition} }};")
}

fn code(condition: &str) -> Option<&'static str> {
    codes(&policy(condition), &Options::default()).first().map(|(code, _)| *code)
}

#[test]
fn what_follows_a_comment_is_counted_however_its_line_ends() {
    for end in ["\n", "\r", "\r\n"] {
        let text = format!("// {{{end}{}true{}", "(".repeat(10_000), ")".repeat(10_000));
        assert_eq!(code(&text), Some("cedar-nesting-too-deep"), "{end:?}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("[", "1", "]"),
        ("{a:", "1", "}"),
        ("!(", "true", ")"),
        ("ip(", "\"\"", ")"),
        ("[].contains(", "1", ")"),
        ("if true then true else ", "true", ""),
        ("if ", "true", " then true else true"),
    ] {
        let nested = |n: usize| format!("{}{middle}{}", open.repeat(n), close.repeat(n));
        assert_eq!(code(&nested(10_000)), Some("cedar-nesting-too-deep"), "{open}");
        assert_eq!(code(&nested(100)), None, "{open}");
    }
}

#[test]
fn nesting_up_to_the_limit_is_read_on_any_stack() {
    // Two levels are the brackets around the condition and the last argument.
    let n = NESTING_MAX as usize - 2;
    let nested = policy(&format!("{}1{}", "[].contains(".repeat(n), ")".repeat(n)));
    assert_eq!(set(&nested).conditions.len(), 1);
}

#[test]
fn long_chains_of_and_and_or_stay_low() {
    for op in [" && ", " || "] {
        let chain = vec!["context.a"; 5_000].join(op);
        assert_eq!(code(&chain), None);
    }
}

#[test]
fn other_chains_are_as_high_as_they_are_long() {
    for op in [" + 1", ".a", "[\"a\"]"] {
        let chain = |n: usize| format!("context{}", op.repeat(n));
        assert_eq!(code(&chain(NESTING_MAX as usize - 1)), None, "{op}");
        assert_eq!(code(&chain(NESTING_MAX as usize)), Some("cedar-nesting-too-deep"), "{op}");
    }
}

#[test]
fn endless_chains_are_refused() {
    for op in [" && true", " + 1", " * 1", ".a", "[\"a\"]"] {
        let chain = format!("true{}", op.repeat(300_000));
        let code = code(&chain);
        assert!(matches!(code, Some("cedar-too-many-operators")), "{op}: {code:?}");
    }
}

#[test]
fn the_longest_chains_crash_nothing() {
    for op in [" && context.a", " + 1", " * 1", ".a", "[\"a\"]"] {
        let n = OPERATORS_MAX as usize / op.matches(['.', '&', '+', '*', '[']).count();
        let text = policy(&format!("context.a{}", op.repeat(n - 1)));
        let source = Source::new("a.cedar", text.as_str());
        analysis(
            &text,
            &with_schema("entity U; action a appliesTo { principal: U, resource: U };"),
        );
        to_json(std::slice::from_ref(&source)).ok();
        let oracle = Oracle::new(&[source], &Options::default()).ok().unwrap();
        let request = serde_json::json!({
            "principal": "U::\"u\"", "action": "Action::\"a\"", "resource": "U::\"u\"", "context": {"a": true},
        });
        oracle.decide(&request).unwrap();
        format(&policy(&format!("context.a{}", op.repeat(1_000)))).ok();
    }
}

#[test]
fn deep_schemas_are_refused() {
    let nested =
        format!("entity U = {{ a: {}Long{} }};", "Set<".repeat(10_000), ">".repeat(10_000));
    assert_eq!(codes("", &with_schema(&nested))[0].0, "cedar-nesting-too-deep");
    let nested = format!("entity U = {}a: Long{};", "{a: ".repeat(10_000), "}".repeat(10_000));
    assert_eq!(codes("", &with_schema(&nested))[0].0, "cedar-nesting-too-deep");
}
