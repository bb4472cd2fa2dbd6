//! `GET /health`: whether the server can decide.

use axum::response::{IntoResponse, Response};

use crate::wire;

/// A server answers only when its policy is loaded, so an answer is all there is to say.
pub(crate) async fn get() -> Response {
    wire::json("{}".to_owned()).into_response()
}
