//! Cedar's integration tests: each is a set of policies with requests, and what must be decided about them.
//!
//! A test passes if every decision is as it says, with the same policies as reasons and as errors. The compiled module is
//! also compared with the official evaluator, messages of errors included.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use flate2::read::GzDecoder;
use palisade_cedar::oracle::{Oracle, OracleAnswer};
use palisade_cedar::{Source, Validation};
use palisade_compiler::cedar::Options;
use palisade_lab::cedar::{CompiledSet, oracle};
use palisade_sandbox::{Engine, EngineOptions};
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;

use crate::workers;

/// The archive with the generated tests, and the folder in it.
const CORPUS: (&str, &str) = ("corpus-tests.tar.gz", "corpus-tests");
/// The folder with the tests that people wrote.
const WRITTEN: &str = "tests";

/// A test.
struct Case {
    /// Its file.
    name: String,
    /// What the paths in it are relative to.
    root: PathBuf,
    test: Test,
}

/// A test's file.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    policies: PathBuf,
    entities: PathBuf,
    schema: PathBuf,
    should_validate: bool,
    requests: Vec<Request>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    description: String,
    principal: Value,
    action: Value,
    resource: Value,
    context: Value,
    #[serde(default = "yes")]
    validate_request: bool,
    decision: Decision,
    reason: Vec<String>,
    errors: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Allow,
    Deny,
}

fn yes() -> bool {
    true
}

/// What came of the tests.
pub struct Report {
    n_tests: usize,
    n_requests: usize,
    n_errors: usize,
    /// One line for each failure.
    failures: Vec<String>,
}

impl Report {
    /// Whether nothing failed.
    pub fn is_success(&self) -> bool {
        self.failures.is_empty()
    }

    /// For people.
    pub fn text(&self) -> String {
        let lines: String = self.failures.iter().map(|line| format!("{line}\n")).collect();
        format!(
            "{lines}cedar: {} tests, {} requests ({} with an error of a policy): {} failed, 0 skipped\n",
            self.n_tests,
            self.n_requests,
            self.n_errors,
            self.failures.len()
        )
    }
}

/// Runs the tests of a folder of which the name matches, of the generated ones one in `every`.
///
/// # Errors
/// The folder has no tests, or they cannot be read.
pub fn run(dir: &Path, filter: Option<&Regex>, every: u64) -> anyhow::Result<Report> {
    let unpacked = tempfile::tempdir()?;
    let mut generated = Vec::new();
    if dir.join(CORPUS.0).exists() {
        let archive = File::open(dir.join(CORPUS.0))?;
        tar::Archive::new(GzDecoder::new(archive))
            .unpack(unpacked.path())
            .with_context(|| format!("cannot unpack {}", CORPUS.0))?;
        generated = read(unpacked.path(), CORPUS.1)?;
    }
    // The corpus may have been unpacked before.
    generated.extend(read(dir, CORPUS.1)?);
    let mut cases = read(dir, WRITTEN)?;
    let step = usize::try_from(every).unwrap_or(usize::MAX);
    cases.extend(generated.into_iter().step_by(step));
    cases.retain(|case| filter.is_none_or(|it| it.is_match(&case.name)));
    if cases.is_empty() {
        bail!("no such tests in {}", dir.display());
    }
    run_all(&cases)
}

/// The tests in a folder and in the folders in it.
fn read(root: &Path, folder: &str) -> anyhow::Result<Vec<Case>> {
    let mut cases = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            let name = path.to_string_lossy();
            if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".json") && !name.ends_with(".entities.json") {
                let test = serde_json::from_str(&fs::read_to_string(&path)?)
                    .with_context(|| format!("{}", path.display()))?;
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                cases.push(Case { name, root: root.to_owned(), test });
            }
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

