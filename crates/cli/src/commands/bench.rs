//! `palisade bench`

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use palisade_abi::HostCalls;
use palisade_compiler::{Options, analyse, compile};
use palisade_interp::EvalOptions;
use palisade_lab::bench::{Plan, Subject, Timing, measure};
use palisade_lab::subject::{Facts, Reference};
use palisade_sandbox::{Call, Engine, EngineOptions, LoadOptions, Module};
use palisade_value::{Value, json};

use crate::host::HostArgs;
use crate::limits::range;
use crate::load::{Loaded, read_input};
use crate::misuse::misuse;
use crate::policy::{self, LanguageArgs};
use crate::{Outcome, output};

/// Measure how long a decision takes, from the input's JSON text to the answer's JSON text.
///
/// The compiled module in the sandbox and the reference evaluator take turns in rounds; the table shows the fastest, the
/// middle and the slowest round of each. Build with --release before believing any number.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade bench -d examples/rbac -i examples/rbac/input.json data.rbac.allow
  palisade bench -d policies/ -i a.json -i b.json data.authz.allow -f json")]
pub struct Bench {
    /// The document to ask for: data.authz.allow.
    query: String,
    /// A file or directory with policies and data. May be repeated.
    #[arg(short, long, value_name = "PATH", required = true)]
    data: Vec<String>,
    /// A file with an input. May be repeated: the inputs are cycled through.
    #[arg(short, long, value_name = "FILE")]
    input: Vec<PathBuf>,
    /// How many rounds.
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = range::<usize>(1..=1_000))]
    count: usize,
    /// How long a round lasts at least, in milliseconds.
    #[arg(long, value_name = "MS", default_value_t = 200, value_parser = range::<u64>(1..=60_000))]
    round_ms: u64,
    /// How to print.
    #[arg(short, long, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    #[command(flatten)]
    host: HostArgs,
    #[command(flatten)]
    language: LanguageArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Pretty,
    Json,
}

/// The times before the first decision, and the sizes.
struct Setup {
    compile: Duration,
    load: Duration,
    module_bytes: usize,
}

