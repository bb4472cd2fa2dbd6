//! Records round trip: what is logged is what is read back, byte for byte.

use palisade_bundle::digest;
use palisade_decision::{
    BundleRevision, Durability, Log, Provenance, Receipt, Record, find, find_all, new_decision_id,
};
use serde_json::value::RawValue;

use crate::{lines, log_of, raw, temporary};

#[test]
fn a_record_is_an_event_of_opa_and_one_more_object() {
    let dir = temporary();
    let log = Log::open(dir.path(), Durability::Written).unwrap();
    let mut full = Record::new(
        "4ca636c1-55e4-417a-b1d8-4aceb67960d1".to_owned(),
        "2026-11-22T08:00:00.123456789Z".parse().unwrap(),
    );
    full.labels.insert("version".to_owned(), "0.1.0".to_owned());
    full.bundles.insert("authz".to_owned(), BundleRevision { revision: "4f2a".to_owned() });
    full.path = "authz/allow".to_owned();
    full.input = raw("{ \"n\": 1.00,\n\t\"s\": \"\\n\" }");
    full.result = raw("null");
    full.requested_by = "127.0.0.1:40000".to_owned();
    full.metrics = raw(r#"{"timer_server_handler_ns":12000}"#);
    full.req_id = Some(7);
    full.palisade = Provenance {
        entrypoint: "authz/allow".to_owned(),
        module: Some(digest(b"module")),
        unsigned: true,
        ambient: raw(r#"{"now_ns":1}"#),
        rules: raw(r#"["data.authz.allow"]"#),
        ..Provenance::default()
    };
    let receipt = log.append(&full).unwrap();
    let genesis = digest(b"palisade decision log 1");
    let expected = concat!(
        r#"{"labels":{"version":"0.1.0"},"decision_id":"4ca636c1-55e4-417a-b1d8-4aceb67960d1","#,
        r#""bundles":{"authz":{"revision":"4f2a"}},"path":"authz/allow","#,
        r#""input":{ "n": 1.00, <TAB>"s": "\n" },"result":null,"requested_by":"127.0.0.1:40000","#,
        r#""timestamp":"2026-11-22T08:00:00.123456789Z","#,
        r#""metrics":{"timer_server_handler_ns":12000},"req_id":7,"#,
        r#""palisade":{"entrypoint":"authz/allow","module":"<MODULE>","unsigned":true,"#,
        r#""ambient":{"now_ns":1},"rules":["data.authz.allow"],"seq":0,"prev":"<GENESIS>""#,
    );
    let expected = expected
        .replace("<TAB>", "\t")
        .replace("<MODULE>", &digest(b"module").to_string())
        .replace("<GENESIS>", &genesis.to_string());
    assert_eq!(receipt, Receipt { seq: 0, hash: digest(expected.as_bytes()) });
    assert_eq!(lines(dir.path()), [format!("{expected},\"hash\":\"{}\"}}}}\n", receipt.hash)]);
}

#[test]
fn a_record_is_read_back_as_it_was_written() {
    let dir = log_of(3, u64::MAX);
    let found = find(dir.path(), "decision-1").unwrap().unwrap();
    assert_eq!(found.place.to_string(), "decisions-00000000000000000000.jsonl:2");
    assert!(found.intact);
    assert_eq!(
        found.record.input.as_deref().map(RawValue::get),
        Some(r#"{"user":"alice","n":1.0}"#)
    );
    assert_eq!(found.record.palisade.seq, Some(1));
    assert!(found.record.error.is_none());
    assert!(find(dir.path(), "decision-9").unwrap().is_none());
    assert!(find(dir.path(), "").unwrap().is_none());
    assert!(find(&dir.path().join("nowhere"), "decision-1").unwrap().is_none());
    // The name of a decision in another's input is not that decision.
    assert!(find(dir.path(), "alice").unwrap().is_none());
}

#[test]
fn null_and_absent_documents_are_different() {
    let with = Record::parse(
        br#"{"decision_id":"a","timestamp":"2026-01-01T01:00:00+01:00","input":null}"#,
    )
    .unwrap();
    let without =
        Record::parse(br#"{"decision_id":"a","timestamp":"2026-01-01T00:00:00Z"}"#).unwrap();
    assert_eq!(with.input.as_deref().map(RawValue::get), Some("null"));
    assert!(without.input.is_none());
    assert_eq!(with.timestamp, without.timestamp);
    assert!(Record::parse(b"{}").is_err());
}

#[test]
fn decision_ids_are_random_uuids() {
    let (one, other) = (new_decision_id().unwrap(), new_decision_id().unwrap());
    assert_ne!(one, other);
    assert_eq!((one.len(), &one[14..15]), (36, "4"));
}

#[test]
fn records_are_found_by_the_beginning_of_their_ids() {
    let dir = log_of(12, 400);
    let ids = |prefix, n_max| -> Vec<String> {
        let found = find_all(dir.path(), prefix, n_max).unwrap();
        found.into_iter().map(|it| it.record.decision_id).collect()
    };
    assert_eq!(ids("decision-1", 9), ["decision-1", "decision-10", "decision-11"]);
    assert_eq!(ids("decision-1", 2), ["decision-1", "decision-10"]);
    assert_eq!(ids("decision-7", 9), ["decision-7"]);
    assert!(ids("ecision-7", 9).is_empty());
    assert!(ids("alice", 9).is_empty());
}
