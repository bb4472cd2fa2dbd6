//! `palisade eval`.

use crate::support::{Workplace, authz, signed_bundle};

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn results_have_opas_shape() {
    let place = Workplace::new();
    let expected = serde_json::json!({"result": [{"expressions": [
        {"value": 7, "text": "1 + 2 * 3", "location": {"row": 1, "col": 1}}
    ]}]});
    assert_eq!(json(&place.ok(&["eval", "1 + 2 * 3"])), expected);
    assert_eq!(json(&place.ok(&["eval", "-t", "wasm", "1 + 2 * 3"])), expected);
    assert_eq!(json(&place.ok(&["eval", "input.x"])), serde_json::json!({}));
}

#[test]
fn variables_are_bindings() {
    let place = Workplace::new();
    for target in ["rego", "wasm"] {
        let found = json(&place.ok(&["eval", "-t", target, "some x in [1, 2]; y := x * 10"]));
        let bindings: Vec<_> = found["result"]
            .as_array()
            .expect("results")
            .iter()
            .map(|it| it["bindings"].clone())
            .collect();
        let expected = [serde_json::json!({"x": 1, "y": 10}), serde_json::json!({"x": 2, "y": 20})];
        assert_eq!(bindings, expected, "{target}");
    }
}

#[test]
fn formats_for_people_and_scripts() {
    let place = Workplace::new();
    assert_eq!(place.ok(&["eval", "-f", "raw", "\"a\""]), "a\n");
    assert_eq!(place.ok(&["eval", "-f", "pretty", "\"a\""]), "\"a\"\n");
    assert_eq!(place.ok(&["eval", "-f", "pretty", "input.x"]), "undefined\n");
    assert_eq!(json(&place.ok(&["eval", "-f", "values", "{1, 2}"])), serde_json::json!([[1, 2]]));
    assert_eq!(
        json(&place.ok(&["eval", "-f", "bindings", "x := 1"])),
        serde_json::json!([{"x": 1}])
    );
}

#[test]
fn numbers_keep_every_digit() {
    let place = Workplace::new();
    place.write("input.json", "{\"n\": 123456789012345678901234567890.5, \"m\": 1.0}");
    for target in ["rego", "wasm"] {
        let text = place.ok(&["eval", "-t", target, "-i", "input.json", "-f", "raw", "input"]);
        assert_eq!(text, "{\"m\":1.0,\"n\":123456789012345678901234567890.5}\n", "{target}");
    }
}

#[test]
fn the_input_comes_from_a_file_or_a_pipe() {
    let place = Workplace::new();
    authz(&place);
    place.write("input.json", "{\"subject\": {\"role\": \"viewer\"}, \"action\": \"read\"}");
    let query = ["-d", "policy.rego", "-d", "data.json", "-f", "raw", "data.authz.allow"];
    for target in ["rego", "wasm"] {
        let file = [&["eval", "-t", target, "-i", "input.json"], &query[..]].concat();
        assert_eq!(place.ok(&file), "true\n");
        let pipe = [&["eval", "-t", target, "-I"], &query[..]].concat();
        assert_eq!(
            place.run_with_input(&pipe, "{\"subject\": {\"role\": \"admin\"}}").out,
            "true\n"
        );
        assert_eq!(place.run_with_input(&pipe, "{}").out, "false\n");
    }
    place.fails(1, &["eval", "-i", "missing.json", "true"], &["missing.json"]);
    let broken = place.run_with_input(&["eval", "-I", "input"], "{");
    assert_eq!((broken.code, broken.out.contains("not JSON")), (1, true), "{broken:?}");
}

#[test]
fn what_the_policy_prints_goes_to_standard_error() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nx if {\n\tprint(\"user\", input.user)\n\tinput.user\n}\n");
    place.write("input.json", "{\"user\": \"alice\"}");
    let ask = |target| {
        let arguments = ["eval", "-t", target, "-d", "p.rego", "-i", "input.json", "-f", "raw"];
        place.run(&[&arguments[..], &["data.p.x"]].concat())
    };
    let (rego, wasm) = (ask("rego"), ask("wasm"));
    assert_eq!((rego.out.as_str(), rego.err.as_str()), ("true\n", "user alice\n"));
    assert_eq!((wasm.out.as_str(), wasm.err.as_str()), ("true\n", "user alice\n"));
}

