//! `GET` and `POST /v1/data/{path}`: the document at a path, for an input.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{ConnectInfo, Query, State as Shared};
use axum::http::Uri;
use axum::response::Response;

use crate::body;
use crate::decide::{self, Question};
use crate::path;
use crate::query::Params;
use crate::rescue::Failure;
use crate::state::State;
use crate::wire;

type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// The input is in the query parameter `input`.
pub(crate) async fn get(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    uri: Uri,
    pairs: Pairs,
) -> Result<Response, Failure> {
    let start = Instant::now();
    let params = Params::parse(&pairs?.0)?;
    let request = body::Request {
        input: params.input.clone(),
        metadata: Default::default(),
        lacks_input: false,
    };
    answer(state, client, path::keys(uri.path())?, params, request, start).await
}

/// The input is in the body.
pub(crate) async fn post(
    Shared(state): Shared<Arc<State>>,
    ConnectInfo(client): ConnectInfo<SocketAddr>,
    uri: Uri,
    pairs: Pairs,
    bytes: Result<Bytes, BytesRejection>,
) -> Result<Response, Failure> {
    let start = Instant::now();
    let params = Params::parse(&pairs?.0)?;
    let request = body::parse(&bytes?)?;
    answer(state, client, path::keys(uri.path())?, params, request, start).await
}

async fn answer(
    state: Arc<State>,
    client: SocketAddr,
    keys: Vec<String>,
    params: Params,
    request: body::Request,
    start: Instant,
) -> Result<Response, Failure> {
    let lacks_input = request.lacks_input;
    let question = Question {
        keys,
        input: request.input,
        metadata: request.metadata,
        explain: params.explain,
        strict: params.strict_builtin_errors,
        client,
        start,
    };
    let answered = decide::decide(&state, Arc::new(question)).await?;
    Ok(wire::answer(&state, &params, &answered, lacks_input))
}
