//! `palisade serve`

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::{Args, ValueEnum};
use palisade::{Cache, Engine, EngineOptions, HostFunctions, LoadOptions, Policy, Trust};
use palisade_bundle::BUNDLE_BYTES_MAX;
use palisade_decision::{Durability, Log, LogError};
use palisade_server::{Options, Server};

use super::verify::TrustArgs;
use crate::host::HostArgs;
use crate::limits::DecisionLimitArgs;
use crate::load::{read_bytes, read_text};
use crate::misuse::misuse;
use crate::state::{State, StateArgs};
use crate::{Outcome, output};

/// Serve decisions over HTTP, in the shapes of OPA's REST API.
///
/// The bundle is verified before anything else of it is read. Without a key the server does not start; --unsigned is
/// the only way round, and is said in the log and in every decision record.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade serve --bundle bundle.tar.gz --key cosign.pub
  palisade serve --bundle bundle.tar.gz --key cosign.pub --allow-host http --allow-net users.internal:443
  palisade serve --bundle bundle.tar.gz --key cosign.pub --pin sha256:4bf5… --log-durability synced
  curl localhost:8181/v1/data/authz/allow -d '{\"input\": {\"user\": \"alice\"}}'")]
pub struct Serve {
    /// The bundle.
    #[arg(short, long, value_name = "FILE")]
    bundle: PathBuf,
    #[command(flatten)]
    trust: TrustArgs,
    /// The signature file; by default BUNDLE.sigstore.json or BUNDLE.sig, whichever is valid.
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// Serve the bundle without a signature.
    #[arg(long)]
    unsigned: bool,
    #[command(flatten)]
    host: HostArgs,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    state: StateArgs,
}

/// How decisions are served; the same for `serve` and `up`.
#[derive(Args, Clone, Debug)]
pub struct ServerArgs {
    /// Where to listen: an address or a host name, and a port. May be repeated.
    #[arg(short, long, value_name = "HOST:PORT", default_value = "127.0.0.1:8181")]
    addr: Vec<String>,
    /// What an answer waits for.
    #[arg(long, value_enum, default_value_t = DurabilityArg::Written)]
    log_durability: DurabilityArg,
    #[command(flatten)]
    limits: DecisionLimitArgs,
}

impl ServerArgs {
    /// The addresses to listen at. Of a host name's addresses it is one, IPv4 before IPv6; no host is all addresses.
    pub fn addrs(&self) -> anyhow::Result<Vec<SocketAddr>> {
        self.addr.iter().map(|addr| resolve(addr)).collect()
    }
}

fn resolve(addr: &str) -> anyhow::Result<SocketAddr> {
    let named = match addr.strip_prefix(':') {
        Some(port) => format!("[::]:{port}"),
        None => addr.to_owned(),
    };
    let found = named
        .to_socket_addrs()
        .with_context(|| format!("--addr takes HOST:PORT, and `{addr}` leads to no address"))?;
    let first = found.min_by_key(SocketAddr::is_ipv6);
    first.with_context(|| format!("--addr {addr}: the host has no address"))
}

/// What an answer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DurabilityArg {
    /// The record is with the operating system: `kill -9` loses no answered decision.
    Written,
    /// The record is on the disk: a power failure loses none either.
    Synced,
}

impl From<DurabilityArg> for Durability {
    fn from(it: DurabilityArg) -> Durability {
        match it {
            DurabilityArg::Written => Durability::Written,
            DurabilityArg::Synced => Durability::Synced,
        }
    }
}

impl Serve {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        if self.trust.key.is_empty() && !self.unsigned {
            return Err(misuse(
                "name the public key that must have signed the bundle: --key cosign.pub (or --unsigned to do without)",
            ));
        }
        let trust = self.trust.policy(self.unsigned)?;
        let bytes = read_bytes(&self.bundle, BUNDLE_BYTES_MAX)?;
        let signature = match &self.signature {
            Some(path) => Some(read_text(path)?),
            None => trust.signature_beside(&self.bundle, &bytes)?.map(|it| it.text),
        };
        let state = self.state.dir()?;
        state.prepare()?;
        let addrs = self.server.addrs()?;
        let host = self.host.functions()?;
        let policy = load(&bytes, signature.as_deref(), &trust, &state, &self.server, host)
            .with_context(|| format!("`{}`", self.bundle.display()))?;
        let name = self.bundle.file_name().unwrap_or_default().to_string_lossy().into_owned();
        run(policy, &bytes, &name, &state, (&self.server, &addrs), |addrs, policy| {
            announce(addrs, policy, &state)
        })?;
        Ok(Outcome::Success)
    }
}

