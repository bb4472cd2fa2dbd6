//! `palisade eval`

mod cedar;
mod explain;
mod module;
pub mod partial;
pub mod present;
mod without_sources;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Args, ValueEnum};
use palisade_abi::RuleHit;
use palisade_abi::host::host_function_names;
use palisade_compiler::{Analysis, Query, Source, analyse, compile};
use palisade_interp::EvalOptions;
use palisade_interp::trace;
use palisade_lab::subject::{self, Ask, Facts, Failure, Reference, Solution, Told};
use palisade_sandbox::{Engine, EngineOptions};
use palisade_value::{AnyValue, Value, json};

use crate::capabilities::CapabilitiesArgs;
use crate::explain::Explain;
use crate::host::HostArgs;
use crate::limits::{LimitArgs, timeout};
use crate::load::{Loaded, read_input, read_stdin};
use crate::misuse::{Misuse, misuse};
use crate::policy::{self, LanguageArgs};
use crate::{Outcome, output};
use cedar::RequestArgs;
use module::BundleFile;
use partial::PartialArgs;
use present::Presentation;

/// Evaluate a query.
///
/// With `-t rego` the reference evaluator reads the sources; it can also trace, profile and measure coverage. With
/// `-t wasm` the query is compiled together with the policy and run in the sandbox. A module, or a bundle that holds only
/// one, answers queries that name an entrypoint, a place below or above one, or base data, and no others.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade eval -d policy.rego -i input.json data.authz.allow
  palisade eval -t wasm -b bundle.tar.gz -i input.json data.authz.allow
  palisade eval -t wasm -b policy.wasm -i input.json data.authz.allow
  palisade eval '1 + 2 * 3'
  echo '{\"user\": \"alice\"}' | palisade eval -d policies/ -I data.authz.allow --explain full
  palisade eval -d policies/ 'some x in data.users; x.admin' -f bindings
  palisade eval -d policies/ --partial -u data.docs -i input.json 'data.authz.visible[doc]' -f source

Exit codes: 0 done, 1 with --fail or --fail-defined, 2 the policy or its evaluation has errors.")]
pub struct Eval {
    /// The query.
    query: Option<String>,
    /// A file or directory with policies and data. May be repeated; `a.b:file.json` puts data at data.a.b.
    #[arg(short, long, value_name = "PATH")]
    data: Vec<String>,
    /// A bundle: a file or a directory; or a compiled module. May be repeated.
    #[arg(short, long, value_name = "PATH")]
    bundle: Vec<PathBuf>,
    /// A JSON or YAML file with the input; `-` is standard input.
    #[arg(short, long, value_name = "FILE", conflicts_with = "stdin_input")]
    input: Option<PathBuf>,
    /// Read the input from standard input.
    #[arg(short = 'I', long)]
    stdin_input: bool,
    /// Read the query from standard input.
    #[arg(long, conflicts_with_all = ["stdin_input", "query"])]
    stdin: bool,
    /// Which evaluator; by default `rego`, or `wasm` where there is only a compiled module.
    #[arg(short, long, value_enum)]
    target: Option<Target>,
    /// How to print the result.
    #[arg(short, long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// The package to ask in: its names need no `data.` in front.
    #[arg(long, value_name = "PACKAGE")]
    package: Option<String>,
    /// An import for the query. May be repeated.
    #[arg(long, value_name = "PATH")]
    import: Vec<String>,
    /// Exit 1 if the result is undefined.
    #[arg(long)]
    fail: bool,
    /// Exit 1 if the result is defined.
    #[arg(long)]
    fail_defined: bool,
    /// Show how the result came about. A compiled module has no steps: it shows the rules that held, whatever the mode.
    #[arg(long, value_enum, value_name = "MODE", num_args = 0..=1, default_missing_value = "full")]
    explain: Option<Explain>,
    /// Show the time and the number of evaluations of each expression.
    #[arg(long)]
    profile: bool,
    /// Show which heads and expressions were reached.
    #[arg(long)]
    coverage: bool,
    /// Show how long each stage took.
    #[arg(long)]
    metrics: bool,
    /// An error in a built-in function ends the evaluation instead of being undefined.
    #[arg(long)]
    strict_builtin_errors: bool,
    /// Show the errors in built-in functions that made calls undefined.
    #[arg(long, conflicts_with = "strict_builtin_errors")]
    show_builtin_errors: bool,
    /// The longest the evaluation may take: 500ms, 5s, 1m30s, or a number of seconds.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = timeout, allow_negative_numbers = true)]
    timeout: Duration,
    #[command(flatten)]
    partial: PartialArgs,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    host: HostArgs,
    /// Stricter checks of the policies.
    #[arg(short = 'S', long)]
    strict: bool,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
    #[command(flatten)]
    request: RequestArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    /// The reference evaluator.
    Rego,
    /// The compiled module.
    Wasm,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// OPA's JSON document.
    Json,
    /// For people: a value, or a table.
    Pretty,
    /// Values only, strings without quotes.
    Raw,
    /// A JSON array of the values.
    Values,
    /// A JSON array of the variables' values.
    Bindings,
    /// With `--partial`: Rego.
    Source,
    /// Nothing but what else was asked for.
    Discard,
}

