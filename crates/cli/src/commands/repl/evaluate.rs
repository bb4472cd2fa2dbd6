//! Queries: evaluated by the session's evaluator, printed by its settings.

use std::time::Instant;

use anyhow::Context;
use palisade_compiler::{Analysis, Options, Source, analyse, compile, query_entrypoint};
use palisade_diag::Files;
use palisade_interp::{EvalOptions, Limits, trace};
use palisade_lab::subject::{self, Ask, Failure, Reference, Solution, Target};
use palisade_sandbox::{Engine, EngineOptions};
use palisade_value::Value;

use super::session::{Session, is_refused};
use crate::commands::eval::Format;
use crate::commands::eval::partial;
use crate::commands::eval::present::{self, Presentation};
use crate::explain::Explain;
use crate::output;

/// What an evaluation gave.
#[derive(Default)]
struct Outcome {
    solutions: Vec<Solution>,
    failure: Option<Failure>,
    /// What else was asked for.
    extra: Vec<(&'static str, Value)>,
}

impl Session {
    /// Answers a query.
    pub(super) fn query(&mut self, query: &str) -> anyhow::Result<()> {
        let (sources, mut options) = self.question(query);
        let is_partial = !self.settings.unknowns.is_empty();
        if is_partial {
            // What is left of a policy prints nothing.
            options.print = None;
        }
        let start = Instant::now();
        let analysis = analyse(&sources, &options);
        if is_refused(&analysis) {
            return Ok(());
        }
        let compile_ns = start.elapsed().as_nanos();
        if self.settings.types {
            self.types(&analysis)?;
        }
        if is_partial {
            return self.evaluate_partially(&analysis, &options.data);
        }
        let start = Instant::now();
        let mut outcome = match self.settings.target {
            Target::Rego => self.interpret(&analysis, &options.data)?,
            Target::Wasm => self.run_compiled(&sources, &options)?,
        };
        if self.settings.metrics {
            let metrics = present::metrics(compile_ns, start.elapsed().as_nanos());
            outcome.extra.push(("metrics", metrics));
        }
        self.print(query, &analysis, outcome)
    }

    /// Prints what is left of the query without what is unknown.
    fn evaluate_partially(&self, analysis: &Analysis, data: &Value) -> anyhow::Result<()> {
        let options = palisade_partial::Options {
            unknowns: self.settings.unknowns.iter().map(|it| it.place.clone()).collect(),
            input: self.input(),
            strict: self.settings.strict,
            limits: Limits {
                deadline: Some(Instant::now() + self.start.timeout),
                cancel: Some(self.start.cancel.clone()),
                ..Limits::default()
            },
            ..palisade_partial::Options::default()
        };
        match partial::residual(analysis, data, &options) {
            Ok(residual) => partial::present(
                &residual,
                if self.settings.json { Format::Json } else { Format::Pretty },
            ),
            Err(failure) => {
                eprintln!("error: {failure}");
                Ok(())
            }
        }
    }

    fn print(&self, query: &str, analysis: &Analysis, outcome: Outcome) -> anyhow::Result<()> {
        let texts = present::expression_texts(analysis);
        let format = if self.settings.json { Format::Json } else { Format::Pretty };
        let presentation = Presentation { query, texts: &texts, format };
        match &outcome.failure {
            // Errors go to standard error in either format: what is on standard output are results.
            Some(failure) => {
                eprintln!("error: {failure}");
                Ok(())
            }
            None => presentation.solutions(&outcome.solutions, outcome.extra),
        }
    }

    fn interpret(&self, analysis: &Analysis, data: &Value) -> anyhow::Result<Outcome> {
        let reference = Reference::new(&analysis.program, data.clone());
        let mut outcome = Outcome::default();
        let mut options = match reference.options(&self.facts()?) {
            Ok(options) => options,
            Err(failure) => return Ok(Outcome { failure: Some(failure), ..outcome }),
        };
        options.limits.cancel = Some(self.start.cancel.clone());
        let clock = Instant::now();
        let options = EvalOptions {
            trace: self.settings.explain.is_some(),
            profile: self.settings.profile.then(|| present::clock(clock)),
            ..options
        };
        match reference.evaluator().query(0, &options) {
            Err(error) => outcome.failure = Some(reference.failure(&error)),
            Ok(result) => {
                result.printed.iter().for_each(|line| eprintln!("{}", line.text));
                outcome.solutions = result.solutions.iter().map(subject::solution).collect();
                self.explain(result.trace.as_ref(), &analysis.files)?;
                if let Some(profile) = &result.profile {
                    outcome.extra.push(("profile", present::profile(profile)));
                }
            }
        }
        Ok(outcome)
    }

    fn explain(&self, trace: Option<&trace::Trace>, files: &Files) -> anyhow::Result<()> {
        match (self.settings.explain.map(Explain::mode), trace) {
            (Some(mode), Some(trace)) => {
                let text = trace::print(trace, files, mode);
                if text.is_empty() { Ok(()) } else { output::line(text.trim_end()) }
            }
            _ => Ok(()),
        }
    }

    fn run_compiled(&self, sources: &[Source], options: &Options) -> anyhow::Result<Outcome> {
        if self.settings.profile {
            eprintln!("warning: the compiled module has no profile; `target rego` has");
        }
        let compilation = compile(sources, options)?;
        let engine = Engine::new(&EngineOptions::default()).context("cannot start the sandbox")?;
        let compiled = subject::load(&engine, &compilation, self.start.limits.clone())
            .context("the compiled module does not load")?;
        let compiled = compiled.context("the policy has errors")?;
        let ask = Ask { rules: self.settings.explain.is_some(), prints: true };
        let told = compiled.told(&query_entrypoint(0), &self.facts()?, ask);
        told.prints.iter().for_each(|line| eprintln!("{line}"));
        if ask.rules {
            output::line(&present::rules(&told.rules))?;
        }
        Ok(match told.result {
            Ok(result) => {
                Outcome { solutions: subject::solutions(result.as_ref()), ..Outcome::default() }
            }
            Err(failure) => Outcome { failure: Some(failure), ..Outcome::default() },
        })
    }

    /// The types that the checker has inferred for what the query gives.
    fn types(&self, analysis: &Analysis) -> anyhow::Result<()> {
        let types = analysis.query_types.first();
        let types = types.into_iter().flat_map(|it| it.iter());
        // Where there are variables, the expressions only give them their values.
        let n_bindings = analysis.program.queries.first().map_or(0, |it| it.bindings.len());
        let types = types.take(if n_bindings > 0 { n_bindings } else { usize::MAX });
        types.for_each(|(what, kind)| eprintln!("# {what}: {kind}"));
        Ok(())
    }
}
