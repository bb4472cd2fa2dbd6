//! Finding tests and running them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use palisade_abi::{HostCalls, HostFunctions};
use palisade_compiler::{Analysis, Artifact, CompileError, generate};
use palisade_interp::{Coverage, EvalOptions, trace};
use palisade_rego::checked::{Program, RuleKind};
use palisade_sandbox::{Engine, Limits, LoadError};
use palisade_value::Value;

use super::cases::{add_case_rules, cases_name};
use super::explain::{Explainer, Explanation};
use super::verdict::{Answer, differ, judge, limits_reached, show, verdict};
use super::{Report, Test, Verdict};
use crate::subject::{Compiled, Facts, Reference, Target};

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// In which evaluators.
    pub targets: Vec<Target>,
    /// Whether to measure what the tests reach. Runs the reference evaluator.
    pub coverage: bool,
    /// The longest one test may take.
    pub timeout: Duration,
    /// What else the compiled module may use.
    pub limits: Limits,
    /// The clock that tests see.
    pub now_ns: i64,
    /// What is told of tests beside how they ended and where they failed.
    pub detail: Detail,
    /// What tests may ask of the world; without it a call that isn't replaced is an error.
    pub host: Option<Arc<dyn HostFunctions>>,
}

/// What is told of tests.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    /// The steps of those that failed.
    pub trace: Option<trace::Mode>,
    /// The values in the expressions that failed.
    pub values: bool,
    /// What tests print that pass; what others print is told in any case.
    pub outputs: bool,
}

