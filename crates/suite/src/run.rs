//! Comparing what comes out with what is written, and writing what came out.

use std::fmt::Write;

use palisade_sandbox::Engine;
use palisade_value::{Value, json};

use crate::case::{Case, CaseError, Expectation};
use crate::evaluate::{EvaluateError, answers};
use crate::markdown::{Section, sections};

/// Why a section fails.
#[derive(Debug, thiserror::Error)]
pub enum Mismatch {
    /// The section is no test.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// Some blocks are not what comes out; the text says which, what was expected and what came.
    #[error("{0}")]
    Blocks(String),
}

/// Checks every block of a section.
///
/// # Errors
/// The section is no test, the evaluators differ, or something else comes out than is written.
pub fn check(section: &Section, engine: &Engine) -> Result<(), Mismatch> {
    let case = Case::new(section)?;
    let mut wrong = String::new();
    for ((expectation, expected), answer) in case.expectations.iter().zip(answers(&case, engine)) {
        let found = match answer {
            Ok(found) if is_same(expectation, &expected.text, &found) => continue,
            Ok(found) => format!("expected: {}\n   found: {found}", expected.text.trim_end()),
            Err(error) => chain(&error),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(wrong, "{}: {found}", name(expectation));
    }
    if wrong.is_empty() { Ok(()) } else { Err(Mismatch::Blocks(wrong)) }
}

/// The file with what really comes out in its blocks. Blocks that are right keep their text.
///
/// # Errors
/// A section is no test, or there is nothing to write into it, because the evaluators differ or one of them fails.
pub fn bless(markdown: &str, engine: &Engine) -> Result<String, (String, Mismatch)> {
    let mut edits = Vec::new();
    for section in sections(markdown).iter().filter(|it| !it.blocks.is_empty()) {
        let failed = |mismatch| (section.title.clone(), mismatch);
        let case = Case::new(section).map_err(|error| failed(error.into()))?;
        for ((expectation, expected), answer) in
            case.expectations.iter().zip(answers(&case, engine))
        {
            let found = answer.map_err(|error| failed(Mismatch::Blocks(chain(&error))))?;
            if !is_same(expectation, &expected.text, &found) {
                edits.push((expected.range.clone(), format!("{}\n", found.trim_end())));
            }
        }
    }
    let mut blessed = markdown.to_owned();
    for (range, text) in edits.into_iter().rev() {
        blessed.replace_range(range, &text);
    }
    Ok(blessed)
}

/// Values are compared as values, so that they can be laid out for readers; everything else as text.
fn is_same(expectation: &Expectation, expected: &str, found: &str) -> bool {
    let is_value =
        matches!(expectation, Expectation::Query { fails: false, .. } | Expectation::Decision(_));
    let as_values =
        || Some(json::parse::<Value>(expected).ok()? == json::parse::<Value>(found).ok()?);
    expected.trim_end() == found.trim_end() || is_value && as_values().unwrap_or(false)
}

fn name(expectation: &Expectation) -> String {
    match expectation {
        Expectation::Diagnostics => "error".to_owned(),
        Expectation::Query { query, fails: false, .. } => format!("result {query}"),
        Expectation::Query { query, fails: true, .. } => format!("error {query}"),
        Expectation::Decision(entrypoint) => format!("decision {entrypoint}"),
        Expectation::Prints(entrypoint) => format!("prints {entrypoint}"),
        Expectation::Ir(entrypoint) => format!("ir {entrypoint}"),
    }
}

fn chain(error: &EvaluateError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(it) = cause {
        let _ = write!(text, ": {it}");
        cause = it.source();
    }
    text
}