/// Verifies and loads a bundle.
pub fn load(
    bytes: &[u8],
    signature: Option<&str>,
    trust: &Trust,
    state: &State,
    args: &ServerArgs,
    host: Option<Arc<dyn HostFunctions>>,
) -> anyhow::Result<Policy> {
    let engine = Engine::new(&EngineOptions::default()).context("cannot start the sandbox")?;
    let cache = open_cache(state);
    let limits = args.limits.limits();
    let options =
        LoadOptions { signature, cache: cache.as_ref(), limits, host, ..LoadOptions::new(trust) };
    Policy::load(&engine, bytes, &options).map_err(|error| args.limits.blamed(error))
}

/// The cache of compiled code. It only saves time, so an unsafe directory is no reason not to serve.
fn open_cache(state: &State) -> Option<Cache> {
    match Cache::open(state.cache()) {
        Ok(cache) => Some(cache),
        Err(error) => {
            eprintln!("warning: compiled code is not kept: {}", output::chain(&error.into()));
            None
        }
    }
}

/// Serves a policy until the process is told to stop. `ready` is called when the port is taken.
pub fn run(
    policy: Policy,
    bundle: &[u8],
    name: &str,
    state: &State,
    (args, addrs): (&ServerArgs, &[SocketAddr]),
    ready: impl FnOnce(&[SocketAddr], &Policy) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let durability = args.log_durability.into();
    let log = Log::open(&state.decisions(), durability).map_err(unopened)?;
    if let Some(torn) = log.torn_line() {
        eprintln!(
            "the decision log ended in an unfinished line ({}), which is kept as {}",
            torn.place, torn.saved_as
        );
    }
    if let Some(head) = log.head() {
        eprintln!("the decision log goes on after record {} with {}", head.seq, head.hash);
    }
    check_chain(state.decisions());
    state.keep_bundle(bundle)?;
    let mut options = Options::new(policy.clone(), log, durability);
    options.bundle_name = name.to_owned();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the server's threads")?;
    runtime.block_on(async {
        let mut stop = Stop::listen()?;
        let server = Server::bind(addrs, options).await?;
        ready(server.local_addrs(), &policy)?;
        server.run(async move { stop.wait().await }).await?;
        anyhow::Ok(())
    })
}

fn unopened(error: LogError) -> anyhow::Error {
    let is_taken = matches!(error, LogError::InUse { .. });
    let error = anyhow::Error::new(error);
    match is_taken {
        true => error.context(
            "a server runs on this state directory already; stop it, or give this one another with --state DIR",
        ),
        false => error.context("cannot open the decision log"),
    }
}

/// Checks what is in the log already, beside serving: a damaged log is no reason to answer nobody, and whoever looks
/// after the server must know of it.
fn check_chain(dir: PathBuf) {
    let check = move || match palisade_decision::verify(&dir) {
        Ok(report) => {
            for finding in &report.findings {
                eprintln!("THE DECISION LOG IS DAMAGED: {finding}");
            }
        }
        Err(error) => eprintln!("the decision log could not be checked: {}", error.chain()),
    };
    // Without a thread for it nothing is served either.
    let _ = std::thread::Builder::new().name("log-check".to_owned()).spawn(check);
}

/// Ctrl-C, and what a supervisor sends.
struct Stop {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Stop {
    #[cfg(unix)]
    fn listen() -> anyhow::Result<Stop> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).context("cannot listen for signals");
        Ok(Stop {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    #[cfg(unix)]
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn listen() -> anyhow::Result<Stop> {
        Ok(Stop {})
    }

    #[cfg(not(unix))]
    async fn wait(&mut self) {
        // If it can't be listened to, the process is ended the hard way.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn announce(addrs: &[SocketAddr], policy: &Policy, state: &State) -> anyhow::Result<()> {
    let identity = policy.identity();
    let signer = match &identity.signer {
        Some(signer) => format!("signed by key {signer}"),
        None => "NOT SIGNED".to_owned(),
    };
    let entrypoints: Vec<&str> = policy.entrypoints().collect();
    eprintln!("bundle {} ({signer})", identity.bundle);
    eprintln!("entrypoints: {}", entrypoints.join(", "));
    eprintln!("decision log: {}", display(&state.decisions()));
    for addr in addrs {
        output::line(&format!("serving decisions on http://{addr}/v1/data"))?;
    }
    Ok(())
}

fn display(path: &Path) -> String {
    path.display().to_string()
}
