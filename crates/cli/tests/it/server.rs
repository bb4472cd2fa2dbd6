//! `palisade serve`, `why` and `log`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Stdio};

use palisade_decision::{Durability, Log, Record};

use crate::support::{Workplace, signed_bundle};

/// A server on a port of its own; killed when it goes out of scope.
pub struct Running {
    child: Child,
    output: BufReader<ChildStdout>,
    addr: String,
}

impl Running {
    /// Starts a command that prints `http://ADDRESS` when it is ready.
    pub fn start(place: &Workplace, arguments: &[&str]) -> Running {
        Running::start_with(place, arguments, Stdio::null())
    }

    /// [`Running::start`], with somewhere for its standard error.
    pub fn start_with(place: &Workplace, arguments: &[&str], errors: Stdio) -> Running {
        let mut child = place
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .expect("the binary runs");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let lines = output.by_ref().lines();
        let ready = lines.map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            Some(rest.split(['/', ';']).next().unwrap_or(rest).to_owned())
        });
        Running { child, output, addr: ready.expect("the server says where it listens") }
    }

    /// Sends a request; the status and the body.
    pub fn request(&self, head: &str, body: &str) -> (u16, serde_json::Value) {
        let mut stream = TcpStream::connect(&self.addr).expect("the server listens");
        let length = body.len();
        write!(stream, "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
            .expect("the request is read");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("an answer");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).expect("a status");
        (status, serde_json::from_str(body).unwrap_or(serde_json::Value::Null))
    }

    /// The next lines that the command prints, behind the one that says where it listens.
    pub fn next_lines(&mut self, n: usize) -> String {
        let lines = self.output.by_ref().lines().take(n).map_while(Result::ok);
        lines.map(|line| line + "\n").collect()
    }

    pub fn ask(&self, path: &str, input: &str) -> serde_json::Value {
        let (status, answer) =
            self.request(&format!("POST /v1/data/{path}"), &format!("{{\"input\": {input}}}"));
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Sends a signal and waits for the end; the exit code.
    pub fn stop(mut self, signal: &str) -> Option<i32> {
        let status = std::process::Command::new("kill")
            .args([signal, &self.child.id().to_string()])
            .status();
        assert!(status.expect("kill runs").success());
        self.child.wait().expect("the server ends").code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const SERVE: [&str; 7] =
    ["serve", "--bundle", "bundle.tar.gz", "--key", "cosign.pub", "--addr", "127.0.0.1:0"];

#[test]
fn decisions_are_served_logged_and_made_again() {
    let place = Workplace::new();
    signed_bundle(&place);
    let server = Running::start(&place, &SERVE);
    let answer = server.ask("authz/allow", r#"{"subject": {"role": "viewer"}, "action": "read"}"#);
    assert_eq!(answer["result"], true);
    let id = answer["decision_id"].as_str().expect("a decision id").to_owned();
    assert_eq!(server.ask("authz/allow", "{}")["result"], false);
    assert_eq!(server.ask("authz", "{}")["result"]["allow"], false);
    assert_eq!(server.ask("authz/nothing", "{}").get("result"), None);
    assert_eq!(server.request("GET /health", "").0, 200);
    assert_eq!(server.request("POST /v1/data/authz/allow", "{").0, 400);
    let (status, answer) = server.request("POST /v1/data/authz/allow", "[1]");
    assert_eq!(status, 400);
    let message = answer["message"].as_str().expect("a message");
    assert!(message.contains("expected an object") && message.contains("an array"), "{message}");
    assert_eq!(server.stop("-INT"), Some(0));

    let page = place.ok(&["why", &id]);
    for words in ["viewer", "signer    key ", "data.authz.allow (policy.rego:7)", "again     same"]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(place.ok(&["log", "verify"]).starts_with("intact: 4 records"));
    place.fails(1, &["why", "no-such-decision"], &["no-such-decision"]);
    place.fails(1, &["log", "verify", "--state", "elsewhere"], &["no decision log"]);
    place.write("emptied/decisions/notes.txt", "");
    assert!(place.ok(&["log", "verify", "--state", "emptied"]).starts_with("empty: "));
    place.fails(1, &["log", "list", "--state", "elsewhere"], &["no decision log", "--state"]);
}

#[test]
fn the_log_is_shown_to_programs_too() {
    let place = Workplace::new();
    signed_bundle(&place);
    let server = Running::start(&place, &SERVE);
    let first = server.ask("authz/allow", "{}")["decision_id"].clone();
    let second = server.ask("authz", "{}")["decision_id"].clone();
    assert_eq!(server.stop("-INT"), Some(0));
    let json = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&place.ok(arguments)).expect("JSON")
    };
    let list = json(&["log", "list", "--format", "json"]);
    assert_eq!([&list[0]["decision_id"], &list[1]["decision_id"]], [&second, &first]);
    assert_eq!(json(&["log", "list", "-n", "1", "-f", "json"]).as_array().map(Vec::len), Some(1));
    let report = json(&["log", "verify", "--format", "json"]);
    assert_eq!((&report["intact"], &report["records"]), (&true.into(), &2.into()));
    let head = report["head"]["hash"].as_str().expect("a hash").to_owned();
    let bare = head.strip_prefix("sha256:").expect("a prefix");
    let expected = json(&["log", "verify", "-f", "json", "--expect-head", bare]);
    assert_eq!(expected["expected"]["hash"], head);
    let id = first.as_str().expect("an id");
    let why = json(&["why", id, "--format", "json"]);
    assert_eq!(why["replay"]["verdict"], "same");
    assert_eq!(why, json(&["why", id, "--json"]));

    let path = segment(&place);
    let text = std::fs::read_to_string(&path).expect("text");
    std::fs::write(&path, text.replacen("false", "true ", 1)).expect("a file");
    let ran = place.run(&["log", "verify", "--format", "json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(report["intact"], false);
    assert!(report["findings"][0]["problem"].is_string(), "{report}");
}

#[test]
fn a_second_server_is_told_of_the_state_directory() {
    let place = Workplace::new();
    signed_bundle(&place);
    let server = Running::start(&place, &SERVE);
    place.fails(1, &SERVE, &["a server runs on this state directory already", "--state"]);
    place.ok(&["log", "verify"]);
    assert_eq!(server.stop("-INT"), Some(0));
}

#[test]
fn a_bad_bundle_is_not_served() {
    let place = Workplace::new();
    signed_bundle(&place);
    let mut changed = place.read("bundle.tar.gz");
    let last = changed.len() - 1;
    changed[last] ^= 1;
    std::fs::write(place.file("changed.tar.gz"), changed).expect("a file");
    let serve = |more: &[&'static str]| {
        let mut all = vec!["serve", "--addr", "127.0.0.1:0"];
        all.extend_from_slice(more);
        all
    };
    let sigstore = "bundle.tar.gz.sigstore.json";
    let changed =
        serve(&["--bundle", "changed.tar.gz", "--key", "cosign.pub", "--signature", sigstore]);
    place.fails(1, &changed, &["changed"]);
    place.fails(2, &serve(&["--bundle", "bundle.tar.gz"]), &["--key"]);
    let pin = "sha256:0000000000000000000000000000000000000000000000000000000000000000";
    let pinned = serve(&["--bundle", "bundle.tar.gz", "--key", "cosign.pub", "--pin", pin]);
    place.fails(1, &pinned, &["pinned"]);
}

#[test]
fn kill_loses_no_answered_decision() {
    let place = Workplace::new();
    signed_bundle(&place);
    let mut answered = Vec::new();
    for _ in 0..3 {
        let server = Running::start(&place, &SERVE);
        for at in 0..20 {
            let input = format!("{{\"subject\": {{\"role\": \"viewer\"}}, \"n\": {at}}}");
            answered.push(
                server.ask("authz/allow", &input)["decision_id"]
                    .as_str()
                    .expect("an id")
                    .to_owned(),
            );
        }
        assert_eq!(server.stop("-KILL"), None);
    }
    let listed = place.ok(&["log", "list", "-n", "1000", "--json"]);
    for id in &answered {
        assert!(listed.contains(id.as_str()), "{id} is lost");
    }
    assert!(place.ok(&["log", "verify"]).starts_with("intact: 60 records"));
}

#[test]
fn an_altered_log_is_found_and_named() {
    let place = Workplace::new();
    signed_bundle(&place);
    let server = Running::start(&place, &SERVE);
    let id = server.ask("authz/allow", "{}")["decision_id"].as_str().expect("an id").to_owned();
    server.ask("authz/allow", "{}");
    assert_eq!(server.stop("-TERM"), Some(0));
    let dir = place.file("state/decisions");
    let segment =
        std::fs::read_dir(dir).expect("the log").filter_map(Result::ok).map(|it| it.path());
    let segment = segment
        .into_iter()
        .find(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .expect("a segment");
    let text = std::fs::read_to_string(&segment).expect("text");
    std::fs::write(&segment, text.replacen("\"result\":false", "\"result\":true", 1))
        .expect("a file");
    place.fails(1, &["log", "verify"], &["jsonl:1", "altered"]);
    place.fails(1, &["why", &id], &["ALTERED"]);
    let altered = place.run(&["log", "list"]);
    assert!(altered.err.contains("jsonl:1: the line was altered"), "{altered:?}");
    // What is no record at all is passed over, and said so.
    let text = std::fs::read_to_string(&segment).expect("text");
    std::fs::write(&segment, text.replacen('{', "[", 1)).expect("a file");
    let damaged = place.run(&["log", "list"]);
    assert!(damaged.err.contains("jsonl:1 is not an intact record"), "{damaged:?}");
    assert!(!damaged.out.contains(&id) && damaged.out.contains("| false"), "{damaged:?}");
}

/// The only segment of the log.
fn segment(place: &Workplace) -> std::path::PathBuf {
    let dir = std::fs::read_dir(place.file("state/decisions")).expect("the log");
    dir.filter_map(Result::ok)
        .map(|it| it.path())
        .find(|path| path.extension().is_some_and(|it| it == "jsonl"))
        .expect("a segment")
}

fn id_of(answer: &serde_json::Value) -> String {
    answer["decision_id"].as_str().expect("a decision id").to_owned()
}

#[test]
fn a_damaged_log_is_served_with_a_warning() {
    let place = Workplace::new();
    signed_bundle(&place);
    let server = Running::start(&place, &SERVE);
    for _ in 0..3 {
        server.ask("authz/allow", "{}");
    }
    assert_eq!(server.stop("-TERM"), Some(0));
    let path = segment(&place);
    let text = std::fs::read_to_string(&path).expect("text");
    std::fs::write(&path, text.replacen("\"result\":false", "\"result\":true", 1)).expect("a file");
    let mut server = Running::start_with(&place, &SERVE, Stdio::piped());
    let errors = BufReader::new(server.child.stderr.take().expect("a pipe"));
    let warning = errors.lines().map_while(Result::ok).find(|it| it.contains("DAMAGED"));
    let warning = warning.expect("a warning");
    assert!(warning.contains("jsonl:1: altered"), "{warning}");
    assert_eq!(server.ask("authz/allow", "{}")["result"], false);
}

#[test]
fn a_cut_log_is_found_with_a_hash_that_was_kept() {
    let place = Workplace::new();
    signed_bundle(&place);
    let server = Running::start(&place, &SERVE);
    for _ in 0..3 {
        server.ask("authz/allow", "{}");
    }
    assert_eq!(server.stop("-KILL"), None);
    let report = place.ok(&["log", "verify"]);
    let head = report.split_whitespace().find(|it| it.starts_with("sha256:")).expect("a hash");
    assert!(report.contains("(record 2)"), "{report}");
    assert!(place.ok(&["log", "verify", "--expect-head", head]).contains("is the head"));

    let path = segment(&place);
    let text = std::fs::read_to_string(&path).expect("text");
    let cut: String = text.split_inclusive('\n').take(2).collect();
    std::fs::write(&path, cut).expect("a file");
    place.ok(&["log", "verify"]);
    place.fails(1, &["log", "verify", "--expect-head", head], &["no record has the hash", head]);
    place.fails(2, &["log", "verify", "--expect-head", "4bf5"], &["--expect-head"]);
}

#[test]
fn paths_and_base_data_are_made_again() {
    let place = Workplace::new();
    signed_bundle(&place);
    let server = Running::start(&place, &SERVE);
    let grants = serde_json::json!({"engineer": ["read", "write"], "viewer": ["read"]});
    let role = server.ask("grants/viewer", "{}");
    assert_eq!(role["result"], grants["viewer"]);
    let all = server.ask("", "{}");
    assert_eq!(all["result"], serde_json::json!({"authz": {"allow": false}, "grants": grants}));
    let slash = server.ask("grants%2Fviewer/a%2Fb", "{}");
    assert_eq!(slash.get("result"), None);
    let unknown = server.ask("nowhere/at/all", "{}");
    for (answer, asked) in [
        (role, "grants/viewer"),
        (all, ""),
        (slash, "grants%2Fviewer/a%2Fb"),
        (unknown, "nowhere/at/all"),
    ] {
        let page = place.ok(&["why", &id_of(&answer)]);
        assert!(page.contains("again     same") && page.contains(asked), "{page}");
    }
}

#[test]
fn failures_are_listed_and_made_again() {
    let place = Workplace::new();
    place.write(
        "policy.rego",
        "package p\n\nconflict := 1\n\nconflict := 2 if input.n != 0\n\n\
         slow := count([1 | some x in numbers.range(1, 3000); some y in numbers.range(1, 3000); x == y + input.n])\n",
    );
    place.ok(&["build", "-e", "p/conflict", "-e", "p/slow", "policy.rego"]);
    let unsigned = [
        "serve",
        "--bundle",
        "bundle.tar.gz",
        "--unsigned",
        "--addr",
        "localhost:0",
        "--deadline-ms",
        "20",
    ];
    let server = Running::start(&place, &unsigned);
    let ask = |path: &str| {
        let (status, answer) =
            server.request(&format!("POST /v1/data/{path}"), r#"{"input": {"n": 1}}"#);
        assert_eq!(status, 500, "{answer}");
        id_of(&answer)
    };
    let (conflict, slow) = (ask("p/conflict"), ask("p/slow"));
    let list = place.ok(&["log", "list"]);
    assert_eq!(list.matches("| error: ").count(), 2, "{list}");
    assert!(!list.contains("undefined"), "{list}");
    assert!(!place.ok(&["log", "list", "-n", "0"]).contains("error: "));
    let page = place.ok(&["why", &conflict]);
    assert!(page.contains("same: the same question fails in the same way"), "{page}");
    let page = place.ok(&["why", &slow, "--deadline-ms", "20"]);
    assert!(page.contains("deadline of 20ms") && page.contains("again     same"), "{page}");
    let ran = place.run(&["why", &slow, "--deadline-ms", "600000"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.out.contains("stopped then by a limit") && !ran.out.contains("DIFFERENT"),
        "{ran:?}"
    );
}

#[test]
fn ids_may_be_shortened() {
    let place = Workplace::new();
    let log = Log::open(&place.file("state/decisions"), Durability::Written).expect("a log");
    for id in ["abcdef-1", "abcdef-2", "abcdxx-3"] {
        log.append(&Record::new(id.to_owned(), Default::default())).expect("a record");
    }
    drop(log);
    place.fails(1, &["why", "abcdx"], &["too short", "6 characters"]);
    place.fails(1, &["why", "abcdef"], &["more than one", "abcdef-1", "abcdef-2"]);
    place.fails(1, &["why", "abcdxx"], &["decision  abcdxx-3"]);
    place.fails(1, &["why", "abcdef-1"], &["decision  abcdef-1"]);
    place.fails(1, &["why", "no-such"], &["no decision `no-such`"]);
}

#[test]
fn senseless_flags_are_named() {
    let place = Workplace::new();
    signed_bundle(&place);
    let check = |more: &[&str], code, words: &[&str]| {
        let mut all = SERVE[..5].to_vec();
        all.extend_from_slice(more);
        place.fails(code, &all, words);
    };
    check(&["--deadline-ms", "0"], 2, &["--deadline-ms"]);
    check(&["--memory-mib", "99999"], 2, &["--memory-mib"]);
    check(&["--memory-mib", "1"], 1, &["--memory-mib 1"]);
    check(&["--addr", "nowhere"], 1, &["--addr", "nowhere"]);
    check(&["--addr", "localhost:port"], 1, &["--addr", "localhost:port"]);
}

#[test]
fn a_taken_port_is_said_so() {
    let place = Workplace::new();
    signed_bundle(&place);
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = taken.local_addr().expect("an address").to_string();
    let arguments = ["serve", "--bundle", "bundle.tar.gz", "--key", "cosign.pub", "--addr", &addr];
    place.fails(1, &arguments, &["already in use"]);
}