/// What was found, with all that was asked for besides.
#[derive(Default)]
struct Answer {
    solutions: Vec<Solution>,
    failure: Option<Failure>,
    /// What made calls of built-ins undefined.
    builtin_errors: Vec<Failure>,
    explanation: Option<String>,
    extra: Vec<(&'static str, Value)>,
}

/// Where modules run.
fn engine() -> anyhow::Result<Engine> {
    Engine::new(&EngineOptions::default()).context("cannot start the sandbox")
}

impl Eval {
    /// Runs the command. Where JSON is asked for, there is a document even if nothing could be evaluated.
    pub fn run(self) -> anyhow::Result<Outcome> {
        match self.outcome() {
            Err(error) if self.format == Format::Json && !error.is::<Misuse>() => {
                let errors = Value::array(vec![output::error(&error)]);
                output::line(&output::pretty_json(&Value::object_of([("errors", errors)])))?;
                Ok(Outcome::Failure)
            }
            outcome => outcome,
        }
    }

    fn outcome(&self) -> anyhow::Result<Outcome> {
        if self.is_for_cedar() {
            return self.authorize();
        }
        let query = self.query_text()?;
        let facts = self.facts()?;
        let bundles = self.bundles()?;
        if self.partial.partial {
            if !bundles.is_empty() && !self.has_sources(&bundles) {
                return Err(misuse("--partial needs the sources: a module has none"));
            }
            let (sources, data) = self.sources(&bundles)?;
            return self.evaluate_partially(&query, &sources, data, facts.input.as_deref());
        }
        if self.format == Format::Source {
            return Err(misuse("-f source prints what --partial leaves"));
        }
        if let Some(answer) = self.ask_module(&bundles, &query, &facts)? {
            return self.present(&query, std::slice::from_ref(&query), answer);
        }
        let (sources, data) = self.sources(&bundles)?;
        self.evaluate(&query, &sources, data, &facts)
    }

    fn query_text(&self) -> anyhow::Result<String> {
        let text = match (&self.query, self.stdin) {
            (Some(query), _) => query.clone(),
            (None, true) => read_stdin()?,
            (None, false) => {
                return Err(misuse(
                    "name a query, for example data.authz.allow, or read one with --stdin",
                ));
            }
        };
        Ok(text.trim().to_owned())
    }

    fn facts(&self) -> anyhow::Result<Facts> {
        let input = match &self.input {
            Some(path) => Some(read_input(path)?),
            None if self.stdin_input => Some(read_input(Path::new("-"))?),
            None => None,
        };
        let fresh = palisade::fresh_facts()?;
        let seed = fresh.seed.and_then(|it| u64::from_str_radix(&it, 16).ok()).unwrap_or_default();
        Ok(Facts {
            input: input.map(|it| json::to_json(&it)),
            now_ns: fresh.now_ns.unwrap_or_default(),
            seed,
            strict: self.strict_builtin_errors,
            deadline: Some(self.timeout),
            host: self.host.calls()?,
        })
    }

