//! `palisade serve`, `why` and `log`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::support::{Workplace, signed_bundle};

/// A server on a port of its own; killed when it goes out of scope.
pub struct Running {
    child: Child,
    addr: String,
}

impl Running {
    /// Starts a command that prints `http://ADDRESS` when it is ready.
    pub fn start(place: &Workplace, arguments: &[&str]) -> Running {
        let mut child = place
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let lines = BufReader::new(child.stdout.as_mut().expect("a pipe")).lines();
        let ready = lines.map_while(Result::ok).find_map(|line| {
            let (_, rest) = line.split_once("http://")?;
            Some(rest.split(['/', ';']).next().unwrap_or(rest).to_owned())
        });
        Running { child, addr: ready.expect("the server says where it listens") }
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
    assert_eq!(server.stop("-INT"), Some(0));

    let page = place.ok(&["why", &id]);
    for words in ["viewer", "signer    key ", "data.authz.allow (policy.rego:7)", "again     same"]
    {
        assert!(page.contains(words), "{words} in {page}");
    }
    assert!(place.ok(&["log", "verify"]).starts_with("intact: 4 records"));
    place.fails(1, &["why", "no-such-decision"], &["no-such-decision"]);
    place.fails(1, &["log", "verify", "--state", "elsewhere"], &["no decision log"]);
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
    place.fails(1, &serve(&["--bundle", "bundle.tar.gz"]), &["--key"]);
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
