//! `palisade bench`.

use crate::support::{Workplace, authz};

#[test]
fn both_evaluators_are_measured() {
    let place = Workplace::new();
    authz(&place);
    place.write("a.json", "{\"subject\": {\"role\": \"admin\"}}").write("b.json", "{}");
    let bench = ["bench", "-d", ".", "--count", "2", "--round-ms", "1", "data.authz.allow"];
    let inputs = ["--ignore", "?.json", "-i", "a.json", "-i", "b.json"];
    let json = place.ok(&[&bench[..], &inputs, &["-f", "json"]].concat());
    let report: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    for evaluator in ["module", "reference"] {
        let times = &report["evaluators"][evaluator];
        let time = |name: &str| times[name].as_u64().unwrap_or_else(|| panic!("{name}: {times}"));
        assert!(0 < time("min_ns") && time("min_ns") <= time("median_ns"), "{times}");
        assert!(time("median_ns") <= time("max_ns") && time("decisions") >= 2, "{times}");
    }
    assert!(report["module_bytes"].as_u64() > Some(1_000), "{report}");
    let table = place.ok(&[&bench[..], &inputs].concat());
    for words in ["evaluator", "median", "module", "reference"] {
        assert!(table.contains(words), "{words} in {table}");
    }
}

#[test]
fn what_fails_is_not_measured() {
    let place = Workplace::new();
    place.write("p.rego", "package p\n\nx := 1 if input.a\n\nx := 2 if input.a\n");
    place.write("i/input.json", "{\"a\": true}");
    let bench = ["bench", "-d", "p.rego", "--count", "1", "--round-ms", "1", "data.p.x"];
    place.ok(&bench);
    place.fails(1, &[&bench[..], &["-i", "i/input.json"]].concat(), &["fails on input 1"]);
}
