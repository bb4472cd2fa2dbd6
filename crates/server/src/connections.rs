//! Connections: taking them, and ending them in order. Clients that send nothing do not hold one for ever.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long a client may take for the head of a request, and how long a connection may be idle between two.
const HEAD_TIME: Duration = Duration::from_secs(60);

/// Answers what comes to one address until `stop` changes, and then lets the requests end that have begun. Dropping
/// the future cuts them off.
pub(crate) async fn serve(
    mut listener: TcpListener,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            // Failures to accept, such as too many open files, are waited out.
            (stream, client) = Listener::accept(&mut listener) => {
                open.spawn(connection(stream, client, router.clone(), stop.clone()));
            }
            Some(_) = open.join_next() => {}
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

async fn connection(
    stream: TcpStream,
    client: SocketAddr,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are small and must not wait to be sent together with more. Without it they are only slower.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(client));
        router.call(request.map(Body::new))
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    // What goes wrong with a connection is its client's to know.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
