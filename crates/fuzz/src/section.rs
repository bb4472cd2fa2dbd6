//! A case that fails, as a section for `tests/suite`.

use std::fmt::Write;

use crate::case::Case;
use crate::properties::{Breach, Property, Question};

/// The section. What it expects is what the reference evaluator answers, which is yours to judge.
pub fn section(case: &Case, breach: &Breach, seed: u64, number: u64) -> String {
    let mut text = format!(
        "# Found by the fuzzer\n\n## {} of case {number} of seed {seed}\n\n",
        breach.property.name()
    );
    for line in breach.detail.lines().take(40) {
        let _ = writeln!(text, "    {line}");
    }
    for (name, source) in &case.sources {
        block(&mut text, &format!("rego {name}"), source);
    }
    if case.data.trim() != "{}" {
        block(&mut text, "json data", &case.data);
    }
    let input = breach.question.as_ref().map_or(0, Question::input);
    if let Some(input) = case.inputs.get(input) {
        block(&mut text, "json input", input);
    }
    let (info, expected) = expectation(case, breach);
    block(&mut text, &info, &expected);
    text
}

/// The block that shows the breach.
fn expectation(case: &Case, breach: &Breach) -> (String, String) {
    let expected = match breach.property {
        Property::Agreement | Property::Repetition | Property::Optimisation => {
            let first = breach.detail.lines().next().unwrap_or_default();
            first.split_once(": ").map_or(first, |(_, answer)| answer).to_owned()
        }
        _ => "?".to_owned(),
    };
    let strict = if case.strict { "strict error" } else { "result" };
    match &breach.question {
        Some(Question::Document(path, _)) if case.strict => {
            (format!("{strict} {}", crate::peer::reference(path)), expected)
        }
        Some(Question::Document(path, _)) => (format!("decision {path}"), expected),
        Some(Question::Query(number, _)) => {
            let query = case.queries.get(*number).map(String::as_str).unwrap_or_default();
            (format!("{strict} {query}"), expected)
        }
        None => ("error".to_owned(), expected),
    }
}

fn block(text: &mut String, info: &str, content: &str) {
    let fence = if content.contains("```") { "````" } else { "```" };
    let _ = write!(text, "\n{fence}{info}\n{}\n{fence}\n", content.trim_end());
}
