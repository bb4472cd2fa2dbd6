//! Canonical JSON: object keys sorted by their bytes, no spaces. One value has one text, whatever order it was built in.

use serde_json::Value;

/// The canonical text of `value`. Nesting is bounded by what `serde_json` reads (128 levels).
pub fn canonical_json(value: &Value) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Object(members) => {
            // Sorted here: the order of `serde_json`'s own map depends on a feature that any dependent crate may set.
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            write_list(out, ('{', '}'), members, |out, (key, member)| {
                write_string(out, key);
                out.push(':');
                write_value(out, member);
            });
        }
        Value::Array(items) => write_list(out, ('[', ']'), items, write_value),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            out.push_str(&value.to_string())
        }
    }
}

fn write_list<T>(
    out: &mut String,
    (open, close): (char, char),
    items: impl IntoIterator<Item = T>,
    write_item: impl Fn(&mut String, T),
) {
    out.push(open);
    for (idx, item) in items.into_iter().enumerate() {
        if idx > 0 {
            out.push(',');
        }
        write_item(out, item);
    }
    out.push(close);
}

fn write_string(out: &mut String, text: &str) {
    out.push_str(&Value::from(text).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let value: Value = serde_json::from_str(json).expect("the test's JSON is well formed");
        assert_eq!(canonical_json(&value), expected);
    }

    #[test]
    fn keys_are_sorted_at_every_level() {
        check(
            r#"{"b": [{"z": 1, "a": null}], "a": "x\ny"}"#,
            r#"{"a":"x\ny","b":[{"a":null,"z":1}]}"#,
        );
    }

    #[test]
    fn scalars_and_empty_containers() {
        check(" [ true , -1.5, \"\", {}, [] ] ", r#"[true,-1.5,"",{},[]]"#);
    }
}