impl Bench {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let Some(path) = self.query.strip_prefix("data.") else {
            return Err(misuse("name a document below data, for example data.authz.allow"));
        };
        let inputs = self.inputs()?;
        let mut loaded = Loaded::read(&self.data, &self.language, false)?;
        let mut options = self.language.options();
        options.schemas = self.language.schemas()?;
        options.data = loaded.take_data()?;
        options.entrypoints = vec![path.replace('.', "/")];
        options.host_functions = self.host.names();
        let start = Instant::now();
        let compilation = compile(&loaded.sources, &options)?;
        let compile_time = start.elapsed();
        policy::complain(&compilation.files, &compilation.diagnostics);
        let Some(artifact) = compilation.artifact else { return Ok(Outcome::Failure) };
        let engine = Engine::new(&EngineOptions::default()).context("cannot start the sandbox")?;
        let start = Instant::now();
        let host_functions = &options.host_functions;
        let own = LoadOptions { reuse: true, host_functions, ..LoadOptions::default() };
        let module = Module::load(&engine, &artifact.wasm, own)?;
        let setup = Setup {
            compile: compile_time,
            load: start.elapsed(),
            module_bytes: artifact.wasm.len(),
        };
        let timings = self.measure(&module, &loaded, &options, &inputs)?;
        self.print(&setup, &timings)?;
        Ok(Outcome::Success)
    }

    fn inputs(&self) -> anyhow::Result<Vec<String>> {
        if self.input.is_empty() {
            return Ok(vec!["{}".to_owned()]);
        }
        self.input.iter().map(|path| Ok(json::to_json(&read_input(path)?))).collect()
    }

    fn measure(
        &self,
        module: &Module,
        loaded: &Loaded,
        options: &Options,
        inputs: &[String],
    ) -> anyhow::Result<Vec<(&'static str, Timing)>> {
        let analysis = analyse(&loaded.sources, options);
        let reference = Reference::new(&analysis.program, options.data.clone());
        let path: Vec<&str> = self.query.split('.').skip(1).collect();
        let ambient = palisade::fresh_facts()?;
        let now_ns = ambient.now_ns.unwrap_or_default();
        let ambient = ambient.to_json();
        let entrypoint = module.default_entrypoint();
        // Each decision asks anew.
        let functions = self.host.functions()?;
        let calls = || functions.clone().map(|it| Arc::new(HostCalls::new(it)));
        let ask_module = |at: usize| {
            let call = Call {
                entrypoint,
                input: inputs[at].as_bytes(),
                ambient: Some(ambient.as_bytes()),
                deadline: None,
            };
            module.evaluate_with_host(&call, calls().as_ref())
        };
        let ask_reference = |at: usize| {
            let (input, host) = (Some(inputs[at].clone()), calls());
            let facts = Facts { input, now_ns, host, ..Facts::default() };
            let options: EvalOptions = reference.options(&facts)?;
            let found = reference.evaluator().document(&path, &options);
            found
                .map(|it| it.map(|it| json::to_json(&it)))
                .map_err(|error| reference.failure(&error))
        };
        // What fails would be measured as fast.
        for at in 0..inputs.len() {
            let output = ask_module(at)?;
            if let Some(error) = output.error() {
                bail!("the policy fails on input {}: {}", at + 1, error.message);
            }
            ask_reference(at)?;
        }
        let mut subjects: Vec<Subject<'_>> = vec![
            Box::new(|at| {
                let _ = black_box(ask_module(at));
            }),
            Box::new(|at| {
                let _ = black_box(ask_reference(at));
            }),
        ];
        let plan = Plan { n_rounds: self.count, round: Duration::from_millis(self.round_ms) };
        let timings = measure(&mut subjects, inputs.len(), &plan);
        Ok(["module", "reference"].into_iter().zip(timings).collect())
    }

    fn print(&self, setup: &Setup, timings: &[(&str, Timing)]) -> anyhow::Result<()> {
        if self.format == Format::Json {
            let times = timings.iter().map(|(name, timing)| {
                let nanoseconds = |it: f64| Value::from(it.round() as i64);
                let fields = [
                    ("min_ns", nanoseconds(timing.min_ns)),
                    ("median_ns", nanoseconds(timing.median_ns)),
                    ("max_ns", nanoseconds(timing.max_ns)),
                    (
                        "decisions",
                        Value::from(i64::try_from(timing.n_decisions).unwrap_or(i64::MAX)),
                    ),
                ];
                (*name, Value::object_of(fields))
            });
            let document = Value::object_of([
                (
                    "compile_ns",
                    Value::from(i64::try_from(setup.compile.as_nanos()).unwrap_or(i64::MAX)),
                ),
                ("load_ns", Value::from(i64::try_from(setup.load.as_nanos()).unwrap_or(i64::MAX))),
                (
                    "module_bytes",
                    Value::from(i64::try_from(setup.module_bytes).unwrap_or(i64::MAX)),
                ),
                ("evaluators", Value::object_of(times)),
            ]);
            return output::line(&output::pretty_json(&document));
        }
        output::line(&format!(
            "module: {} bytes, compiled in {:.1} ms, loaded in {:.1} ms",
            setup.module_bytes,
            setup.compile.as_secs_f64() * 1e3,
            setup.load.as_secs_f64() * 1e3
        ))?;
        let head = ["evaluator", "min", "median", "max", "decisions"].map(str::to_owned);
        let rows: Vec<Vec<String>> = timings
            .iter()
            .map(|(name, timing)| {
                vec![
                    (*name).to_owned(),
                    duration(timing.min_ns),
                    duration(timing.median_ns),
                    duration(timing.max_ns),
                    timing.n_decisions.to_string(),
                ]
            })
            .collect();
        output::line(output::table(&head, &rows).trim_end())
    }
}

fn duration(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{ns:.0} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}
