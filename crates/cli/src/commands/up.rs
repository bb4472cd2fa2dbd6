//! `palisade up`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;
use palisade::{Policy, PublicKey, Trust};
use palisade_compiler::{Options, compile};
use palisade_trust::{KeyPair, save};

use super::build::make_bundle;
use super::serve::{self, ServerArgs};
use crate::load::{Loaded, read_text};
use crate::policy::{self, LanguageArgs};
use crate::state::{State, StateArgs};
use crate::{Outcome, output};

/// Compile, sign, verify and serve the example policies: everything at once, to look around.
///
/// The first run makes a key in the state directory; every run builds the examples, signs the bundle with it, verifies
/// it as `serve` would, and serves it. Ctrl-C stops.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade up
  palisade up --addr 127.0.0.1:9000 --policies policies/")]
pub struct Up {
    /// The directory with the policies: each folder in it is one, with its data beside it. Tests are left out.
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    state: StateArgs,
}

/// Where the example policies are, seen from the directory that the command is run in.
const EXAMPLES: &str = "examples";
/// The files with tests, which are no part of what is served.
const TESTS: &str = "*_test.rego";

impl Up {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let dir = self.policies.clone().unwrap_or_else(|| PathBuf::from(EXAMPLES));
        let Some(bundle) = build(&dir)? else { return Ok(Outcome::Failure) };
        // A port that is taken is found out before anything is written.
        let addrs = self.server.addrs()?;
        for addr in &addrs {
            drop(std::net::TcpListener::bind(addr).map_err(|error| unbound(*addr, error))?);
        }
        let state = self.state.dir()?;
        state.prepare()?;
        let pair = key(&state)?;
        let signature = palisade_trust::sign(&pair, &bundle).context("cannot sign the bundle")?;
        let signature = signature.to_sigstore_bundle().context("cannot sign the bundle")?;
        let path = state.root().join("examples.tar.gz");
        output::write_file(&path, &bundle)?;
        output::write_file(
            &state.root().join("examples.tar.gz.sigstore.json"),
            signature.as_bytes(),
        )?;
        let public = PublicKey::parse(&read_text(&public_key(&state))?)
            .context("the public key can't be read")?;
        let trust = Trust { keys: vec![public], ..Trust::default() };
        let policy = serve::load(&bundle, Some(&signature), &trust, &state, &self.server, None)?;
        serve::run(
            policy,
            &bundle,
            "examples",
            &state,
            (&self.server, &addrs),
            |addrs, policy| announce(addrs, policy, &state, &dir, &path),
        )?;
        output::line("stopped")?;
        Ok(Outcome::Success)
    }
}

fn unbound(addr: SocketAddr, error: std::io::Error) -> anyhow::Error {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            anyhow::anyhow!(
                "port {} on {} is already in use; choose another with --addr",
                addr.port(),
                addr.ip()
            )
        }
        _ => anyhow::Error::new(error).context(format!("cannot listen on {addr}")),
    }
}

/// Builds one bundle of all policies in a directory; none if there are errors, which have been shown.
fn build(dir: &Path) -> anyhow::Result<Option<Vec<u8>>> {
    let entries = std::fs::read_dir(dir).with_context(|| {
        format!(
            "cannot read `{}`; run this in the repository, or name a directory with --policies",
            dir.display()
        )
    })?;
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    ensure!(!folders.is_empty(), "`{}` has no folders with policies", dir.display());
    let ignore = vec![TESTS.to_owned(), "input.json".to_owned()];
    let args = LanguageArgs { ignore, ..LanguageArgs::default() };
    let mut loaded = Loaded::default();
    for folder in &folders {
        let mut part = Loaded::read(&[folder.display().to_string()], &args, false)?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        part.put_under(&name);
        loaded.merge(part)?;
    }
    let options = Options { data: loaded.take_data()?, ..args.options() };
    let compilation = compile(&loaded.portable_sources(), &options)?;
    let files = policy::renamed(&compilation.files, &loaded.sources);
    policy::complain(&files, &compilation.diagnostics);
    let Some(artifact) = compilation.artifact else { return Ok(None) };
    let bundle = make_bundle(artifact, &options.data, "examples".to_owned())?;
    Ok(Some(bundle.write().context("cannot make the bundle")?))
}

fn private_key(state: &State) -> PathBuf {
    state.root().join("cosign.key")
}

fn public_key(state: &State) -> PathBuf {
    state.root().join("cosign.pub")
}

/// The key of the state directory; made on first use, without a password: the directory is the owner's alone.
fn key(state: &State) -> anyhow::Result<KeyPair> {
    let (private, public) = (private_key(state), public_key(state));
    match (private.exists(), public.exists()) {
        (true, true) => {}
        (false, false) => save(&KeyPair::generate()?, b"", &private, &public)?,
        _ => bail!(
            "only one of `{}` and `{}` is there; remove it to make a new pair",
            private.display(),
            public.display()
        ),
    }
    KeyPair::parse(&read_text(&private)?, b"").with_context(|| format!("`{}`", private.display()))
}

fn announce(
    addrs: &[SocketAddr],
    policy: &Policy,
    state: &State,
    dir: &Path,
    bundle: &Path,
) -> anyhow::Result<()> {
    let identity = policy.identity();
    let entrypoints: Vec<&str> = policy.entrypoints().collect();
    let program = std::env::args().next().unwrap_or_else(|| "palisade".to_owned());
    let Some(addr) = addrs.first() else { return Ok(()) };
    let urls: Vec<String> = addrs.iter().map(|addr| format!("http://{addr}")).collect();
    let urls = urls.join(" and ");
    let state_flag = format!("--state {}", state.root().display());
    output::line(&format!(
        "\
bundle        {} ({})
signed by     {}
entrypoints   {}
decision log  {}

serving decisions on {urls}; Ctrl-C stops. Try in another terminal:

  curl -s http://{addr}/v1/data/roles/allow -d '{{\"input\": {}}}'
  {program} log list {state_flag}
  {program} why DECISION-ID {state_flag}      # with the decision_id of an answer
",
        identity.bundle,
        bundle.display(),
        identity.signer.map_or("nobody".to_owned(), |it| format!(
            "key {it} ({})",
            public_key(state).display()
        )),
        entrypoints.join(", "),
        state.decisions().display(),
        example_input(dir),
    ))
}

/// An input to try, in one line.
fn example_input(dir: &Path) -> String {
    let text = read_text(&dir.join("roles/input.json")).unwrap_or_default();
    let value = palisade_value::json::parse::<palisade_value::Value>(&text).ok();
    value.map_or("{}".to_owned(), |it| palisade_value::json::to_json(&it))
}
