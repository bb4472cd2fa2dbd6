//! `palisade build` and `palisade inspect`.

use std::process::Command;

use crate::support::{Workplace, authz, repository};

#[test]
fn a_bundle_has_opas_files() {
    let place = Workplace::new();
    authz(&place);
    place.ok(&[
        "build",
        "-t",
        "wasm",
        "-e",
        "authz/allow",
        "policy.rego",
        "data.json",
        "-o",
        "bundle.tar.gz",
    ]);
    let listing = Command::new("tar")
        .arg("-tzf")
        .arg(place.file("bundle.tar.gz"))
        .output()
        .expect("tar runs");
    let names = String::from_utf8_lossy(&listing.stdout);
    assert_eq!(names.lines().collect::<Vec<_>>(), ["/data.json", "/policy.wasm", "/.manifest"]);
}

/// Data that nobody gave is undefined in the module for ever, so that it is said; the module is made all the same.
#[test]
fn missing_data_is_warned_of() {
    let place = Workplace::new();
    place
        .write(
            "p.rego",
            "package p\n\nallow if input.user in data.acl.users\n\nother if data.unread\n\n\
             held if data.p.allow with data.acl as {}\n",
        )
        .write(
            "p_test.rego",
            "package p_test\n\ntest_x if data.p.allow with data.acl.users as [1]\n",
        )
        .write("acl.json", "{\"acl\": {\"users\": []}}");
    let build = |more: &[&str]| {
        let ran = place.run(&[&["build", "-o", "p.wasm", "p.rego", "p_test.rego"], more].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(place.exists("p.wasm"));
        ran.err
    };
    let warned = build(&["-e", "p/allow"]);
    for words in
        ["warning[missing-data]", "nothing in the given files defines data.acl:", "p.rego:3:24"]
    {
        assert!(warned.contains(words), "{words} in {warned}");
    }
    assert!(!warned.contains("unread") && !warned.contains("p_test"), "{warned}");
    assert_eq!(build(&["-e", "p/allow", "acl.json"]), "");
    assert_eq!(build(&["-e", "p/held"]), "");
    // Hosts of OPA's ABI bring the data.
    assert_eq!(build(&["-e", "p/allow", "--abi", "opa"]), "");
    // A bundle's root may be filled when the bundle is loaded.
    place.write("b/p.rego", "package p\n\nallow if data.acl.users[0]\n\nother if data.x\n");
    place.write("b/.manifest", "{\"roots\": [\"p\", \"acl\"]}");
    let bundle = ["build", "-b", "b", "-o", "b.tar.gz", "-e", "p/allow"];
    assert_eq!(place.run(&bundle).err, "");
    let outside = place.run(&[&bundle[..], &["-e", "p/other"]].concat());
    assert!(outside.err.contains("defines data.x:"), "{outside:?}");
}

#[test]
fn a_rule_that_no_host_would_load_is_named() {
    let place = Workplace::new();
    // Values of which each is needed to the end.
    let sets: String = (0..3_000).map(|at| format!("\tv{at} := input.n + {at}\n")).collect();
    let all: Vec<String> = (0..3_000).map(|at| format!("v{at}")).collect();
    let text = format!("package p\n\nx := [{}] if {{\n{sets}}}\n\ny := 1\n", all.join(", "));
    place.write("p.rego", &text);
    let ran = place.run(&["build", "-e", "p/x", "-o", "p.wasm", "p.rego"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(!place.exists("p.wasm"));
    for words in ["error[too-complex]: data.p.x is too complex", "p.rego:3:1", "`data.p.x`"] {
        assert!(ran.err.contains(words), "{words} in {}", &ran.err[ran.err.len() - 2_000..]);
    }
    // Hosts of OPA's ABI have limits of their own, and other rules are as good as ever.
    assert_eq!(
        place.run(&["build", "-e", "p/x", "-o", "o.wasm", "p.rego", "--abi", "opa"]).code,
        0
    );
    assert_eq!(place.run(&["build", "-e", "p/y", "-o", "p.wasm", "p.rego"]).code, 0);
}

#[test]
fn the_same_sources_give_the_same_bytes_anywhere() {
    let build = |place: &Workplace, prefix: &str| {
        authz(place);
        let path = |name: &str| format!("{prefix}{name}");
        place.ok(&[
            "build",
            "-e",
            "authz/allow",
            &path("policy.rego"),
            &path("data.json"),
            "-o",
            "b.tar.gz",
        ]);
        place.read("b.tar.gz")
    };
    let (here, there) = (Workplace::new(), Workplace::new());
    let absolute = format!("{}/", there.path().display());
    assert_eq!(build(&here, ""), build(&there, &absolute));
    assert_eq!(build(&here, "./"), build(&here, ""));
}

#[test]
fn a_bare_module_is_the_bundles_module() {
    let place = Workplace::new();
    authz(&place);
    place.ok(&["build", "-e", "authz/allow", "policy.rego", "data.json", "-o", "policy.wasm"]);
    place.ok(&["build", "-e", "authz/allow", "policy.rego", "data.json", "-o", "bundle.tar.gz"]);
    let inspect = |file: &str| place.ok(&["inspect", "-f", "json", file]);
    let digest = |text: &str| {
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        value["module"]["digest"].as_str().expect("a digest").to_owned()
    };
    assert_eq!(digest(&inspect("policy.wasm")), digest(&inspect("bundle.tar.gz")));
}

/// A test file is left out only where nothing can miss it, whatever its name.
#[test]
fn sources_go_in_without_the_tests() {
    let place = Workplace::new();
    place
        .write("p/policy.rego", "package p\n\nallow if data.load_test.running\n")
        .write("p/policy_test.rego", "package p_test\n\ntest_x if not data.p.allow\n")
        .write("p/load_test.rego", "package load_test\n\nrunning if input.load\n");
    place.ok(&["build", "-e", "p/allow", "--include-sources", "p", "-o", "b.tar.gz"]);
    let shown: serde_json::Value =
        serde_json::from_str(&place.ok(&["inspect", "-f", "json", "b.tar.gz"])).expect("JSON");
    assert_eq!(shown["files"], serde_json::json!(["/load_test.rego", "/policy.rego"]));
    assert!(place.ok(&["inspect", "b.tar.gz"]).contains("roots: all of data"));
}

#[test]
fn inspect_shows_that_nothing_is_imported() {
    let place = Workplace::new();
    authz(&place);
    place.ok(&[
        "build",
        "-e",
        "authz/allow",
        "-r",
        "v7",
        "policy.rego",
        "data.json",
        "-o",
        "bundle.tar.gz",
    ]);
    let shown = place.ok(&["inspect", "bundle.tar.gz"]);
    for line in ["imports: none", "entrypoints: authz/allow", "revision: v7", "signature: none"] {
        assert!(shown.contains(line), "{line} in {shown}");
    }
}

#[test]
fn annotated_rules_are_entrypoints() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\n# METADATA\n# entrypoint: true\nallow if input.x == 1\n");
    place.ok(&["build", "p.rego", "-o", "b.tar.gz"]);
    assert!(place.ok(&["inspect", "b.tar.gz"]).contains("entrypoints: p/allow"));
}

#[test]
fn what_cannot_be_built_leaves_nothing_behind() {
    let place = Workplace::new();
    place
        .write("good.rego", "package p\n\nallow if input.x\n")
        .write("bad.rego", "package p\n\nallow if {\n");
    place.fails(1, &["build", "-e", "p/allow", "bad.rego", "-o", "b.tar.gz"], &["bad.rego:"]);
    place.fails(1, &["build", "good.rego", "-o", "b.tar.gz"], &["no entrypoint"]);
    place.fails(1, &["build", "-e", "p/alow", "good.rego", "-o", "b.tar.gz"], &["p/alow"]);
    place.fails(2, &["build", "-e", "p/allow", "good.rego", "-o", "good.rego"], &["inputs"]);
    place.fails(
        1,
        &["build", "-e", "p/allow", "missing.rego", "-o", "b.tar.gz"],
        &["missing.rego"],
    );
    place.fails(
        1,
        &["build", "-e", "p/allow", "good.rego", "-o", "nowhere/b.tar.gz"],
        &["cannot write"],
    );
    assert!(!place.exists("b.tar.gz"));
}

#[test]
fn the_intermediate_form_is_printed() {
    let place = Workplace::new();
    authz(&place);
    let printed = place.ok(&["build", "-t", "ir", "-e", "authz/allow", "policy.rego", "data.json"]);
    assert!(printed.contains("data.authz.allow"), "{printed}");
    assert!(printed.contains("\"admin\""), "{printed}");
}

/// Node's engine with `{}` for imports, and the sandbox, twice: the same bytes from the same module.
#[test]
fn node_gives_the_same_bytes() {
    const HOST: &str = r#"
        const fs = require("fs");
        WebAssembly.instantiate(fs.readFileSync(process.argv[2]), {}).then(({instance}) => {
          const exports = instance.exports;
          const put = (bytes) => {
            const at = exports.allocate(bytes.length);
            new Uint8Array(exports.memory.buffer).set(bytes, at);
            return at;
          };
          const ask = () => {
            const input = fs.readFileSync(process.argv[3]);
            const at = put(input);
            const facts = Buffer.from('{"now_ns":1790000000000000000}');
            exports.ambient(put(facts), facts.length);
            const packed = exports.evaluate(at, input.length);
            const address = Number((packed >> 32n) & 0xffffffffn), length = Number(packed & 0xffffffffn);
            return Buffer.from(exports.memory.buffer, address, length).toString();
          };
          const [first, second] = [ask(), ask()];
          if (first !== second) throw new Error("two evaluations differ");
          process.stdout.write(first);
        });
    "#;
    if Command::new("node").arg("--version").output().is_err() {
        println!("skipped: no node");
        return;
    }
    let place = Workplace::new();
    place.write("host.cjs", HOST);
    let examples = repository().join("examples");
    let cases = [
        ("roles", "roles/allow"),
        ("rbac", "rbac"),
        ("kubernetes", "kubernetes/admission/review"),
        ("http_api", "http_api/allow"),
        ("routes", "routes/allow"),
    ];
    for (folder, entrypoint) in cases {
        let folder = examples.join(folder);
        let policy = folder.join("policy.rego").display().to_string();
        let data = folder.join("data.json");
        let input = folder.join("input.json").display().to_string();
        let mut arguments = vec!["build", "-e", entrypoint, &policy, "-o", "policy.wasm"];
        let data_path = data.display().to_string();
        if data.exists() {
            arguments.push(&data_path);
        }
        place.ok(&arguments);
        let node = Command::new("node")
            .args([place.file("host.cjs"), place.file("policy.wasm")])
            .arg(&input)
            .output()
            .expect("node runs");
        let theirs = String::from_utf8_lossy(&node.stdout).into_owned();
        assert!(node.status.success(), "{}", String::from_utf8_lossy(&node.stderr));
        let query = format!("data.{}", entrypoint.replace('/', "."));
        let mut arguments =
            vec!["eval", "-t", "wasm", "-d", &policy, "-i", &input, &query, "-f", "raw"];
        if data.exists() {
            arguments.extend(["-d", &data_path]);
        }
        let ours = place.ok(&arguments);
        assert_eq!(format!("{{\"result\":{}}}", ours.trim_end()), theirs, "{entrypoint}");
    }
}

#[test]
fn a_bundle_of_sources_has_no_module() {
    let place = Workplace::new();
    place
        .write(
            "p/policy.rego",
            "package p\n\nallow if input.user in data.users\n\nwho := http.send(input.ask)\n",
        )
        .write("p/old.rego", "package old\n\nallow { input.x }\n")
        .write("p/data.json", "{\"users\": [\"ada\"]}")
        .write("input.json", "{\"user\": \"ada\"}");
    place.ok(&["build", "-t", "rego", "p", "-o", "b.tar.gz", "--revision", "r1"]);
    let shown: serde_json::Value =
        serde_json::from_str(&place.ok(&["inspect", "-f", "json", "b.tar.gz"])).expect("JSON");
    assert_eq!(shown["files"], serde_json::json!(["/old.rego", "/policy.rego"]));
    assert_eq!(shown["module"], serde_json::Value::Null);
    assert_eq!(shown["manifest"]["revision"], "r1");
    assert_eq!(shown["manifest"]["rego_version"], 1);
    assert_eq!(shown["manifest"]["file_rego_versions"], serde_json::json!({"/old.rego": 0}));
    let ask = ["eval", "-b", "b.tar.gz", "-i", "input.json", "-f", "raw", "data.p.allow"];
    assert_eq!(place.ok(&ask), "true\n");
    let build = ["build", "-t", "rego", "p", "-o"];
    place.fails(2, &[&build[..], &["b.wasm"]].concat(), &["-t rego"]);
    place.fails(2, &[&build[..], &["c.tar.gz", "-e", "p/allow"]].concat(), &["-t rego"]);
    place.write("p/bad.rego", "package bad\n\nx := y\n");
    place.fails(1, &[&build[..], &["c.tar.gz"]].concat(), &["p/bad.rego:3:6"]);
    assert!(!place.exists("c.tar.gz"));
}

#[test]
fn inspect_shows_packages_and_annotations() {
    let place = Workplace::new();
    place
        .write(
            "p/authz.rego",
            "# METADATA\n# title: Authz\npackage authz\n\n# METADATA\n# title: Allow\n# authors:\n# - Ada <a@b.c>\n\
             # entrypoint: true\nallow if input.x\n",
        )
        .write("p/more.rego", "package authz.more\n\nx := 1\n")
        .write("p/data.json", "{\"k\": 1}")
        .write("p/.manifest", "{\"revision\": \"r1\", \"roots\": [\"authz\", \"k\"]}");
    let inspect = |arguments: &[&str]| -> serde_json::Value {
        let arguments = [&["inspect", "-f", "json"][..], arguments].concat();
        serde_json::from_str(&place.ok(&arguments)).expect("JSON")
    };
    let shown = inspect(&["p"]);
    let namespaces =
        serde_json::json!({"data.authz": ["p/authz.rego"], "data.authz.more": ["p/more.rego"]});
    assert_eq!(shown["namespaces"], namespaces);
    assert_eq!(shown["files"], serde_json::json!(["p/authz.rego", "p/more.rego"]));
    assert_eq!(shown["manifest"]["revision"], "r1");
    assert_eq!(shown["data"]["bytes"], 7);
    assert_eq!(shown["annotations"], serde_json::Value::Null);
    let name = |sort: &str, name: &str| serde_json::json!({"type": sort, "value": name});
    let expected = |file: &str| {
        serde_json::json!([
            {
                "annotations": {"scope": "package", "title": "Authz"},
                "location": {"file": file, "row": 3, "col": 1},
                "path": [name("var", "data"), name("string", "authz")]
            },
            {
                "annotations": {
                    "authors": [{"name": "Ada", "email": "a@b.c"}],
                    "entrypoint": true, "scope": "document", "title": "Allow"
                },
                "location": {"file": file, "row": 10, "col": 1},
                "path": [name("var", "data"), name("string", "authz"), name("string", "allow")]
            }
        ])
    };
    assert_eq!(inspect(&["-a", "p"])["annotations"], expected("p/authz.rego"));
    place.ok(&["build", "-t", "rego", "p", "-o", "b.tar.gz"]);
    assert_eq!(inspect(&["-a", "b.tar.gz"])["annotations"], expected("/authz.rego"));
    place.write("p/bad.rego", "package authz.bad\n\nx := [\n");
    let ran = place.run(&["inspect", "p"]);
    assert!(ran.err.contains("p/bad.rego:"), "{ran:?}");
}