fn run_all(cases: &[Case]) -> anyhow::Result<Report> {
    let engine = Engine::new(&EngineOptions { quick: true, ..EngineOptions::default() })?;
    let failures = workers::each(cases, |case| {
        failures(case, &engine).unwrap_or_else(|error| vec![format!("{}: {error:#}", case.name)])
    })?;
    let requests = || cases.iter().flat_map(|case| &case.test.requests);
    Ok(Report {
        n_tests: cases.len(),
        n_requests: requests().count(),
        n_errors: requests().filter(|it| !it.errors.is_empty()).count(),
        failures: failures.concat(),
    })
}

/// What is not as the test says, a line each.
fn failures(case: &Case, engine: &Engine) -> anyhow::Result<Vec<String>> {
    let source = |path: &Path| {
        let text = fs::read_to_string(case.root.join(path))?;
        anyhow::Ok(Source::new(path.display().to_string(), text))
    };
    let (policies, test) = (vec![source(&case.test.policies)?], &case.test);
    let options = |validates_requests: bool| {
        let mut options = Options { validates_requests, ..Options::default() };
        options.reading.schema = Some(source(&test.schema)?);
        options.reading.validation = Validation::Off;
        anyhow::Ok(options)
    };
    let entities: Value =
        serde_json::from_str(&fs::read_to_string(case.root.join(&test.entities))?)?;
    let mut lines = Vec::new();
    let mut reading = options(true)?.reading;
    reading.validation = Validation::Strict;
    let is_valid = !palisade_cedar::analyse(&policies, &reading).has_errors();
    // Later versions of Cedar accept some policies that the version refused by which the tests were made.
    if test.should_validate && !is_valid {
        lines.push(format!("{}: is valid, and was refused", case.name));
    }
    for validates in [true, false] {
        let requests = || test.requests.iter().filter(|it| it.validate_request == validates);
        if requests().next().is_none() {
            continue;
        }
        let options = options(validates)?;
        let compiled = CompiledSet::new(engine, &policies, &options)?;
        let official = oracle(&policies, &options)?;
        for request in requests() {
            let document = request.document(&entities);
            if let Err(difference) = request.check(&document, &compiled, &official) {
                lines.push(format!("{}: {}: {difference}", case.name, request.description));
            }
        }
    }
    Ok(lines)
}

impl Request {
    fn document(&self, entities: &Value) -> Value {
        serde_json::json!({
            "principal": self.principal,
            "action": self.action,
            "resource": self.resource,
            "context": self.context,
            "entities": entities,
        })
    }

    /// Decides in the module; `Err` with what is not as it must be.
    fn check(
        &self,
        document: &Value,
        compiled: &CompiledSet,
        official: &Oracle,
    ) -> Result<(), String> {
        let found = compiled.decide(document.to_string());
        let found = found.map_err(|failure| format!("the module fails: {failure}"))?;
        let mut reasons = self.reason.clone();
        reasons.sort();
        let mut errors = self.errors.clone();
        errors.sort();
        let found_errors: Vec<String> = found.errors.iter().map(|(id, _)| id.clone()).collect();
        let is_allowed = self.decision == Decision::Allow;
        if found.is_allowed != is_allowed || found.reasons != reasons || found_errors != errors {
            return Err(format!(
                "expected allow: {is_allowed}, reasons {reasons:?}, errors {errors:?}; found {}",
                said(&found)
            ));
        }
        let answer = match self.validate_request {
            true => official.decide(document),
            false => official.decide_unvalidated(document),
        };
        match answer {
            Ok(answer) if answer == found => Ok(()),
            Ok(answer) => {
                Err(format!("the official evaluator says {}, we {}", said(&answer), said(&found)))
            }
            Err(error) => Err(format!("the official evaluator refuses the request: {error}")),
        }
    }
}

fn said(answer: &OracleAnswer) -> String {
    let OracleAnswer { is_allowed, reasons, errors } = answer;
    format!("allow: {is_allowed}, reasons {reasons:?}, errors {errors:?}")
}
