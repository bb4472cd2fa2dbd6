//! `palisade check`

use clap::Args;
use palisade_compiler::analyse;

use crate::capabilities::CapabilitiesArgs;
use crate::load::Loaded;
use crate::policy::{self, DiagnosticFormat, LanguageArgs};
use crate::{Outcome, output};

/// Parse and analyse policies; exit 1 if anything is wrong with them.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade check policy.rego
  palisade check policies/ --format json
  palisade check policies/ --format sarif > results.sarif")]
pub struct Check {
    /// Files and directories.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Read the paths as bundle directories: only data.json and data.yaml are data.
    #[arg(short, long)]
    bundle: bool,
    /// How to print what is found.
    #[arg(short, long, value_enum, default_value_t)]
    format: DiagnosticFormat,
    /// Stricter checks: unused variables and imports and the like are errors.
    #[arg(short = 'S', long)]
    strict: bool,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
}

impl Check {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let (mut loaded, is_faulty) =
            Loaded::read_what_can_be(&self.paths, &self.language, self.bundle);
        loaded.show_faults();
        let mut options = self.language.options();
        options.schemas = self.language.schemas()?;
        options.strict = self.strict;
        options.foreign_builtins = true;
        self.capabilities.apply(&mut options)?;
        options.data = loaded.take_data()?;
        let analysis = analyse(&loaded.sources, &options);
        let has_errors = analysis.has_errors();
        if self.format != DiagnosticFormat::Pretty || !analysis.diagnostics.is_empty() {
            let text = policy::render(self.format, &analysis.files, &analysis.diagnostics);
            output::line(text.trim_end())?;
        }
        Ok(if has_errors || is_faulty { Outcome::Failure } else { Outcome::Success })
    }
}
