//! What really comes out: every question is put to both evaluators.

use std::time::Duration;

use palisade_abi::host::host_function_names;
use palisade_compiler::{Compilation, CompileError, Options, Query, compile};
use palisade_diag::{Diagnostic, Files, Severity};
use palisade_lab::subject::{Compiled, Facts, Failure, Reference, Solution};
use palisade_sandbox::{Engine, LoadError};
use palisade_value::{AnyValue, Value, json};

use crate::case::{Case, Expectation};

/// What `time.now_ns` gives in every test: 2023-11-14T22:13:20Z.
const NOW_NS: i64 = 1_700_000_000_000_000_000;

/// The longest that one question may take.
const DEADLINE: Duration = Duration::from_secs(20);

/// Why a question has no answer to compare.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The sources have errors that no block expects.
    #[error("the policy is rejected:\n{0}")]
    Rejected(String),
    /// The two evaluators answer differently.
    #[error("the evaluators differ\n  rego: {reference}\n  wasm: {compiled}")]
    Differ {
        /// The reference evaluator's answer.
        reference: String,
        /// The compiled module's answer.
        compiled: String,
    },
    /// The compiler fails.
    #[error("compiling fails")]
    Compile(#[from] CompileError),
    /// The sandbox refuses the module.
    #[error("the module does not load")]
    Load(#[from] LoadError),
}

/// What comes out for each of the case's expectations.
pub fn answers(case: &Case, engine: &Engine) -> Vec<Result<String, EvaluateError>> {
    let subject = Subject::new(case);
    case.expectations.iter().map(|(expectation, _)| subject.answer(expectation, engine)).collect()
}

struct Subject<'a> {
    case: &'a Case,
    queries: Vec<&'a str>,
}

impl<'a> Subject<'a> {
    fn new(case: &'a Case) -> Subject<'a> {
        let query = |it: &'a Expectation| match it {
            Expectation::Query { query, .. } => Some(query.as_str()),
            _ => None,
        };
        Subject {
            case,
            queries: case.expectations.iter().filter_map(|(it, _)| query(it)).collect(),
        }
    }

    fn answer(&self, expectation: &Expectation, engine: &Engine) -> Result<String, EvaluateError> {
        match expectation {
            Expectation::Diagnostics => Ok(self.diagnostics()),
            Expectation::Ir(entrypoint) => {
                let compilation = self.compile(&[entrypoint], &[])?;
                let artifact = compilation.artifact.as_ref();
                Ok(artifact.map(|it| palisade_ir::text::print(&it.ir)).unwrap_or_default())
            }
            Expectation::Decision(entrypoint) => self.decision(entrypoint, engine),
            Expectation::Prints(entrypoint) => self.prints(entrypoint, engine),
            Expectation::Query { query, strict, .. } => self.query(query, *strict, engine),
        }
    }

    fn diagnostics(&self) -> String {
        let analysis = palisade_compiler::analyse(&self.case.sources, &self.options(&[], &[]));
        match analysis.diagnostics.as_slice() {
            [] => "none".to_owned(),
            all => lines(&analysis.files, all),
        }
    }

    fn query(&self, query: &str, strict: bool, engine: &Engine) -> Result<String, EvaluateError> {
        // All queries of a case are compiled together, so that each also shows that the others don't disturb it.
        let number = self.queries.iter().position(|it| *it == query).unwrap_or_default();
        let compilation = self.compile(&[], &self.queries)?;
        let facts = self.facts(strict);
        let reference = Reference::new(&compilation.program, self.case.data.clone());
        let compiled = load(&compilation, engine)?;
        agreed(
            solutions(reference.query(number, &facts)),
            solutions(compiled.query(number, &facts)),
        )
    }

    fn decision(&self, entrypoint: &str, engine: &Engine) -> Result<String, EvaluateError> {
        let compilation = self.compile(&[entrypoint], &[])?;
        let path: Vec<&str> = entrypoint.split('/').collect();
        let facts = self.facts(false);
        let reference = Reference::new(&compilation.program, self.case.data.clone());
        let compiled = load(&compilation, engine)?;
        agreed(
            document(reference.document(&path, &facts)),
            document(compiled.document(entrypoint, &facts)),
        )
    }

