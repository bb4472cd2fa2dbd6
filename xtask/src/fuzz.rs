//! `cargo xtask fuzz`: the differential fuzzer.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::ensure;
use clap::{Args, ValueEnum};

use crate::process;

/// Compare both evaluators, and a peer, on made-up programs.
///
/// Prints every failure with its seed and number, and writes it as a section for tests/suite. Exits 1 on any.
#[derive(Args)]
#[command(
    disable_help_flag = true,
    after_help = "Examples:\n  cargo xtask fuzz --seconds 60\n  cargo xtask fuzz --seed 7 --from 1234 --cases 1\n  \
                  cargo xtask fuzz --seconds 600 --peer regorus"
)]
pub struct Fuzz {
    /// An evaluator of other people's that is asked too
    #[arg(long, value_enum)]
    peer: Option<Peer>,
    /// `[--seconds N | --cases N] [--seed SEED] [--out DIR]`; `--help` tells more
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
    arguments: Vec<OsString>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Peer {
    Regorus,
}

impl Fuzz {
    /// Runs the command.
    ///
    /// # Errors
    /// When something failed, or the fuzzer or the peer does not build.
    pub fn run(self) -> anyhow::Result<()> {
        let (mut peer, mut arguments) = (self.peer, self.arguments);
        // Behind the first argument of the fuzzer, ours is among its own.
        if let Some(at) = arguments.iter().position(|it| it == "--peer") {
            let name = arguments.get(at + 1).and_then(|it| it.to_str()).unwrap_or_default();
            peer = Some(
                Peer::from_str(name, false).map_err(|error| anyhow::anyhow!("--peer: {error}"))?,
            );
            arguments.drain(at..(at + 2).min(arguments.len()));
        }
        let mut command =
            process::cargo(&["run", "--quiet", "--release", "--package", "palisade-fuzz", "--"]);
        command.args(&arguments);
        if let Some(Peer::Regorus) = peer {
            command.arg("--peer-program").arg(regorus()?);
        }
        process::run(&mut command, "the fuzzer")
    }
}

/// Builds regorus as a peer: in a workspace of its own, as its libraries must not decide how ours are built.
fn regorus() -> anyhow::Result<PathBuf> {
    let manifest = crate::root().join("peers").join("Cargo.toml");
    let mut command = process::cargo(&[
        "build",
        "--quiet",
        "--release",
        "--bin",
        "regorus-peer",
        "--manifest-path",
    ]);
    command.arg(&manifest);
    process::run(&mut command, "building the peer")?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| crate::root().join("peers").join("target"), |it| crate::root().join(it));
    let program =
        target.join("release").join(format!("regorus-peer{}", std::env::consts::EXE_SUFFIX));
    ensure!(program.exists(), "{} has not been built", program.display());
    Ok(program)
}
