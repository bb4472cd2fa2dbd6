//! `palisade check`.

use crate::support::Workplace;

fn broken() -> Workplace {
    let place = Workplace::new();
    place.write(
        "broken.rego",
        "package broken\n\nallow if x == 1\n\ndeny if count(1, 2, 3) > 0\n\nloop if loop\n",
    );
    place
}

#[test]
fn a_good_policy_is_silent() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nallow if input.x == 1\n");
    assert_eq!(place.ok(&["check", "p.rego"]), "");
}

#[test]
fn all_errors_come_in_one_run_with_their_place() {
    let ran = broken().run(&["check", "broken.rego"]);
    assert_eq!(ran.code, 1);
    for words in ["broken.rego:3:10", "allow if x == 1", "broken.rego:5:", "broken.rego:7:"] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
}

#[test]
fn a_file_that_cannot_be_read_hides_no_errors_of_others() {
    let place = Workplace::new();
    place
        .write("a.rego", "package a\n\np if { 1 + }\n\nq if ]\n")
        .write("b.rego", "package b\n\nr := upper(1)\n")
        .write("c.rego", "package c\n\nimport data.a\n\ns := a.f(1)\n");
    let ran = place.run(&["check", "."]);
    assert_eq!(ran.code, 1);
    for words in ["a.rego:3:", "a.rego:5:", "b.rego:3:"] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
    assert!(!ran.out.contains("c.rego"), "{}", ran.out);
}

