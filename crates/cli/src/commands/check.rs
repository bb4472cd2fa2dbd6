//! `palisade check`

mod cedar;

use clap::Args;
use palisade_compiler::analyse;
use palisade_diag::{Code, Diagnostic, Severity};
use palisade_value::{AnyValue, Value, json};

use crate::capabilities::CapabilitiesArgs;
use crate::cedar::CedarArgs;
use crate::load::Loaded;
use crate::policy::{self, DiagnosticFormat, LanguageArgs};
use crate::{Outcome, output};

/// Parse and analyse policies; exit 1 if anything is wrong with them.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade check policy.rego
  palisade check policies/ --format json
  palisade check --schema photos.cedarschema photos.cedar --entities entities.json
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
    /// Show at most so many errors; 0 is all of them.
    #[arg(short, long, value_name = "N", default_value_t = 0)]
    max_errors: usize,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
    #[command(flatten)]
    cedar: CedarArgs,
}

impl Check {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        if self.cedar.is_meant(&self.paths) {
            return self.check_cedar();
        }
        let (mut loaded, is_faulty) =
            Loaded::read_what_can_be(&self.paths, &self.language, self.bundle);
        if self.format != DiagnosticFormat::Json {
            loaded.show_faults();
        }
        let mut options = self.language.options();
        options.schemas = self.language.schemas()?;
        options.strict = self.strict;
        options.foreign_builtins = true;
        self.capabilities.apply(&mut options)?;
        options.data = loaded.take_data()?;
        let mut analysis = analyse(&loaded.sources, &options);
        let has_errors = analysis.has_errors();
        self.limit(&mut analysis.diagnostics);
        if self.format != DiagnosticFormat::Pretty || !analysis.diagnostics.is_empty() {
            let text = policy::render(self.format, &analysis.files, &analysis.diagnostics);
            match self.format {
                DiagnosticFormat::Json => output::line(&with_faults(text, loaded.faults())?)?,
                _ => output::line(text.trim_end())?,
            }
        }
        Ok(if has_errors || is_faulty { Outcome::Failure } else { Outcome::Success })
    }

    /// Leaves the first errors, and a last one that tells of the others.
    fn limit(&self, diagnostics: &mut Vec<Diagnostic>) {
        let is_error = |it: &Diagnostic| it.severity == Severity::Error;
        let n_errors = diagnostics.iter().filter(|it| is_error(it)).count();
        if self.max_errors == 0 || n_errors <= self.max_errors {
            return;
        }
        diagnostics.sort_by_key(|it| it.span().map(|span| (span.file, span.start, span.end)));
        let mut n_left = self.max_errors;
        diagnostics.retain(|it| {
            let stays = !is_error(it) || n_left > 0;
            n_left = n_left.saturating_sub(usize::from(is_error(it)));
            stays
        });
        diagnostics.push(Diagnostic {
            code: Code { name: "error-limit", opa: "rego_compile_error" },
            severity: Severity::Error,
            message: "error limit reached".to_owned(),
            labels: Vec::new(),
            notes: vec![format!("{} more are not shown", n_errors - self.max_errors)],
            help: Some("--max-errors 0 shows all of them".to_owned()),
            fix: None,
        });
    }
}

/// The JSON document of a report, with what could not be read in front of the errors.
fn with_faults(report: String, faults: &[anyhow::Error]) -> anyhow::Result<String> {
    if faults.is_empty() {
        return Ok(report.trim_end().to_owned());
    }
    let report: Value = json::parse(&report)?;
    let found = report.get_str("errors").unwrap_or_else(|| Value::array(Vec::new()));
    let faults = faults.iter().map(output::error);
    let errors = Value::array(faults.chain(found.items().iter().cloned()).collect());
    let others = report.entries().iter().filter(|it| it.key.as_str() != Some("errors"));
    let others = others.map(|it| (it.key.as_str().unwrap_or_default(), it.value.clone()));
    Ok(output::pretty_json(&Value::object_of(others.chain([("errors", errors)]))))
}
