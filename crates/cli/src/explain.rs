//! What `--explain` takes.

use clap::ValueEnum;
use palisade_interp::trace::Mode;

/// Which steps of an evaluation are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Explain {
    /// Every step.
    Full,
    /// Steps that failed.
    Fails,
    /// What `trace` noted.
    Notes,
}

impl Explain {
    /// The mode of the trace.
    pub fn mode(self) -> Mode {
        match self {
            Explain::Full => Mode::Full,
            Explain::Fails => Mode::Fails,
            Explain::Notes => Mode::Notes,
        }
    }
}
