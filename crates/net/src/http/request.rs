//! A request as it is made, out of the object that a policy writes.

use std::time::Duration;

use palisade_builtins::{Context, time};
use palisade_value::{AnyValue, Entry, Value, json};

use super::error::SendError;
use super::parameters::Parameters;
use super::tls::TlsOptions;

/// How long a request may take unless it says otherwise.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What a server is told of the client, unless the request says otherwise.
const USER_AGENT: &str = concat!("palisade/", env!("CARGO_PKG_VERSION"));

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) url: String,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    pub(super) follows_redirects: bool,
    /// The longest it may take; `None` is as long as the evaluation.
    pub(super) timeout: Option<Duration>,
    /// How often it is made again after it failed.
    pub(super) retries: u32,
    pub(super) force_json: bool,
    pub(super) force_yaml: bool,
    /// Whether, and how, its response is kept for other decisions.
    pub(super) caching: Option<Caching>,
    pub(super) tls: TlsOptions,
}

/// How a response is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Caching {
    /// For how long, whatever the server says.
    pub(super) forced: Option<Duration>,
}

impl Request {
    /// Reads a request.
    pub(super) fn read(object: &Value) -> Result<Request, SendError> {
        let parameters = Parameters::of(object)?;
        let headers = headers(parameters)?;
        let mut tls = TlsOptions::read(parameters)?;
        if tls.server_name.is_empty() {
            tls.server_name = header(&headers, "host").unwrap_or_default().to_owned();
        }
        Ok(Request {
            method: parameters.text("method")?.to_uppercase(),
            url: parameters.text("url")?,
            headers,
            body: body(parameters)?,
            follows_redirects: parameters.flag("enable_redirect")?,
            timeout: timeout(parameters)?,
            retries: parameters.count("max_retry_attempts")?.unwrap_or_default(),
            force_json: parameters.flag("force_json_decode")?,
            force_yaml: parameters.flag("force_yaml_decode")?,
            caching: caching(parameters)?,
            tls,
        })
    }
}

/// The header of a name in lower case.
pub(super) fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

fn headers(parameters: Parameters<'_>) -> Result<Vec<(String, String)>, SendError> {
    let entries = match parameters.value("headers") {
        None => Vec::new(),
        Some(Value::Object(entries)) => entries.to_vec(),
        Some(_) => return Err(SendError::Internal("invalid type for headers key".to_owned())),
    };
    let one = |Entry { key, value }: &Entry<Value>| match (key.as_str(), value.as_str()) {
        (Some(key), Some(value)) => Ok((key.to_ascii_lowercase(), value.to_owned())),
        _ => Err(SendError::Internal(format!("invalid type for headers value {value}"))),
    };
    let mut headers: Vec<(String, String)> = entries.iter().map(one).collect::<Result<_, _>>()?;
    if header(&headers, "user-agent").is_none() {
        headers.push(("user-agent".to_owned(), USER_AGENT.to_owned()));
    }
    Ok(headers)
}

/// The raw body where there is one, else the body as JSON.
fn body(parameters: Parameters<'_>) -> Result<Vec<u8>, SendError> {
    if parameters.value("raw_body").is_some() {
        return Ok(parameters.text("raw_body")?.into_bytes());
    }
    let body = parameters.value("body").map(|body| json::to_json(&body));
    Ok(body.unwrap_or_default().into_bytes())
}

/// A number of nanoseconds, also as text, or text with units; 0 is no timeout.
fn timeout(parameters: Parameters<'_>) -> Result<Option<Duration>, SendError> {
    let ns = match parameters.value("timeout") {
        None => return Ok(Some(TIMEOUT)),
        Some(Value::Integer(ns)) => ns,
        Some(Value::Decimal(text)) => {
            let message = format!("invalid timeout number value {text}, must be int64");
            return Err(SendError::Internal(message));
        }
        Some(value @ Value::String(_)) => nanoseconds(&value).ok_or_else(|| {
            SendError::Internal(format!("invalid timeout value {value}: invalid duration"))
        })?,
        Some(other) => {
            let found = other.kind().name();
            return Err(SendError::Operand(format!(
                "'timeout' must be one of {{string, number}} but got {found}"
            )));
        }
    };
    Ok((ns > 0).then(|| Duration::from_nanos(ns.unsigned_abs())))
}

