//! `palisade capabilities`, and `--capabilities`.

use crate::support::{Workplace, authz};

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// The current capabilities with something changed.
fn changed(place: &Workplace, name: &str, change: impl FnOnce(&mut serde_json::Value)) {
    let mut capabilities = json(&place.ok(&["capabilities", "--current"]));
    change(&mut capabilities);
    place.write(name, &capabilities.to_string());
}

fn without(name: &str) -> impl FnOnce(&mut serde_json::Value) {
    move |it| it["builtins"].as_array_mut().expect("a list").retain(|it| it["name"] != name)
}

#[test]
fn capabilities_have_opas_shape() {
    let place = Workplace::new();
    let current = json(&place.ok(&["capabilities", "--current"]));
    let builtin = |name: &str| {
        let all = current["builtins"].as_array().expect("a list");
        all.iter().find(|it| it["name"] == name).cloned().unwrap_or_default()
    };
    assert_eq!(
        builtin("plus"),
        serde_json::json!({"name": "plus", "infix": "+", "decl": {"type": "function",
            "args": [{"type": "number"}, {"type": "number"}], "result": {"type": "number"}}})
    );
    let anything = serde_json::json!({"type": "any"});
    assert_eq!(
        builtin("walk"),
        serde_json::json!({"name": "walk", "relation": true, "decl": {"type": "function",
            "args": [anything],
            "result": {"type": "array",
                "static": [{"type": "array", "dynamic": anything}, anything]}}})
    );
    assert_eq!(builtin("print")["decl"]["variadic"], anything);
    let string = serde_json::json!({"type": "string"});
    assert_eq!(
        builtin("net.cidr_merge")["decl"]["args"][0]["of"],
        serde_json::json!([
            {"type": "array", "dynamic": {"type": "any", "of": [string]}},
            {"type": "set", "of": string}
        ])
    );
    let any_array = serde_json::json!({"type": "array", "dynamic": anything});
    assert_eq!(
        builtin("internal.test_case")["decl"],
        serde_json::json!({"type": "function", "args": [any_array]})
    );
    // It is known to OPA's own test cases only.
    assert_eq!(builtin("test.sleep"), serde_json::Value::Null);
    place.write("current.json", &current.to_string());
    assert_eq!(json(&place.ok(&["capabilities", "--file", "current.json"])), current);
    assert_eq!(builtin("time.now_ns")["nondeterministic"], true);
    assert_eq!(builtin("all")["deprecated"], true);
    assert_eq!(current["future_keywords"], serde_json::json!(["not"]));
    assert_eq!(
        current["features"],
        serde_json::json!(["keywords_in_refs", "rego_v1", "template_strings"])
    );
    let old = json(&place.ok(&["capabilities", "--current", "--v0-compatible"]));
    assert!(old["future_keywords"].as_array().is_some_and(|it| it.iter().any(|it| it == "if")));
}

#[test]
fn versions_and_files_are_printed() {
    let place = Workplace::new();
    let versions = place.ok(&["capabilities"]);
    assert!(versions.starts_with("v0.17.0\n") && versions.ends_with("v1.19.0\n"), "{versions}");
    let old = place.ok(&["capabilities", "--version", "v0.17.0"]);
    assert!(old.contains("\"http.send\"") && !old.contains("future_keywords"), "{old}");
    place.write("old.json", &old);
    assert_eq!(place.ok(&["capabilities", "--file", "old.json"]), old);
    place.fails(1, &["capabilities", "--version", "v9.9.9"], &["no capabilities version found"]);
    place.write("bad.json", "{\"future_keywords\": [\"perhaps\"]}");
    place.fails(
        1,
        &["capabilities", "--file", "bad.json"],
        &["illegal capabilities: unknown keyword: perhaps"],
    );
    place.write("worse.json", "{\"builtins\": [{\"name\": \"x\", \"decl\": {\"type\": \"any\"}}]}");
    place.fails(
        1,
        &["check", "--capabilities", "worse.json", "."],
        &["worse.json", "OPA's format"],
    );
    place.fails(1, &["check", "--capabilities", "nothing.json", "."], &["nothing.json"]);
}

#[test]
fn built_ins_that_are_missing_are_undefined() {
    let place = Workplace::new();
    authz(&place);
    place.write("p.rego", "package p\n\nx := upper(\"a\") if print(1)\n\ny := 1 + 2\n");
    changed(&place, "c.json", without("upper"));
    let check = ["check", "--capabilities", "c.json", "p.rego"];
    place.fails(1, &check, &["undefined function upper", "p.rego:3:6", "the capabilities"]);
    let build = ["build", "-e", "p/x", "--capabilities", "c.json", "p.rego"];
    place.fails(1, &build, &["undefined function upper"]);
    assert!(!place.exists("bundle.tar.gz"));
    place.fails(2, &["eval", "--capabilities", "c.json", "upper(\"a\")"], &["undefined function"]);
    changed(&place, "c.json", without("print"));
    place.fails(1, &check, &["undefined function print"]);
    changed(&place, "c.json", without("plus"));
    place.fails(1, &check, &["undefined function plus", "p.rego:5"]);
    changed(&place, "c.json", without("lower"));
    assert_eq!(place.ok(&check), "");
    place.ok(&["test", "--capabilities", "c.json", "p.rego"]);
    let deps = ["deps", "-d", "p.rego", "--capabilities", "c.json"];
    place.ok(&[&deps[..], &["data.p.x"]].concat());
    place.fails(1, &[&deps[..], &["lower(data.p.x)"]].concat(), &["undefined function lower"]);
}

