//! `palisade`: the command line. One file a command under `commands/`; this file only tells them apart.

mod capabilities;
mod cedar;
mod commands;
mod diff;
mod document;
mod explain;
mod host;
mod limits;
mod load;
mod misuse;
mod output;
mod policy;
mod schemas;
mod state;
mod surface;
mod usage;

use std::process::ExitCode;

use clap::Parser;

/// What a command's end means to the shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// 0: all is well.
    Success,
    /// 1: the command did its work and the answer is no: errors in a policy, a failed test, a refused signature.
    Failure,
    /// 2: the answer itself is an error: an evaluation that failed. Arguments that make no sense exit so too.
    Error,
}

fn main() -> ExitCode {
    let cli = commands::Cli::try_parse().unwrap_or_else(|error| {
        let arguments = std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned());
        usage::with_tip(error, &arguments.collect::<Vec<_>>()).exit()
    });
    match cli.run() {
        Ok(Outcome::Success) => ExitCode::SUCCESS,
        Ok(Outcome::Failure) => ExitCode::from(1),
        Ok(Outcome::Error) => ExitCode::from(2),
        Err(error) => {
            eprintln!("error: {}", output::chain(&error));
            ExitCode::from(if error.is::<misuse::Misuse>() { 2 } else { 1 })
        }
    }
}
