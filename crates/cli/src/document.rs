//! JSON and YAML from outside: read with errors in our own words that say where in the file.

use anyhow::anyhow;
use palisade_value::{Value, json};

/// Reads a JSON document.
pub fn parse_json(text: &str) -> anyhow::Result<Value> {
    let text = without_mark(text);
    json::parse(text).map_err(|error| {
        let (line, column) = place(text, error.offset);
        anyhow!("not JSON: line {line}, column {column}: {}", error.message)
    })
}

/// The text of a JSON document, once it is known to be one.
pub fn checked_json(text: &str) -> anyhow::Result<&str> {
    parse_json(text)?;
    Ok(without_mark(text))
}

/// Reads a YAML document.
pub fn parse_yaml(text: &str) -> anyhow::Result<Value> {
    parse_json(&yaml_to_json(text)?)
}

/// A YAML document as JSON text.
pub fn yaml_to_json(text: &str) -> anyhow::Result<String> {
    let value: serde_json::Value =
        serde_saphyr::from_str(without_mark(text)).map_err(|error| yaml_fault(&error))?;
    Ok(value.to_string())
}

/// A text without the byte order mark that some editors put in front.
pub fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn yaml_fault(error: &serde_saphyr::Error) -> anyhow::Error {
    use serde_saphyr::Error;
    let reason = match error.without_snippet() {
        Error::MultipleDocuments { .. } => "more than one document in the file".to_owned(),
        Error::DuplicateMappingKey { key: Some(key), .. } => {
            format!("the key `{key}` is there twice")
        }
        Error::DuplicateMappingKey { .. } => "a key is there twice".to_owned(),
        Error::Eof { .. } => "the document ends too early".to_owned(),
        Error::Budget { .. } => "the document is too large or nested too deeply".to_owned(),
        Error::Message { msg, .. } | Error::ExternalMessage { msg, .. } => msg.clone(),
        _ => "this cannot be read as data".to_owned(),
    };
    match error.location() {
        Some(at) => anyhow!("not YAML: line {}, column {}: {reason}", at.line(), at.column()),
        None => anyhow!("not YAML: {reason}"),
    }
}

/// Line and column of a byte, from 1, the column in characters.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(found: anyhow::Result<Value>, wanted: &str) {
        let shown = match found {
            Ok(value) => json::to_json(&value),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, wanted);
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        check(parse_json("\u{feff}{\"a\": 1}"), r#"{"a":1}"#);
        check(parse_yaml("\u{feff}a: 1"), r#"{"a":1}"#);
    }

    #[test]
    fn faults_have_a_place() {
        check(parse_json("{\"ä\": 1,\n \"b\": }"), "not JSON: line 2, column 7: expected a value");
        check(parse_json(""), "not JSON: line 1, column 1: unexpected end of the document");
        check(parse_yaml("a: 1\na: 2"), "not YAML: line 2, column 1: the key `a` is there twice");
        check(
            parse_yaml("a: 1\n---\nb: 2"),
            "not YAML: line 3, column 1: more than one document in the file",
        );
        check(parse_yaml("a: [1,\n b: 2"), "not YAML: line 1, column 4: unclosed bracket '['");
    }
}
