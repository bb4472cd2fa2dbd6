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

/// A program of the workspace that has been built, in the repository. It lies beside this one.
///
/// # Errors
/// When it isn't there.
pub fn built(name: &str) -> anyhow::Result<Command> {
    let own = std::env::current_exe().context("finding this program")?;
    let program = own.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    ensure!(program.exists(), "{} has not been built", program.display());
    let mut command = Command::new(program);
    command.current_dir(crate::root());
    Ok(command)
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