/// Why tests couldn't be run at all.
#[derive(Debug, thiserror::Error)]
pub enum TestError {
    /// The policy can't be compiled as needed.
    #[error("cannot compile the policy and its tests")]
    Compile(#[from] CompileError),
    /// The sandbox refuses the module.
    #[error("the sandbox refuses the compiled policy")]
    Load(#[from] LoadError),
}

/// A test before it has run.
pub struct Found {
    /// The rule's path without `data`.
    pub path: Vec<String>,
    file: String,
    row: u32,
    /// Whether its rules have a key: `test_name[case]`.
    pub is_keyed: bool,
}

impl Found {
    fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    fn package(&self) -> String {
        let package = &self.path[..self.path.len().saturating_sub(1)];
        std::iter::once("data")
            .chain(package.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(".")
    }
}

/// Runs those tests of an analysis without errors whose full name (`data.authz_test.test_x`) `keep` accepts.
///
/// # Errors
/// The policy can't be compiled or loaded. What tests find is in the report.
pub fn run(
    analysis: &Analysis,
    data: &Value,
    engine: &Engine,
    keep: &dyn Fn(&str) -> bool,
    options: &Options,
) -> Result<Report, TestError> {
    let found: Vec<Found> = find(&analysis.program)
        .into_iter()
        .filter(|test| keep(&format!("{}.{}", test.package(), test.name())))
        .collect();
    let mut report = Report { targets: options.targets.clone(), ..Report::default() };
    if found.is_empty() {
        return Ok(report);
    }
    let mut program = analysis.program.clone();
    let paths: Vec<Vec<String>> =
        found.iter().filter(|test| test.is_keyed).map(|test| test.path.clone()).collect();
    add_case_rules(&mut program, &paths);
    let compiled = match options.targets.contains(&Target::Wasm) {
        true => Some(compile(&program, data, &found, engine, &options.limits)?),
        false => None,
    };
    let explainer = Explainer::new(&analysis.program, data, options);
    let reference = Reference::new(&program, data.clone());
    let runner = Runner { reference, compiled, options, explainer };
    let mut coverage = options.coverage.then(Coverage::default);
    for test in &found {
        report.tests.push(runner.test(test, coverage.as_mut()));
    }
    report.coverage = coverage;
    Ok(report)
}

/// All tests, in the order of files and rows.
fn find(program: &Program) -> Vec<Found> {
    let mut tests: BTreeMap<&[String], Found> = BTreeMap::new();
    let mut order = Vec::new();
    for rule in &program.rules {
        let is_test = rule.path.len() > rule.package.len()
            && is_test_name(&rule.path[rule.package.len()])
            && !matches!(rule.kind, RuleKind::Function(_))
            && !rule.is_default;
        if !is_test || tests.contains_key(rule.path.as_slice()) {
            continue;
        }
        order.push(rule.path.as_slice());
        let file = program.files.name(rule.span.file).to_owned();
        let row = program.files.start(rule.span).row;
        let found = Found { path: rule.path.clone(), file, row, is_keyed: !rule.suffix.is_empty() };
        tests.insert(&rule.path, found);
    }
    order.into_iter().filter_map(|path| tests.remove(path)).collect()
}

fn is_test_name(name: &str) -> bool {
    name.starts_with("test_") || name.starts_with("todo_test_")
}

fn compile(
    program: &Program,
    data: &Value,
    tests: &[Found],
    engine: &Engine,
    limits: &Limits,
) -> Result<Compiled, TestError> {
    let mut entrypoints: Vec<Vec<String>> = tests.iter().map(|test| test.path.clone()).collect();
    entrypoints.extend(tests.iter().filter(|test| test.is_keyed).map(cases_path));
    let Artifact { wasm, .. } = generate(program, data, entrypoints)?;
    Ok(Compiled::load_within(engine, &wasm, limits.clone())?)
}

fn cases_path(test: &Found) -> Vec<String> {
    let mut path = test.path.clone();
    if let Some(name) = path.last_mut() {
        *name = cases_name(name);
    }
    path
}

struct Runner<'a> {
    reference: Reference<'a>,
    compiled: Option<Compiled>,
    options: &'a Options,
    explainer: Explainer<'a>,
}

impl Runner<'_> {
    fn test(&self, test: &Found, coverage: Option<&mut Coverage>) -> Test {
        let mut result = Test {
            package: test.package(),
            name: test.name().to_owned(),
            file: test.file.clone(),
            row: test.row,
            verdict: Verdict::Skipped,
            cases: Vec::new(),
            explanation: Explanation::default(),
            duration: Duration::ZERO,
            printed: Vec::new(),
        };
        if test.name().starts_with("todo_test_") {
            return result;
        }
        let facts = self.facts();
        if let Some(coverage) = coverage {
            self.cover(test, &facts, coverage);
        }
        let mut answers = Vec::new();
        for target in &self.options.targets {
            let start = Instant::now();
            let (answer, printed) = self.answer(*target, test, &facts);
            if answers.is_empty() {
                result.printed = printed;
            }
            answers.push(answer);
            result.duration = result.duration.max(start.elapsed());
        }
        result.verdict = match answers.as_slice() {
            [first, second] if differ(first, second) => {
                Verdict::Differ { rego: show(first), wasm: show(second) }
            }
            [first, ..] => verdict(first),
            [] => Verdict::Skipped,
        };
        if let Some(limits) = limits_reached(&self.options.targets, &answers) {
            result.verdict = Verdict::Error(limits);
        }
        if let Some(Ok((value, Some(cases)))) = answers.first() {
            result.cases = judge(value.as_deref(), cases);
        }
        let failed = result.cases.iter().filter(|case| !case.passed);
        let failed: Vec<&str> = failed.map(|case| case.name.as_str()).collect();
        result.explanation = self.explainer.explain(test, &result.verdict, &failed, &facts);
        if result.verdict == Verdict::Pass && !self.options.detail.outputs {
            result.printed = Vec::new();
        }
        result
    }

    /// What every evaluation of a test is given. Both evaluators get the same answers of the host.
    fn facts(&self) -> Facts {
        let host = self.options.host.clone();
        Facts {
            now_ns: self.options.now_ns,
            deadline: Some(self.options.timeout),
            host: host.map(|host| Arc::new(HostCalls::new(host))),
            ..Facts::default()
        }
    }

    /// The answer, and what the test printed on the way.
    fn answer(&self, target: Target, test: &Found, facts: &Facts) -> (Answer, Vec<String>) {
        let text = |path: &[String]| match (target, &self.compiled) {
            (Target::Wasm, Some(compiled)) => compiled.printing(&path.join("/"), facts),
            _ => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                self.reference.printing(&path, facts)
            }
        };
        let (value, printed) = text(&test.path);
        // The cases are what the test's own evaluation has been through: what they print was printed.
        let cases = || if test.is_keyed { text(&cases_path(test)).0 } else { Ok(None) };
        (value.and_then(|value| Ok((value, cases()?))), printed)
    }

