//! Which request goes where.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::rescue;
use crate::routes::{data, health};
use crate::state::State;

/// All routes of the server.
pub(crate) fn router(state: Arc<State>) -> Router {
    let data = || get(data::get).post(data::post);
    Router::new()
        .route("/v1/data", data())
        .route("/v1/data/", data())
        .route("/v1/data/{*path}", data())
        .route("/health", get(health::get))
        .fallback(rescue::no_such_route)
        .method_not_allowed_fallback(rescue::no_such_method)
        .layer(DefaultBodyLimit::max(state.body_bytes_max))
        .with_state(state)
}
