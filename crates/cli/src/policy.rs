//! What several commands do with policies: showing diagnostics, compiling.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use palisade_compiler::{Artifact, Options, Schemas, Source};
use palisade_diag::render::{self, Format};
use palisade_diag::{Diagnostic, Files};
use palisade_rego::checked::Program;
use palisade_rego::semantic::{missing_data, too_complex};
use palisade_rego::syntax::ast::Version;
use palisade_sandbox::{LoadError, TooComplex};
use palisade_value::Value;

use crate::{Outcome, schemas};

/// How a policy is read; the same for every command that reads one.
#[derive(Args, Clone, Debug, Default)]
pub struct LanguageArgs {
    /// Read files as Rego v0 (before OPA 1.0) unless they say `import rego.v1`.
    #[arg(long)]
    pub v0_compatible: bool,
    /// Read files as Rego v1 only. By default a file that can only be Rego v0 is read as that, with a warning.
    #[arg(long, conflicts_with = "v0_compatible")]
    pub v1_compatible: bool,
    /// Leave out files and folders whose name matches; `*` and `?` stand for anything. May be repeated.
    #[arg(long, value_name = "PATTERN")]
    pub ignore: Vec<String>,
    /// Read folders that links lead to as well. A folder is read once, however many links lead to it.
    #[arg(long)]
    pub follow_symlinks: bool,
    /// A JSON schema of the input; or a directory of schemas, in which a/b.json is schema.a.b for annotations.
    #[arg(short, long, value_name = "PATH")]
    pub schema: Option<PathBuf>,
}

impl LanguageArgs {
    /// The compiler's options.
    pub fn options(&self) -> Options {
        let version = if self.v0_compatible { Version::V0 } else { Version::V1 };
        Options { version, detect_v0: !self.v1_compatible, ..Options::default() }
    }

    /// The schemas to check with.
    ///
    /// # Errors
    /// One of them cannot be read.
    pub fn schemas(&self) -> anyhow::Result<Schemas> {
        self.schema.as_deref().map_or_else(|| Ok(Schemas::default()), schemas::read)
    }
}

/// How diagnostics are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DiagnosticFormat {
    /// For people: the source line with a pointer.
    #[default]
    Pretty,
    /// One JSON document, in OPA's shape.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations for GitHub Actions.
    Github,
}

impl DiagnosticFormat {
    fn renderer(self, colour: bool) -> Format {
        match self {
            DiagnosticFormat::Pretty => Format::Pretty { color: colour },
            DiagnosticFormat::Json => Format::Json,
            DiagnosticFormat::Sarif => Format::Sarif,
            DiagnosticFormat::Github => Format::Github,
        }
    }
}

/// Diagnostics as text for standard output.
pub fn render(format: DiagnosticFormat, files: &Files, diagnostics: &[Diagnostic]) -> String {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    render::render(format.renderer(colour), files, diagnostics)
}

/// Shows diagnostics to a person on standard error.
pub fn complain(files: &Files, diagnostics: &[Diagnostic]) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    eprint!("{}", render::render(Format::Pretty { color: colour }, files, diagnostics));
}

/// The data that a policy is built with.
pub struct Given<'a> {
    /// What the files hold.
    pub data: &'a Value,
    /// The paths below which more may come later.
    pub later: &'a [Vec<String>],
}

/// Warns of data that the entrypoints of what was built read, and that nobody gave.
pub fn complain_of_missing_data(
    files: &Files,
    program: &Program,
    artifact: &Artifact,
    given: &Given<'_>,
) {
    let entrypoints = artifact.manifest.entrypoints.iter();
    let entrypoints: Vec<Vec<String>> =
        entrypoints.map(|it| it.path.split('/').map(str::to_owned).collect()).collect();
    complain(files, &missing_data(program, &entrypoints, given.data, given.later));
}

/// Says so if no host would load the module that a policy was compiled to: which rule is too much, where that is known.
///
/// # Errors
/// The module is too much, and no single rule is.
pub fn complain_of_complexity(
    files: &Files,
    program: &Program,
    wasm: &[u8],
) -> anyhow::Result<Outcome> {
    let Err(refusal) = palisade_sandbox::check_complexity(wasm) else {
        return Ok(Outcome::Success);
    };
    let rule = match &refusal {
        LoadError::TooComplex(
            excess @ (TooComplex::Work { function, .. } | TooComplex::Function { function, .. }),
        ) => {
            let name = function.name.as_deref().unwrap_or_default();
            too_complex(program, name, &excess.to_string())
        }
        _ => None,
    };
    let Some(rule) = rule else {
        return Err(anyhow::Error::new(refusal).context("no host loads what is built"));
    };
    complain(files, &[rule]);
    Ok(Outcome::Failure)
}

/// The same files under other names: those that the user typed, where compilation saw portable ones.
pub fn renamed(files: &Files, typed: &[Source]) -> Files {
    let mut renamed = Files::new();
    for (at, (_, name, text)) in files.iter().enumerate() {
        renamed.add(typed.get(at).map_or(name, |source| source.name.as_str()), text);
    }
    renamed
}
