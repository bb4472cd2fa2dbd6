//! `palisade parse`.

use crate::support::Workplace;

fn place() -> Workplace {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nallow if input.x # why\n");
    place
}

fn json(arguments: &[&str]) -> serde_json::Value {
    serde_json::from_str(&place().ok(arguments)).expect("JSON")
}

#[test]
fn prints_a_tree_for_people() {
    let tree = place().ok(&["parse", "p.rego"]);
    assert!(tree.starts_with("module\n package\n  ref\n   data\n   \"p\"\n rule\n"), "{tree}");
    assert!(tree.ends_with(" comment\n"), "{tree}");
}

#[test]
fn prints_the_tree_as_json() {
    let tree = json(&["parse", "p.rego", "--format", "json"]);
    assert_eq!(tree["package"]["path"][1]["value"], "p");
    assert_eq!(tree["rules"][0]["head"]["name"], "allow");
    assert_eq!(tree["rules"][0]["body"][0]["terms"]["value"][1]["value"], "x");
    assert_eq!(tree["comments"][0]["Text"], "IHdoeQ==");
    assert!(tree["rules"][0].get("location").is_none());
}

#[test]
fn includes_what_is_asked_for() {
    let words = "--json-include=locations,-comments";
    let tree = json(&["parse", "p.rego", "-f", "json", words]);
    assert_eq!(tree["rules"][0]["location"]["row"], 3);
    assert!(tree.get("comments").is_none());
    place().fails(1, &["parse", "p.rego", "--json-include", "colours"], &["colours"]);
}

#[test]
fn says_why_a_file_has_no_tree() {
    let place = Workplace::new();
    place.write("broken.rego", "package p\n\nallow if {\n");
    place.fails(1, &["parse", "broken.rego"], &["broken.rego:"]);
    let ran = place.run(&["parse", "broken.rego", "--format", "json"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let errors: serde_json::Value = serde_json::from_str(&ran.err).expect("JSON");
    assert_eq!(errors["errors"][0]["code"], "rego_parse_error");
}
