//! What bundles say of themselves, and what can be asked of them.

use crate::support::Workplace;

const POLICY: &str = "package p\n\ndefault allow := false\n\nallow if input.user in data.users\n\n\
                      reasons[\"listed\"] := {\"why\": {\"a b\": input.user}} if allow\n\n\
                      names contains user if some user in data.users\n";

fn policy() -> Workplace {
    let place = Workplace::new();
    place
        .write("p.rego", POLICY)
        .write("data.json", "{\"users\": [\"alice\", \"bob\"]}")
        .write("input.json", "{\"user\": \"alice\"}");
    place
}

fn ask<'a>(bundle: &'a str, query: &'a str) -> Vec<&'a str> {
    vec!["eval", "-t", "wasm", "-b", bundle, "-i", "input.json", "-f", "raw", query]
}

#[test]
fn a_module_answers_for_places_below_its_entrypoints() {
    let place = policy();
    place.ok(&["build", "-e", "p", "p.rego", "data.json", "-o", "b.tar.gz"]);
    place.ok(&["build", "-e", "p", "p.rego", "data.json", "-o", "p.wasm"]);
    for bundle in ["b.tar.gz", "p.wasm"] {
        for (query, expected) in [
            ("data.p.allow", "true\n"),
            ("data.p[\"allow\"]", "true\n"),
            ("data.p.reasons.listed.why[\"a b\"]", "alice\n"),
            ("data.p.reasons.missing.why", ""),
            ("data.p.allow.deeper", ""),
            ("data.p.names", "[\"alice\",\"bob\"]\n"),
        ] {
            assert_eq!(place.ok(&ask(bundle, query)), expected, "{bundle}: {query}");
        }
        for query in ["data.q", "data.p.allow == true", "x := data.p.allow", "data.p.names[_]", "1"]
        {
            place.fails(2, &ask(bundle, query), &["data.p;", "--include-sources"]);
        }
        let by_reference = ["eval", "-t", "rego", "-b", bundle, "data.p"];
        place.fails(2, &by_reference, &["-t rego needs the sources", "leave -t out"]);
        // A set is an array in JSON: `alice` may or may not be a key.
        place.fails(1, &ask(bundle, "data.p.names.alice"), &["an array may be a set", "data.p,"]);
    }
}

#[test]
fn a_module_answers_for_what_is_around_its_entrypoints() {
    let place = policy();
    place.write("other.rego", "package q.r\n\nx := input.user\n\ny := data.users\n");
    let build = ["build", "-e", "p/allow", "-e", "q/r/x", "p.rego", "other.rego", "data.json"];
    place.ok(&[&build[..], &["-o", "b.tar.gz"]].concat());
    for (query, expected) in [
        ("data.p", "{\"allow\":true}\n"),
        ("data.q", "{\"r\":{\"x\":\"alice\"}}\n"),
        ("data.users", "[\"alice\",\"bob\"]\n"),
        (
            "data",
            "{\"p\":{\"allow\":true},\"q\":{\"r\":{\"x\":\"alice\"}},\"users\":[\"alice\",\"bob\"]}\n",
        ),
    ] {
        assert_eq!(place.ok(&ask("b.tar.gz", query)), expected, "{query}");
        let plain = ["eval", "-b", "b.tar.gz", "-i", "input.json", "-f", "raw", query];
        assert_eq!(place.ok(&plain), expected, "{query}");
    }
    for query in ["data.p.names", "data.q.r.y", "data.nothing"] {
        place.fails(2, &ask("b.tar.gz", query), &["data.p.allow, data.q.r.x;", "above and below"]);
    }
    // The rules that held are those of all entrypoints there.
    let explained = [&ask("b.tar.gz", "data")[..], &["--explain"]].concat();
    let out = place.ok(&explained);
    assert!(out.contains("data.p.allow") && out.contains("data.q.r.x"), "{out}");
}

#[test]
fn several_modules_answer_together() {
    let place = policy();
    place.write("q.rego", "package q\n\nx := data.k\n").write("k.json", "{\"k\": 1}");
    place.ok(&["build", "-e", "p/allow", "p.rego", "data.json", "-o", "p.tar.gz"]);
    place.ok(&["build", "-e", "q/x", "q.rego", "k.json", "-o", "q.tar.gz"]);
    let both = ["eval", "-b", "p.tar.gz", "-b", "q.tar.gz", "-i", "input.json", "-f", "raw"];
    for (query, expected) in [
        ("data.q.x", "1\n"),
        ("data.k", "1\n"),
        (
            "data",
            "{\"k\":1,\"p\":{\"allow\":true},\"q\":{\"x\":1},\"users\":[\"alice\",\"bob\"]}\n",
        ),
    ] {
        assert_eq!(place.ok(&[&both[..], &[query]].concat()), expected, "{query}");
    }
}

