//! What can go wrong with a request, and the response that tells it. Nothing else makes error responses.
//!
//! | status | code | when |
//! |---|---|---|
//! | 400 | `invalid_parameter` | the request cannot be read, or the policy found its input malformed |
//! | 404 | `resource_not_found` | there is no such route |
//! | 405 | `invalid_operation` | the route does not have the method |
//! | 413 | `invalid_parameter` | the body or the input is too large |
//! | 500 | `internal_error` | the policy failed, was stopped, or its decision could not be logged |

use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use palisade::{EvalError, FactsError, PolicyError};
use palisade_abi::ErrorCode;
use palisade_decision::RecordError;
use serde::Serialize;

use crate::wire;

/// Why a request has no decision for an answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The request's path, query or body is malformed.
    Parameter(String),
    /// The body is larger than the limit.
    TooLarge(String),
    /// There is no such route.
    NoSuchRoute,
    /// The route does not have the method.
    NoSuchMethod,
    /// The policy answered with an error.
    Policy(PolicyError),
    /// The evaluation came to no well-formed end.
    Evaluation(EvalError),
    /// There is no clock or no randomness.
    Facts(FactsError),
    /// The decision record could not be made.
    Record(RecordError),
    /// The decision record could not be written. What exactly failed names files of this machine, and is for the
    /// operator only.
    Unlogged,
    /// The server is stopping, or the thread that evaluated is gone.
    Stopping,
}

/// OPA's error response.
#[derive(Serialize)]
struct Body<'a> {
    code: &'a str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<[&'a PolicyError; 1]>,
}

/// For requests that no route takes.
pub(crate) async fn no_such_route() -> Failure {
    Failure::NoSuchRoute
}

/// For requests with a method that their route does not take.
pub(crate) async fn no_such_method() -> Failure {
    Failure::NoSuchMethod
}

/// The code of an evaluation that was stopped, for the decision log.
pub(crate) fn code_of(error: &EvalError) -> &'static str {
    match error {
        EvalError::Deadline(_) => "eval_deadline_exceeded",
        EvalError::Fuel(_) => "eval_fuel_exhausted",
        EvalError::Memory { .. } => "eval_out_of_memory",
        EvalError::Stack => "eval_stack_exhausted",
        EvalError::Trap(_) => "eval_trap",
        EvalError::Malformed(_) => "eval_malformed_answer",
        EvalError::InputTooLarge { .. } => "eval_input_too_large",
        EvalError::OutputTooLarge { .. } => "eval_output_too_large",
        EvalError::Refused { .. } => "eval_refused",
        EvalError::UnknownEntrypoint(_) | EvalError::Host(_) => "internal_error",
    }
}

impl From<QueryRejection> for Failure {
    fn from(rejection: QueryRejection) -> Failure {
        Failure::Parameter(rejection.body_text())
    }
}

impl From<BytesRejection> for Failure {
    fn from(rejection: BytesRejection) -> Failure {
        match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge("request body too large".to_owned()),
            _ => Failure::Parameter(rejection.body_text()),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, body) = self.describe();
        // A struct of strings cannot fail to serialise; an empty object is still no decision.
        let json = serde_json::to_string(&body).unwrap_or_else(|_| "{}".to_owned());
        (status, wire::json(json)).into_response()
    }
}

impl Failure {
    fn describe(&self) -> (StatusCode, Body<'_>) {
        let body = |code, message: String| Body { code, message, errors: None };
        let internal =
            |message: String| (StatusCode::INTERNAL_SERVER_ERROR, body("internal_error", message));
        match self {
            Failure::Parameter(message) => {
                (StatusCode::BAD_REQUEST, body("invalid_parameter", message.clone()))
            }
            Failure::TooLarge(message) => {
                (StatusCode::PAYLOAD_TOO_LARGE, body("invalid_parameter", message.clone()))
            }
            Failure::NoSuchRoute => {
                (StatusCode::NOT_FOUND, body("resource_not_found", "there is no such route".into()))
            }
            Failure::NoSuchMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                body("invalid_operation", "the route does not take this method".into()),
            ),
            Failure::Policy(error) => describe_policy(error),
            Failure::Evaluation(error @ EvalError::InputTooLarge { .. }) => {
                (StatusCode::PAYLOAD_TOO_LARGE, body("invalid_parameter", error.to_string()))
            }
            Failure::Evaluation(error) => internal(error.to_string()),
            Failure::Facts(error) => internal(error.to_string()),
            Failure::Record(error) => internal(error.to_string()),
            Failure::Unlogged => internal("the decision could not be logged".into()),
            Failure::Stopping => internal("the server is stopping".into()),
        }
    }
}

fn describe_policy(error: &PolicyError) -> (StatusCode, Body<'_>) {
    let (status, code, message) = match ErrorCode::parse(&error.code) {
        Some(ErrorCode::InputMalformed) => {
            (StatusCode::BAD_REQUEST, "invalid_parameter", "the input document is malformed")
        }
        _ => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal_error",
            "error(s) occurred while evaluating query",
        ),
    };
    (status, Body { code, message: message.to_owned(), errors: Some([error]) })
}
