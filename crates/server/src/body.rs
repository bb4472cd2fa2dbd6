//! The body of a `POST`: `{"input": …}`, and whatever else the client wants to have in the decision log.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::rescue::Failure;

/// What a request asks with.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// The input; absent means that it is undefined.
    pub(crate) input: Option<Box<RawValue>>,
    /// The other members of the body: request metadata.
    pub(crate) metadata: BTreeMap<String, Box<RawValue>>,
    /// The body has no `input`, of which the client is warned as by OPA.
    pub(crate) lacks_input: bool,
}

/// Reads a body. No body means no input; so does `null`, as for OPA.
pub(crate) fn parse(bytes: &[u8]) -> Result<Request, Failure> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Request { lacks_input: true, ..Request::default() });
    }
    let mut metadata: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(bytes).map_err(|cause| {
            Failure::Parameter(format!("body contains malformed input document: {cause}"))
        })?;
    let input = metadata.remove("input").filter(|input| input.get() != "null");
    Ok(Request { lacks_input: input.is_none(), input, metadata })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, input: Option<&str>, metadata: &[&str]) {
        let request = parse(body.as_bytes()).expect("a body");
        assert_eq!(request.input.as_deref().map(RawValue::get), input);
        assert_eq!(request.metadata.keys().collect::<Vec<_>>(), metadata);
        assert_eq!(request.lacks_input, input.is_none());
    }

    #[test]
    fn the_input_keeps_its_text() {
        check(r#"{"input": {"b": 1.0, "a": "\u00e9"}}"#, Some(r#"{"b": 1.0, "a": "\u00e9"}"#), &[]);
        check(r#"{"input": false, "user": 1, "app": {}}"#, Some("false"), &["app", "user"]);
    }

    #[test]
    fn without_input_it_is_undefined() {
        check("", None, &[]);
        check(" \n", None, &[]);
        check("{}", None, &[]);
        check(r#"{"input": null}"#, None, &[]);
    }

    #[test]
    fn anything_but_an_object_is_malformed() {
        for body in ["{", "[]", "1", r#"{"input": }"#, r#"{"input": 1} 2"#] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(parse(b"{\"input\": \"\xff\"}").is_err());
    }
}
