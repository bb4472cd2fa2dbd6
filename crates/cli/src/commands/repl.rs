//! `palisade repl`

mod command;
mod complete;
mod evaluate;
mod modules;
mod session;
mod settings;
mod statement;
mod terminal;

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Args;
use palisade_abi::host::host_function_names;

use crate::capabilities::CapabilitiesArgs;
use crate::host::HostArgs;
use crate::limits::{LimitArgs, timeout};
use crate::load::{Loaded, read_input};
use crate::policy::LanguageArgs;
use crate::state::StateArgs;
use crate::{Outcome, output};
use session::{Next, Session, Start};

/// Ask queries and try rules, one line after the other.
///
/// At a terminal there are line editing, completion with Tab, and a history. Ctrl-C drops a line or stops an evaluation,
/// Ctrl-D ends. Lines from a file or pipe are answered in turn: results on standard output, errors on standard error.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade repl
  palisade repl policies/ data.json -i input.json
  echo 'data.authz.allow with input.user as \"alice\"' | palisade repl policies/")]
pub struct Repl {
    /// Files and directories with policies and data; `a.b:file.json` puts data at data.a.b.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// Read the paths as bundle directories: only data.json and data.yaml are data.
    #[arg(short, long)]
    bundle: bool,
    /// A JSON or YAML file with the input.
    #[arg(short, long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// Where the history is kept; by default `repl-history` in the state directory.
    #[arg(short = 'H', long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// The longest an evaluation may take: 500ms, 5s, 1m30s, or a number of seconds.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = timeout, allow_negative_numbers = true)]
    timeout: Duration,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    host: HostArgs,
    #[command(flatten)]
    state: StateArgs,
    /// Stricter checks of the policies, queries and rules.
    #[arg(short = 'S', long)]
    strict: bool,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
}

impl Repl {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let mut session = Session::new(self.start()?);
        if std::io::stdin().is_terminal() {
            output::line("Type a query or a rule; `help` lists the commands.")?;
            terminal::run(&mut session, self.history())?;
            return Ok(Outcome::Success);
        }
        for line in std::io::stdin().lock().lines() {
            let line = line.context("cannot read standard input")?;
            if session.line(&line)? == Next::End {
                return Ok(Outcome::Success);
            }
        }
        session.finish()?;
        Ok(Outcome::Success)
    }

    fn start(&self) -> anyhow::Result<Start> {
        let mut loaded = Loaded::read(&self.paths, &self.language, self.bundle)?;
        let mut options = self.language.options();
        options.strict = self.strict;
        options.data = loaded.take_data()?;
        options.print = Some(palisade_interp::PRINT);
        options.host_functions = host_function_names();
        self.capabilities.apply(&mut options)?;
        Ok(Start {
            sources: loaded.sources,
            options,
            input: self.input.as_deref().map(read_input).transpose()?,
            timeout: self.timeout,
            limits: self.limits.limits(),
            host: self.host.functions()?,
            cancel: Arc::default(),
        })
    }

    /// Where the history is. A session without one is better than none.
    fn history(&self) -> Option<PathBuf> {
        if self.history.is_some() {
            return self.history.clone();
        }
        let state = self.state.dir().and_then(|state| state.prepare().map(|()| state));
        match state {
            Ok(state) => Some(state.root().join("repl-history")),
            Err(error) => {
                eprintln!("warning: there is no history: {}", output::chain(&error));
                None
            }
        }
    }
}