    /// What is printed, where calls of `print` are kept.
    fn prints(&self, entrypoint: &str, engine: &Engine) -> Result<String, EvaluateError> {
        let print = Some(palisade_interp::PRINT);
        let options = Options { print, ..self.options(&[entrypoint], &[]) };
        let compilation = self.compile_with(&options)?;
        let path: Vec<&str> = entrypoint.split('/').collect();
        let facts = self.facts(false);
        let reference = Reference::new(&compilation.program, self.case.data.clone());
        let compiled = load(&compilation, engine)?;
        let (ours, theirs) =
            (reference.printing(&path, &facts).1, compiled.printing(entrypoint, &facts).1);
        agreed(ours.join("\n"), theirs.join("\n"))
    }

    fn compile(
        &self,
        entrypoints: &[&str],
        queries: &[&str],
    ) -> Result<Compilation, EvaluateError> {
        self.compile_with(&self.options(entrypoints, queries))
    }

    fn compile_with(&self, options: &Options) -> Result<Compilation, EvaluateError> {
        let compilation = compile(&self.case.sources, options)?;
        match compilation.artifact {
            Some(_) => Ok(compilation),
            None => {
                Err(EvaluateError::Rejected(lines(&compilation.files, &compilation.diagnostics)))
            }
        }
    }

    fn options(&self, entrypoints: &[&str], queries: &[&str]) -> Options {
        let query = |text: &&str| Query { text: (*text).to_owned(), ..Query::default() };
        Options {
            version: self.case.version,
            entrypoints: entrypoints.iter().map(|it| (*it).to_owned()).collect(),
            data: self.case.data.clone(),
            queries: queries.iter().map(query).collect(),
            // Calls that are replaced are a part of the language; others are errors without a network.
            host_functions: host_function_names(),
            schemas: self.case.schemas.clone(),
            ..Options::default()
        }
    }

    fn facts(&self, strict: bool) -> Facts {
        let input = self.case.input.clone();
        // The answers of the network depend on it, so no test of a policy has one.
        Facts { input, now_ns: NOW_NS, seed: 0, strict, deadline: Some(DEADLINE), host: None }
    }
}

fn load(compilation: &Compilation, engine: &Engine) -> Result<Compiled, EvaluateError> {
    let wasm = compilation.artifact.as_ref().map(|it| it.wasm.as_slice()).unwrap_or_default();
    Ok(Compiled::load(engine, wasm)?)
}

fn agreed(reference: String, compiled: String) -> Result<String, EvaluateError> {
    if reference == compiled {
        Ok(reference)
    } else {
        Err(EvaluateError::Differ { reference, compiled })
    }
}

fn document(answer: Result<Option<Value>, Failure>) -> String {
    match answer {
        Ok(Some(value)) => json::to_json(&value),
        Ok(None) => "undefined".to_owned(),
        Err(failure) => failure.to_string(),
    }
}

/// One value for a query without variables, else the array of what they are bound to.
fn solutions(answer: Result<Vec<Solution>, Failure>) -> String {
    let solutions = match answer {
        Ok(solutions) => solutions,
        Err(failure) => return failure.to_string(),
    };
    match solutions.as_slice() {
        [] => "undefined".to_owned(),
        [one] if one.bindings.entries().is_empty() => {
            one.exprs.last().map(json::to_json).unwrap_or_default()
        }
        all => json::to_json(&Value::array(all.iter().map(|it| it.bindings.clone()).collect())),
    }
}

/// Diagnostics, a line each: place, both codes, message.
fn lines(files: &Files, diagnostics: &[Diagnostic]) -> String {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
    sorted.sort_by_key(|it| it.span().map(|span| (span.file, span.start, span.end)));
    let line = |it: &&Diagnostic| {
        let place = it.span().map(|span| {
            let start = files.start(span);
            format!("{}:{}:{}: ", files.name(span.file), start.row, start.col)
        });
        let severity = if it.severity == Severity::Warning { "warning " } else { "" };
        format!(
            "{}{severity}{} ({}): {}",
            place.unwrap_or_default(),
            it.code.name,
            it.code.opa,
            it.message
        )
    };
    sorted.iter().map(line).collect::<Vec<_>>().join("\n")
}
