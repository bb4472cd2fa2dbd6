//! The server's life: bind, run, stop.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use palisade::Policy;
use palisade_abi::limits::INPUT_BYTES_MAX;
use palisade_decision::{Durability, Log, LogError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::connections;
use crate::router;
use crate::state::State;

/// How long requests that are under way when the server is told to stop may take to end.
const GRACE: Duration = Duration::from_secs(5);

/// How often the log is looked after while nobody asks.
const LOG_CHECK: Duration = Duration::from_secs(1);

/// What the envelope around the input may take, in bytes.
const ENVELOPE_BYTES: usize = 64 << 10;

/// Where the server's own messages go; decisions go to the decision log.
pub type Notice = Arc<dyn Fn(&str) + Send + Sync>;

/// What is served, and how.
pub struct Options {
    /// The policy that answers.
    pub policy: Policy,
    /// The log that every decision is written to.
    pub log: Log,
    /// What an append to that log waits for, as it was opened.
    pub durability: Durability,
    /// The bundle's name in decision records: where it came from.
    pub bundle_name: String,
    /// Labels of every decision record; OPA has `id` and `version`.
    pub labels: BTreeMap<String, String>,
    /// The largest request body, in bytes.
    pub body_bytes_max: usize,
    /// Who is told of what an operator should know.
    pub notice: Notice,
}

impl Options {
    /// The usual options; messages go to standard error.
    pub fn new(policy: Policy, log: Log, durability: Durability) -> Options {
        Options {
            policy,
            log,
            durability,
            bundle_name: "bundle".to_owned(),
            labels: BTreeMap::from([("version".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]),
            body_bytes_max: INPUT_BYTES_MAX + ENVELOPE_BYTES,
            notice: Arc::new(|message| eprintln!("{message}")),
        }
    }
}

/// A server that has its port and does not answer yet.
pub struct Server {
    listeners: Vec<TcpListener>,
    addrs: Vec<SocketAddr>,
    state: Arc<State>,
}

/// Why a server cannot have its port.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Another process listens there.
    #[error("port {} on {} is already in use", .0.port(), .0.ip())]
    PortTaken(SocketAddr),
    /// The system refuses for another reason.
    #[error("cannot listen on {addr}")]
    Refused {
        /// The address.
        addr: SocketAddr,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
}

/// Why a server ended other than by being told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The decision log could not be closed in order.
    #[error("the decision log could not be closed")]
    Log(#[source] LogError),
}

impl Server {
    /// Takes the ports of all addresses. Port 0 takes any free one.
    ///
    /// # Errors
    /// When a port is taken, or the system refuses it.
    pub async fn bind(addrs: &[SocketAddr], options: Options) -> Result<Server, BindError> {
        let mut listeners = Vec::new();
        let mut bound = Vec::new();
        for addr in addrs.iter().copied() {
            let failed = |cause: std::io::Error| match cause.kind() {
                std::io::ErrorKind::AddrInUse => BindError::PortTaken(addr),
                _ => BindError::Refused { addr, cause },
            };
            let listener = TcpListener::bind(addr).await.map_err(failed)?;
            bound.push(listener.local_addr().map_err(failed)?);
            listeners.push(listener);
        }
        Ok(Server { listeners, addrs: bound, state: Arc::new(State::new(options)) })
    }

    /// The addresses with the ports that were taken.
    pub fn local_addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// Answers requests until `shutdown` is ready, lets those under way end, and closes the decision log.
    ///
    /// # Errors
    /// When the log cannot be closed, because it stopped or somebody took its file away.
    pub async fn run(
        self,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), RunError> {
        let Server { listeners, state, .. } = self;
        if state.policy.identity().unsigned {
            state.notice("the policy was loaded without a verified signature");
        }
        let (stopping, stop) = watch::channel(false);
        let router = router::router(Arc::clone(&state));
        let mut serving = JoinSet::new();
        for listener in listeners {
            serving.spawn(connections::serve(listener, router.clone(), stop.clone()));
        }
        drop((router, stop));
        tokio::select! {
            () = shutdown => {}
            never = watch_log(&state) => match never {},
        }
        // Everybody who would listen may have ended already.
        let _ = stopping.send(true);
        let all = async { while serving.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            state.notice("stopped with requests still under way");
            serving.shutdown().await;
        }
        match Arc::into_inner(state) {
            Some(state) => state.close().map_err(RunError::Log),
            // A request that was cut off still holds the state; the log is closed when it lets go.
            None => Ok(()),
        }
    }
}

/// Looks now and then whether the decision log still is what it was: the next request may be long in coming.
async fn watch_log(state: &State) -> Infallible {
    let mut ticks = tokio::time::interval(LOG_CHECK);
    loop {
        ticks.tick().await;
        state.can_log();
    }
}
