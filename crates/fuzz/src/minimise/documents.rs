//! Smaller documents and fewer questions.

use palisade_value::{AnyValue, Entry, Value, json};

use crate::case::Case;

/// The case with one question or input less.
pub fn without(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    if case.documents.len() + case.queries.len() > 1 {
        for at in 0..case.documents.len() {
            let mut less = case.clone();
            less.documents.remove(at);
            all.push(less);
        }
        for at in 0..case.queries.len() {
            let mut less = case.clone();
            less.queries.remove(at);
            all.push(less);
        }
    }
    if case.inputs.len() > 1 {
        for at in 0..case.inputs.len() {
            let mut less = case.clone();
            less.inputs.remove(at);
            all.push(less);
        }
    }
    all
}

/// The case with something less in its data or one of its inputs.
pub fn smaller(case: &Case) -> Vec<Case> {
    let mut all = Vec::new();
    for text in smaller_texts(&case.data) {
        // Base data is an object.
        if text.starts_with('{') {
            all.push(Case { data: text, ..case.clone() });
        }
    }
    for (at, input) in case.inputs.iter().enumerate() {
        for text in smaller_texts(input) {
            let mut less = case.clone();
            less.inputs[at] = text;
            all.push(less);
        }
    }
    all
}

fn smaller_texts(text: &str) -> Vec<String> {
    json::parse::<Value>(text)
        .map(|it| smaller_values(&it).iter().map(json::to_json).collect())
        .unwrap_or_default()
}

/// The value with one part missing or smaller.
fn smaller_values(value: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    match value {
        Value::Object(entries) => {
            if entries.len() > 1 {
                all.push(Value::empty_object());
            }
            for at in 0..entries.len() {
                let mut less = entries.to_vec();
                less.remove(at);
                all.push(Value::object(less));
            }
            for (at, entry) in entries.iter().enumerate() {
                for smaller in smaller_values(&entry.value) {
                    let mut less = entries.to_vec();
                    less[at] = Entry { key: entry.key.clone(), value: smaller };
                    all.push(Value::object(less));
                }
            }
        }
        Value::Array(items) => {
            for at in 0..items.len() {
                let mut less = items.to_vec();
                less.remove(at);
                all.push(Value::array(less));
            }
            for (at, item) in items.iter().enumerate() {
                for smaller in smaller_values(item) {
                    let mut less = items.to_vec();
                    less[at] = smaller;
                    all.push(Value::array(less));
                }
            }
        }
        Value::Integer(1) => {}
        _ => all.push(Value::from(1)),
    }
    all
}
