//! What can go wrong with a request, and the response that tells it. Nothing else makes error responses.
//!
//! | status | code | when |
//! |---|---|---|
//! | 400 | `invalid_parameter` | the request cannot be read, or the policy found its input malformed |
//! | 404 | `resource_not_found` | there is no such route |
//! | 405 | `invalid_operation` | the route does not have the method |
//! | 408 | `request_timeout` | the body did not arrive in time |
//! | 413 | `invalid_parameter` | the body or the input is too large |
//! | 415 | `invalid_parameter` | the body is in an encoding that is not known |
//! | 500 | `internal_error` | the policy failed, was stopped, or its decision could not be logged |
//!
//! Where a decision was recorded, the error carries its `decision_id`.

use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use palisade::{EvalError, FactsError, PolicyError};
use palisade_abi::ErrorCode;
use palisade_abi::limits::NESTING_MAX;
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
    /// The body is in an encoding that is not known.
    Encoding,
    /// The body did not arrive in time.
    Slow,
    /// There is no such route.
    NoSuchRoute,
    /// The route does not have the method.
    NoSuchMethod,
    /// The policy answered with an error.
    Policy(PolicyError),
    /// The policy could not read its input, which is nested too deep.
    InputTooDeep(PolicyError),
    /// A failure of a decision that is in the log under this name.
    Recorded(String, Box<Failure>),
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
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_id: Option<&'a str>,
}

/// For requests that no route takes.
pub(crate) async fn no_such_route() -> Failure {
    Failure::NoSuchRoute
}

/// For requests with a method that their route does not take.
pub(crate) async fn no_such_method() -> Failure {
    Failure::NoSuchMethod
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
        let body = |code, message: String| Body { code, message, errors: None, decision_id: None };
        let internal =
            |message: String| (StatusCode::INTERNAL_SERVER_ERROR, body("internal_error", message));
        match self {
            Failure::Parameter(message) => {
                (StatusCode::BAD_REQUEST, body("invalid_parameter", message.clone()))
            }
            Failure::TooLarge(message) => {
                (StatusCode::PAYLOAD_TOO_LARGE, body("invalid_parameter", message.clone()))
            }
            Failure::Encoding => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                body(
                    "invalid_parameter",
                    "the body's encoding is neither gzip nor identity".into(),
                ),
            ),
            Failure::Slow => (
                StatusCode::REQUEST_TIMEOUT,
                body("request_timeout", "the body did not arrive in time".into()),
            ),
            Failure::NoSuchRoute => {
                (StatusCode::NOT_FOUND, body("resource_not_found", "there is no such route".into()))
            }
            Failure::NoSuchMethod => (
                StatusCode::METHOD_NOT_ALLOWED,
                body("invalid_operation", "the route does not take this method".into()),
            ),
            Failure::Policy(error) => describe_policy(error),
            Failure::InputTooDeep(error) => malformed_input(
                error,
                format!("the input document is nested deeper than {NESTING_MAX} levels"),
            ),
            Failure::Recorded(decision_id, failure) => {
                let (status, body) = failure.describe();
                (status, Body { decision_id: Some(decision_id), ..body })
            }
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
    if ErrorCode::parse(&error.code) == Some(ErrorCode::InputMalformed) {
        return malformed_input(error, "the input document is malformed".to_owned());
    }
    let message = "error(s) occurred while evaluating query".to_owned();
    let body = Body { code: "internal_error", message, errors: Some([error]), decision_id: None };
    (StatusCode::INTERNAL_SERVER_ERROR, body)
}

fn malformed_input(error: &PolicyError, message: String) -> (StatusCode, Body<'_>) {
    let body =
        Body { code: "invalid_parameter", message, errors: Some([error]), decision_id: None };
    (StatusCode::BAD_REQUEST, body)
}
