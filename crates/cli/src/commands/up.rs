//! `palisade up`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail, ensure};
use clap::Args;
use palisade::{Policy, PublicKey, Trust};
use palisade_abi::RuleHit;
use palisade_compiler::{Artifact, Options, compile};
use palisade_trust::{KeyPair, save};
use palisade_value::{Value, json};

use super::build::{check_entrypoints, make_bundle};
use super::serve::{self, ServerArgs};
use crate::load::{Loaded, read_text};
use crate::policy::{self, LanguageArgs};
use crate::state::{State, StateArgs};
use crate::{Outcome, output};

/// Compile, sign, verify and serve the example policies, or others: everything at once, to look around.
///
/// The first run makes a key in the state directory; every run builds the policies, signs the bundle with it, verifies
/// it as `serve` would, and serves it. Ctrl-C stops.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade up
  palisade up --addr 127.0.0.1:9000 --policies policies/
  palisade up --policies policies/ -e authz/allow")]
pub struct Up {
    /// The directory with the policies: either with policies in it, or with folders of which each is a policy with its
    /// data beside it. Tests are left out.
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
    /// A rule or package to decide about, as a path: authz/allow. May be repeated. Rules and packages annotated with
    /// `entrypoint: true` are added.
    #[arg(short, long, value_name = "PATH")]
    entrypoint: Vec<String>,
    #[command(flatten)]
    server: ServerArgs,
    #[command(flatten)]
    state: StateArgs,
}

/// Where the example policies are, seen from the directory that the command is run in.
const EXAMPLES: &str = "examples";
/// The files with tests, which are no part of what is served.
const TESTS: &str = "*_test.rego";
/// The file with an input to try.
const INPUT: &str = "input.json";

impl Up {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let dir = self.policies.clone().unwrap_or_else(|| PathBuf::from(EXAMPLES));
        check_entrypoints(&self.entrypoint)?;
        let name = name_of(&dir);
        let Some(built) = build(&dir, &name, &self.entrypoint)? else {
            return Ok(Outcome::Failure);
        };
        let Built { bundle, example } = built;
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
        let path = state.root().join(format!("{name}.tar.gz"));
        output::write_file(&path, &bundle)?;
        let beside = state.root().join(format!("{name}.tar.gz.sigstore.json"));
        output::write_file(&beside, signature.as_bytes())?;
        let public = PublicKey::parse(&read_text(&public_key(&state))?)
            .context("the public key can't be read")?;
        let trust = Trust { keys: vec![public], ..Trust::default() };
        let policy = serve::load(&bundle, Some(&signature), &trust, &state, &self.server, None)?;
        serve::run(policy, &bundle, &name, &state, (&self.server, &addrs), |addrs, policy| {
            announce(addrs, policy, &state, &example, &path)
        })?;
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

/// What is served.
struct Built {
    bundle: Vec<u8>,
    example: Example,
}

/// A question to try.
#[derive(Default)]
struct Example {
    entrypoint: String,
    /// The input, in one line.
    input: String,
}

/// A bundle's name: that of the directory its policies are in.
fn name_of(dir: &Path) -> String {
    let full = std::fs::canonicalize(dir).unwrap_or_else(|_| dir.to_owned());
    full.file_name().map_or("policies".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// Builds one bundle of all policies in a directory; none if there are errors, which have been shown.
fn build(dir: &Path, name: &str, entrypoints: &[String]) -> anyhow::Result<Option<Built>> {
    let ignore = vec![TESTS.to_owned(), INPUT.to_owned()];
    let args = LanguageArgs { ignore, ..LanguageArgs::default() };
    let mut loaded = load(dir, &args)?;
    let data = loaded.take_data()?;
    let options = Options { data, entrypoints: entrypoints.to_vec(), ..args.options() };
    let compilation = compile(&loaded.portable_sources(), &options)?;
    let files = policy::renamed(&compilation.files, &loaded.sources);
    policy::complain(&files, &compilation.diagnostics);
    let Some(artifact) = compilation.artifact else { return Ok(None) };
    let given = policy::Given { data: &options.data, later: &[] };
    policy::complain_of_missing_data(&files, &compilation.program, &artifact, &given);
    let example = example(dir, &artifact);
    let bundle = make_bundle(artifact, &options.data, name.to_owned())?;
    Ok(Some(Built { bundle: bundle.write().context("cannot make the bundle")?, example }))
}

/// Reads a directory with policies in it as one policy, and any other as one with a policy in each folder.
fn load(dir: &Path, args: &LanguageArgs) -> anyhow::Result<Loaded> {
    ensure!(!dir.is_file(), "`{}` is a file: --policies takes a directory", dir.display());
    let entries = std::fs::read_dir(dir).with_context(|| {
        format!(
            "cannot read `{}`; run this in the repository, or name a directory with --policies",
            dir.display()
        )
    })?;
    let mut entries: Vec<PathBuf> =
        entries.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?;
    entries.sort();
    if entries.iter().any(|path| path.extension().is_some_and(|it| it == "rego") && path.is_file())
    {
        return Loaded::read(&[dir.display().to_string()], args, false);
    }
    let mut loaded = Loaded::default();
    for folder in entries.iter().filter(|path| path.is_dir()) {
        let mut part = Loaded::read(&[folder.display().to_string()], args, false)?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        part.put_under(&name);
        loaded.merge(part)?;
    }
    if loaded.sources.is_empty() {
        return Err(anyhow!(
            "there is no policy in `{}`, and none in a folder in it",
            dir.display()
        ));
    }
    Ok(loaded)
}

/// The shortest question of those whose input lies beside the policy that answers it; else the first entrypoint without
/// an input worth mentioning.
fn example(dir: &Path, artifact: &Artifact) -> Example {
    let manifest = &artifact.manifest;
    let with_input = manifest.entrypoints.iter().filter_map(|entrypoint| {
        let path = format!("data.{}", entrypoint.path.replace('/', "."));
        let is_its = |rule: &&RuleHit| {
            rule.path
                .strip_prefix(&path)
                .is_some_and(|it| it.is_empty() || it.starts_with(['.', '[']))
        };
        let rule = manifest.rules.iter().find(is_its)?;
        let input = dir.join(&rule.file).with_file_name(INPUT);
        let value = json::parse::<Value>(&read_text(&input).ok()?).ok()?;
        Some(Example { entrypoint: entrypoint.path.clone(), input: json::to_json(&value) })
    });
    let shortest = with_input.min_by_key(|it| it.input.len());
    shortest.unwrap_or_else(|| Example {
        entrypoint: manifest.entrypoints.first().map(|it| it.path.clone()).unwrap_or_default(),
        input: "{}".to_owned(),
    })
}

/// An entrypoint's path as it stands in a URL inside a command.
fn url_path(entrypoint: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte);
    entrypoint
        .bytes()
        .map(
            |byte| {
                if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }
            },
        )
        .collect()
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
    example: &Example,
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

  curl -s http://{addr}/v1/data/{} -d '{{\"input\": {}}}'
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
        url_path(&example.entrypoint),
        // A quote ends the shell's quoting, stands for itself, and begins it again.
        example.input.replace('\'', "'\\''"),
    ))
}
