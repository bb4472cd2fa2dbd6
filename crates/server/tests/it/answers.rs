//! What is answered to a question that has an answer.

use std::io::{Read as _, Write as _};

use flate2::read::GzEncoder;
use serde_json::{Value, json};

use crate::client::{TestServer, end};

/// The answer without its random name.
#[track_caller]
fn check(target: &str, body: &str, expected: Value) {
    let server = TestServer::start();
    let mut answer = server.decide(target, body);
    let id = answer
        .as_object_mut()
        .and_then(|answer| answer.remove("decision_id"))
        .expect("a decision id");
    assert_eq!(id.as_str().map(str::len), Some(36));
    assert_eq!(answer, expected);
}

#[test]
fn the_result_is_answered() {
    check("/v1/data/authz/allow", r#"{"input": {}}"#, json!({"result": true}));
    check("/v1/data/authz/deny", r#"{"input": {}}"#, json!({"result": false}));
    check("/v1/data/echo/input", r#"{"input": {"result": [1, "é"]}}"#, json!({"result": [1, "é"]}));
}

#[test]
fn undefined_has_no_result() {
    check("/v1/data/authz/undefined", r#"{"input": {}}"#, json!({}));
    check("/v1/data/nowhere", r#"{"input": {}}"#, json!({}));
    check("/v1/data/authz/user/email", r#"{"input": {}}"#, json!({}));
}

#[test]
fn paths_lead_into_results_and_above_entrypoints() {
    check("/v1/data/authz/user/name", r#"{"input": {}}"#, json!({"result": "ada"}));
    let package =
        json!({"allow": true, "deny": false, "limit": 7, "user": {"name": "ada", "score": 1.5}});
    check("/v1/data/authz", r#"{"input": {}}"#, json!({"result": package}));
    check("/v1/data/authz/", r#"{"input": {}}"#, json!({"result": package}));
    check("/v1/data/authz%2Fallow", r#"{"input": {}}"#, json!({}));
}

#[test]
fn base_data_is_answered_beside_the_policy() {
    check("/v1/data/base", r#"{"input": {}}"#, json!({"result": {"score": 1.5}}));
    check("/v1/data/authz/limit", r#"{"input": {}}"#, json!({"result": 7}));
    check("/v1/data/base/nothing", r#"{"input": {}}"#, json!({}));
}

#[test]
fn packed_bodies_are_unpacked() {
    let server = TestServer::start();
    let mut packed = Vec::new();
    let body = &br#"{"input": {"result": "unpacked"}}"#[..];
    let mut encoder = GzEncoder::new(body, flate2::Compression::default());
    encoder.read_to_end(&mut packed).expect("memory");
    let gzip = "content-encoding: gzip\r\n";
    let (status, answer) = end(server.begin_with("POST", "/v1/data/echo/input", gzip, &packed));
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains(r#""result":"unpacked""#), "{answer}");
}

#[test]
fn every_address_is_answered_at() {
    let server = TestServer::start();
    let [first, second] = server.addrs[..] else { panic!("two addresses") };
    assert_ne!(first, second);
    for addr in [first, second] {
        let mut stream = std::net::TcpStream::connect(addr).expect("a server that listens");
        stream.write_all(b"GET /health HTTP/1.0\r\n\r\n").expect("an open connection");
        assert_eq!(end(stream).0, 200);
    }
}

#[test]
fn a_body_without_input_is_answered_with_a_warning() {
    let warning =
        json!({"code": "api_usage_warning", "message": "'input' key missing from the request"});
    check("/v1/data/echo/input", "{}", json!({"warning": warning}));
    check("/v1/data/authz/allow", "", json!({"result": true, "warning": warning}));
}

#[test]
fn get_takes_the_input_from_the_query() {
    let server = TestServer::start();
    let (status, body) = server.get("/v1/data/echo/input?input=%7B%22result%22%3A%22x%20y%22%7D");
    assert_eq!(status, 200);
    assert!(body.contains(r#""result":"x y""#), "{body}");
    let (status, body) = server.get("/v1/data/echo/input");
    assert_eq!(status, 200);
    assert!(!body.contains("result") && !body.contains("warning"), "{body}");
    let (status, body) = server.get("/v1/data/echo/input?input=%7B");
    assert_eq!(status, 400);
    assert!(body.contains(r#""code":"invalid_parameter""#), "{body}");
}

#[test]
fn numbers_keep_their_text() {
    let server = TestServer::start();
    let (_, body) = server.post("/v1/data/authz/user/score", r#"{"input": {}}"#);
    assert!(body.contains(r#""result":1.50"#), "{body}");
}

#[test]
fn pretty_breaks_lines() {
    let server = TestServer::start();
    let (_, body) = server.post("/v1/data/authz/allow?pretty", r#"{"input": {}}"#);
    assert!(
        body.starts_with("{\n  \"decision_id\": \"")
            && body.ends_with("\",\n  \"result\": true\n}\n"),
        "{body}"
    );
}

#[test]
fn explanations_name_the_rules_that_held() {
    let server = TestServer::start();
    let answer = server.decide("/v1/data/ruled/allow?explain=full", r#"{"input": {}}"#);
    assert_eq!(
        answer["explanation"],
        json!([{"path": "data.ruled.allow", "file": "ruled.rego", "row": 3}])
    );
    let answer = server.decide("/v1/data/facts/all?explain=full", r#"{"input": {}}"#);
    assert_eq!(answer["result"]["explain"], "rules");
    let answer = server.decide("/v1/data/ruled/allow", r#"{"input": {}}"#);
    assert_eq!(answer.get("explanation"), None);
}

#[test]
fn metrics_and_provenance_are_told_when_asked_for() {
    let server = TestServer::start();
    let answer = server.decide("/v1/data/authz/allow?metrics&provenance=true", r#"{"input": {}}"#);
    assert!(
        answer["metrics"]["timer_rego_query_eval_ns"].as_u64().is_some_and(|ns| ns > 0),
        "{answer}"
    );
    assert_eq!(answer["provenance"]["bundles"], json!({"bundle": {"revision": "r1"}}));
    assert_eq!(answer["provenance"]["palisade"]["unsigned"], true);
    let digest = answer["provenance"]["palisade"]["bundle"].as_str().expect("a digest");
    assert!(digest.starts_with("sha256:"), "{digest}");
}

#[test]
fn facts_are_made_for_each_request() {
    let server = TestServer::start();
    let facts = |query| {
        server.decide(&format!("/v1/data/facts/all{query}"), r#"{"input": {}}"#)["result"].clone()
    };
    let (first, second) = (facts(""), facts("?strict-builtin-errors"));
    assert_ne!(first["seed"], second["seed"]);
    assert!(first["now_ns"].as_i64() < second["now_ns"].as_i64());
    assert_eq!(first.get("strict"), None);
    assert_eq!(second["strict"], true);
}

#[test]
fn health_is_an_empty_object() {
    let server = TestServer::start();
    assert_eq!(server.get("/health"), (200, "{}\n".to_owned()));
    assert_eq!(server.get("/health?bundles").0, 200);
}
