//! `palisade version`

use clap::Args;
use palisade_bundle::Digest;

use crate::{Outcome, output};

/// Print the versions of Palisade and of what it is made of.
#[derive(Args)]
pub struct Version {}

impl Version {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let rows = [
            ("Version", env!("CARGO_PKG_VERSION").to_owned()),
            ("Rego Version", "v1".to_owned()),
            ("Module Contract", palisade_abi::ABI_VERSION.to_string()),
            ("Run-time Library", Digest::of(palisade_compiler::RUN_TIME_LIBRARY).to_string()),
            ("Wasmtime Version", palisade_sandbox::WASMTIME_VERSION.to_owned()),
            ("Platform", format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH)),
        ];
        for (name, value) in rows {
            output::line(&format!("{name}: {value}"))?;
        }
        Ok(Outcome::Success)
    }
}