#[test]
fn exit_codes_tell_defined_from_undefined() {
    let place = Workplace::new();
    place.fails(1, &["eval", "--fail", "input.x"], &[]);
    place.ok(&["eval", "--fail", "true"]);
    place.fails(1, &["eval", "--fail-defined", "true"], &[]);
    place.ok(&["eval", "--fail-defined", "input.x"]);
    place.fails(2, &["eval", "x"], &["rego_unsafe_var_error"]);
}

#[test]
fn a_conflict_is_an_error_in_both_evaluators() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nx := 1 if input.a\n\nx := 2 if input.b\n");
    place.write("input.json", "{\"a\": true, \"b\": true}");
    for target in ["rego", "wasm"] {
        let arguments = ["eval", "-t", target, "-d", "p.rego", "-i", "input.json", "data.p.x"];
        place.fails(
            2,
            &arguments,
            &["eval_conflict_error", "complete rules must not produce multiple outputs"],
        );
    }
}

#[test]
fn a_bundle_is_asked_for_its_entrypoints() {
    let place = Workplace::new();
    signed_bundle(&place);
    place.write("input.json", "{\"subject\": {\"role\": \"admin\"}}");
    let ask = |query| {
        ["eval", "-t", "wasm", "-b", "bundle.tar.gz", "-i", "input.json", "-f", "raw", query]
    };
    assert_eq!(place.ok(&ask("data.authz.allow")), "true\n");
    place.fails(2, &ask("data.authz.deny"), &["data.authz.allow"]);
    let plain = ["eval", "-b", "bundle.tar.gz", "-i", "input.json", "-f", "raw"];
    assert_eq!(place.ok(&[&plain[..], &["data.authz.allow"]].concat()), "true\n");
    let rego = [&plain[..], &["-t", "rego", "data.authz.allow"]].concat();
    place.fails(2, &rego, &["no sources", "-t rego"]);
}

#[test]
fn a_bare_module_is_asked_like_a_bundle() {
    let place = Workplace::new();
    authz(&place);
    place.ok(&["build", "-e", "authz/allow", "policy.rego", "data.json", "-o", "policy.wasm"]);
    place.write("input.json", "{\"subject\": {\"role\": \"admin\"}}");
    let ask =
        |query| ["eval", "-t", "wasm", "-b", "policy.wasm", "-i", "input.json", "-f", "raw", query];
    assert_eq!(place.ok(&ask("data.authz.allow")), "true\n");
    assert_eq!(place.ok(&ask("data.authz[\"allow\"]")), "true\n");
    assert_eq!(place.ok(&ask("data.authz")), "{\"allow\":true}\n");
    // A bare module has no base data beside it.
    place.fails(2, &ask("data.grants"), &["no sources", "data.authz.allow"]);
    std::fs::write(place.file("other.wasm"), b"\0asm\x01\0\0\0").expect("a file");
    place.fails(1, &["eval", "-b", "other.wasm", "data.a"], &["other.wasm", "Palisade"]);
}

#[test]
fn documents_may_begin_with_a_byte_order_mark() {
    let place = Workplace::new();
    place
        .write("p.rego", "\u{feff}package p\n\nx := [data.a, data.b, input]\n")
        .write("a.json", "\u{feff}{\"a\": 1}")
        .write("b.yaml", "\u{feff}b: 2")
        .write("input.json", "\u{feff}3");
    let files = ["-d", "p.rego", "-d", "a.json", "-d", "b.yaml", "-i", "input.json"];
    for target in ["rego", "wasm"] {
        let ask = [&["eval", "-t", target, "-f", "raw"], &files[..], &["data.p.x"]].concat();
        assert_eq!(place.ok(&ask), "[1,2,3]\n", "{target}");
    }
}

#[test]
fn broken_documents_are_named_with_their_place() {
    let place = Workplace::new();
    place.write("a.json", "{\"a\": 1,\n \"b\": }").write("b.yaml", "a: 1\na: 2\n");
    for (flag, file, words) in [
        ("-d", "a.json", "`a.json`: not JSON: line 2, column 7:"),
        ("-i", "a.json", "`a.json`: not JSON: line 2, column 7:"),
        ("-d", "b.yaml", "`b.yaml`: not YAML: line 2, column 1: the key `a` is there twice"),
        ("-i", "b.yaml", "`b.yaml`: not YAML: line 2, column 1: the key `a` is there twice"),
        ("-d", "missing.json", "cannot read `missing.json`: No such file or directory\n"),
    ] {
        place.fails(1, &["eval", "-f", "raw", flag, file, "true"], &[words]);
    }
}

