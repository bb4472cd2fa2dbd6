//! The commands.

mod bench;
mod build;
mod capabilities;
mod check;
mod completion;
mod deps;
mod eval;
mod fmt;
mod inspect;
mod key;
mod log;
mod parse;
mod repl;
mod serve;
mod sign;
mod test;
mod up;
mod verify;
mod version;
mod why;

use clap::{Parser, Subcommand};

use crate::Outcome;

/// Compiles policies to signed WebAssembly modules, enforces them, and explains every decision.
#[derive(Parser)]
#[command(name = "palisade", version, max_term_width = 120, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Check),
    Fmt(fmt::Fmt),
    Parse(parse::Parse),
    Build(build::Build),
    Eval(Box<eval::Eval>),
    Repl(Box<repl::Repl>),
    Deps(deps::Deps),
    Test(test::Test),
    Bench(bench::Bench),
    Inspect(inspect::Inspect),
    Key(key::Key),
    Sign(sign::Sign),
    Verify(verify::Verify),
    Serve(serve::Serve),
    Up(up::Up),
    Why(why::Why),
    Log(log::Log),
    Capabilities(capabilities::Capabilities),
    Version(version::Version),
    Completion(completion::Completion),
}

impl Cli {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        match self.command {
            Command::Check(it) => it.run(),
            Command::Fmt(it) => it.run(),
            Command::Parse(it) => it.run(),
            Command::Build(it) => it.run(),
            Command::Eval(it) => it.run(),
            Command::Repl(it) => it.run(),
            Command::Deps(it) => it.run(),
            Command::Test(it) => it.run(),
            Command::Bench(it) => it.run(),
            Command::Inspect(it) => it.run(),
            Command::Key(it) => it.run(),
            Command::Sign(it) => it.run(),
            Command::Verify(it) => it.run(),
            Command::Serve(it) => it.run(),
            Command::Up(it) => it.run(),
            Command::Why(it) => it.run(),
            Command::Log(it) => it.run(),
            Command::Capabilities(it) => it.run(),
            Command::Version(it) => it.run(),
            Command::Completion(it) => it.run(),
        }
    }
}
