//! `palisade capabilities`

use std::path::PathBuf;

use clap::Args;
use palisade_compiler as compiler;
use palisade_rego::syntax::ast::Version;

use crate::{Outcome, capabilities, output};

/// Print what policies can use, in OPA's format; without arguments, the versions of OPA whose capabilities are known.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade capabilities --current > capabilities.json
  palisade capabilities --version v1.4.0
  palisade check --capabilities capabilities.json policies/
  palisade check --capabilities v1.4.0 policies/")]
pub struct Capabilities {
    /// Print the capabilities of this version of Palisade.
    #[arg(long)]
    current: bool,
    /// Print the capabilities of a version of OPA.
    #[arg(long, value_name = "VERSION", conflicts_with = "current")]
    version: Option<String>,
    /// Print the capabilities in a file.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["current", "version"])]
    file: Option<PathBuf>,
    /// With --current: print those for Rego v0 (before OPA 1.0).
    #[arg(long)]
    v0_compatible: bool,
}

impl Capabilities {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let version = if self.v0_compatible { Version::V0 } else { Version::V1 };
        let found = match (&self.file, &self.version) {
            (Some(file), _) => capabilities::of_file(file)?,
            (None, Some(name)) => capabilities::of_version(name)?,
            (None, None) if self.current => compiler::Capabilities::current(version),
            (None, None) => {
                output::line(&compiler::Capabilities::versions().join("\n"))?;
                return Ok(Outcome::Success);
            }
        };
        output::line(&found.to_json())?;
        Ok(Outcome::Success)
    }
}
