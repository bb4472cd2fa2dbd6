//! The members of a request: which there may be, which there must be, and reading them.

use palisade_value::{AnyValue, Value};

use super::error::SendError;

/// What a request may have.
const ALLOWED: [&str; 28] = [
    "body",
    "cache",
    "cache_ignored_headers",
    "caching_mode",
    "enable_redirect",
    "force_cache",
    "force_cache_duration_seconds",
    "force_json_decode",
    "force_yaml_decode",
    "headers",
    "max_retry_attempts",
    "method",
    "raise_error",
    "raw_body",
    "timeout",
    "tls_ca_cert",
    "tls_ca_cert_env_variable",
    "tls_ca_cert_file",
    "tls_client_cert",
    "tls_client_cert_env_variable",
    "tls_client_cert_file",
    "tls_client_key",
    "tls_client_key_env_variable",
    "tls_client_key_file",
    "tls_insecure_skip_verify",
    "tls_server_name",
    "tls_use_system_certs",
    "url",
];

/// What a request must have.
const REQUIRED: [&str; 2] = ["method", "url"];

/// The members of a request.
#[derive(Clone, Copy)]
pub(super) struct Parameters<'a> {
    object: &'a Value,
}

/// Whether a failure is an error; it is unless the request says otherwise.
pub(super) fn raises_error(request: &Value) -> Result<bool, SendError> {
    match request.get_str("raise_error") {
        None => Ok(true),
        Some(Value::Boolean(it)) => Ok(it),
        Some(_) => Err(SendError::Internal("invalid value for raise_error field".to_owned())),
    }
}

impl<'a> Parameters<'a> {
    /// The members of a request, which are none but those that there may be, and all that there must be.
    pub(super) fn of(object: &'a Value) -> Result<Parameters<'a>, SendError> {
        let Value::Object(entries) = object else {
            let found = object.kind().name();
            return Err(SendError::Operand(format!("must be object but got {found}")));
        };
        let is_allowed = |key: &Value| key.as_str().is_some_and(|key| ALLOWED.contains(&key));
        let unknown = entries.iter().map(|it| &it.key).filter(|key| !is_allowed(key)).cloned();
        let unknown = Value::set(unknown.collect());
        if !unknown.items().is_empty() {
            return Err(SendError::Operand(format!("invalid request parameters(s): {unknown}")));
        }
        let missing = REQUIRED.iter().filter(|key| object.get_str(key).is_none());
        let missing = Value::set(missing.map(|key| Value::text(key)).collect());
        if !missing.items().is_empty() {
            let message = format!("missing required request parameters(s): {missing}");
            return Err(SendError::Operand(message));
        }
        Ok(Parameters { object })
    }

    /// A member as it is.
    pub(super) fn value(&self, key: &str) -> Option<Value> {
        self.object.get_str(key)
    }

    /// A string, without quotes around it; empty where there is none.
    pub(super) fn text(&self, key: &str) -> Result<String, SendError> {
        match self.value(key) {
            None => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.trim_matches('"').to_owned()),
            Some(_) => Err(SendError::Internal(format!("\"{key}\" must be a string"))),
        }
    }

    /// A boolean; false where there is none.
    pub(super) fn flag(&self, key: &str) -> Result<bool, SendError> {
        match self.value(key) {
            None => Ok(false),
            Some(Value::Boolean(it)) => Ok(it),
            Some(_) => Err(SendError::Internal(format!("invalid value for \"{key}\" field"))),
        }
    }

    /// A whole number that isn't negative.
    pub(super) fn count(&self, key: &str) -> Result<Option<u32>, SendError> {
        let wrong =
            |it: &Value| SendError::Internal(format!("invalid value {it} for field \"{key}\""));
        match self.value(key) {
            None => Ok(None),
            Some(Value::Integer(it)) => {
                u32::try_from(it).map(Some).map_err(|_| wrong(&Value::from(it)))
            }
            Some(other) => Err(wrong(&other)),
        }
    }
}

#[cfg(test)]
mod tests {
    use palisade_value::json;

    use super::*;

    #[track_caller]
    fn refused(request: &str, message: &str) {
        let request: Value = json::parse(request).expect("JSON");
        let error = Parameters::of(&request).err().expect("an error");
        assert_eq!(error, SendError::Operand(message.to_owned()));
    }

    #[test]
    fn unknown_and_missing_members_are_told() {
        refused(
            r#"{"bad_key": "bad_value", "method": "get", "url": "http://127.0.0.1:51113"}"#,
            r#"invalid request parameters(s): {"bad_key"}"#,
        );
        refused(r#"{"method": "get"}"#, r#"missing required request parameters(s): {"url"}"#);
        refused("{}", r#"missing required request parameters(s): {"method", "url"}"#);
        refused("[]", "must be object but got array");
    }
}
