//! Every decision is in the log before it is answered.

use palisade::Digest;
use palisade_decision::{Durability, Log, Options as LogOptions, Record, Verdict, replay, verify};
use serde_json::value::RawValue;

use crate::client::{TestServer, policy};

fn text(json: &Option<Box<RawValue>>) -> Option<&str> {
    json.as_deref().map(RawValue::get)
}

#[track_caller]
fn only(server: &TestServer) -> Record {
    let mut records = server.records();
    assert_eq!(records.len(), 1);
    records.remove(0)
}

#[test]
fn a_record_holds_what_makes_the_decision_again() {
    for durability in [Durability::Written, Durability::Synced] {
        let mut server = TestServer::start_with(durability, |options| {
            options.bundle_name = "b.tar.gz".to_owned()
        });
        let body = r#"{"input": {"result": 1.50}, "trace": "t1"}"#;
        let answer = server.decide("/v1/data/echo/input", body);
        let record = only(&server);
        assert_eq!(Some(record.decision_id.as_str()), answer["decision_id"].as_str());
        assert_eq!(
            (record.path.as_str(), record.palisade.entrypoint.as_str()),
            ("echo/input", "echo/input")
        );
        assert_eq!(text(&record.input), Some(r#"{"result": 1.50}"#));
        assert_eq!(text(&record.result), Some("1.50"));
        assert_eq!(text(&record.error), None);
        assert_eq!(record.bundles["b.tar.gz"].revision, "r1");
        assert_eq!(text(&record.custom), Some(r#"{"request_metadata":{"trace":"t1"}}"#));
        assert!(record.requested_by.starts_with("127.0.0.1:"));
        assert_eq!(record.palisade.module, Some(Digest::of(&crate::modules::example())));
        assert!(record.palisade.unsigned && record.palisade.signer.is_none());

        let ambient = text(&record.palisade.ambient).expect("facts");
        let again = policy().decide_at(
            &["echo".into(), "input".into()],
            text(&record.input),
            ambient,
            None,
        );
        assert_eq!(again.expect("a decision").result.as_deref(), text(&record.result));
        server.stop().expect("an orderly end");
        assert!(verify(server.dir.path()).expect("a log").is_intact());
    }
}

#[test]
fn the_time_of_a_record_is_the_time_that_the_policy_was_told() {
    let server = TestServer::start();
    let answer = server.decide("/v1/data/facts/all", r#"{"input": {}}"#);
    let now_ns = answer["result"]["now_ns"].as_i64().expect("a time");
    assert_eq!(only(&server).timestamp.as_nanosecond(), i128::from(now_ns));
}

#[test]
fn undefined_and_failed_decisions_are_logged() {
    let server = TestServer::start();
    server.decide("/v1/data/nowhere", r#"{"input": {}}"#);
    for path in ["loop", "trap", "answer", "conflict"] {
        server.post(&format!("/v1/data/broken/{path}"), r#"{"input": {}}"#);
    }
    let records = server.records();
    let codes: Vec<_> = records
        .iter()
        .map(|record| {
            assert_eq!(text(&record.result), None);
            let error: serde_json::Value =
                serde_json::from_str(text(&record.error).unwrap_or("{}")).expect("JSON");
            error["code"].as_str().unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(
        codes,
        ["", "eval_deadline_exceeded", "eval_trap", "eval_malformed_answer", "eval_conflict_error"]
    );
}

#[test]
fn rules_that_held_are_logged() {
    let server = TestServer::start();
    server.decide("/v1/data/ruled/allow?explain=full", r#"{"input": {}}"#);
    let rules = r#"[{"file":"ruled.rego","path":"data.ruled.allow","row":3}]"#;
    assert_eq!(text(&only(&server).palisade.rules), Some(rules));
}

/// The log starts a new file for every record, and there is a directory in the place of the second.
#[test]
fn what_cannot_be_logged_is_not_answered() {
    let dir = tempfile::tempdir().expect("a directory");
    let one_a_file = LogOptions { segment_bytes: 1, ..LogOptions::default() };
    let log = Log::open_with(dir.path(), one_a_file).expect("a log");
    let server = TestServer::start_with(Durability::Written, |options| options.log = log);
    assert_eq!(server.decide("/v1/data/authz/allow", r#"{"input": {}}"#)["result"], true);
    std::fs::create_dir(dir.path().join("decisions-00000000000000000001.jsonl"))
        .expect("own directory");
    for _ in 0..2 {
        let (status, body) = server.post("/v1/data/authz/allow", r#"{"input": {}}"#);
        assert_eq!(status, 500, "{body}");
        assert!(
            body.contains("the decision could not be logged") && !body.contains("result"),
            "{body}"
        );
    }
    assert!(
        server
            .notices
            .lock()
            .expect("no panic")
            .iter()
            .any(|it| it.contains("could not be logged"))
    );
}

#[cfg(unix)]
#[test]
fn a_log_that_was_deleted_stops_the_answers() {
    let mut server = TestServer::start();
    assert_eq!(server.get("/health").0, 200);
    assert_eq!(server.decide("/v1/data/authz/allow", r#"{"input": {}}"#)["result"], true);
    std::fs::remove_file(server.dir.path().join("decisions-00000000000000000000.jsonl"))
        .expect("the segment");
    for _ in 0..2 {
        let (status, body) = server.post("/v1/data/authz/allow", r#"{"input": {}}"#);
        assert_eq!(status, 500, "{body}");
        assert!(!body.contains("result"), "{body}");
    }
    let (status, body) = server.get("/health");
    assert_eq!(status, 500);
    assert!(body.contains(r#"{"error":"the decision log has stopped"#), "{body}");
    assert!(server.stop().is_err(), "the log was not closed in order");
    let notices = server.notices.lock().expect("no panic");
    let n_told = |words: &str| notices.iter().filter(|it| it.contains(words)).count();
    assert_eq!(n_told("was deleted while the log was open"), 1, "{notices:?}");
    assert_eq!(n_told("THE DECISION LOG HAS STOPPED"), 1, "{notices:?}");
}

/// Nobody asks for anything: the server finds out by itself.
#[cfg(unix)]
#[test]
fn a_log_that_was_moved_is_noticed() {
    let server = TestServer::start();
    let segment = server.dir.path().join("decisions-00000000000000000000.jsonl");
    std::fs::rename(&segment, segment.with_extension("old")).expect("the segment");
    let start = std::time::Instant::now();
    let is_told = || {
        let notices = server.notices.lock().expect("no panic");
        notices.iter().any(|it| it.contains("was moved or replaced"))
    };
    while !is_told() {
        assert!(start.elapsed().as_secs() < 60, "nothing was noticed");
        std::thread::yield_now();
    }
    assert_eq!(server.get("/health").0, 500);
}

#[test]
fn what_was_recorded_is_made_again() {
    let server = TestServer::start();
    let targets = [
        ("/v1/data/authz%2Fallow/x", "authz%2Fallow/x"),
        ("/v1/data/authz/user/a%2Fb%25", "authz/user/a%2Fb%25"),
        ("/v1/data/authz", "authz"),
        ("/v1/data", ""),
        ("/v1/data/base/score", "base/score"),
        ("/v1/data/nowhere", "nowhere"),
        ("/v1/data/broken/loop", "broken/loop"),
        ("/v1/data/broken/trap", "broken/trap"),
        ("/v1/data/broken/conflict", "broken/conflict"),
    ];
    for (target, path) in targets {
        // An error is recorded like any other outcome.
        server.post(target, r#"{"input": {}}"#);
        let record = server.records().pop().expect("a record");
        assert_eq!(record.path, path);
        let again = replay(&policy(), &record).expect("the same policy");
        assert_eq!(again.verdict, Verdict::Same, "{target}: {again:?}");
    }
    let mut record = server.records().remove(4);
    assert_eq!(text(&record.result), Some("1.50"));
    record.path = "authz/limit".to_owned();
    assert_eq!(replay(&policy(), &record).expect("a replay").verdict, Verdict::Different);
}

#[test]
fn an_unsigned_policy_is_named_on_every_line() {
    let mut server = TestServer::start();
    server.stop().expect("an orderly end");
    let notices = server.notices.lock().expect("no panic");
    assert!(!notices.is_empty());
    assert!(notices.iter().all(|notice| notice.starts_with("UNSIGNED POLICY: ")), "{notices:?}");
}

#[test]
fn concurrent_decisions_are_all_logged_once() {
    let server = TestServer::start_with(Durability::Synced, |_| {});
    let ids = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4)
            .map(|client| {
                let server = &server;
                scope.spawn(move || {
                    let decide = |n| {
                        let body = format!(r#"{{"input": {{"result": "{client}-{n}"}}}}"#);
                        let answer = server.decide("/v1/data/echo/input", &body);
                        assert_eq!(answer["result"], format!("{client}-{n}"));
                        answer["decision_id"].as_str().expect("an id").to_owned()
                    };
                    (0..10).map(decide).collect::<Vec<_>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().expect("no panic")).collect::<Vec<_>>()
    });
    let mut logged: Vec<_> =
        server.records().into_iter().map(|record| record.decision_id).collect();
    let mut answered = ids;
    logged.sort();
    answered.sort();
    assert_eq!(logged, answered);
}
