//! YAML documents as values. Numbers keep the text they are written with.

use palisade_value::{AnyValue, Entry, Value, json};
use yaml_rust2::Yaml;

/// The value of a YAML node, as OPA reads it: keys become strings, aliases are not resolved.
pub(crate) fn to_value(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Real(text) => json::parse(text).unwrap_or_else(|_| Value::text(text)),
        Yaml::Integer(it) => Value::Integer(*it),
        Yaml::String(text) => Value::text(text),
        Yaml::Boolean(it) => Value::Boolean(*it),
        Yaml::Array(items) => Value::array(items.iter().map(to_value).collect()),
        Yaml::Hash(entries) => Value::object(
            entries
                .iter()
                .map(|(key, value)| Entry { key: key_text(key), value: to_value(value) })
                .collect(),
        ),
        Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => Value::Null,
    }
}

fn key_text(key: &Yaml) -> Value {
    match to_value(key) {
        text @ Value::String(_) => text,
        other => Value::string(json::to_json(&other)),
    }
}
