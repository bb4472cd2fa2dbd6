//! `palisade fmt`.

use crate::support::Workplace;

const UNFORMATTED: &str = "package p\nallow if { input.x==1 } # why\n";
const FORMATTED: &str = "package p\n\nallow if input.x == 1 # why\n";

fn place() -> Workplace {
    let place = Workplace::new();
    place.write("p/a.rego", UNFORMATTED).write("p/b.rego", FORMATTED).write("p/c.txt", "no policy");
    place
}

#[test]
fn prints_what_it_formats() {
    assert_eq!(place().ok(&["fmt", "p/a.rego"]), FORMATTED);
    assert_eq!(place().ok(&["fmt", "p"]), FORMATTED.repeat(2));
}

#[test]
fn formats_standard_input() {
    let ran = Workplace::new().run_with_input(&["fmt"], UNFORMATTED);
    assert_eq!((ran.code, ran.out.as_str()), (0, FORMATTED));
}

#[test]
fn lists_and_shows_differences() {
    let list = place().run(&["fmt", "--list", "p"]);
    assert_eq!((list.code, list.out.as_str()), (0, "p/a.rego\n"));
    let diff = place().run(&["fmt", "-d", "p"]);
    let lines = "-allow if { input.x==1 } # why\n+\n+allow if input.x == 1 # why\n";
    assert!(diff.out.starts_with("--- p/a.rego\n+++ p/a.rego\n@@ "), "{}", diff.out);
    assert!(diff.out.ends_with(lines), "{}", diff.out);
}

#[test]
fn fails_on_demand() {
    let place = place();
    let ran = place.run(&["fmt", "--fail", "--list", "p"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, "p/a.rego\n"));
    assert_eq!(place.run(&["fmt", "--fail", "p/a.rego"]).out, "");
    assert_eq!(place.run(&["fmt", "--fail", "p/b.rego"]).code, 0);
}

#[test]
fn overwrites_on_demand() {
    let place = place();
    assert_eq!(place.ok(&["fmt", "-w", "p"]), "");
    assert_eq!(place.read("p/a.rego"), FORMATTED.as_bytes());
    assert_eq!(place.read("p/b.rego"), FORMATTED.as_bytes());
    assert_eq!(place.run(&["fmt", "--fail", "p"]).code, 0);
}

#[test]
fn tells_what_it_overwrites() {
    let diff = place().ok(&["fmt", "--diff", "p"]);
    for (flag, code, out) in [("--list", 0, "p/a.rego\n"), ("--diff", 0, &diff), ("--fail", 2, "")]
    {
        let place = place();
        let ran = place.run(&["fmt", "--write", flag, "p"]);
        assert_eq!((ran.code, ran.out.as_str()), (code, out), "{flag}");
        assert_eq!(place.read("p/a.rego"), FORMATTED.as_bytes(), "{flag}");
        let again = place.run(&["fmt", "--write", flag, "p"]);
        assert_eq!((again.code, again.out.as_str()), (0, ""), "{flag}");
    }
}

#[test]
fn brings_old_policies_to_v1() {
    let place = Workplace::new();
    place.write("old.rego", "package old\nallow { input.x == 1 }\n");
    place.fails(2, &["fmt", "old.rego"], &["if", "old.rego:2"]);
    let v0 = place.ok(&["fmt", "--v0-compatible", "old.rego"]);
    assert_eq!(v0, "package old\n\nallow {\n\tinput.x == 1\n}\n");
    let both = place.ok(&["fmt", "--rego-v1", "--check-result", "old.rego"]);
    assert_eq!(both, "package old\n\nimport rego.v1\n\nallow if input.x == 1\n");
    place.write("both.rego", &both);
    let v1 = place.ok(&["fmt", "--drop-v0-imports", "both.rego"]);
    assert_eq!(v1, "package old\n\nallow if input.x == 1\n");
}
