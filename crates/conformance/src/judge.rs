//! Whether an answer is what a case expects.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use palisade_value::{AnyValue, Entry, Value, json};

use crate::case::Case;

/// What an evaluator made of a case.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Solutions: an object from variables to values each.
    Solutions(Vec<Value>),
    /// It failed, while compiling or evaluating.
    Failed(Failed),
    /// It can't run the case because of this built-in, which isn't there.
    Missing(String),
}

/// How a case failed in an evaluator.
#[derive(Clone, Debug, Default)]
pub struct Failed {
    /// The codes of the errors.
    pub codes: Vec<String>,
    /// Their whole text.
    pub text: String,
}

/// The verdict on an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Not as expected: what was wanted and what came.
    Failed(String),
    /// Not run: the built-in that is missing.
    Skipped(String),
}

/// Judges an answer.
pub fn judge(case: &Case, answer: &Answer) -> Outcome {
    match answer {
        Answer::Missing(builtin) => Outcome::Skipped(builtin.clone()),
        Answer::Failed(failed) if case.wants_error() => judge_error(case, failed),
        Answer::Failed(failed) => Outcome::Failed(format!("failed with: {}", failed.text)),
        Answer::Solutions(solutions) => judge_solutions(case, solutions),
    }
}

fn judge_error(case: &Case, failed: &Failed) -> Outcome {
    let code = case.expected.error_code.as_ref();
    let text = case.expected.error.as_ref();
    let code_fits = code.is_none_or(|wanted| failed.codes.contains(wanted));
    let text_fits = text.is_none_or(|wanted| failed.text.contains(wanted.as_str()));
    if code_fits && text_fits {
        return Outcome::Passed;
    }
    let wanted: Vec<&str> = code.into_iter().chain(text).map(String::as_str).collect();
    Outcome::Failed(format!(
        "wanted the error {:?}, failed with: {}",
        wanted.join(": "),
        failed.text
    ))
}

fn judge_solutions(case: &Case, solutions: &[Value]) -> Outcome {
    let found = as_set(case, solutions);
    if let Some(wanted) = &case.expected.result {
        let wanted = as_set(case, wanted);
        if wanted == found {
            return Outcome::Passed;
        }
        return Outcome::Failed(format!("wanted {}, got {}", Printed(&wanted), Printed(&found)));
    }
    if case.wants_error() {
        return Outcome::Failed(format!("wanted an error, got {}", Printed(&found)));
    }
    match case.expected.defined {
        Some(defined) if defined == found.is_empty() => {
            Outcome::Failed(format!("wanted defined = {defined}, got {}", Printed(&found)))
        }
        _ => Outcome::Passed,
    }
}

/// The solutions as they are compared: as JSON would carry them, as a set.
fn as_set(case: &Case, solutions: &[Value]) -> BTreeSet<Value> {
    solutions.iter().map(|solution| comparable(&as_json(solution), case.sort_bindings)).collect()
}

/// Sets become arrays and keys strings, as in JSON.
fn as_json(value: &Value) -> Value {
    json::parse(&json::to_json(value)).unwrap_or_else(|_| value.clone())
}

/// A solution with its bindings' arrays sorted, where the case wants that.
fn comparable(solution: &Value, sort: bool) -> Value {
    let entries = solution.entries().iter().map(|entry| {
        let value = match &entry.value {
            Value::Array(items) if sort => {
                let mut items = items.to_vec();
                items.sort();
                Value::array(items)
            }
            value => value.clone(),
        };
        Entry { key: entry.key.clone(), value }
    });
    Value::object(entries.collect())
}

struct Printed<'a>(&'a BTreeSet<Value>);

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let solutions: Vec<String> = self.0.iter().map(json::to_json).collect();
        write!(f, "[{}]", solutions.join(", "))
    }
}

/// How many cases passed, failed and were skipped.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// By folder: passed, failed, skipped.
    pub folders: BTreeMap<String, [usize; 3]>,
    /// By missing built-in: how many cases.
    pub missing: BTreeMap<String, usize>,
    /// The failures: the case's file and note, and what was wrong.
    pub failures: Vec<(String, String)>,
}

impl Tally {
    /// Counts one case.
    pub fn add(&mut self, case: &Case, outcome: &Outcome) {
        let counts = self.folders.entry(case.folder().to_owned()).or_default();
        match outcome {
            Outcome::Passed => counts[0] += 1,
            Outcome::Failed(why) => {
                counts[1] += 1;
                self.failures.push((format!("{}: {}", case.file, case.note), why.clone()));
            }
            Outcome::Skipped(builtin) => {
                counts[2] += 1;
                *self.missing.entry(builtin.clone()).or_default() += 1;
            }
        }
    }

    /// Passed, failed and skipped in all.
    pub fn totals(&self) -> [usize; 3] {
        self.folders.values().fold([0; 3], |[a, b, c], [x, y, z]| [a + x, b + y, c + z])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::{Expected, Version};

    fn case(expected: Expected) -> Case {
        Case {
            note: String::new(),
            file: "v1/folder/file.yaml".to_owned(),
            version: Version::V1,
            query: String::new(),
            modules: Vec::new(),
            data: Value::empty_object(),
            input: None,
            input_term: None,
            expected,
            sort_bindings: false,
            strict_error: false,
            experimental_keywords: false,
            env: Vec::new(),
        }
    }

    fn solutions(text: &str) -> Vec<Value> {
        json::parse::<Value>(text).map(|it| it.items().to_vec()).unwrap_or_default()
    }

    fn check_result(wanted: &str, found: &str, sort_bindings: bool, passes: bool) {
        let expected = Expected { result: Some(solutions(wanted)), ..Expected::default() };
        let case = Case { sort_bindings, ..case(expected) };
        let outcome = judge(&case, &Answer::Solutions(solutions(found)));
        assert_eq!(outcome == Outcome::Passed, passes, "{outcome:?}");
    }

    #[test]
    fn results_compare_as_sets_of_objects() {
        check_result(r#"[{"x": 1}, {"x": 2}]"#, r#"[{"x": 2}, {"x": 1.0}, {"x": 1}]"#, false, true);
        check_result(r#"[{"x": 1}]"#, r#"[{"x": 1}, {"x": 2}]"#, false, false);
        check_result(r#"[{"x": [1, 2]}]"#, r#"[{"x": [2, 1]}]"#, false, false);
        check_result(r#"[{"x": [1, 2]}]"#, r#"[{"x": [2, 1]}]"#, true, true);
        check_result("[]", r#"[{"x": 1}]"#, false, false);
    }

    #[test]
    fn errors_compare_by_code_and_part_of_the_text() {
        let expected = Expected {
            error_code: Some("eval_type_error".to_owned()),
            error: Some("must be string".to_owned()),
            ..Expected::default()
        };
        let case = case(expected);
        let failed = |code: &str, text: &str| {
            Answer::Failed(Failed { codes: vec![code.to_owned()], text: text.to_owned() })
        };
        let outcome = |answer: Answer| judge(&case, &answer) == Outcome::Passed;
        assert!(outcome(failed("eval_type_error", "f: operand 1 must be string")));
        assert!(!outcome(failed("eval_builtin_error", "f: operand 1 must be string")));
        assert!(!outcome(failed("eval_type_error", "f: operand 1 must be number")));
        assert!(!outcome(Answer::Solutions(Vec::new())));
    }

    #[test]
    fn only_a_missing_builtin_skips_a_case() {
        let outcome = judge(&case(Expected::default()), &Answer::Missing("http.send".to_owned()));
        assert_eq!(outcome, Outcome::Skipped("http.send".to_owned()));
    }
}