    /// Bundle files with their names. Directories are read with the sources.
    fn bundles(&self) -> anyhow::Result<Vec<BundleFile>> {
        let files = self.bundle.iter().filter(|path| !path.is_dir());
        files.map(|path| BundleFile::read(path)).collect()
    }

    fn sources(&self, bundles: &[BundleFile]) -> anyhow::Result<(Vec<Source>, Value)> {
        let mut loaded = Loaded::read(&self.data, &self.language, false)?;
        let dirs = self.bundle.iter().filter(|path| path.is_dir());
        let dirs: Vec<String> = dirs.map(|path| path.display().to_string()).collect();
        loaded.merge(Loaded::read(&dirs, &self.language, true)?)?;
        for file in bundles {
            loaded.add_bundle(&file.name, &file.bundle)?;
        }
        let data = loaded.take_data()?;
        Ok((loaded.sources, data))
    }

    fn evaluate(
        &self,
        query: &str,
        sources: &[Source],
        data: Value,
        facts: &Facts,
    ) -> anyhow::Result<Outcome> {
        let print = Some(palisade_interp::PRINT);
        let options = palisade_compiler::Options { data, print, ..self.checking(query)? };
        let start = Instant::now();
        let analysis = analyse(sources, &options);
        if analysis.has_errors() {
            return self.refuse(&analysis);
        }
        policy::complain(&analysis.files, &analysis.diagnostics);
        let texts = present::expression_texts(&analysis);
        let compile_ns = start.elapsed().as_nanos();
        let start = Instant::now();
        let mut answer = match self.target {
            None | Some(Target::Rego) => self.interpret(&analysis, &options.data, facts)?,
            Some(Target::Wasm) => self.run_compiled(sources, &options, facts)?,
        };
        if self.metrics {
            let metrics = present::metrics(compile_ns, start.elapsed().as_nanos());
            answer.extra.push(("metrics", metrics));
        }
        self.present(query, &texts, answer)
    }

    /// How the query is checked with the policy.
    fn checking(&self, query: &str) -> anyhow::Result<palisade_compiler::Options> {
        let query = Query {
            text: query.to_owned(),
            package: self.package.clone(),
            imports: self.import.clone(),
        };
        let mut options = palisade_compiler::Options {
            strict: self.strict,
            schemas: self.language.schemas()?,
            queries: vec![query],
            // The module stays here, where each call is asked whether it is allowed.
            host_functions: host_function_names(),
            ..self.language.options()
        };
        self.capabilities.apply(&mut options)?;
        Ok(options)
    }

    /// Shows the errors of the policy or query, in the result's format where that is JSON.
    fn refuse(&self, analysis: &Analysis) -> anyhow::Result<Outcome> {
        if self.format == Format::Json {
            let text = policy::render(
                policy::DiagnosticFormat::Json,
                &analysis.files,
                &analysis.diagnostics,
            );
            output::line(text.trim_end())?;
        } else {
            policy::complain(&analysis.files, &analysis.diagnostics);
        }
        Ok(Outcome::Error)
    }

