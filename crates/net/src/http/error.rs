//! Why a request has no response.

use palisade_abi::{ErrorCode, HostError};
use palisade_value::{AnyValue, Value};

/// Why a request has no response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SendError {
    /// The request isn't one.
    Operand(String),
    /// The request can't be made as the policy wants it, or its response can't be used.
    Internal(String),
    /// The server couldn't be reached, or didn't answer.
    Network(String),
    /// It took longer than the request allows.
    Timeout(String),
    /// The evaluation is over.
    Deadline,
}

impl SendError {
    /// The error of a call that raises errors.
    pub(super) fn into_host(self) -> HostError {
        match self {
            SendError::Operand(message) => {
                HostError::failed(ErrorCode::Type, format!("operand 1 {message}"))
            }
            SendError::Internal(message)
            | SendError::Network(message)
            | SendError::Timeout(message) => HostError::failed(ErrorCode::Builtin, message),
            SendError::Deadline => HostError::Deadline,
        }
    }

    /// The response of a call that raises none.
    pub(super) fn into_response(self) -> Value {
        let (code, message) = match self {
            SendError::Operand(message) => {
                ("internal", format!("eval_type_error: http.send: operand 1 {message}"))
            }
            SendError::Internal(message) => {
                ("internal", format!("eval_builtin_error: http.send: {message}"))
            }
            SendError::Network(message) | SendError::Timeout(message) => ("network", message),
            SendError::Deadline => ("internal", "the deadline has passed".to_owned()),
        };
        let error = Value::object_of([
            ("code", Value::text(&format!("eval_http_send_{code}_error"))),
            ("message", Value::text(&message)),
        ]);
        Value::object_of([("error", error), ("status_code", Value::from(0))])
    }
}
