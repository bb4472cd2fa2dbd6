//! `GET` and `POST /v1/data/{path}`: the document at a path, for an input.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{ConnectInfo, FromRequest as _, Query, Request, State as Shared};
use axum::http::Uri;
use axum::response::Response;

use crate::body::{self, Encoding};
use crate::decide::{self, Question};
use crate::path;
use crate::query::Params;
use crate::rescue::Failure;
use crate::state::State;
use crate::wire;

/// How long a client may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(30);

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
    request: Request,
) -> Result<Response, Failure> {
    let params = Params::parse(&pairs?.0)?;
    let encoding = body::encoding(request.headers())?;
    let bytes = tokio::time::timeout(BODY_TIME, Bytes::from_request(request, &()));
    let bytes = bytes.await.map_err(|_| Failure::Slow)??;
    let start = Instant::now();
    let request = match encoding {
        Encoding::Identity => body::parse(&bytes)?,
        Encoding::Gzip => unpacked(&state, bytes).await?,
    };
    answer(state, client, path::keys(uri.path())?, params, request, start).await
}

/// Unpacking may take as long as a decision, and so is done elsewhere than where connections are served.
async fn unpacked(state: &Arc<State>, bytes: Bytes) -> Result<body::Request, Failure> {
    let max = state.body_bytes_max;
    let unpacked = tokio::task::spawn_blocking(move || body::parse(&body::unpack(&bytes, max)?));
    unpacked.await.map_err(|_| Failure::Stopping)?
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
