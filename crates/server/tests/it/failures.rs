//! What is answered when there is no answer: an error, and never a result.

use std::io::Read as _;
use std::time::{Duration, Instant};

use flate2::read::GzEncoder;
use palisade_decision::{Durability, Log};
use palisade_server::{BindError, Options, Server};
use serde_json::Value;

use crate::client::{self, TestServer, policy};

/// The error code, and that there is nothing else that a client could take for a decision.
#[track_caller]
fn check(answer: (u16, String), status: u16, code: &str) -> Value {
    let error: Value = serde_json::from_str(&answer.1).expect("JSON");
    assert_eq!((answer.0, error["code"].as_str()), (status, Some(code)), "{error}");
    assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{error}");
    assert_eq!(error.get("result"), None);
    error
}

#[test]
fn failed_evaluations_are_internal_errors() {
    let server = TestServer::start();
    for path in ["loop", "trap", "pointer", "memory", "answer", "half"] {
        let answer = server.post(&format!("/v1/data/broken/{path}"), r#"{"input": {}}"#);
        check(answer, 500, "internal_error");
    }
    check(server.post("/v1/data/broken", r#"{"input": {}}"#), 500, "internal_error");
    assert_eq!(server.decide("/v1/data/authz/allow", r#"{"input": {}}"#)["result"], true);
}

#[test]
fn failures_name_their_decisions() {
    let server = TestServer::start();
    for path in ["trap", "conflict", "input", "loop"] {
        let (_, body) = server.post(&format!("/v1/data/broken/{path}"), r#"{"input": {}}"#);
        let error: Value = serde_json::from_str(&body).expect("JSON");
        let last = server.records().pop().expect("a record");
        assert_eq!(error["decision_id"], last.decision_id, "{path}");
    }
}

#[test]
fn input_that_is_too_deep_is_the_clients_fault() {
    let server = TestServer::start();
    let nested = |depth| {
        let input = "[".repeat(depth) + &"]".repeat(depth);
        server.post("/v1/data/broken/deep", &format!(r#"{{"input": {input}}}"#))
    };
    let error = check(nested(1_001), 400, "invalid_parameter");
    assert_eq!(error["errors"][0]["code"], "nesting_too_deep");
    // Then it is the policy that goes too deep.
    check(nested(1_000), 500, "internal_error");
}

#[test]
fn errors_of_the_policy_are_told_as_opa_tells_them() {
    let server = TestServer::start();
    let error =
        check(server.post("/v1/data/broken/conflict", r#"{"input": {}}"#), 500, "internal_error");
    assert_eq!(error["errors"][0]["code"], "eval_conflict_error");
    assert_eq!(error["errors"][0]["location"]["row"], 3);
    check(server.post("/v1/data/broken/input", r#"{"input": {}}"#), 400, "invalid_parameter");
}

#[test]
fn malformed_requests_are_the_clients_fault() {
    let server = TestServer::start();
    for body in ["{", "[]", r#"{"input": {}"#] {
        check(server.post("/v1/data/authz/allow", body), 400, "invalid_parameter");
    }
    check(server.post("/v1/data/%ff", "{}"), 400, "invalid_parameter");
    let error = check(server.get("/v1/data/authz?explain=bogus"), 400, "invalid_parameter");
    assert!(error["message"].as_str().is_some_and(|it| it.contains("`bogus`")), "{error}");
    let encoded = |name: &str| {
        let header = format!("content-encoding: {name}\r\n");
        client::end(server.begin_with("POST", "/v1/data/authz/allow", &header, b"{}"))
    };
    check(encoded("gzip"), 400, "invalid_parameter");
    check(encoded("br"), 415, "invalid_parameter");
    assert!(server.records().is_empty(), "no decision was made");
}

#[test]
fn other_routes_and_methods_are_refused() {
    let server = TestServer::start();
    check(server.get("/v2/data"), 404, "resource_not_found");
    check(server.send("DELETE", "/v1/data/authz/allow", b""), 405, "invalid_operation");
    check(server.send("POST", "/health", b""), 405, "invalid_operation");
    check(server.send("OPTIONS", "/v1/data/authz/allow", b""), 405, "invalid_operation");
    assert_eq!(server.send("HEAD", "/v2/data", b""), (404, String::new()));
    assert_eq!(server.send("HEAD", "/v1/data/authz/allow", b""), (200, String::new()));
}

#[test]
fn large_bodies_are_refused() {
    let server =
        TestServer::start_with(Durability::Written, |options| options.body_bytes_max = 100);
    let body = format!(r#"{{"input": "{}"}}"#, "x".repeat(100));
    check(server.post("/v1/data/echo/input", &body), 413, "invalid_parameter");
    let mut packed = Vec::new();
    let mut encoder = GzEncoder::new(body.as_bytes(), flate2::Compression::best());
    encoder.read_to_end(&mut packed).expect("memory");
    assert!(packed.len() < 100);
    let gzip = "content-encoding: gzip\r\n";
    let packed = server.begin_with("POST", "/v1/data/echo/input", gzip, &packed);
    check(client::end(packed), 413, "invalid_parameter");
    assert_eq!(server.decide("/v1/data/authz/allow", r#"{"input": {}}"#)["result"], true);
}

/// Twice as many endless evaluations as the server has threads for connections.
#[test]
fn endless_evaluations_do_not_stop_the_server() {
    let server = TestServer::start();
    std::thread::scope(|scope| {
        let loops: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| server.post("/v1/data/broken/loop", r#"{"input": {}}"#)))
            .collect();
        let mut answered = 0;
        while loops.iter().any(|it| !it.is_finished()) {
            assert_eq!(server.get("/health").0, 200);
            assert_eq!(server.decide("/v1/data/authz/allow", r#"{"input": {}}"#)["result"], true);
            answered += 1;
        }
        // A server that is stopped answers the first of them when the endless ones are over, and no second.
        assert!(answered > 1, "nobody else was answered meanwhile");
        for it in loops {
            let error = check(it.join().expect("no panic"), 500, "internal_error");
            assert!(
                error["message"].as_str().is_some_and(|message| message.contains("deadline")),
                "{error}"
            );
        }
    });
}

/// Longer than an evaluation may take on a thread for connections, and shorter than the deadline.
#[test]
fn slow_evaluations_are_answered() {
    let server = TestServer::start();
    assert_eq!(server.decide("/v1/data/slow/allow", r#"{"input": {}}"#)["result"], true);
    assert_eq!(server.records().len(), 1);
}

#[test]
fn a_port_that_is_taken_is_an_error() {
    let server = TestServer::start();
    let dir = tempfile::tempdir().expect("a directory");
    let log = Log::open(dir.path(), Durability::Written).expect("a log");
    let options = Options::new(policy(), log, Durability::Written);
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let error =
        runtime.block_on(Server::bind(&[server.addr], options)).err().expect("a taken port");
    assert!(matches!(error, BindError::PortTaken(addr) if addr == server.addr));
    assert_eq!(
        error.to_string(),
        format!("port {} on 127.0.0.1 is already in use", server.addr.port())
    );
}

#[test]
fn a_stopped_server_lets_requests_end() {
    let mut server = TestServer::start();
    let request = server.begin("POST", "/v1/data/broken/loop", br#"{"input": {}}"#);
    // Later requests are answered, so the earlier one is under way.
    for _ in 0..10 {
        assert_eq!(server.get("/health").0, 200);
    }
    let addr = server.addr;
    let start = Instant::now();
    server.stop().expect("an orderly end");
    assert!(start.elapsed() < Duration::from_secs(4), "it took {:?}", start.elapsed());
    check(client::end(request), 500, "internal_error");
    assert_eq!(server.records().len(), 1);
    assert!(std::net::TcpStream::connect(addr).is_err());
}