#[test]
fn memory_has_a_limit() {
    let place = Workplace::new();
    let query = "count([x | some x in numbers.range(1, 2000000)])";
    let ask = |mib| ["eval", "-t", "wasm", "--memory-mib", mib, query];
    place.fails(2, &ask("16"), &["more memory than the limit of 16777216 bytes"]);
}

#[test]
fn explanations_leave_out_what_held_because_of_an_error() {
    let place = Workplace::new();
    // The whole of `flagged` meets the conflict of tea, after which there is no price of milk; its part does not.
    place.write(
        "policy.rego",
        r#"package shop

price[item.name] := item.price if some item in input.items

flagged[k] := 1 if {
	k := "a"
	price.tea == 1
}

flagged[k] := 2 if {
	some k in ["b", "d"]
	alarm
}

alarm if not price.milk

alarm if input.x == 1

answer := flagged.d
"#,
    );
    place.write(
        "input.json",
        r#"{"x": 1, "items": [{"name": "tea", "price": 2}, {"name": "tea", "price": 3}, {"name": "milk", "price": 1}]}"#,
    );
    let arguments = ["eval", "-t", "wasm", "-d", "policy.rego", "-i", "input.json"];
    let arguments = arguments.into_iter().chain(["--explain", "full", "data.shop.answer"]);
    let found = json(&place.ok(&arguments.collect::<Vec<_>>()));
    let held = found["explanation"].as_array().expect("rules");
    let held_at = |row: u64| {
        held.contains(
            &serde_json::json!({"path": "data.shop.alarm", "file": "policy.rego", "row": row}),
        )
    };
    assert!(held_at(17) && !held_at(15), "{found}");
}

#[test]
fn explanations_name_the_rules() {
    let place = Workplace::new();
    authz(&place);
    place.write("input.json", "{\"subject\": {\"role\": \"admin\"}}");
    let ask = |target| {
        let arguments = [
            "eval",
            "-t",
            target,
            "-d",
            "policy.rego",
            "-i",
            "input.json",
            "--explain",
            "full",
            "data.authz.allow",
        ];
        place.ok(&arguments)
    };
    let found = json(&ask("wasm"));
    let held = serde_json::json!([{"path": "data.authz.allow", "file": "policy.rego", "row": 5}]);
    assert_eq!(found["explanation"], held);
    assert_eq!(found["result"][0]["expressions"][0]["value"], true);
    let found = json(&ask("rego"));
    let steps = found["explanation"].as_array().expect("steps");
    let said = |it: &serde_json::Value| {
        format!("{} {} {}", it["Op"], it["Location"]["row"], it["QueryID"]).replace('"', "")
    };
    assert_eq!(
        steps.iter().map(said).take(6).collect::<Vec<_>>(),
        ["Enter 1 0", "Eval 1 0", "Index 1 0", "Enter 5 1", "Eval 5 1", "Exit 5 1"]
    );
    assert_eq!(steps[2]["Message"], "(matched 2 rules, early exit)");
    assert_eq!(steps[2]["Ref"][1]["value"], "authz");
    assert_eq!(steps[3]["Node"]["head"]["name"], "allow");
    assert_eq!(steps[4]["Node"]["terms"][0]["value"][0]["value"], "equal");
}

#[test]
fn an_endless_query_is_stopped() {
    let place = Workplace::new();
    let query = "count([1 | some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); a == b + 1000000])";
    for target in ["rego", "wasm"] {
        place.fails(2, &["eval", "-t", target, "--timeout", "0.2", query], &["eval_cancel_error"]);
    }
}

