//! `cargo xtask conformance`: OPA's conformance cases in both evaluators.

use std::ffi::OsString;

use clap::Args;

use crate::process;

/// Run conformance cases in both evaluators and compare them.
///
/// Prints a table by folder, every failure, every case in which the evaluators differ, and what is skipped and why.
/// Exits 1 on any failure or difference.
#[derive(Args)]
#[command(
    disable_help_flag = true,
    after_help = "Examples:\n  cargo xtask conformance rego ../shared/conformance/rego\n  \
                  cargo xtask conformance rego ../shared/conformance/rego --filter 'v1/every/*' --verbose"
)]
pub struct Conformance {
    /// `rego DIR [--target rego|wasm] [--filter GLOB] [--verbose]`; `--help` tells more
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
    arguments: Vec<OsString>,
}

impl Conformance {
    /// Runs the command. Folders are meant relative to where it is started.
    ///
    /// # Errors
    /// When a case fails, the evaluators differ, or the runner does not build.
    pub fn run(self) -> anyhow::Result<()> {
        let mut command = process::cargo(&["run", "--quiet", "--release", "--manifest-path"]);
        command
            .arg(crate::root().join("Cargo.toml"))
            .args(["--package", "palisade-suite", "--bin", "conformance", "--"])
            .args(&self.arguments)
            .current_dir(std::env::current_dir()?);
        process::run(&mut command, "conformance")
    }
}
