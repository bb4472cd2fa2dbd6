//! Arguments that make no sense, and the commands that say what there is.

use crate::support::{Workplace, authz};

#[test]
fn arguments_that_make_no_sense_exit_2_and_name_the_flag() {
    let place = Workplace::new();
    authz(&place);
    for (arguments, words) in [
        (&["eval"][..], "name a query"),
        (&["eval", "--timeout", "0", "true"], "--timeout"),
        (&["eval", "--timeout", "nan", "true"], "--timeout"),
        (&["eval", "--timeout", "1e-300", "true"], "--timeout"),
        (&["eval", "--memory-mib", "0", "true"], "--memory-mib"),
        (&["eval", "-t", "wasm", "--profile", "true"], "--profile"),
        (&["eval", "-f", "nonsense", "true"], "--format"),
        (&["eval", "--nonsense"], "--nonsense"),
        (&["test", ".", "--timeout", "-1"], "--timeout"),
        (&["test", ".", "--memory-mib", "5000"], "--memory-mib"),
        (&["test", ".", "-r", "["], "--run"),
        (&["test", ".", "--threshold", "nan"], "--threshold"),
        (&["build", "-e", "authz.allow", "policy.rego"], "`authz/allow`"),
        (&["build", "-e", "data.authz.allow", "policy.rego"], "`authz/allow`"),
        (&["bench", "-d", ".", "--count", "0", "data.authz"], "--count"),
        (&["bench", "-d", ".", "--round-ms", "0", "data.authz"], "--round-ms"),
        (&["bench", "-d", ".", "authz"], "below data"),
        (&["build", "-e", "authz", "policy.rego", "-r", "v1", "-o", "p.wasm"], "--revision"),
        (&["check"], "<PATH>"),
        (&["verify", "policy.rego"], "--key"),
        (&["serve", "--bundle", "b.tar.gz"], "--key"),
        (&["serve", "--bundle", "b.tar.gz", "--unsigned", "--deadline-ms", "0"], "--deadline-ms"),
        (&["serve", "--bundle", "b.tar.gz", "--unsigned", "--memory-mib", "0"], "--memory-mib"),
        (&["up", "--memory-mib", "99999999999999999999"], "--memory-mib"),
        (&["eval", "--timeout", "5x", "true"], "500ms, 5s or 1m30s"),
        (&["nonsense"], "nonsense"),
        (&["run"], "`serve` serves a signed bundle"),
        (&["run", "-s"], "`eval` evaluates a query"),
        (&["eval", "--bundel", "b.tar.gz", "data"], "did you mean `--bundle`?"),
        (&["log", "list", "--fromat", "json"], "did you mean `--format`?"),
        (&["verify", "--pin", "sha256:12", "x"], "64 lower-case hexadecimal digits"),
    ] {
        place.fails(2, arguments, &[words]);
    }
}

#[test]
fn an_unknown_flag_is_no_value() {
    let ran = Workplace::new().run(&["eval", "--nonsense", "data"]);
    assert!(!ran.err.contains("tip") && !ran.err.contains("as a value"), "{}", ran.err);
}

#[test]
fn timeouts_are_durations() {
    let place = Workplace::new();
    for timeout in ["1m30s", "5s", "5", "5000ms"] {
        assert_eq!(place.ok(&["eval", "--timeout", timeout, "-f", "raw", "1 + 1"]), "2\n");
    }
    let slow =
        "count([1 | some x in numbers.range(1, 100000); some y in numbers.range(1, x); y < 0])";
    place.fails(2, &["eval", "--timeout", "100ms", slow], &["eval_cancel_error"]);
}

#[test]
fn what_is_no_bundle_is_said_so() {
    let place = Workplace::new();
    place.write("empty", "").write("text", "not a bundle");
    for file in ["empty", "text"] {
        place.fails(1, &["inspect", file], &[file, "gzip"]);
        place.fails(1, &["eval", "-b", file, "data.a"], &[file, "gzip"]);
    }
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let place = Workplace::new();
    authz(&place);
    let arguments =
        ["build", "-e", "authz/allow", "policy.rego", "data.json", "-o", "missing/b.tar.gz"];
    let ran = place.run(&arguments);
    assert_eq!(ran.code, 1);
    assert_eq!(ran.err, "error: cannot write `missing/b.tar.gz`: No such file or directory\n");
}

#[test]
fn version_says_what_the_program_is_made_of() {
    let text = Workplace::new().ok(&["version"]);
    for name in ["Version: ", "Rego Version: v1", "Run-time Library: sha256:", "Wasmtime Version: "]
    {
        assert!(text.contains(name), "{name} in {text}");
    }
}

#[test]
fn every_shell_gets_its_completions() {
    let place = Workplace::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = place.ok(&["completion", shell]);
        assert!(script.contains("palisade") && script.contains("include-sources"), "{shell}");
    }
    place.fails(2, &["completion", "nonsense"], &["bash, zsh, fish"]);
}