#[test]
fn a_profile_counts_evaluations() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nx := [y |\n\tsome n in [1, 2, 3]\n\ty := n * 2\n]\n");
    let found = json(&place.ok(&["eval", "--profile", "-d", "p.rego", "data.p.x"]));
    assert_eq!(found["result"][0]["expressions"][0]["value"], serde_json::json!([2, 4, 6]));
    let entries = found["profile"].as_array().expect("a profile");
    let at_row = |row: u64| {
        let found = entries.iter().find(|it| it["location"]["row"] == row);
        found.unwrap_or_else(|| panic!("row {row} in {entries:?}"))
    };
    assert_eq!(at_row(5)["num_eval"], 3);
    assert_eq!(at_row(5)["location"]["file"], "p.rego");
    assert!(entries.iter().all(|it| it["total_time_ns"].as_u64().is_some()), "{entries:?}");
}

/// A module can't give the steps that a mode chooses from, and says so.
#[test]
fn modules_say_that_they_have_no_steps() {
    let place = Workplace::new();
    authz(&place);
    place.ok(&["build", "-e", "authz/allow", "policy.rego", "data.json", "-o", "b.tar.gz"]);
    for mode in ["full", "fails", "notes"] {
        let ask = ["eval", "-b", "b.tar.gz", "--explain", mode, "-f", "pretty", "data.authz.allow"];
        let ran = place.run(&ask);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (0, "policy.rego:3: data.authz.allow held\nfalse\n")
        );
        assert!(ran.err.contains("a compiled module has no steps"), "{mode}: {}", ran.err);
    }
    let ask =
        ["eval", "-d", "policy.rego", "--explain", "fails", "-f", "pretty", "data.authz.allow"];
    assert_eq!(place.run(&ask).err, "");
}

#[test]
fn what_keeps_an_evaluation_from_beginning_is_json_too() {
    let place = Workplace::new();
    place.write("bad.json", "{").write("bad.rego", "package p\n\nx := \n\ty := 1\n");
    for arguments in [
        &["eval", "-d", "missing.rego", "1"][..],
        &["eval", "-i", "missing.json", "1"],
        &["eval", "-b", "missing.tar.gz", "1"],
        &["eval", "-d", "bad.json", "1"],
        &["eval", "--partial", "-d", "missing.rego", "1"],
    ] {
        let ran = place.run(arguments);
        let message = json(&ran.out)["errors"][0]["message"].as_str().unwrap_or("").to_owned();
        let file = arguments.iter().find(|it| it.contains('.')).expect("a file");
        assert!(message.contains(file), "{arguments:?}: {ran:?}");
        assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{arguments:?}");
    }
    let raw = place.run(&["eval", "-f", "raw", "-d", "missing.rego", "1"]);
    assert_eq!((raw.code, raw.out.as_str()), (1, ""));
    assert!(raw.err.starts_with("error: cannot read `missing.rego`"), "{raw:?}");
    let found = json(&place.run(&["eval", "-d", "bad.rego", "1"]).out);
    assert_eq!(found["errors"][0]["details"], serde_json::json!({"line": "\ty := 1", "idx": 3}));
    let found = json(&place.run(&["eval", "nothing(1)"]).out);
    assert_eq!(found["errors"][0]["details"], serde_json::Value::Null);
}

#[test]
fn errors_of_built_ins_are_shown_where_asked_for() {
    let place = Workplace::new();
    place.write(
        "p.rego",
        "package p\n\na := 1 / 0\n\nb := to_number(\"x\")\n\nc if not json.unmarshal(\"{\")\n",
    );
    let ask = ["eval", "-d", "p.rego", "--show-builtin-errors", "data.p"];
    let found = json(&place.ok(&ask));
    let errors = found["errors"].as_array().expect("errors");
    let rows: Vec<_> = errors.iter().map(|it| it["location"]["row"].clone()).collect();
    assert_eq!(rows, [3, 5, 7]);
    assert_eq!(errors[0]["message"], "div: divide by zero");
    assert_eq!(errors[0]["code"], "eval_builtin_error");
    assert_eq!(found["result"][0]["expressions"][0]["value"], serde_json::json!({"c": true}));
    let raw = place.run(&[&ask[..], &["-f", "raw"]].concat());
    assert_eq!(raw.out, "{\"c\":true}\n");
    assert!(raw.err.contains("p.rego:5:6: eval_builtin_error: to_number"), "{}", raw.err);
    assert_eq!(
        json(&place.ok(&["eval", "-d", "p.rego", "data.p"]))["errors"],
        serde_json::Value::Null
    );
    place.fails(2, &[&ask[..], &["-t", "wasm"]].concat(), &["--show-builtin-errors"]);
}
