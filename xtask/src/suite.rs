//! `cargo xtask suite`: the literate suites in `tests/suite`.

use clap::Args;

use crate::process;

/// Run the literate suites in tests/suite, or write what comes out into them.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  cargo xtask suite\n  cargo xtask suite every\n  cargo xtask suite --bless ir"
)]
pub struct Suite {
    /// Only sections, or with --bless files, of which the name contains this
    filter: Option<String>,
    /// Rewrite the expectations to what comes out; the change is yours to review
    #[arg(long)]
    bless: bool,
}

impl Suite {
    /// Runs the command.
    ///
    /// # Errors
    /// When a section fails, or can't be blessed because the evaluators differ.
    pub fn run(self) -> anyhow::Result<()> {
        let mut command = process::cargo(&[
            "test",
            "--quiet",
            "--release",
            "--package",
            "palisade-suite",
            "--test",
            "suites",
        ]);
        command.arg("--").args(&self.filter);
        if self.bless {
            command.env("PALISADE_BLESS", "1");
        }
        process::run(&mut command, "the suites")
    }
}
