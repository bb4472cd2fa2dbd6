//! Annotations as policies see them: the fields that have a meaning, in OPA's form, without those that say nothing.

use palisade_value::{AnyValue, Kind, Value, json};

use crate::semantic::schemas::path_of;
use crate::syntax::ast::{Annotations, Scope};

/// The annotations as an object.
pub fn value(annotations: &Annotations) -> Value {
    let scope = match annotations.scope {
        Scope::Rule => "rule",
        Scope::Document => "document",
        Scope::Package => "package",
        Scope::Subpackages => "subpackages",
    };
    let field = |key: &str| annotations.value.get_str(key);
    let mut fields = vec![("scope", Value::text(scope))];
    for key in ["title", "description"] {
        let text = field(key).map(|it| scalar(&it)).filter(|it| !it.is_empty());
        fields.extend(text.map(|it| (key, Value::string(it))));
    }
    if field("entrypoint") == Some(Value::Boolean(true)) {
        fields.push(("entrypoint", Value::Boolean(true)));
    }
    let mut list = |key: &'static str, read: fn(&Value) -> Value| {
        let items: Vec<Value> = field(key).iter().flat_map(|it| it.items()).map(read).collect();
        if !items.is_empty() {
            fields.push((key, Value::array(items)));
        }
    };
    list("organizations", |it| Value::string(scalar(it)));
    list("related_resources", related_resource);
    list("authors", author);
    list("schemas", schema);
    for key in ["custom", "labels"] {
        let it = field(key).filter(|it| !it.entries().is_empty());
        fields.extend(it.map(|it| (key, it)));
    }
    Value::object_of(fields)
}

/// A scalar as the text that it is written as.
fn scalar(value: &Value) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.kind() == Kind::Null => String::new(),
        None => json::to_json(value),
    }
}

/// The texts under these keys that say something.
fn texts<'k>(value: &Value, keys: &[&'k str]) -> Vec<(&'k str, Value)> {
    let text = |key: &&'k str| {
        let found = value.get_str(key)?;
        let text = found.as_str()?.trim();
        (!text.is_empty()).then(|| (*key, Value::text(text)))
    };
    keys.iter().filter_map(text).collect()
}

fn related_resource(value: &Value) -> Value {
    match value.as_str() {
        Some(target) => Value::object_of([("ref", Value::text(target))]),
        None => Value::object_of(texts(value, &["ref", "description"])),
    }
}

/// An author as an object, or as the text `Name <e-mail>`.
fn author(value: &Value) -> Value {
    let Some(written) = value.as_str() else {
        return Value::object_of(texts(value, &["name", "email"]));
    };
    let mut words: Vec<&str> = written.split_whitespace().collect();
    let email = words.last().and_then(|it| it.strip_prefix('<')?.strip_suffix('>'));
    if email.is_some() {
        words.pop();
    }
    let name = Some(("name", words.join(" "))).filter(|(_, name)| !name.is_empty());
    let parts = name.into_iter().chain(email.map(|it| ("email", it.to_owned())));
    Value::object_of(parts.map(|(key, text)| (key, Value::string(text))))
}

/// `{path: schema.name}` or `{path: {…}}` with the path, and the name, as their parts.
fn schema(value: &Value) -> Value {
    let Some(entry) = value.entries().first() else { return Value::empty_object() };
    let parts = |text: &str| {
        let parts = path_of(text).unwrap_or_default();
        Value::array(parts.iter().map(|it| Value::text(it)).collect())
    };
    let path = ("path", parts(entry.key.as_str().unwrap_or_default()));
    let what = match entry.value.as_str() {
        Some(name) => ("schema", parts(name)),
        None => ("definition", entry.value.clone()),
    };
    Value::object_of([path, what])
}
