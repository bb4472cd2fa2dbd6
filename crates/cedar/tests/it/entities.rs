//! Entities that are known at build time.

use palisade_cedar::{Options, Source};

use crate::support::{problems, set_with, uid, with_schema};

fn with_entities(options: Options, entities: &str) -> Options {
    Options { entities: Some(Source::new("e.json", entities)), ..options }
}

#[test]
fn values_have_their_own_form() {
    let entities = r#"[
        {"uid": {"type": "N::U", "id": "b"}, "parents": [{"type": "G", "id": "y"}, {"__entity": {"type": "G", "id": "x"}}],
         "attrs": {
            "bool": true, "long": -9223372036854775808, "string": "é",
            "set": [2, 1, 2, "a"], "record": {"b": 1, "a c": {}},
            "entity": {"__entity": {"type": "N::U", "id": "a"}},
            "ip": {"__extn": {"fn": "ip", "arg": "10.0.0.1/8"}},
            "decimal": {"__extn": {"fn": "decimal", "arg": "-1.25"}},
            "datetime": {"__extn": {"fn": "datetime", "arg": "1970-01-01T00:00:01Z"}},
            "duration": {"__extn": {"fn": "duration", "arg": "1m"}}},
         "tags": {"t": ["x"]}},
        {"uid": {"type": "G", "id": "x"}, "attrs": {}, "parents": []}]"#;
    let set = set_with("", &with_entities(Options::default(), entities));
    assert_eq!(set.entities.len(), 2);
    let group = &set.entities[0];
    assert_eq!((&group.uid, group.attrs.to_string().as_str()), (&uid("G", "x"), "{}"));
    let user = &set.entities[1];
    assert_eq!(user.uid, uid("N::U", "b"));
    assert_eq!(user.parents, [uid("G", "x"), uid("G", "y")]);
    assert_eq!(user.tags.to_string(), r#"{"t": {"x"}}"#);
    let expected = [
        r#""bool": true"#,
        r#""datetime": ["datetime", 1000, null]"#,
        r#""decimal": ["decimal", -12500, null]"#,
        r#""duration": ["duration", 60000, null]"#,
        r#""entity": ["N::U", "a"]"#,
        r#""ip": ["ipaddr", "0a000001", 8]"#,
        r#""long": -9223372036854775808"#,
        r#""record": {"a c": {}, "b": 1}"#,
        r#""set": {1, 2, "a"}"#,
        r#""string": "é""#,
    ];
    assert_eq!(user.attrs.to_string(), format!("{{{}}}", expected.join(", ")));
}

const SCHEMA: &str = "
entity G;
entity U in [G] { ip: ipaddr, boss?: U, at?: Set<datetime> } tags decimal;
entity E enum [\"one\"];
action a;
action b in [a] appliesTo { principal: U, resource: G };
";

#[test]
fn the_schema_says_what_is_meant() {
    let entities = r#"[{"uid": {"type": "U", "id": "a"}, "parents": [{"type": "G", "id": "g"}],
        "attrs": {"ip": "::1", "boss": {"type": "U", "id": "b"}, "at": ["1970-01-01"]},
        "tags": {"x": "1.0"}}]"#;
    let set = set_with("", &with_entities(with_schema(SCHEMA), entities));
    let names: Vec<_> = set.entities.iter().map(|it| it.uid.clone()).collect();
    assert_eq!(names, [uid("Action", "a"), uid("Action", "b"), uid("U", "a")]);
    assert_eq!(set.entities[1].parents, [uid("Action", "a")]);
    let user = &set.entities[2];
    assert_eq!(
        user.attrs.to_string(),
        format!(
            r#"{{"at": {{["datetime", 0, null]}}, "boss": ["U", "b"], "ip": ["ipaddr", "{:032x}", 128]}}"#,
            1
        )
    );
    assert_eq!(user.tags.to_string(), r#"{"x": ["decimal", 10000, null]}"#);
}

