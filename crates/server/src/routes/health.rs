//! `GET /health`: whether the server can decide.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::state::State;
use crate::wire;

/// A server answers only when its policy is loaded, so that all there is to say is whether decisions can be logged.
pub(crate) async fn get(Shared(state): Shared<Arc<State>>) -> Response {
    match state.can_log() {
        true => wire::json("{}".to_owned()).into_response(),
        // What exactly happened names files of this machine, and is for the operator only.
        false => {
            let reason = r#"{"error":"the decision log has stopped, so that nothing is answered"}"#;
            (StatusCode::INTERNAL_SERVER_ERROR, wire::json(reason.to_owned())).into_response()
        }
    }
}