#[test]
fn errors_are_data_too() {
    let ran = broken().run(&["check", "broken.rego", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let value: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let codes: Vec<&str> = value["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|it| it["code"].as_str())
        .collect();
    assert!(codes.contains(&"rego_unsafe_var_error"), "{codes:?}");
    assert!(codes.contains(&"rego_recursion_error"), "{codes:?}");
    assert!(codes.contains(&"rego_type_error"), "{codes:?}");
    let sarif = broken().run(&["check", "broken.rego", "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif.out).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let github = broken().run(&["check", "broken.rego", "--format", "github"]);
    assert!(github.out.starts_with("::error file=broken.rego,line=3"), "{}", github.out);
}

#[test]
fn old_syntax_is_told_and_can_be_refused() {
    let place = Workplace::new();
    place.write(
        "old.rego",
        "package old\n\nallow { input.x == 1 }\n\nnames[name] { name := input.names[_] }\n",
    );
    let told = place.ok(&["check", "old.rego"]);
    for words in ["warning", "old.rego:1:", "Rego v0", "--v0-compatible", "import rego.v1"] {
        assert!(told.contains(words), "{words} in {told}");
    }
    assert_eq!(place.ok(&["check", "--v0-compatible", "old.rego"]), "");
    place.fails(1, &["check", "--v1-compatible", "old.rego"], &["if", "contains"]);
    // A file that is neither is judged as v1.
    place.write("neither.rego", "package neither\n\nallow { input.x == 1 }\n\ndeny if input.y\n");
    place.fails(1, &["check", "neither.rego"], &["neither.rego:3:", "`if`"]);
}

#[test]
fn hostile_files_are_refused_clearly() {
    let place = Workplace::new();
    place.write(
        "deep.rego",
        &format!("package p\n\nx := {}1{}\n", "[".repeat(10_000), "]".repeat(10_000)),
    );
    place.write("nul.rego", "package p\n\nx := \"\0\"\n");
    std::fs::write(place.file("latin.rego"), b"package p\n\nx := \"\xff\"\n").expect("a file");
    for name in ["deep.rego", "nul.rego", "latin.rego"] {
        place.fails(1, &["check", name], &[name]);
    }
}

#[test]
fn strict_checks_are_asked_for() {
    let place = Workplace::new();
    place
        .write("p.rego", "package p\n\nimport data.unused\n\nallow if {\n\tx := 1\n\tinput.y\n}\n");
    place.ok(&["check", "p.rego"]);
    place.fails(1, &["check", "--strict", "p.rego"], &["p.rego:3:", "unused", "p.rego:6:"]);
    place.ok(&["eval", "-d", "p.rego", "data.p"]);
    place.fails(2, &["eval", "--strict", "-d", "p.rego", "data.p"], &["unused"]);
}

/// A policy that reads two fields of the input and a list of the data.
fn with_schemas() -> Workplace {
    let place = Workplace::new();
    place
        .write("p.rego", "package p\n\nok := input.user.name\n\nno := input.user.nmae\n")
        .write(
            "annotated.rego",
            "# METADATA\n# scope: package\n# schemas:\n#   - input: schema.input\n#   \
             - data.acl: schema.lists[\"acl-schema\"]\npackage q\n\nno := [input.usr, data.acl.x]\n",
        )
        .write(
            "schemas/input.json",
            r#"{"properties": {"user": {"properties": {"name": {"type": "string"}}}}}"#,
        )
        .write("schemas/lists/acl-schema.yaml", "type: object\nproperties:\n  acl: {type: array}\n");
    place
}

#[test]
fn a_schema_says_what_the_input_is_like() {
    let place = with_schemas();
    assert_eq!(place.ok(&["check", "p.rego"]), "");
    let ran = place.run(&["check", "--schema", "schemas/input.json", "p.rego"]);
    assert_eq!(ran.code, 1);
    for words in [
        "undefined ref: input.user.nmae",
        "have: \"nmae\"",
        "want (one of): [\"name\"]",
        "p.rego:5:7",
    ] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
}

#[test]
fn annotations_name_the_schemas_of_a_directory() {
    let place = with_schemas();
    assert_eq!(place.ok(&["check", "annotated.rego"]), "");
    let ran = place.run(&["check", "-s", "schemas", "annotated.rego", "p.rego"]);
    assert_eq!(ran.code, 1);
    for words in ["undefined ref: input.usr", "undefined ref: data.acl.x"] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
    assert!(!ran.out.contains("p.rego:5"), "nothing names a schema there: {}", ran.out);
}

#[test]
fn schemas_count_in_every_command_that_compiles() {
    let place = with_schemas();
    let schema = ["--schema", "schemas/input.json"];
    for command in [
        vec!["eval", "-d", "p.rego", "data.p.ok"],
        vec!["build", "-e", "p/ok", "p.rego"],
        vec!["test", "p.rego"],
        vec!["bench", "-d", "p.rego", "data.p.ok"],
    ] {
        let arguments: Vec<&str> = command.iter().copied().chain(schema).collect();
        let ran = place.run(&arguments);
        assert_ne!(ran.code, 0, "{command:?}");
        let all = ran.out + &ran.err;
        assert!(all.contains("undefined ref: input.user.nmae"), "{command:?}: {all}");
    }
}

#[test]
fn a_schema_that_cannot_be_read_is_named() {
    let place = with_schemas();
    place.write("bad.json", "{");
    let ran = place.run(&["check", "--schema", "bad.json", "p.rego"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("bad.json"), "{}", ran.err);
    let ran = place.run(&["check", "--schema", "missing.json", "p.rego"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("missing.json"), "{}", ran.err);
}

#[test]
fn a_very_long_path_is_an_error() {
    let place = Workplace::new();
    place.write("long.rego", &format!("package a{}\n\np := 1\n", ".b".repeat(50_000)));
    let ran = place.run(&["check", "long.rego"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("path has more than 1000 parts"), "{}", ran.out);
}

#[test]
fn errors_can_be_limited() {
    let place = broken();
    let check = |n: &str| place.run(&["check", "broken.rego", "--max-errors", n]);
    let one = check("1").out;
    assert!(one.contains("broken.rego:3:10") && one.contains("error limit reached"), "{one}");
    assert!(!one.contains("broken.rego:5:") && one.contains("2 more are not shown"), "{one}");
    assert_eq!(check("0").out, place.run(&["check", "broken.rego"]).out);
    assert_eq!(check("3").out, check("0").out);
    let json = place.run(&["check", "broken.rego", "-m", "2", "-f", "json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["errors"].as_array().map(Vec::len), Some(3));
    assert_eq!(json["errors"][0]["message"], "error limit reached");
}

#[test]
fn what_cannot_be_read_is_an_error_of_the_document() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nx := y\n");
    let ran = place.run(&["check", "-f", "json", "p.rego", "missing.rego"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    let found: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    let message =
        |at: usize| found["errors"][at]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message(0).contains("missing.rego"), "{found}");
    assert_eq!(message(1), "var y is unsafe");
    place.fails(1, &["check", "missing.rego"], &["error: cannot read `missing.rego`"]);
}

/// The name of an operator's built-in stands nowhere in the policy, so errors of its calls must give it.
#[test]
fn names_that_stand_in_for_an_operators_built_in_are_named() {
    let check = |policy: &str, words: &[&str]| {
        let place = Workplace::new();
        place.write("p.rego", policy);
        place.fails(1, &["check", "p.rego"], words);
    };
    check(
        "package p\n\nmul := 1.1 * 3\n",
        &["data.p.mul has arity 0", "`*` calls the built-in `mul`", "help: rename `mul`"],
    );
    check(
        "package p\n\nimport data.q.gt\n\nx if 2 > 1\n",
        &["data.q.gt", "`>` calls the built-in `gt`"],
    );
    check(
        "package p\n\nf(plus) := plus + 1\n",
        &["plus shadowed", "`+` calls", "help: rename `plus`"],
    );
    check("package p\n\neq := 1\n\nx if input.a = 1\n", &["data.p.eq", "`=` calls"]);
}
