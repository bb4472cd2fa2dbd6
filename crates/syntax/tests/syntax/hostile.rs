//! Texts made to break the parser: deep, wide, cut off. None may panic, overflow the stack or take long.

use palisade_diag::{Files, Format, render};
use palisade_syntax::limits::Depth;
use palisade_syntax::syntax::{ParseOptions, parse_module, parse_query, parse_statements};

/// Parses and renders, and gives the messages.
fn messages(text: &str) -> Vec<String> {
    let mut files = Files::new();
    let file = files.add("test.rego", text);
    let parse = parse_module(&files, file, &ParseOptions::default());
    for format in [Format::Pretty { color: true }, Format::Json, Format::Sarif, Format::Github] {
        render(format, &files, &parse.diagnostics);
    }
    parse.diagnostics.into_iter().map(|it| it.message).collect()
}

fn rule(value: &str) -> String {
    format!("package p\nx := {value}\n")
}

fn is_too_deep(value: &str) {
    let messages = messages(&rule(value));
    assert_eq!(
        messages.first().map(String::as_str),
        Some("max recursion depth exceeded"),
        "{messages:?}"
    );
}

#[test]
fn deep_nesting_is_refused() {
    let deep = 100_000;
    is_too_deep(&("[".repeat(deep) + &"]".repeat(deep)));
    is_too_deep(&("{".repeat(deep) + &"}".repeat(deep)));
    is_too_deep(&("(".repeat(deep) + "1" + &")".repeat(deep)));
    is_too_deep(&"{1:".repeat(deep));
    is_too_deep(&"{x|".repeat(deep));
    is_too_deep(&"f(".repeat(deep));
    is_too_deep(&"a[".repeat(deep));
    is_too_deep(&"$\"{".repeat(deep));
    is_too_deep(&("1".to_owned() + &" + 1".repeat(deep)));
    is_too_deep(&("x".to_owned() + &" in xs".repeat(deep)));
    assert_eq!(
        messages(&format!("package p\nx if y{}", " else := 1 if z".repeat(deep)))
            .first()
            .map(String::as_str),
        Some("max recursion depth exceeded")
    );
    let nots = format!("package p\nimport future.keywords.not\nx if {}", "not {".repeat(deep));
    assert_eq!(messages(&nots).first().map(String::as_str), Some("max recursion depth exceeded"));
}

#[test]
fn ordinary_nesting_is_accepted() {
    let deep = 500;
    assert_eq!(messages(&rule(&("[".repeat(deep) + &"]".repeat(deep)))), [""; 0]);
    assert_eq!(messages(&rule(&("abs(".repeat(deep) + "1" + &")".repeat(deep)))), [""; 0]);
    // Chains are no nesting: they may be longer.
    assert_eq!(messages(&rule(&("1".to_owned() + &" + 1".repeat(1_000)))), [""; 0]);
    assert_eq!(messages(&rule(&("{1}".to_owned() + &" | {1}".repeat(1_000)))), [""; 0]);
    assert_eq!(messages(&format!("package p\nx if y{}", " else := 1 if z".repeat(1_000))), [""; 0]);
    assert_eq!(messages(&rule(&format!("[{}]", "1, ".repeat(100_000)))), [""; 0]);
    assert_eq!(messages(&rule(&format!("[{}]", "1 + 2 + 3, ".repeat(10_000)))), [""; 0]);
}

#[test]
fn callers_set_the_limit() {
    let options =
        ParseOptions { depth: Depth { nesting: 10, height: 20 }, ..ParseOptions::default() };
    let is_read = |value: &str| {
        let mut files = Files::new();
        let file = files.add("test.rego", rule(value));
        parse_module(&files, file, &options).diagnostics.is_empty()
    };
    let nested = |deep| "[".repeat(deep) + &"]".repeat(deep);
    assert_eq!([8, 12].map(|deep| is_read(&nested(deep))), [true, false]);
    assert_eq!(
        [15, 25].map(|high| is_read(&("1".to_owned() + &" + 1".repeat(high)))),
        [true, false]
    );
}

#[test]
fn callers_set_how_long_a_text_may_be() {
    let texts = [
        "package p\nx := [1, 2]",
        "package p\nx := [1, 2, 3]",
        "package p\n#\n#\n#\n#\n#\n#\n#\n#\n",
    ];
    let [fits, too_long, comments] = texts.map(|text| {
        let mut files = Files::new();
        let file = files.add("test.rego", text);
        let parse =
            parse_module(&files, file, &ParseOptions { tokens_max: 9, ..ParseOptions::default() });
        (parse.n_tokens, parse.diagnostics.into_iter().map(|it| it.message).collect::<Vec<_>>())
    });
    assert_eq!(fits, (10, vec![]));
    assert_eq!(too_long.1, ["the policy is too large"]);
    assert_eq!(comments.1, ["the policy is too large"]);
}

#[test]
fn blocks_of_metadata_may_be_mere_comments() {
    let mut files = Files::new();
    let file = files.add("test.rego", "package p\n# METADATA\n# title: [\nx := 1\n");
    let options = ParseOptions::default();
    assert_eq!(parse_module(&files, file, &options).diagnostics.len(), 1);
    let parse = parse_statements(&files, file, &options);
    assert!(parse.diagnostics.is_empty() && parse.tree.annotations.is_empty());
    assert_eq!(parse.tree.comments.len(), 2);
}

#[test]
fn trials_within_trials_take_no_exponential_time() {
    let deep = 500;
    for opening in
        ["{x | ", "[x | ", "{k: x | ", "[x | y := ", "[x | some z in ", "{x | (", "[x | a, b in "]
    {
        messages(&rule(&opening.repeat(deep)));
        messages(&rule(&(opening.repeat(deep) + "1" + &", 1}".repeat(deep))));
        messages(&rule(&(opening.repeat(deep) + "1" + &", 1]".repeat(deep))));
        messages(&rule(&(opening.repeat(deep) + "1" + &")}".repeat(deep))));
        messages(&format!("package p\nx if {}", opening.repeat(deep)));
    }
}

#[test]
fn any_cut_of_a_policy_is_survived() {
    let policy = "package a.b[\"c\"]\nimport data.x as y\n# METADATA\n# title: t\ndefault p(_) := {\"a\": [1, -2.5e3]}\n\
        p(x) := y if { some k, v in x; not v.q[k] with input as {1 | true} } else := `r` if every z in x { z }\n\
        q[a].b contains $\"a\\u00e9{x}\\{b\" if { a := [{k: v | v = x[k]}, set(), (1 + 2) * 3 / 4 % 5 - 6 & 7 | 8] }\n";
    assert_eq!(messages(policy), [""; 0]);
    for end in (0..policy.len()).filter(|end| policy.is_char_boundary(*end)) {
        messages(&policy[..end]);
        messages(&policy[end..]);
        messages(&format!("{}){}", &policy[..end], &policy[end..]));
        messages(&format!("{}}}{}", &policy[..end], &policy[end..]));
        messages(&format!("{}{}", &policy[..end], policy.get(end + 1..).unwrap_or_default()));
    }
}

#[test]
fn strange_characters_are_survived() {
    for text in [
        "\0",
        "\u{feff}\u{feff}",
        "é",
        "\"\\u12",
        "`",
        "$",
        "$\"{",
        "#\r",
        "\r\n",
        "\u{2028}",
        "0x",
        "1e",
        "..",
        "}",
    ] {
        assert!(!messages(&format!("package p\nx := {text}")).is_empty(), "{text:?}");
        messages(text);
        let mut files = Files::new();
        let file = files.add("query", text);
        parse_query(&files, file, &ParseOptions::default());
    }
}
