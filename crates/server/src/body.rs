//! The body of a `POST`: `{"input": …}`, and whatever else the client wants to have in the decision log.

use std::collections::BTreeMap;
use std::io::Read as _;

use axum::http::HeaderMap;
use axum::http::header::CONTENT_ENCODING;
use flate2::read::MultiGzDecoder;
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

/// How a body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// As it is.
    Identity,
    /// Compressed.
    Gzip,
}

/// The encoding that the request's headers name.
pub(crate) fn encoding(headers: &HeaderMap) -> Result<Encoding, Failure> {
    let Some(named) = headers.get(CONTENT_ENCODING) else { return Ok(Encoding::Identity) };
    match named.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Ok(Encoding::Identity),
        "gzip" | "x-gzip" => Ok(Encoding::Gzip),
        _ => Err(Failure::Encoding),
    }
}

/// Unpacks a body of at most `max` bytes; what is longer is not unpacked to its end.
pub(crate) fn unpack(bytes: &[u8], max: usize) -> Result<Vec<u8>, Failure> {
    let mut unpacked = Vec::new();
    let mut bounded = MultiGzDecoder::new(bytes).take((max as u64).saturating_add(1));
    bounded.read_to_end(&mut unpacked).map_err(|cause| {
        Failure::Parameter(format!("the body is not in the encoding gzip: {cause}"))
    })?;
    match unpacked.len() > max {
        true => Err(Failure::TooLarge(format!("the unpacked body is larger than {max} bytes"))),
        false => Ok(unpacked),
    }
}

/// Reads a body. No body means no input; so does `null`, as for OPA.
pub(crate) fn parse(bytes: &[u8]) -> Result<Request, Failure> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Request { lacks_input: true, ..Request::default() });
    }
    let mut metadata: BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(bytes).map_err(|cause| {
            let cause = other_kind(bytes).unwrap_or_else(|| cause.to_string());
            Failure::Parameter(format!("body contains malformed input document: {cause}"))
        })?;
    let input = metadata.remove("input").filter(|input| input.get() != "null");
    Ok(Request { lacks_input: input.is_none(), input, metadata })
}

/// What to say of a body that is JSON and no object.
fn other_kind(bytes: &[u8]) -> Option<String> {
    let value: &RawValue = serde_json::from_slice(bytes).ok()?;
    let kind = match value.get().as_bytes().first()? {
        b'{' => return None,
        b'[' => "an array",
        b'"' => "a string",
        b't' | b'f' => "a boolean",
        b'n' => "null",
        _ => "a number",
    };
    Some(format!(
        "expected an object with the input in it, such as {{\"input\": {{\"user\": \"alice\"}}}}, found {kind}"
    ))
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

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = Vec::new();
        let mut encoder = flate2::read::GzEncoder::new(bytes, flate2::Compression::best());
        encoder.read_to_end(&mut packed).expect("memory");
        packed
    }

    #[test]
    fn what_is_unpacked_is_bounded() {
        let packed = gzip(&[b' '; 5000]);
        assert!(packed.len() < 100);
        assert_eq!(unpack(&packed, 5000).expect("room").len(), 5000);
        assert!(matches!(unpack(&packed, 4999), Err(Failure::TooLarge(_))));
        assert!(matches!(unpack(&packed[..packed.len() - 1], 5000), Err(Failure::Parameter(_))));
        assert!(matches!(unpack(b"{}", 5000), Err(Failure::Parameter(_))));
        let twice = [gzip(b"{\"a\""), gzip(b":1}")].concat();
        assert_eq!(unpack(&twice, 100).expect("two members"), b"{\"a\":1}");
    }

    #[test]
    fn encodings_are_known_by_name() {
        let of = |name: &str| {
            let headers = HeaderMap::from_iter([(CONTENT_ENCODING, name.parse().expect("text"))]);
            encoding(&headers).ok()
        };
        assert_eq!(of("gzip"), Some(Encoding::Gzip));
        assert_eq!(of("GZIP"), Some(Encoding::Gzip));
        assert_eq!(of("identity"), Some(Encoding::Identity));
        assert_eq!(of("br"), None);
        assert_eq!(encoding(&HeaderMap::new()).ok(), Some(Encoding::Identity));
    }

    #[test]
    fn anything_but_an_object_is_malformed() {
        for body in ["{", "[]", "1", r#"{"input": }"#, r#"{"input": 1} 2"#] {
            assert!(parse(body.as_bytes()).is_err(), "{body}");
        }
        assert!(parse(b"{\"input\": \"\xff\"}").is_err());
    }

    #[test]
    fn other_json_is_told_what_is_expected() {
        for (body, found) in [
            (" [1]", "an array"),
            ("\"x\"", "a string"),
            ("true", "a boolean"),
            ("null", "null"),
            ("-1", "a number"),
        ] {
            let Err(Failure::Parameter(message)) = parse(body.as_bytes()) else { panic!("{body}") };
            assert!(message.contains("expected an object"), "{message}");
            assert!(message.ends_with(&format!("found {found}")), "{message}");
        }
        assert_eq!(other_kind(b"{"), None);
        assert_eq!(other_kind(b"{\"a\": 1}"), None);
    }
}
