//! Starting other programs.

use std::process::Command;

use anyhow::{Context, ensure};

/// Cargo with these arguments, in the repository.
pub fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(crate::root());
    command
}

/// Runs a program to its end, its output going where ours goes.
///
/// # Errors
/// When it can't be started or fails.
pub fn run(command: &mut Command, what: &str) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("starting {what}"))?;
    ensure!(status.success(), "{what} failed");
    Ok(())
}
