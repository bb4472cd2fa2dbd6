//! Runs OPA's conformance cases in both evaluators, and Cedar's in the compiled module: `cargo xtask conformance`.

mod cedar;
mod evaluators;
mod report;
mod workers;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};
use palisade_conformance::{Answer, Case, read_dir};
use palisade_lab::subject::Target;
use palisade_sandbox::{Engine, EngineOptions};
use regex::Regex;

use report::Report;

/// Run OPA's conformance cases in both evaluators and compare them, or Cedar's in the compiled module and in the official
/// evaluator.
#[derive(Parser)]
#[command(
    bin_name = "cargo xtask conformance",
    after_help = "Examples:\n  cargo xtask conformance rego ../shared/conformance/rego\n  \
                  cargo xtask conformance rego ../shared/conformance/rego --filter 'v1/every/*' --verbose\n  \
                  cargo xtask conformance cedar ../shared/conformance/cedar --every 10"
)]
struct Conformance {
    /// The language of the cases
    #[arg(value_enum)]
    language: Language,
    /// The folder with the cases: of OPA's, `v0` and `v1` are in it, of Cedar's, `tests` and the corpus. By default that of `$PALISADE_CONFORMANCE`, or of
    /// `shared/conformance` beside the repository; without either nothing is run
    dir: Option<PathBuf>,
    /// Only one of the evaluators
    #[arg(long, value_enum)]
    target: Option<TargetArg>,
    /// Only cases of which folder, file or note match: `v1/every/*`, `*bignum*`
    #[arg(long, value_name = "GLOB")]
    filter: Option<String>,
    /// Of Cedar's generated tests only one in N
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Turn on `import future.keywords.not` in every module: nothing may change
    #[arg(long)]
    improved_negation: bool,
    /// List every case
    #[arg(long)]
    verbose: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Rego,
    Cedar,
}

#[derive(Clone, Copy, ValueEnum)]
enum TargetArg {
    Rego,
    Wasm,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Conformance::parse();
    let folder = match arguments.language {
        Language::Rego => "rego",
        Language::Cedar => "cedar",
    };
    let default = || palisade_conformance::root().map(|root| root.join(folder));
    let Some(dir) = arguments.dir.clone().or_else(default) else {
        println!("skipped: no conformance data");
        return Ok(ExitCode::SUCCESS);
    };
    match arguments.language {
        Language::Rego => run_rego(&dir, &arguments),
        Language::Cedar => run_cedar(&dir, &arguments),
    }
}

fn run_cedar(dir: &Path, arguments: &Conformance) -> anyhow::Result<ExitCode> {
    let filter = arguments.filter.as_deref().map(pattern).transpose()?;
    let report = cedar::run(dir, filter.as_ref(), arguments.every)?;
    print!("{}", report.text());
    Ok(if report.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_rego(dir: &Path, arguments: &Conformance) -> anyhow::Result<ExitCode> {
    let cases = read(dir, arguments)?;
    let targets = match arguments.target {
        None => vec![Target::Rego, Target::Wasm],
        Some(TargetArg::Rego) => vec![Target::Rego],
        Some(TargetArg::Wasm) => vec![Target::Wasm],
    };
    let answers = run(&cases, &targets)?;
    let report = Report::new(&cases, &targets, &answers);
    print!("{}", report.text(arguments.verbose));
    Ok(if report.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(dir: &Path, arguments: &Conformance) -> anyhow::Result<Vec<Case>> {
    let mut cases = read_dir(dir)?;
    if let Some(glob) = &arguments.filter {
        let pattern = pattern(glob)?;
        cases.retain(|case| {
            [case.file.as_str(), case.note.as_str(), case.folder()]
                .iter()
                .any(|it| pattern.is_match(it))
        });
    }
    if arguments.improved_negation {
        cases = cases.iter().map(Case::with_improved_negation).collect();
    }
    if cases.is_empty() {
        bail!("no such cases in {}", dir.display());
    }
    Ok(cases)
}

/// A pattern with `*` for any text.
fn pattern(glob: &str) -> anyhow::Result<Regex> {
    let parts: Vec<String> = glob.split('*').map(regex::escape).collect();
    Regex::new(&format!("(?s)^{}$", parts.join(".*"))).context("--filter")
}

/// The answers of each case, in the order of the targets. All CPUs share the work.
fn run(cases: &[Case], targets: &[Target]) -> anyhow::Result<Vec<Vec<Answer>>> {
    let engine = Engine::new(&EngineOptions::default())?;
    workers::each(cases, |case| evaluators::answers(case, targets, &engine))
}
