//! Cedar's functions: how they are listed, and how they bear large and deep input.

use palisade_builtins::{Context, Failure, cedar};
use palisade_value::{AnyValue, Value, json};

macro_rules! entries {
    ($(($name:literal, $export:ident, $module:ident, $function:ident, $arity:literal));* $(;)?) => {
        &[$(($name, stringify!($export), $arity)),*]
    };
}

const ENTRIES: &[(&str, &str, usize)] = palisade_builtins::for_each_cedar_function!(entries);

fn call(name: &str, operands: &[Value]) -> Result<Value, Failure> {
    let function = cedar::lookup::<Value>(name).unwrap_or_else(|| panic!("no function {name}"));
    function(&mut Context::new(0, 0), operands)
}

fn read(text: &str) -> Value {
    json::parse(text).expect("the test's own JSON is right")
}

fn uid(ty: &str, id: &str) -> Value {
    Value::array(vec![Value::text(ty), Value::text(id)])
}

#[test]
fn exports_are_named_after_the_functions() {
    for (name, export, arity) in ENTRIES {
        assert_eq!(name.replace('.', "_"), *export);
        assert_eq!(cedar::arity(name), Some(*arity));
        assert!(palisade_builtins::lookup::<Value>(name).is_none(), "{name} is visible to Rego");
    }
}

#[test]
fn every_function_bears_any_operands() {
    let odd = [
        "null",
        "1.5",
        "[]",
        "[1,2]",
        "[\"a\",\"b\"]",
        "[\"ipaddr\",\"xyz\",-1]",
        "[\"decimal\",null,null]",
        "[\"datetime\",\"a\",{}]",
        "{\"a\":[]}",
        "[{},{}]",
        "[{\"a\":1},null]",
        "[\"\",\"\",\"\",\"\"]",
    ];
    let odd: Vec<Value> = odd.iter().map(|it| read(it)).collect();
    for (name, _, arity) in ENTRIES {
        for a in &odd {
            for b in &odd {
                let operands: Vec<Value> =
                    [a, b, a, b, a].into_iter().take(*arity).cloned().collect();
                let _ = call(name, &operands);
            }
        }
        let _ = call(name, &[]);
    }
}

/// `N::"0"` and so on, each in its parent.
fn entities(n: usize, parent: impl Fn(usize) -> Option<usize>) -> Value {
    let one = |at: usize| {
        let parents: Vec<String> =
            parent(at).iter().map(|it| format!("{{\"type\":\"N\",\"id\":\"{it}\"}}")).collect();
        format!(
            "{{\"uid\":{{\"type\":\"N\",\"id\":\"{at}\"}},\"attrs\":{{\"n\":{at}}},\"parents\":[{}]}}",
            parents.join(",")
        )
    };
    read(&format!("[{}]", (0..n).map(one).collect::<Vec<_>>().join(",")))
}

fn store(json: Value) -> Value {
    call("cedar.entities", &[json, Value::Null, Value::empty_object()]).expect("they are right")
}

#[test]
fn many_entities_and_long_chains_are_climbed_one_by_one() {
    let flat = store(entities(20_000, |it| it.checked_sub(1).map(|it| it / 10)));
    let is_below = call("cedar.in", &[uid("N", "19999"), uid("N", "0"), flat]);
    assert_eq!(is_below, Ok(Value::Boolean(true)));
    let chain = store(entities(10_000, |it| it.checked_sub(1)));
    for (sought, is_there) in [("0", true), ("nobody", false)] {
        let operands = [uid("N", "9999"), uid("N", sought), chain.clone()];
        assert_eq!(call("cedar.in", &operands), Ok(Value::Boolean(is_there)));
    }
}

#[test]
fn a_ladder_of_entities_is_climbed_once() {
    // Two ways up from each rung: 2^60 ways in all.
    let rung = |it: usize| {
        let above = |side: &str| format!("{{\"type\":\"N\",\"id\":\"{side}{}\"}}", it + 1);
        ["a", "b"].map(|side| {
            format!(
                "{{\"uid\":{{\"type\":\"N\",\"id\":\"{side}{it}\"}},\"attrs\":{{}},\"parents\":[{},{}]}}",
                above("a"),
                above("b")
            )
        })
    };
    let ladder = read(&format!("[{}]", (0..60).flat_map(rung).collect::<Vec<_>>().join(",")));
    let ladder = store(ladder);
    let operands = [uid("N", "a0"), uid("N", "nobody"), ladder.clone()];
    assert_eq!(call("cedar.in", &operands), Ok(Value::Boolean(false)));
    let operands = [uid("N", "a0"), uid("N", "b60"), ladder];
    assert_eq!(call("cedar.in", &operands), Ok(Value::Boolean(true)));
}

#[test]
fn a_long_cycle_is_refused() {
    let n = 10_000;
    let cycle = entities(n, |it| Some(it.checked_sub(1).unwrap_or(n - 1)));
    let refused = call("cedar.entities", &[cycle, Value::Null, Value::empty_object()]);
    assert!(matches!(refused, Err(Failure::Input(text)) if text.contains("has a cycle")));
}

#[test]
fn values_may_not_nest_without_limit() {
    let nested = |depth: usize| {
        let context = format!("{{\"a\":{}1{}}}", "[".repeat(depth), "]".repeat(depth));
        let uid = "{\"type\":\"A\",\"id\":\"b\"}";
        read(&format!(
            "{{\"principal\":{uid},\"action\":{uid},\"resource\":{uid},\"context\":{context}}}"
        ))
    };
    let ask = |depth| call("cedar.request", &[nested(depth), Value::Null, Value::Boolean(true)]);
    assert!(ask(100).is_ok());
    assert!(matches!(ask(900), Err(Failure::Input(_))));
}

#[test]
fn a_type_that_is_not_met_is_named_with_its_attributes() {
    let schema = read(
        "{\"entities\":{\"U\":{\"attrs\":{\"r\":[[\"Record\",{\"a\":[[\"Bool\"],true],\"b\":[[\"Entity\",\"U\"],false]}],true]}}},\"actions\":{}}",
    );
    let entity =
        read("[{\"uid\":{\"type\":\"U\",\"id\":\"u\"},\"attrs\":{\"r\":1},\"parents\":[]}]");
    let expected = "error during entity deserialization: in attribute `r` on `U::\"u\"`, type mismatch: value was \
                    expected to have type { \"a\" => (required) bool, \"b\" => (optional) `U` }, but it actually has \
                    type long: `1`";
    let refused = call("cedar.entities", &[entity, schema, Value::empty_object()]);
    assert_eq!(refused, Err(Failure::Input(expected.into())));
}
