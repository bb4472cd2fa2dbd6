//! The fields of a metadata block that have a meaning, and the types they must have.

use palisade_value::{AnyValue, Kind, Value};

/// What is wrong with a field.
pub(super) struct Fault {
    /// The field; empty for the block as a whole.
    pub(super) key: &'static str,
    /// What is wrong.
    pub(super) message: String,
}

/// Checks a block. Fields without meaning may be anything.
pub(super) fn check(block: &Value) -> Result<(), Fault> {
    if block.kind() != Kind::Object {
        return Err(Fault {
            key: "",
            message: format!("expected METADATA fields, found {}", block.kind().name()),
        });
    }
    for key in ["scope", "title", "description"] {
        check_scalar(block, key)?;
    }
    for key in ["custom", "compile", "labels"] {
        check_kind(block, key, Kind::Object)?;
    }
    check_kind(block, "entrypoint", Kind::Boolean)?;
    check_items(block, "organizations", |it| match it.kind() {
        Kind::Array | Kind::Object | Kind::Set => expect(it, Kind::String),
        _ => Ok(()),
    })?;
    check_items(block, "schemas", schema)?;
    check_items(block, "related_resources", related_resource)?;
    check_items(block, "authors", author)
}

fn check_kind(block: &Value, key: &'static str, kind: Kind) -> Result<(), Fault> {
    match field(block, key) {
        Some(it) => expect(it, kind)
            .map_err(|message| Fault { key, message: format!("`{key}`: {message}") }),
        None => Ok(()),
    }
}

/// `title: 1` is as good as `title: "1"`.
fn check_scalar(block: &Value, key: &'static str) -> Result<(), Fault> {
    match field(block, key).map(Value::kind) {
        Some(Kind::Array | Kind::Object | Kind::Set) => check_kind(block, key, Kind::String),
        _ => Ok(()),
    }
}

fn check_items(
    block: &Value,
    key: &'static str,
    check: impl Fn(&Value) -> Result<(), String>,
) -> Result<(), Fault> {
    check_kind(block, key, Kind::Array)?;
    let items = field(block, key).map(Value::items).unwrap_or_default();
    items
        .iter()
        .try_for_each(check)
        .map_err(|message| Fault { key, message: format!("`{key}`: {message}") })
}

/// A field's value, `null` being none.
pub(super) fn field<'a>(block: &'a Value, key: &str) -> Option<&'a Value> {
    let entry = block.entries().iter().find(|entry| entry.key.as_str() == Some(key))?;
    Some(&entry.value).filter(|it| it.kind() != Kind::Null)
}

fn expect(value: &Value, kind: Kind) -> Result<(), String> {
    if value.kind() == kind {
        Ok(())
    } else {
        Err(format!("expected {}, found {}", kind.name(), value.kind().name()))
    }
}

/// `{input.x: schema.name}` or `{input.x: {…}}`.
fn schema(value: &Value) -> Result<(), String> {
    expect(value, Kind::Object)?;
    let starts_with = |text: &str, roots: &[&str]| {
        let end = text.find(|it: char| !(it.is_alphanumeric() || it == '_')).unwrap_or(text.len());
        text.get(..end).is_some_and(|root| roots.contains(&root))
    };
    let [entry] = value.entries() else {
        return Err("invalid document reference: expected one entry".to_owned());
    };
    let path = entry.key.as_str().unwrap_or_default();
    if !starts_with(path, &["input", "data"]) {
        return Err("invalid document reference".to_owned());
    }
    match entry.value.kind() {
        Kind::Object => Ok(()),
        Kind::String if starts_with(entry.value.as_str().unwrap_or_default(), &["schema"]) => {
            Ok(())
        }
        Kind::String => Err("invalid schema reference".to_owned()),
        _ => Err(format!("invalid schema declaration for path \"{path}\"")),
    }
}

fn related_resource(value: &Value) -> Result<(), String> {
    match value.kind() {
        Kind::String if value.as_str() == Some("") => {
            Err("ref URL may not be empty string".to_owned())
        }
        Kind::String => Ok(()),
        Kind::Object if text(value, "ref").is_empty() => {
            Err("'ref' value required in object".to_owned())
        }
        Kind::Object => Ok(()),
        _ => Err("invalid value type, must be string or map".to_owned()),
    }
}

fn author(value: &Value) -> Result<(), String> {
    match value.kind() {
        Kind::String if value.as_str().is_some_and(|it| it.trim().is_empty()) => {
            Err("author is an empty string".to_owned())
        }
        Kind::String => Ok(()),
        Kind::Object if text(value, "name").is_empty() && text(value, "email").is_empty() => {
            Err("'name' and/or 'email' values required in object".to_owned())
        }
        Kind::Object => Ok(()),
        _ => Err("invalid value type, must be string or map".to_owned()),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    field(value, key).and_then(Value::as_str).unwrap_or_default().trim()
}
