//! The project's own chores: `cargo xtask <command>`, one file a command.
//!
//! **Invariant:** this program depends on none of the project's crates, so that it builds and can mend things when they
//! do not. Commands that need them start Cargo.

mod bench;
mod conformance;
mod fuzz;
mod guest;
mod process;
mod sdks;
mod suite;
mod test;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's own chores.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Test(test::Test),
    Suite(suite::Suite),
    Conformance(conformance::Conformance),
    Fuzz(fuzz::Fuzz),
    Tidy(tidy::Tidy),
    Bench(bench::Bench),
    Sdks(sdks::Sdks),
    Guest(guest::Guest),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Test(command) => command.run(),
        Command::Suite(command) => command.run(),
        Command::Conformance(command) => command.run(),
        Command::Fuzz(command) => command.run(),
        Command::Tidy(command) => command.run(),
        Command::Bench(command) => command.run(),
        Command::Sdks(command) => command.run(),
        Command::Guest(command) => command.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The repository that this program was started in by cargo. Not the one it was built in: clones may share builds.
fn root() -> PathBuf {
    let built = || PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let own = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(built, PathBuf::from);
    own.parent().map(Path::to_path_buf).unwrap_or(own)
}
