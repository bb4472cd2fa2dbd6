//! Running a policy's tests.
//!
//! A test is a rule whose name starts with `test_`; `todo_test_` marks one that isn't expected to pass yet. It passes
//! when its value is `true`. A rule with a key, `test_name[case]`, is one test a case.
//!
//! Each test runs in the evaluators that are asked for. With both, an answer that differs between them is a failure
//! whatever the answers are: what was tested would then not be what is deployed. A limit that one of them reaches is an
//! error and no difference: it says nothing of what the policy means.
//!
//! A test that did not pass is made once more in the reference evaluator, which says where it failed and what it printed.

mod cases;
mod explain;
mod failures;
mod report;
mod run;
mod verdict;

pub use explain::{Explanation, FailedAt, Shown, Steps};
pub use report::{Format, render};
pub use run::{Detail, Options, TestError, run};

use std::time::Duration;

use palisade_interp::Coverage;

use crate::subject::Target;

/// How a test ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its value is `true`.
    Pass,
    /// It has another value, or none.
    Fail,
    /// Its evaluation failed, or reached a limit.
    Error(String),
    /// It is a `todo_test_`.
    Skipped,
    /// The evaluators disagree.
    Differ {
        /// What the reference evaluator says.
        rego: String,
        /// What the module says.
        wasm: String,
    },
}

/// One case of a test with a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The key as JSON, strings without quotes.
    pub name: String,
    /// Whether it passed.
    pub passed: bool,
}

/// One test.
#[derive(Clone, Debug)]
pub struct Test {
    /// The package with `data`: `data.authz_test`.
    pub package: String,
    /// The rule's name.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// The row of its head.
    pub row: u32,
    /// How it ended.
    pub verdict: Verdict,
    /// Its cases, if it has a key.
    pub cases: Vec<Case>,
    /// Why it ended so.
    pub explanation: Explanation,
    /// How long it took, in the evaluator that was slower.
    pub duration: Duration,
    /// The lines that it printed, in the first of the evaluators.
    pub printed: Vec<String>,
}

/// All tests of a run.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order of files and rows.
    pub tests: Vec<Test>,
    /// In which evaluators they ran.
    pub targets: Vec<Target>,
    /// What the tests reached, where asked for.
    pub coverage: Option<Coverage>,
}

impl Report {
    /// Whether every test passed or is still to do.
    pub fn is_success(&self) -> bool {
        self.tests.iter().all(|test| matches!(test.verdict, Verdict::Pass | Verdict::Skipped))
    }

    /// How the tests ended, where each case of a test counts as one.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for test in &self.tests {
            let n_failed = test.cases.iter().filter(|case| !case.passed).count();
            match test.verdict {
                Verdict::Pass => totals.passed += test.cases.len().max(1),
                Verdict::Fail if n_failed > 0 => {
                    totals.failed += n_failed;
                    totals.passed += test.cases.len() - n_failed;
                }
                Verdict::Fail | Verdict::Differ { .. } => totals.failed += 1,
                Verdict::Error(_) => totals.errors += 1,
                Verdict::Skipped => totals.skipped += 1,
            }
        }
        totals
    }
}

/// How many tests ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// They passed.
    pub passed: usize,
    /// They failed, or the evaluators disagree about them.
    pub failed: usize,
    /// Their evaluation failed.
    pub errors: usize,
    /// They were not run.
    pub skipped: usize,
}

impl Totals {
    /// All of them.
    pub fn all(self) -> usize {
        self.passed + self.failed + self.errors + self.skipped
    }
}
