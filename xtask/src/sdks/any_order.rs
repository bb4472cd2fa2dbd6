//! Answers of modules that OPA's compiler made: sets come out as arrays, in the order in which they lie in memory.

use anyhow::Context;
use serde_json::Value;

use super::json::{Precision, are_equal};

/// The entrypoints with sets of several members in their answers. Everywhere else the order of elements counts.
const WITH_SETS: [&str; 8] = [
    "graphs/leaves",
    "graphs/reachable",
    "keys/names",
    "networks/hosts",
    "networks/matches",
    "sets/algebra",
    "sets/nested",
    "sets/partial",
];

/// An entrypoint that makes text of a set.
const JOINED: &str = "strings_of/joined";

/// An entrypoint with JSON text of a set, and where in the answer that is.
const WRITTEN: (&str, &str) = ("encodings/encoded", "json");

/// Whether a module of OPA's gives the expected answer, as far as it can: it computes with doubles.
///
/// # Errors
/// When an answer is not of the kind that the entrypoint gives.
pub fn is_right(entrypoint: &str, expected: &str, answer: &str) -> anyhow::Result<bool> {
    let read = match entrypoint {
        JOINED => parts,
        it if it == WRITTEN.0 => written,
        it if WITH_SETS.contains(&it) => any_value,
        _ => return Ok(are_equal(expected, answer, Precision::Double)?),
    };
    Ok(in_order(read(expected)?) == in_order(read(answer)?))
}

fn any_value(answer: &str) -> anyhow::Result<Value> {
    Ok(serde_json::from_str(answer)?)
}

/// The members that a text was joined of.
fn parts(answer: &str) -> anyhow::Result<Value> {
    let text: String = serde_json::from_str(answer)?;
    Ok(text.split(", ").collect())
}

/// The answer with what the JSON text in it says. Nothing else in it has an order.
fn written(answer: &str) -> anyhow::Result<Value> {
    let mut value: Value = serde_json::from_str(answer)?;
    let text = value[WRITTEN.1].as_str().context("a JSON text")?;
    value[WRITTEN.1] = serde_json::from_str(text)?;
    Ok(value)
}

/// The value with the elements of arrays in an order of their own, and numbers as doubles.
fn in_order(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.into_iter().map(in_order).collect();
            items.sort_by_cached_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(entries) => {
            entries.into_iter().map(|(key, it)| (key, in_order(it))).collect()
        }
        Value::Number(number) => number.as_f64().into(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::is_right;

    #[track_caller]
    fn check(entrypoint: &str, expected: &str, answer: &str, right: bool) {
        assert_eq!(is_right(entrypoint, expected, answer).expect("JSON"), right);
    }

    #[test]
    fn order_counts_where_there_are_no_sets() {
        check("arrays/sorted", "[1, 2]", "[1.0, 2]", true);
        check("arrays/sorted", "[1, 2]", "[2, 1]", false);
        check("sets/nested", "[1, [2, 3]]", "[[3, 2], 1.0]", true);
        check("sets/nested", "[1, [2, 3]]", "[[3, 3], 1]", false);
    }

    #[test]
    fn texts_of_sets_have_their_members() {
        check("strings_of/joined", r#""a, b""#, r#""b, a""#, true);
        check("strings_of/joined", r#""a, b""#, r#""b, b""#, false);
        let encoded = |json: &str, hex: &str| format!(r#"{{"json": {json:?}, "hex": "{hex}"}}"#);
        let expected = encoded(r#"{"set":[1,2],"t":"\u0026"}"#, "61");
        check("encodings/encoded", &expected, &encoded(r#"{"t":"&","set":[2,1]}"#, "61"), true);
        check("encodings/encoded", &expected, &encoded(r#"{"t":"&","set":[2,1]}"#, "62"), false);
        check("encodings/encoded", &expected, &encoded(r#"{"t":"&","set":[2]}"#, "61"), false);
    }
}