fn nanoseconds(text: &Value) -> Option<i64> {
    if let Some(ns) = text.as_str().and_then(|text| text.parse().ok()) {
        return Some(ns);
    }
    match time::time_parse_duration_ns(&mut Context::default(), std::slice::from_ref(text)) {
        Ok(Value::Integer(ns)) => Some(ns),
        _ => None,
    }
}

fn caching(parameters: Parameters<'_>) -> Result<Option<Caching>, SendError> {
    check_mode(parameters)?;
    if !parameters.flag("force_cache")? {
        return Ok(parameters.flag("cache")?.then_some(Caching { forced: None }));
    }
    let Some(seconds) = parameters.count("force_cache_duration_seconds")? else {
        return Err(SendError::Internal(
            "'force_cache' set but 'force_cache_duration_seconds' parameter is missing".to_owned(),
        ));
    };
    let forced = (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)));
    Ok(Some(Caching { forced }))
}

/// How cached responses are held in memory is OPA's to choose between; here both ways are the same.
fn check_mode(parameters: Parameters<'_>) -> Result<(), SendError> {
    let wrong = |message: String| Err(SendError::Internal(message));
    match parameters.value("caching_mode") {
        None => Ok(()),
        Some(Value::String(mode)) if ["serialized", "deserialized"].contains(&&*mode) => Ok(()),
        Some(Value::String(mode)) => {
            wrong(format!("invalid value specified for \"caching_mode\" field: {mode}"))
        }
        Some(_) => wrong("invalid value for \"caching_mode\" field".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: &str) -> Result<Request, SendError> {
        let text = format!(r#"{{"method": "post", "url": "http://localhost/"{more}}}"#);
        Request::read(&json::parse(&text).expect("JSON"))
    }

    #[test]
    fn what_is_not_said_has_the_usual_value() {
        let request = read("").expect("a request");
        assert_eq!((request.method.as_str(), request.timeout), ("POST", Some(TIMEOUT)));
        assert!(!request.follows_redirects && request.caching.is_none() && request.body.is_empty());
        assert_eq!(header(&request.headers, "user-agent"), Some(USER_AGENT));
    }

    #[test]
    fn timeouts_have_units_or_are_nanoseconds() {
        let ms = |ms| Some(Duration::from_millis(ms));
        for (text, expected) in
            [("1000000", ms(1)), ("\"2000000\"", ms(2)), ("\"1.5s\"", ms(1500)), ("0", None)]
        {
            let request = read(&format!(r#", "timeout": {text}"#)).expect("a request");
            assert_eq!(request.timeout, expected, "{text}");
        }
        for text in ["\"1 parsec\"", "1.5", "[]"] {
            assert!(read(&format!(r#", "timeout": {text}"#)).is_err(), "{text}");
        }
    }

    #[test]
    fn bodies_are_json_or_raw() {
        let body = |more: &str| String::from_utf8(read(more).expect("a request").body);
        assert_eq!(body(r#", "body": {"b": [1]}"#), Ok(r#"{"b":[1]}"#.to_owned()));
        assert_eq!(body(r#", "body": 1, "raw_body": "a=b""#), Ok("a=b".to_owned()));
    }

    #[test]
    fn caching_is_as_the_server_says_or_forced() {
        let caching = |more: &str| read(more).map(|it| it.caching);
        assert_eq!(caching(r#", "cache": true"#), Ok(Some(Caching { forced: None })));
        let forced = Some(Duration::from_secs(3));
        let more = r#", "force_cache": true, "force_cache_duration_seconds": 3"#;
        assert_eq!(caching(more), Ok(Some(Caching { forced })));
        assert!(caching(r#", "force_cache": true"#).is_err());
        assert!(caching(r#", "caching_mode": "frozen""#).is_err());
    }
}