    fn cover(&self, test: &Found, facts: &Facts, coverage: &mut Coverage) {
        let Ok(options) = self.reference.options(facts) else { return };
        let options = EvalOptions { coverage: true, ..options };
        let path: Vec<&str> = test.path.iter().map(String::as_str).collect();
        // A test that fails to evaluate has its verdict elsewhere; it covers nothing.
        if let Ok((_, result)) = self.reference.evaluator().document_with_report(&path, &options) {
            result.coverage.iter().for_each(|reached| coverage.merge(reached));
        }
    }
}

#[cfg(test)]
mod tests {
    use palisade_compiler::{Source, analyse};
    use palisade_sandbox::EngineOptions;

    use super::*;
    use crate::subject::generous_limits;
    use crate::testing::{Format, render};

    /// The verdict on `test_x` where the module comes from another policy than the reference evaluator's.
    fn verdict_on(reference: &str, module: &str) -> Verdict {
        let analysis = |body: &str| {
            let text = format!("package p\n\n{body}\n");
            let analysis = analyse(&[Source::new("p_test.rego", text)], &Default::default());
            assert!(!analysis.has_errors(), "{:?}", analysis.diagnostics);
            analysis
        };
        let (ours, theirs) = (analysis(reference), analysis(module));
        let engine = Engine::new(&EngineOptions::default()).expect("an engine");
        let found = find(&ours.program);
        let data = Value::empty_object();
        let limits = generous_limits();
        let compiled = compile(&theirs.program, &data, &found, &engine, &limits).expect("a module");
        let options = Options {
            targets: vec![Target::Rego, Target::Wasm],
            coverage: false,
            timeout: Duration::from_secs(10),
            limits,
            now_ns: 0,
            detail: Detail::default(),
            host: None,
        };
        let runner = Runner {
            reference: Reference::new(&ours.program, data),
            compiled: Some(compiled),
            options: &options,
            explainer: Explainer::new(&ours.program, &Value::empty_object(), &options),
        };
        let test = runner.test(&found[0], None);
        let verdict = test.verdict.clone();
        let report = Report { tests: vec![test], targets: options.targets.clone(), coverage: None };
        assert_eq!(report.is_success(), verdict == Verdict::Pass);
        let shown = render(&report, Format::Pretty { verbose: false });
        assert_eq!(shown.contains("the evaluators differ"), is_difference(&verdict), "{shown}");
        let junit = render(&report, Format::Junit);
        assert_eq!(junit.contains("the evaluators differ"), is_difference(&verdict), "{junit}");
        let json = render(&report, Format::Json);
        assert_eq!(json.contains("\"differ\""), is_difference(&verdict), "{json}");
        verdict
    }

    fn is_difference(verdict: &Verdict) -> bool {
        matches!(verdict, Verdict::Differ { .. })
    }

    fn differs(reference: &str, module: &str, rego: &str, wasm: &str) {
        let expected = Verdict::Differ { rego: rego.to_owned(), wasm: wasm.to_owned() };
        assert_eq!(verdict_on(reference, module), expected);
    }

    #[test]
    fn evaluators_that_agree_decide_together() {
        assert_eq!(verdict_on("test_x if true", "test_x if true"), Verdict::Pass);
        assert_eq!(verdict_on("test_x := 1", "test_x := 1"), Verdict::Fail);
        assert_eq!(verdict_on("test_x if input.a", "test_x if input.a"), Verdict::Fail);
    }

    #[test]
    fn a_difference_fails_whatever_the_answers_are() {
        differs("test_x if true", "test_x if input.a", "true", "undefined");
        differs("test_x := false", "test_x if input.a", "false", "undefined");
        differs("test_x := 1", "test_x := 2", "1", "2");
        let conflict = "test_x := 1 if 1 == 1\n\ntest_x := 2 if 2 == 2";
        let verdict = verdict_on("test_x if true", conflict);
        let Verdict::Differ { rego, wasm } = verdict else { panic!("{verdict:?}") };
        assert_eq!(rego, "true");
        assert!(wasm.contains("eval_conflict_error"), "{wasm}");
    }

    #[test]
    fn another_spelling_of_one_value_is_a_difference() {
        differs("test_x := 1", "test_x := 1.0", "1", "1.0");
        differs(
            "test_x := {\"a\": [1]}",
            "test_x := {\"a\": [1.0]}",
            r#"{"a":[1]}"#,
            r#"{"a":[1.0]}"#,
        );
    }
}
