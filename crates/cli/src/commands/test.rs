//! `palisade test`

use std::time::Duration;

use anyhow::Context;
use clap::{Args, ValueEnum};
use palisade_compiler::analyse;
use palisade_lab::subject::Target;
use palisade_lab::testing::{self, Detail, Format, Options, Report};
use palisade_sandbox::{Engine, EngineOptions};
use regex::Regex;

use crate::capabilities::CapabilitiesArgs;
use crate::explain::Explain;
use crate::host::HostArgs;
use crate::limits::{LimitArgs, percent, range, timeout};
use crate::load::Loaded;
use crate::policy::{self, LanguageArgs};
use crate::{Outcome, output};

/// Run the tests of policies: rules whose names start with `test_`.
///
/// Every test runs in the reference evaluator and in the compiled module; an answer that differs is a failure, and so is a
/// limit that either of them reaches. Rules
/// named `todo_test_…` are listed and not run. A rule with a key, `test_name[case]`, is one test a case.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade test policies/
  palisade test policy.rego policy_test.rego -v
  palisade test policies/ -r 'data\\.authz_test\\..*admin'
  palisade test policies/ --var-values
  palisade test policies/ --coverage --threshold 90
  palisade test policies/ --format junit > report.xml")]
pub struct Test {
    /// Files and directories.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<String>,
    /// Read the paths as bundle directories: only data.json and data.yaml are data.
    #[arg(short, long)]
    bundle: bool,
    /// List every test.
    #[arg(short, long)]
    verbose: bool,
    /// Only tests whose full name (data.package.test_name) matches.
    #[arg(short, long, value_name = "REGEX")]
    run: Option<Regex>,
    /// How often to run the tests; the first run that fails is the last.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = range::<usize>(1..=1_000_000))]
    count: usize,
    /// Only one of the evaluators.
    #[arg(short, long, value_enum)]
    target: Option<TargetArg>,
    /// Show the values of variables, references and calls in the expressions that failed.
    #[arg(long)]
    var_values: bool,
    /// Show the steps of tests that failed; with -v those that failed are shown anyway.
    #[arg(long, value_enum, value_name = "MODE", num_args = 0..=1, default_missing_value = "full")]
    explain: Option<Explain>,
    /// How to print the results.
    #[arg(short, long, value_enum, default_value_t = FormatArg::Pretty)]
    format: FormatArg,
    /// Report which heads and expressions of the policies the tests reach, as JSON.
    #[arg(short, long)]
    coverage: bool,
    /// Fail if the tests reach less than this share of the lines, in per cent.
    #[arg(long, value_name = "PERCENT", default_value = "0", value_parser = percent, allow_negative_numbers = true)]
    threshold: f64,
    /// The longest one test may take: 500ms, 5s, 1m30s, or a number of seconds.
    #[arg(long, value_name = "DURATION", default_value = "5s", value_parser = timeout, allow_negative_numbers = true)]
    timeout: Duration,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    host: HostArgs,
    /// Exit 1 if there is no test to run.
    #[arg(long)]
    fail_on_empty: bool,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum TargetArg {
    /// The reference evaluator.
    Rego,
    /// The compiled module.
    Wasm,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    Pretty,
    Json,
    Junit,
}

impl Test {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let mut loaded = Loaded::read(&self.paths, &self.language, self.bundle)?;
        let mut options = self.language.options();
        options.schemas = self.language.schemas()?;
        options.data = loaded.take_data()?;
        options.print = Some(palisade_interp::PRINT);
        self.capabilities.apply(&mut options)?;
        let analysis = analyse(&loaded.sources, &options);
        policy::complain(&analysis.files, &analysis.diagnostics);
        if analysis.has_errors() {
            return Ok(Outcome::Failure);
        }
        let engine = Engine::new(&EngineOptions::default()).context("cannot start the sandbox")?;
        let wants_coverage = self.coverage || self.threshold > 0.0;
        let run = Options {
            targets: self.targets(),
            coverage: wants_coverage,
            timeout: self.timeout,
            limits: self.limits.limits(),
            now_ns: palisade::fresh_facts()?.now_ns.unwrap_or_default(),
            detail: self.detail(),
            host: self.host.functions()?,
        };
        let keep = |name: &str| self.run.as_ref().is_none_or(|regex| regex.is_match(name));
        let once = || testing::run(&analysis, &options.data, &engine, &keep, &run);
        let mut report = once()?;
        for _ in 1..self.count {
            if !report.is_success() {
                break;
            }
            report = once()?;
        }
        if wants_coverage {
            let coverage = report.coverage.clone().unwrap_or_default();
            if self.coverage {
                output::line(&output::pretty_json(&coverage.to_value()))?;
            }
            if !report.is_success() {
                eprint!("{}", testing::render(&report, Format::Pretty { verbose: self.verbose }));
            } else if coverage.percent() < self.threshold {
                eprintln!(
                    "Code coverage threshold not met: got {:.2} instead of {:.2}",
                    coverage.percent(),
                    self.threshold
                );
                return Ok(Outcome::Failure);
            } else if self.threshold > 0.0 {
                eprintln!(
                    "Code coverage threshold met: got {:.2}, needed {:.2}",
                    coverage.percent(),
                    self.threshold
                );
            }
        } else {
            output::line(testing::render(&report, self.format()).trim_end())?;
        }
        self.warn_if_empty(&report);
        let is_empty = self.fail_on_empty && report.tests.is_empty();
        Ok(if report.is_success() && !is_empty { Outcome::Success } else { Outcome::Failure })
    }

    fn warn_if_empty(&self, report: &Report) {
        if !report.tests.is_empty() {
            return;
        }
        let hint = "with --fail-on-empty this exits 1";
        match &self.run {
            Some(regex) => eprintln!("warning: no test's name matches `{regex}`; {hint}"),
            None => eprintln!("warning: there is no rule whose name starts with `test_`; {hint}"),
        }
    }

    fn detail(&self) -> Detail {
        let trace = self.explain.or(self.verbose.then_some(Explain::Fails));
        Detail {
            trace: trace.map(Explain::mode),
            values: self.var_values,
            outputs: self.verbose || self.format == FormatArg::Json,
        }
    }

    fn targets(&self) -> Vec<Target> {
        match self.target {
            None => vec![Target::Rego, Target::Wasm],
            Some(TargetArg::Rego) => vec![Target::Rego],
            Some(TargetArg::Wasm) => vec![Target::Wasm],
        }
    }

    fn format(&self) -> Format {
        match self.format {
            FormatArg::Pretty => Format::Pretty { verbose: self.verbose },
            FormatArg::Json => Format::Json,
            FormatArg::Junit => Format::Junit,
        }
    }
}