#[test]
fn built_ins_of_other_hosts_can_be_checked_but_not_run() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nx := acme.lookup(input.id)\n");
    changed(&place, "c.json", |it| {
        let acme = serde_json::json!({"name": "acme.lookup", "decl": {"type": "function",
            "args": [{"type": "string"}], "result": {"type": "string"}}});
        it["builtins"].as_array_mut().expect("a list").push(acme);
    });
    assert_eq!(place.ok(&["check", "--capabilities", "c.json", "p.rego"]), "");
    place.write("q.rego", "package q\n\nx := acme.lookup(1)\n");
    place.fails(1, &["check", "--capabilities", "c.json", "q.rego"], &["acme.lookup: invalid"]);
    let build = ["build", "-e", "p/x", "--capabilities", "c.json", "p.rego"];
    place.fails(1, &build, &["undefined function acme.lookup"]);
}

#[test]
fn experimental_keywords_are_a_matter_of_capabilities() {
    let place = Workplace::new();
    place
        .write("p.rego", "package p\n\nimport future.keywords.or\n\nallow if input.a or input.b\n");
    place.write("input.json", "{\"b\": true}");
    place.fails(1, &["check", "p.rego"], &["unexpected keyword, must be one of"]);
    changed(&place, "c.json", |it| it["future_keywords"] = serde_json::json!(["and", "not", "or"]));
    for target in ["rego", "wasm"] {
        let eval =
            ["eval", "-t", target, "--capabilities", "c.json", "-d", "p.rego", "-i", "input.json"];
        let eval = [&eval[..], &["-f", "raw", "data.p.allow"]].concat();
        assert_eq!(place.ok(&eval), "true\n", "{target}");
    }
    place.ok(&["build", "-e", "p/allow", "--capabilities", "c.json", "p.rego"]);
    assert!(
        place.ok(&["fmt", "--capabilities", "c.json", "p.rego"]).contains("input.a or input.b")
    );
    place.fails(2, &["fmt", "p.rego"], &["unexpected keyword"]);
}

#[test]
fn parts_of_the_language_are_refused_where_they_are_missing() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nx := $\"a {input.b}\"\n");
    place.fails(
        1,
        &["check", "--capabilities", "v1.11.0", "p.rego"],
        &["template strings are not"],
    );
    place.ok(&["check", "--capabilities", "v1.12.0", "p.rego"]);
    place.write("p.rego", "package p\n\nx := input.if\n");
    let check = ["check", "--v1-compatible", "--capabilities", "v1.5.0", "p.rego"];
    place.fails(1, &check, &["unexpected if keyword"]);
    place.ok(&["check", "--capabilities", "v1.6.0", "p.rego"]);
    place.fails(
        1,
        &["check", "--v1-compatible", "--capabilities", "v0.60.0", "p.rego"],
        &["rego_v1 feature required"],
    );
    let old = |version: &str, text: &str| {
        place.write("p.rego", text);
        place.run(&["check", "--v0-compatible", "--capabilities", version, "p.rego"])
    };
    let imports = "package p\n\nimport rego.v1\n\nx if true\n";
    assert!(old("v0.58.0", imports).out.contains("`rego.v1` is not supported"));
    assert_eq!(old("v0.59.0", imports).code, 0);
    let dotted = "package p\n\na.b.c = 1\n";
    assert!(old("v0.45.0", dotted).out.contains("rule heads with refs are not supported: a.b.c"));
    assert_eq!(old("v0.46.0", dotted).code, 0);
    let general = "package p\n\na[x].b = 1 { x = \"k\" }\n";
    assert!(old("v0.58.0", general).out.contains("general refs (containing variables)"));
    assert_eq!(old("v0.59.0", general).code, 0);
    let every = "package p\n\nimport future.keywords.every\n\nx { every y in [1] { y } }\n";
    assert!(old("v0.37.0", every).out.contains("unexpected keyword, must be one of [in]"));
    assert_eq!(old("v0.38.0", every).code, 0);
    place.write("p.rego", "package p\n\nx = 1\n");
    let build = ["build", "--abi", "opa", "-e", "p/x", "--v0-compatible", "p.rego"];
    let with = |version| [&build[..], &["--capabilities", version]].concat();
    place.ok(&with("v0.26.0"));
    changed(&place, "c.json", |it| it["wasm_abi_versions"] = serde_json::json!([{"version": 2}]));
    place.fails(1, &with("c.json"), &["no Wasm ABI"]);
}