#[test]
fn with_its_sources_a_bundle_answers_any_query() {
    let place = policy();
    place.ok(&[
        "build",
        "-e",
        "p/allow",
        "--include-sources",
        "p.rego",
        "data.json",
        "-o",
        "b.tar.gz",
    ]);
    for (query, expected) in [
        ("data.p.allow", "true\n"),
        ("data.p.names.alice", "alice\n"),
        ("count(data.p.names) + 1", "3\n"),
        ("data.users[1]", "bob\n"),
    ] {
        assert_eq!(place.ok(&ask("b.tar.gz", query)), expected, "{query}");
    }
}

#[test]
fn sources_of_a_bundle_are_in_the_version_that_its_manifest_says() {
    let place = Workplace::new();
    place
        .write("old/p.rego", "package p\n\nallow { data.q.names[input.user] }\n")
        .write("new/q.rego", "package q\n\nnames contains \"alice\"\n")
        .write("input.json", "{\"user\": \"alice\"}");
    let build = |more: &[&str]| {
        let build = ["build", "-e", "p/allow", "--include-sources", "-o", "b.tar.gz"];
        place.ok(&[&build[..], more].concat());
        let shown = place.ok(&["inspect", "-f", "json", "b.tar.gz"]);
        let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        let manifest = &shown["manifest"];
        (manifest["rego_version"].clone(), manifest["file_rego_versions"].clone())
    };
    // The file that is found to be v0 is said to be.
    let (version, files) = build(&["old", "new"]);
    assert_eq!((version, files), (1.into(), serde_json::json!({"/p.rego": 0})));
    for target in ["rego", "wasm"] {
        let ran = place.run(&[
            "eval",
            "-t",
            target,
            "-b",
            "b.tar.gz",
            "-i",
            "input.json",
            "-f",
            "raw",
            "x := data.p.allow",
        ]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    }
    // All v0, and nothing but the manifest says so.
    place.write("new/q.rego", "package q\n\nnames[\"alice\"] { true }\n");
    let (version, files) = build(&["--v0-compatible", "old", "new"]);
    assert_eq!((version, files), (0.into(), serde_json::Value::Null));
    let strict = ["eval", "--v1-compatible", "-b", "b.tar.gz", "-i", "input.json", "-f", "raw"];
    let ran = place.run(&[&strict[..], &["-t", "rego", "data.p.allow"]].concat());
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "true\n", ""));
    // In a directory too, where the manifest's word goes before the command's.
    place.write("dir/p.rego", "package p\n\nallow { input.user == \"alice\" }\n");
    place.write("dir/.manifest", "{\"file_rego_versions\": {\"/p*\": 0}}");
    assert_eq!(place.ok(&["check", "--v1-compatible", "-b", "dir"]), "");
    place.write("dir/.manifest", "{\"rego_version\": 1}");
    place.fails(1, &["check", "-b", "dir"], &["p.rego:3:", "`if`"]);
}

#[test]
fn a_bundle_stays_under_its_roots() {
    let place = Workplace::new();
    place.write("b/p/policy.rego", "package p.q\n\nx := data.p.y\n");
    place.write("b/p/data.json", "{\"y\": 7}").write("b/.manifest", "{\"roots\": [\"p\"]}");
    let ask = ["eval", "-b", "b", "-f", "raw", "data.p.q.x"];
    assert_eq!(place.ok(&ask), "7\n");
    place.write("b/other.rego", "package other\n\nx := 1\n");
    for arguments in [&ask[..], &["check", "-b", "b"], &["build", "-e", "p/q/x", "-b", "b"]] {
        place.fails(1, arguments, &["other.rego", "roots [\"p\"]", "`package other`"]);
    }
    // Without -b the manifest says nothing.
    place.ok(&["check", "b"]);
    std::fs::remove_file(place.file("b/other.rego")).expect("a file");
    place.write("b/data.json", "{\"z\": 7}");
    place.fails(1, &ask, &["roots [\"p\"]", "`data.z`"]);
}
