//! A response: as it is kept, and as the value that a policy gets.

use palisade_builtins::{Context, yaml};
use palisade_value::{AnyValue, Value, json};
use ureq::http::StatusCode;

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Response {
    pub(super) status: u16,
    /// Names in lower case, each with all of its values.
    pub(super) headers: Vec<(String, Vec<String>)>,
    pub(super) body: Vec<u8>,
}

impl Response {
    /// The first value of a header whose name is given in lower case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let (_, values) = self.headers.iter().find(|(own, _)| own == name)?;
        values.first().map(String::as_str)
    }

    /// This response with the headers of another one, which says that it still is right.
    pub(super) fn updated(mut self, by: &Response) -> Response {
        self.headers.retain(|(name, _)| !by.headers.iter().any(|(other, _)| other == name));
        self.headers.extend(by.headers.iter().cloned());
        self
    }

    /// What it takes in memory, in bytes.
    pub(super) fn size(&self) -> usize {
        let headers = self.headers.iter().flat_map(|(name, values)| {
            std::iter::once(name.len()).chain(values.iter().map(String::len))
        });
        self.body.len() + headers.sum::<usize>()
    }

    /// The value that the policy gets. A body that isn't what it is taken for is `null`.
    pub(super) fn to_value(&self, force_json: bool, force_yaml: bool) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        let body = match () {
            () if force_json || self.is_json() => json::parse(&text).ok(),
            () if force_yaml || self.is_yaml() => {
                yaml::yaml_unmarshal(&mut Context::default(), &[Value::text(&text)]).ok()
            }
            () => None,
        };
        let list =
            |values: &[String]| Value::array(values.iter().map(|it| Value::text(it)).collect());
        let headers = self.headers.iter().map(|(name, values)| (name, list(values)));
        Value::object_of([
            ("body", body.unwrap_or(Value::Null)),
            ("headers", Value::object_of(headers)),
            ("raw_body", Value::text(&text)),
            ("status", Value::text(&self.status_line())),
            ("status_code", Value::from(i64::from(self.status))),
        ])
    }

    fn status_line(&self) -> String {
        let code = StatusCode::from_u16(self.status).ok();
        match code.and_then(|code| code.canonical_reason()) {
            Some(reason) => format!("{} {reason}", self.status),
            None => self.status.to_string(),
        }
    }

    fn content_type(&self) -> &str {
        self.header("content-type").unwrap_or_default()
    }

    fn is_json(&self) -> bool {
        let essence = self.content_type().split(';').next().unwrap_or_default().trim();
        match essence.to_ascii_lowercase().strip_prefix("application/") {
            Some(kind) => kind == "json" || kind.ends_with("+json"),
            None => false,
        }
    }

    fn is_yaml(&self) -> bool {
        ["application/yaml", "application/x-yaml"].iter().any(|it| self.content_type().contains(it))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(content_type: &str, body: &str, (json, yaml): (bool, bool), expected: &str) {
        let response = Response {
            status: 200,
            headers: vec![("content-type".to_owned(), vec![content_type.to_owned()])],
            body: body.as_bytes().to_vec(),
        };
        let value = response.to_value(json, yaml);
        assert_eq!(value.get_str("body").map(|it| json::to_json(&it)).as_deref(), Some(expected));
        assert_eq!(value.get_str("raw_body"), Some(Value::text(body)));
        assert_eq!(value.get_str("status"), Some(Value::text("200 OK")));
    }

    #[test]
    fn bodies_are_decoded_by_their_type_or_by_force() {
        check("application/json; charset=utf-8", r#"{"a":1}"#, (false, false), r#"{"a":1}"#);
        check("application/problem+json", "[1]", (false, false), "[1]");
        check("text/plain", "[1]", (false, false), "null");
        check("text/plain", "[1]", (true, false), "[1]");
        check("application/json", "{", (false, false), "null");
        check("application/x-yaml", "a: [1]", (false, false), r#"{"a":[1]}"#);
        check("text/plain", "a: 1", (false, true), r#"{"a":1}"#);
    }
}
