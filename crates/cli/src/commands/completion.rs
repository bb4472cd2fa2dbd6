//! `palisade completion`

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::{Shell, generate};

use super::Cli;
use crate::{Outcome, output};

/// Print a script that completes commands and flags in a shell.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade completion bash > ~/.local/share/bash-completion/completions/palisade
  palisade completion zsh > ~/.zfunc/_palisade        # in a directory of $fpath
  palisade completion fish > ~/.config/fish/completions/palisade.fish")]
pub struct Completion {
    /// The shell.
    #[arg(value_enum)]
    shell: ShellArg,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ShellArg {
    Bash,
    Zsh,
    Fish,
}

impl Completion {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let shell = match self.shell {
            ShellArg::Bash => Shell::Bash,
            ShellArg::Zsh => Shell::Zsh,
            ShellArg::Fish => Shell::Fish,
        };
        let mut script = Vec::new();
        generate(shell, &mut Cli::command(), "palisade", &mut script);
        output::line(String::from_utf8_lossy(&script).trim_end())?;
        Ok(Outcome::Success)
    }
}
