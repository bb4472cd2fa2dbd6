//! `palisade serve`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use palisade::{Cache, Engine, EngineOptions, Limits, LoadOptions, Policy, Trust};
use palisade_decision::{Durability, Log};
use palisade_server::{Options, Server};

use super::sign::signature_beside;
use super::verify::TrustArgs;
use crate::load::read_text;
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
  palisade serve --bundle bundle.tar.gz --key cosign.pub --pin sha256:4bf5… --log-durability synced
  curl localhost:8181/v1/data/authz/allow -d '{\"input\": {\"user\": \"alice\"}}'")]
pub struct Serve {
    /// The bundle.
    #[arg(short, long, value_name = "FILE")]
    bundle: PathBuf,
    #[command(flatten)]
    trust: TrustArgs,
    /// The signature file; by default BUNDLE.sigstore.json, else BUNDLE.sig.
    #[arg(long, value_name = "FILE")]
    signature: Option<PathBuf>,
    /// Serve the bundle without a signature.
    #[arg(long)]
    unsigned: bool,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    state: StateArgs,
}

/// How decisions are served; the same for `serve` and `up`.
#[derive(Args, Clone, Debug)]
pub struct ServerArgs {
    /// Where to listen.
    #[arg(short, long, value_name = "ADDRESS", default_value = "127.0.0.1:8181")]
    pub addr: SocketAddr,
    /// What an answer waits for.
    #[arg(long, value_enum, default_value_t = DurabilityArg::Written)]
    pub log_durability: DurabilityArg,
    /// The longest a decision may take, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 1_000)]
    pub deadline_ms: u64,
    /// The most memory a decision may use, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    pub memory_mib: usize,
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
            bail!(
                "name the public key that must have signed the bundle: --key cosign.pub (or --unsigned to do without)"
            );
        }
        let trust = self.trust.policy(self.unsigned)?;
        let bytes = std::fs::read(&self.bundle)
            .with_context(|| format!("cannot read `{}`", self.bundle.display()))?;
        let signature = match &self.signature {
            Some(path) => Some(read_text(path)?),
            None => signature_beside(&self.bundle)?.map(|(_, text)| text),
        };
        let state = self.state.dir()?;
        state.prepare()?;
        let policy = load(&bytes, signature.as_deref(), &trust, &state, &self.server)
            .with_context(|| format!("`{}`", self.bundle.display()))?;
        let name = self.bundle.file_name().unwrap_or_default().to_string_lossy().into_owned();
        run(policy, &bytes, &name, &state, &self.server, |addr, policy| {
            announce(addr, policy, &state)
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
) -> anyhow::Result<Policy> {
    ensure!(
        (1..=3_600_000).contains(&args.deadline_ms),
        "--deadline-ms takes a number from 1 to 3600000"
    );
    ensure!((1..=4_096).contains(&args.memory_mib), "--memory-mib takes a number from 1 to 4096");
    let engine = Engine::new(&EngineOptions::default()).context("cannot start the sandbox")?;
    let cache = Cache::open(state.cache()).context("cannot use the directory for compiled code")?;
    let limits = Limits {
        deadline: Duration::from_millis(args.deadline_ms),
        memory_bytes_max: args.memory_mib << 20,
        ..Limits::default()
    };
    let options = LoadOptions { signature, cache: Some(&cache), limits, ..LoadOptions::new(trust) };
    Ok(Policy::load(&engine, bytes, &options)?)
}

/// Serves a policy until the process is told to stop. `ready` is called when the port is taken.
pub fn run(
    policy: Policy,
    bundle: &[u8],
    name: &str,
    state: &State,
    args: &ServerArgs,
    ready: impl FnOnce(SocketAddr, &Policy) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let durability = args.log_durability.into();
    let log = Log::open(&state.decisions(), durability).context("cannot open the decision log")?;
    if let Some(torn) = log.torn_line() {
        eprintln!(
            "the decision log ended in an unfinished line ({}), which is kept as {}",
            torn.place, torn.saved_as
        );
    }
    state.keep_bundle(bundle)?;
    let mut options = Options::new(policy.clone(), log, durability);
    options.bundle_name = name.to_owned();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the server's threads")?;
    runtime.block_on(async {
        let mut stop = Stop::listen()?;
        let server = Server::bind(args.addr, options).await?;
        ready(server.local_addr(), &policy)?;
        server.run(async move { stop.wait().await }).await?;
        anyhow::Ok(())
    })
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

fn announce(addr: SocketAddr, policy: &Policy, state: &State) -> anyhow::Result<()> {
    let identity = policy.identity();
    let signer = match &identity.signer {
        Some(signer) => format!("signed by key {signer}"),
        None => "NOT SIGNED".to_owned(),
    };
    let entrypoints: Vec<&str> = policy.entrypoints().collect();
    eprintln!("bundle {} ({signer})", identity.bundle);
    eprintln!("entrypoints: {}", entrypoints.join(", "));
    eprintln!("decision log: {}", display(&state.decisions()));
    output::line(&format!("serving decisions on http://{addr}/v1/data"))
}

fn display(path: &Path) -> String {
    path.display().to_string()
}