    fn interpret(
        &self,
        analysis: &Analysis,
        data: &Value,
        facts: &Facts,
    ) -> anyhow::Result<Answer> {
        let reference = Reference::new(&analysis.program, data.clone());
        let mut answer = Answer::default();
        let options = match reference.options(facts) {
            Ok(options) => options,
            Err(failure) => return Ok(Answer { failure: Some(failure), ..answer }),
        };
        let clock = Instant::now();
        let options = EvalOptions {
            trace: self.explain.is_some(),
            coverage: self.coverage,
            builtin_errors: self.show_builtin_errors,
            profile: self.profile.then(|| present::clock(clock)),
            ..options
        };
        match reference.evaluator().query(0, &options) {
            Err(error) => answer.failure = Some(reference.failure(&error)),
            Ok(result) => {
                result.printed.iter().for_each(|line| eprintln!("{}", line.text));
                answer.solutions = result.solutions.iter().map(subject::solution).collect();
                let errors = result.builtin_errors.iter();
                answer.builtin_errors = errors.map(|error| reference.failure(error)).collect();
                if let (Some(mode), Some(trace)) = (self.explain, &result.trace) {
                    match self.format {
                        Format::Json => {
                            let events = explain::json(trace, analysis, mode.mode());
                            answer.extra.push(("explanation", events));
                        }
                        _ => {
                            let text = trace::print(trace, &analysis.files, mode.mode());
                            answer.explanation = Some(text);
                        }
                    }
                }
                if let Some(profile) = &result.profile {
                    answer.extra.push(("profile", present::profile(profile)));
                }
                if let Some(coverage) = &result.coverage {
                    answer.extra.push(("coverage", coverage.to_value()));
                }
            }
        }
        Ok(answer)
    }

    fn run_compiled(
        &self,
        sources: &[Source],
        options: &palisade_compiler::Options,
        facts: &Facts,
    ) -> anyhow::Result<Answer> {
        if self.profile || self.coverage || self.show_builtin_errors {
            return Err(misuse(
                "--profile, --coverage and --show-builtin-errors need the reference evaluator: leave out `-t wasm`",
            ));
        }
        let compilation = compile(sources, options)?;
        let engine = engine()?;
        let compiled = subject::load(&engine, &compilation, self.limits.limits())
            .context("the compiled module does not load")?;
        let compiled = compiled.context("the policy has errors")?;
        let entrypoint = palisade_compiler::query_entrypoint(0);
        let told = compiled.told(&entrypoint, facts, self.ask());
        self.told(told, |result| Ok(subject::solutions(result.as_ref())))
    }

    /// What a module is asked besides the result.
    fn ask(&self) -> Ask {
        Ask { rules: self.explain.is_some(), prints: true }
    }

    /// The answer of a module. What it printed is shown as it would have been by an evaluator that prints at once.
    fn told(
        &self,
        told: Told,
        solutions: impl FnOnce(Option<Value>) -> anyhow::Result<Vec<Solution>>,
    ) -> anyhow::Result<Answer> {
        told.prints.iter().for_each(|line| eprintln!("{line}"));
        let mut answer = match told.result {
            Ok(result) => Answer { solutions: solutions(result)?, ..Answer::default() },
            Err(failure) => Answer { failure: Some(failure), ..Answer::default() },
        };
        self.explain_by_rules(&mut answer, &told.rules);
        Ok(answer)
    }

    /// What a module can tell of how it came to its answer: the rules that held.
    fn explain_by_rules(&self, answer: &mut Answer, rules: &[RuleHit]) {
        if self.explain.is_none() {
            return;
        }
        eprintln!(
            "warning: a compiled module has no steps: --explain shows the rules that held; for steps bring the sources \
             and leave out `-t wasm`"
        );
        match self.format {
            Format::Json => answer.extra.push(("explanation", present::rules_json(rules))),
            _ => answer.explanation = Some(present::rules(rules)),
        }
    }

    fn present(&self, query: &str, texts: &[String], answer: Answer) -> anyhow::Result<Outcome> {
        let presentation = Presentation { query, texts, format: self.format };
        if let Some(explanation) = &answer.explanation {
            output::line(explanation.trim_end())?;
        }
        if let Some(failure) = &answer.failure {
            presentation.failure(failure)?;
            return Ok(Outcome::Error);
        }
        let errors = presentation.builtin_errors(&answer.builtin_errors);
        presentation
            .solutions(&answer.solutions, answer.extra.into_iter().chain(errors).collect())?;
        let defined = !answer.solutions.is_empty();
        let failed = self.fail && !defined || self.fail_defined && defined;
        Ok(if failed { Outcome::Failure } else { Outcome::Success })
    }
}