#[test]
fn parents_are_the_direct_ones() {
    let entities = r#"[
        {"uid": {"type": "G", "id": "a"}, "attrs": {}, "parents": [{"type": "G", "id": "b"}]},
        {"uid": {"type": "G", "id": "b"}, "attrs": {}, "parents": [{"type": "G", "id": "c"}]}]"#;
    let set = set_with("", &with_entities(Options::default(), entities));
    assert_eq!(set.entities[0].parents, [uid("G", "b")]);
}

fn found(options: Options, entities: &str) -> Vec<(&'static str, String, String)> {
    problems(&[], &with_entities(options, entities))
}

#[test]
fn every_bad_entity_is_blamed() {
    let entities = r#"[
{"uid": {"type": "X", "id": "a"}, "attrs": {}, "parents": []},
{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": []},
{"uid": {"type": "U", "id": "b"}, "attrs": {"ip": "no"}, "parents": []},
{"uid": {"type": "U", "id": "c"}, "attrs": {"ip": "::1", "more": 1}, "parents": []},
{"uid": {"type": "E", "id": "two"}, "attrs": {}, "parents": []},
{"uid": {"type": "U", "id": "d"}, "attrs": {"ip": "::1"}, "parents": [{"type": "U", "id": "a"}]},
{"uid": {"type": "U", "id": "e"}, "attrs": {"ip": "::1"}, "parents": []}
]"#;
    let found = found(with_schema(SCHEMA), entities);
    let places: Vec<_> = found.iter().map(|(code, place, _)| (*code, place.as_str())).collect();
    let at = |row| ("cedar-entity", row);
    assert_eq!(
        places,
        ["e.json:2:1", "e.json:3:1", "e.json:4:1", "e.json:5:1", "e.json:6:1", "e.json:7:1"]
            .map(at)
    );
    assert!(found[0].2.contains(r#"`X::"a"` has type `X`"#), "{}", found[0].2);
}

#[test]
fn what_is_wrong_with_all_of_them_together() {
    let twice = r#"[
{"uid": {"type": "G", "id": "a"}, "attrs": {"x": 1}, "parents": []},
{"uid": {"type": "G", "id": "b"}, "attrs": {"x": 1}, "parents": []},
{"uid": {"type": "G", "id": "a"}, "attrs": {"x": 2}, "parents": []}]"#;
    let (code, place, message) = found(Options::default(), twice).remove(0);
    assert_eq!((code, place.as_str()), ("cedar-entity", "e.json:4:1"));
    assert_eq!(message, r#"duplicate entity entry `G::"a"`"#);
    let cycle = r#"[
{"uid": {"type": "G", "id": "a"}, "attrs": {}, "parents": [{"type": "G", "id": "b"}]},
{"uid": {"type": "G", "id": "b"}, "attrs": {}, "parents": [{"type": "G", "id": "a"}]}]"#;
    let (code, place, message) = found(Options::default(), cycle).remove(0);
    assert_eq!(code, "cedar-entity");
    assert!(place == "e.json:2:1" || place == "e.json:3:1", "{place}");
    assert!(message.contains("cycle"), "{message}");
}

#[test]
fn other_json_is_no_list_of_entities() {
    let found = |entities: &str| {
        let (code, place, message) = found(Options::default(), entities).remove(0);
        (code, format!("{place}: {message}"))
    };
    let expected = "e.json:1:1: invalid type: map, expected a sequence";
    assert_eq!(found("{}"), ("cedar-json", expected.to_owned()));
    assert_eq!(found("[\n{]").0, "cedar-json");
    let expected = "e.json:3:30: error during entity deserialization: missing field `parents`";
    let entities = "[\n{\"uid\": {\"type\": \"U\",\n \"id\": \"a\"},    \"attrs\": {}  }]";
    assert_eq!(found(entities), ("cedar-entity", expected.to_owned()));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(found(&deep).0, "cedar-entity");
}

#[test]
fn entities_are_not_held_against_a_broken_schema() {
    let found = found(
        with_schema("entity"),
        r#"[{"uid": {"type": "U", "id": "a"}, "attrs": {}, "parents": []}]"#,
    );
    assert!(found.iter().all(|(code, ..)| *code == "cedar-schema"), "{found:?}");
}
