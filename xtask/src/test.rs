//! `cargo xtask test`: everything that can tell whether the project works.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use clap::Args;

use crate::{guest, process, tidy};

/// Run all tests: the workspace's, those of the example policies, conformance where its data is, and the project's rules.
#[derive(Args)]
pub struct Test {}

/// One of the things that are tested.
struct Step {
    name: &'static str,
    run: fn() -> anyhow::Result<()>,
}

const STEPS: [Step; 7] = [
    Step { name: "guest stamp", run: guest_stamp },
    Step { name: "guest in node", run: guest_in_node },
    Step { name: "build", run: build },
    Step { name: "workspace", run: workspace },
    Step { name: "example policies", run: examples },
    Step { name: "conformance", run: conformance },
    Step { name: "tidy", run: tidy::run },
];

impl Test {
    /// Runs every step, also after one failed, so that one run shows everything.
    ///
    /// # Errors
    /// When a step fails.
    pub fn run(self) -> anyhow::Result<()> {
        let mut failed = Vec::new();
        for step in &STEPS {
            println!("\n== {}", step.name);
            if let Err(error) = (step.run)() {
                eprintln!("error: {error:#}");
                failed.push(step.name);
            }
        }
        println!();
        if failed.is_empty() {
            println!("all tests passed: {}", STEPS.map(|step| step.name).join(", "));
            return Ok(());
        }
        anyhow::bail!("failed: {}", failed.join(", "))
    }
}

fn guest_stamp() -> anyhow::Result<()> {
    guest::check_stamp(&crate::root())?;
    println!("guest.wasm is that of its sources");
    Ok(())
}

/// The guest by itself, in another engine than the sandbox's.
fn guest_in_node() -> anyhow::Result<()> {
    if Command::new("node").arg("--version").output().is_err() {
        println!("skipped: no node");
        return Ok(());
    }
    let mut command = Command::new("node");
    command.args(["--test", "crates/guest/tests/"]).current_dir(crate::root());
    process::run(&mut command, "node --test crates/guest/tests/")
}

/// One build for everything below: programs that are built by themselves would have other features of their libraries,
/// and the libraries would be built again for each.
fn build() -> anyhow::Result<()> {
    process::run(
        &mut process::cargo(&["build", "--release", "--workspace", "--all-targets"]),
        "cargo build",
    )
}

fn workspace() -> anyhow::Result<()> {
    // `--quiet` goes to the test runners: a dot a test, and each one's closing line.
    let mut command =
        process::cargo(&["test", "--release", "--workspace", "--no-fail-fast", "--", "--quiet"]);
    process::run(&mut command, "cargo test")
}

/// Each example is a policy of its own.
fn examples() -> anyhow::Result<()> {
    for example in example_folders(&crate::root().join("examples"))? {
        let name = example.file_name().unwrap_or_default().to_string_lossy();
        println!("examples/{name}");
        let mut command = process::built("palisade")?;
        command.args(["test", &format!("examples/{name}")]);
        process::run(&mut command, &format!("palisade test examples/{name}"))?;
    }
    Ok(())
}

fn example_folders(examples: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(examples).with_context(|| examples.display().to_string())?;
    let mut folders: Vec<PathBuf> =
        entries.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?;
    folders.retain(|folder| folder.join("policy.rego").exists());
    folders.sort();
    Ok(folders)
}

/// The runner says so itself when there is no data.
fn conformance() -> anyhow::Result<()> {
    process::run(process::built("conformance")?.arg("rego"), "conformance")?;
    // All of Cedar's generated tests, each a module of its own, take a quarter of an hour.
    let cedar = ["cedar", "--every", "25"];
    process::run(process::built("conformance")?.args(cedar), "conformance")
}
