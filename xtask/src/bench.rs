//! `cargo xtask bench`: the examples in every evaluator, ours and the peers', in one run.

use std::path::Path;

use clap::Args;

use crate::process;

/// Measure decisions in our evaluators and in the peers', in turns, and print a table for docs/performance.md.
#[derive(Args)]
pub struct Bench {}

impl Bench {
    /// Runs the command.
    ///
    /// # Errors
    /// When the benchmark does not build, an answer differs between evaluators, or a case can't be measured.
    pub fn run(self) -> anyhow::Result<()> {
        // A workspace of its own: the peers' libraries must not decide how ours are built.
        let manifest = Path::new("peers").join("Cargo.toml");
        let mut command = process::cargo(&[
            "run",
            "--quiet",
            "--release",
            "--bin",
            "palisade-peers",
            "--manifest-path",
        ]);
        command.arg(manifest).args(["--", "examples"]);
        process::run(&mut command, "the benchmark")
    }
}
