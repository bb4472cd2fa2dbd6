//! Which files are read, under which names, and how files are written.

use std::fs;

use crate::support::{Workplace, authz};

const POLICIES: [(&str, &str); 2] = [
    ("a/policy.rego", "package a\n\nallow if data.b.allow\n"),
    ("b/policy.rego", "package b\n\nallow if input.x == 1\n"),
];

fn policies(place: &Workplace, folder: &str) {
    for (name, text) in POLICIES {
        place.write(&format!("{folder}{name}"), text);
    }
}

/// Two sources of one name are told apart by what the user's files are called, not by where the machine has them.
#[test]
fn names_that_meet_are_the_same_on_every_machine() {
    let (here, there) = (Workplace::new(), Workplace::new());
    policies(&here, "");
    policies(&there, "deep/down/");
    let build = |place: &Workplace, paths: [&str; 2]| {
        let arguments = ["build", "-e", "a/allow", paths[0], paths[1], "-o", "b.tar.gz"];
        place.ok(&[&arguments[..], &["--include-sources"]].concat());
        place.read("b.tar.gz")
    };
    let expected = build(&here, ["a", "b"]);
    let absolute = ["a", "b"].map(|name| there.file("deep/down").join(name).display().to_string());
    assert_eq!(build(&there, absolute.each_ref().map(String::as_str)), expected);
    assert_eq!(build(&here, ["./a/", "a/../b"]), expected);
    assert_eq!(build(&there, ["deep/down/a/policy.rego", "deep/down/b/policy.rego"]), expected);
    let shown = here.ok(&["inspect", "b.tar.gz"]);
    assert!(shown.contains("files: /a/policy.rego, /b/policy.rego"), "{shown}");
    let machine = there.path().display().to_string();
    assert!(!String::from_utf8_lossy(&there.read("b.tar.gz")).contains(&machine));
    let ir = there.ok(&["build", "-t", "ir", "-e", "a/allow", &absolute[0], &absolute[1]]);
    assert!(!ir.contains(&machine), "{ir}");
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_followed_only_when_asked_and_never_in_circles() {
    use std::os::unix::fs::symlink;
    let place = Workplace::new();
    place.write("d/p.rego", "package p\n\nx := data.elsewhere.y\n");
    place.write("elsewhere/q.rego", "package elsewhere\n\ny := 1\n");
    // Each way doubles at each level: without a bound there are 2^40 of them.
    for name in ["a", "b"] {
        symlink(".", place.file("d").join(name)).expect("a link");
        symlink("../d", place.file("d").join(format!("{name}2"))).expect("a link");
    }
    symlink("../elsewhere", place.file("d/linked")).expect("a link");
    symlink("../elsewhere/q.rego", place.file("d/file.rego")).expect("a link");
    let ask = |more: &[&str]| {
        let ask = ["eval", "-d", "d", "-f", "raw", "--timeout", "5"];
        place.run(&[&ask[..], more, &["data.p.x"]].concat())
    };
    assert_eq!(ask(&[]).out, "1\n");
    fs::remove_file(place.file("d/file.rego")).expect("a link");
    assert_eq!(ask(&[]).out, "");
    assert_eq!(ask(&["--follow-symlinks"]).out, "1\n");
}

#[test]
fn yaml_is_data_too() {
    let place = Workplace::new();
    place
        .write("p/policy.rego", "package p\n\nnames := [user.name | some user in data.users]\n")
        .write("p/data.yaml", "users:\n  - name: alice\n  - {name: bob, admin: true}\n")
        .write("p/more/deep.yml", "level: 7\n");
    for target in ["rego", "wasm"] {
        let ask = |query| ["eval", "-t", target, "-d", "p", "-f", "raw", query];
        assert_eq!(place.ok(&ask("data.p.names")), "[\"alice\",\"bob\"]\n", "{target}");
        assert_eq!(place.ok(&ask("data.users[1].admin")), "true\n", "{target}");
        assert_eq!(place.ok(&ask("data.more.level")), "7\n", "{target}");
    }
    let bundle = ["eval", "-b", "p", "-f", "raw"];
    assert_eq!(place.ok(&[&bundle[..], &["data.p.names[0]"]].concat()), "alice\n");
    // In a bundle only data.json and data.yaml are data.
    assert_eq!(place.ok(&[&bundle[..], &["data.more"]].concat()), "");
}

#[test]
fn what_is_ignored_is_not_read() {
    let place = Workplace::new();
    authz(&place);
    place.write("broken_test.rego", "package broken {").write("old/p.rego", "package p {");
    place.fails(1, &["check", "."], &["broken_test.rego", "old/p.rego"]);
    place.ok(&["check", ".", "--ignore", "*_test.rego", "--ignore", "old"]);
    place.fails(1, &["check", ".", "--ignore", "*_test.rego"], &["old/p.rego"]);
    place.ok(&["test", ".", "--ignore", "*_test.rego", "--ignore", "old"]);
}

/// OPA's rule: objects are merged, anything else is a conflict, whoever says it.
#[test]
fn data_files_are_merged_and_conflicts_named() {
    let place = Workplace::new();
    place.write("a.json", r#"{"a": {"b": 1}}"#).write("b.json", r#"{"a": {"c": 2.0}}"#);
    place.write("same.json", r#"{"a": {"b": 1}}"#);
    let ask = |files: &[&str]| {
        let files = files.iter().flat_map(|file| ["-d", file]);
        let arguments = ["eval", "-f", "raw", "data"].into_iter().chain(files);
        place.run(&arguments.collect::<Vec<_>>())
    };
    assert_eq!(ask(&["a.json", "b.json", "a.json"]).out, "{\"a\":{\"b\":1,\"c\":2.0}}\n");
    assert_eq!(ask(&["x.y:a.json"]).out, "{\"x\":{\"y\":{\"a\":{\"b\":1}}}}\n");
    let conflict = ask(&["a.json", "same.json"]);
    assert_eq!(conflict.code, 1);
    assert!(conflict.err.contains("`same.json` gives a value for `data.a.b`"), "{conflict:?}");
    place.write("list.json", "[]");
    assert!(ask(&["list.json"]).err.contains("`list.json` must hold a JSON object"));
}

#[test]
fn a_missing_file_hides_nothing_of_others() {
    let place = Workplace::new();
    place.write("good.rego", "package good\n\nx := 1\n");
    place.write("bad.rego", "package bad\n\nallow if x == 1\n");
    fs::write(place.file("latin.rego"), b"package p\n\nx := \"\xff\"\n").expect("a file");
    let words = ["latin.rego", "UTF-8", "missing.rego", "bad.rego:3:10"];
    place.fails(1, &["check", "missing.rego", "latin.rego", "bad.rego"], &words);
    place.fails(1, &["check", "good.rego", "missing.rego"], &["missing.rego"]);
    place.fails(1, &["build", "-e", "good/x", "missing.rego", "latin.rego"], &words[..3]);
}

#[cfg(unix)]
mod outputs {
    use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _, symlink};
    use std::process::Command;

    use super::*;

    const BUILD: [&str; 5] = ["build", "-e", "authz/allow", "policy.rego", "-o"];

    fn build(place: &Workplace, output: &str) {
        place.ok(&[&BUILD[..], &[output]].concat());
    }

    fn mode(place: &Workplace, name: &str) -> u32 {
        fs::metadata(place.file(name)).expect("a file").permissions().mode() & 0o777
    }

    #[test]
    fn links_are_followed() {
        let place = Workplace::new();
        authz(&place);
        place.write("deep/old.wasm", "old");
        symlink("deep/old.wasm", place.file("link.wasm")).expect("a link");
        symlink("deep/new.wasm", place.file("dangling.wasm")).expect("a link");
        symlink("circle.wasm", place.file("circle.wasm")).expect("a link");
        for (link, target) in [("link.wasm", "deep/old.wasm"), ("dangling.wasm", "deep/new.wasm")] {
            build(&place, link);
            assert!(place.file(link).is_symlink(), "{link}");
            assert!(place.read(target).starts_with(b"\0asm"), "{target}");
        }
        place.fails(1, &[&BUILD[..], &["circle.wasm"]].concat(), &["cannot write `circle.wasm`"]);
    }

    #[test]
    fn pipes_are_written_to() {
        let place = Workplace::new();
        authz(&place);
        place.ok(&["key", "new"]);
        let pipe = place.file("pipe.wasm");
        assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs").success());
        let sign =
            ["sign", "--key", "cosign.key", "policy.rego", "--output-signature", "pipe.wasm"];
        for (arguments, first) in
            [([&BUILD[..], &["pipe.wasm"]].concat(), &b"\0asm"[..]), (sign.to_vec(), b"M")]
        {
            let reader = std::thread::spawn({
                let pipe = pipe.clone();
                move || fs::read(pipe).expect("a pipe")
            });
            place.ok(&arguments);
            // A pipe that was replaced has nobody who writes to it, and the reader would wait for ever.
            assert!(fs::metadata(&pipe).expect("a pipe").file_type().is_fifo());
            assert!(reader.join().expect("the reader ends").starts_with(first), "{arguments:?}");
        }
    }

    #[test]
    fn new_files_have_the_mode_that_the_umask_leaves_and_old_ones_their_own() {
        let place = Workplace::new();
        authz(&place);
        let with_umask = |umask: &str, arguments: &str| {
            let palisade = env!("CARGO_BIN_EXE_palisade");
            let ran = Command::new("sh")
                .args(["-c", &format!("umask {umask}; exec {palisade} {arguments}")])
                .current_dir(place.path())
                .env("COSIGN_PASSWORD", "")
                .output()
                .expect("sh runs");
            assert!(ran.status.success(), "{ran:?}");
        };
        let build = "build -e authz/allow policy.rego -o";
        with_umask("022", &format!("{build} open.wasm"));
        with_umask("077", &format!("{build} closed.wasm"));
        with_umask("002", &format!("{build} group.wasm"));
        with_umask("077", &format!("{build} open.wasm"));
        with_umask("077", "key new");
        with_umask("077", "sign --key cosign.key open.wasm");
        let modes = ["open.wasm", "closed.wasm", "group.wasm", "open.wasm.sig", "cosign.key"];
        assert_eq!(modes.map(|name| mode(&place, name)), [0o644, 0o600, 0o664, 0o600, 0o600]);
        assert_eq!(mode(&place, "cosign.pub"), 0o600);
    }
}
