//! `palisade repl`: sessions as files. Lines behind `> ` are typed, all others are what comes back, from standard output
//! and standard error as they come.

use std::io::{Read as _, Write as _};
use std::process::Stdio;

use crate::support::Workplace;

/// Policies and data that the sessions load.
fn place() -> Workplace {
    let place = Workplace::new();
    place
        .write(
            "policy.rego",
            "package authz\n\ndefault allow := false\n\nallow if {\n\tinput.user in admins\n\tprint(\"allowed\", input.user)\n}\n\n\
             admins contains name if {\n\tsome name, role in data.roles\n\trole == \"admin\"\n}\n",
        )
        .write("data.json", "{\"roles\": {\"alice\": \"admin\", \"bob\": \"dev\"}}\n")
        .write("input.json", "{\"user\": \"alice\"}\n");
    place
}

const FILES: [&str; 4] = ["policy.rego", "data.json", "-i", "input.json"];

/// What a session prints, both streams in one pipe.
fn converse(place: &Workplace, arguments: &[&str], typed: &str) -> String {
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let arguments: Vec<&str> = std::iter::once("repl").chain(arguments.iter().copied()).collect();
    let mut command = place.command(&arguments);
    command.stdin(Stdio::piped()).stdout(writer.try_clone().expect("a second end")).stderr(writer);
    let mut child = command.spawn().expect("the binary runs");
    // The command holds the writing ends of the pipe.
    drop(command);
    child.stdin.take().expect("a pipe").write_all(typed.as_bytes()).expect("the input is read");
    let mut text = String::new();
    reader.read_to_string(&mut text).expect("text");
    assert!(child.wait().expect("it ends").success(), "{text}");
    text
}

fn check(name: &str, session: &str) {
    let is_typed = |line: &&str| line.starts_with('>');
    let typed: String = session
        .lines()
        .filter(is_typed)
        .map(|line| format!("{}\n", line.strip_prefix("> ").unwrap_or_default()))
        .collect();
    let wanted: String =
        session.lines().filter(|line| !is_typed(line)).map(|line| format!("{line}\n")).collect();
    assert_eq!(converse(&place(), &FILES, &typed), wanted, "{name}");
}

#[test]
fn strict_sessions_refuse_what_nothing_reads() {
    let place = place();
    place.write("loose.rego", "package loose\n\np if { x := 1 }\n");
    let refused = place.run_with_input(&["repl", "-S", "loose.rego"], "data.loose.p\n");
    assert!(refused.err.contains("assigned var x unused"), "{refused:?}");
    let loose = place.run_with_input(&["repl", "loose.rego"], "data.loose.p\n");
    assert_eq!((loose.out.as_str(), loose.err.as_str()), ("true\n", ""));
}

macro_rules! sessions {
    ($($name:ident),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name), include_str!(concat!("repl/", stringify!($name), ".txt")));
            }
        )*
    };
}

sessions!(queries, rules, packages, faults, settings, traces, compiled, unknowns);

#[test]
fn a_document_can_be_the_input() {
    let place = place();
    let text =
        converse(&place, &["policy.rego", "data.json", "repl.input:input.json"], "input.user\n");
    assert_eq!(text, "\"alice\"\n");
}

#[test]
fn data_can_be_written_to_a_file() {
    let place = place();
    assert_eq!(
        converse(&place, &FILES, "dump all.json\ndump no/such/dir.json\n").lines().count(),
        1
    );
    let text = String::from_utf8(place.read("all.json")).expect("text");
    assert_eq!(text, "{\"roles\":{\"alice\":\"admin\",\"bob\":\"dev\"}}");
}

#[test]
fn an_endless_query_ends_at_the_timeout() {
    let place = place();
    let query = "count([1 | some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); \
                 some c in numbers.range(1, 3000); a + b == c])\n1 + 1\n";
    let arguments = [FILES.as_slice(), &["--timeout", "0.2"]].concat();
    let text = converse(&place, &arguments, query);
    assert!(text.contains("eval_cancel_error") && text.ends_with("\n2\n"), "{text}");
}
