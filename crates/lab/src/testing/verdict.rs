//! From what the evaluators answer to how a test ended.

use palisade_value::{AnyValue, Value, json};

use super::{Case, Verdict};
use crate::subject::{Failure, Target};

/// What one evaluator says of a test, as JSON text: its value, and all cases if it has a key.
///
/// Text and not values, since text is what is deployed: `1` and `1.0` are one number and two answers.
pub type Answer = Result<(Option<String>, Option<String>), Failure>;

/// Which evaluators reached a limit. They use time and memory differently, so that one alone says nothing about the
/// policy's meaning.
pub fn limits_reached(targets: &[Target], answers: &[Answer]) -> Option<String> {
    let reached: Vec<String> = targets
        .iter()
        .zip(answers)
        .filter_map(|(target, answer)| answer.as_ref().err().map(|failure| (target, failure)))
        .filter(|(_, failure)| failure.is_limit())
        .map(|(target, Failure { message, location, .. })| {
            let place = location.as_ref().map(|it| format!("{it}: ")).unwrap_or_default();
            format!("{} reached a limit: {place}{message}", target.title())
        })
        .collect();
    (!reached.is_empty()).then(|| reached.join("\n  "))
}

/// Errors are the same if their codes are: texts may name things differently.
pub fn differ(a: &Answer, b: &Answer) -> bool {
    match (a, b) {
        (Err(a), Err(b)) => a.code != b.code,
        (a, b) => a.as_ref().ok() != b.as_ref().ok(),
    }
}

/// What an answer means.
pub fn verdict(answer: &Answer) -> Verdict {
    match answer {
        Err(failure) => Verdict::Error(failure.to_string()),
        Ok((value, Some(cases))) => {
            let cases = judge(value.as_deref(), cases);
            let all = !cases.is_empty() && cases.iter().all(|case| case.passed);
            if all { Verdict::Pass } else { Verdict::Fail }
        }
        Ok((Some(value), None)) if value == "true" => Verdict::Pass,
        Ok(_) => Verdict::Fail,
    }
}

/// The cases of a test, whose keys are in `cases`.
pub fn judge(value: Option<&str>, cases: &str) -> Vec<Case> {
    let parse = |text: &str| json::parse::<Value>(text).ok();
    let value = value.and_then(parse);
    let cases = parse(cases).unwrap_or(Value::Null);
    cases.items().iter().map(|key| case(key, value.as_ref())).collect()
}

/// What a case is called: its key as JSON, strings without quotes.
pub fn case_name(key: &Value) -> String {
    key.as_str().map_or_else(|| json::to_json(key), str::to_owned)
}

fn case(key: &Value, value: Option<&Value>) -> Case {
    let name = case_name(key);
    let keys: Vec<Value> = match key {
        Value::Array(keys) => keys.to_vec(),
        key => vec![key.clone()],
    };
    // The value has gone through JSON, where every key is a string.
    let at = |value: Value, key: &Value| match key.as_str() {
        Some(key) => value.get_str(key),
        None => value.get_str(&json::to_json(key)),
    };
    let found = value.cloned().and_then(|value| keys.iter().try_fold(value, at));
    Case { name, passed: found == Some(Value::Boolean(true)) }
}

/// An answer in a message.
pub fn show(answer: &Answer) -> String {
    match answer {
        Ok((Some(value), _)) => value.clone(),
        Ok((None, _)) => "undefined".to_owned(),
        Err(failure) => failure.to_string(),
    }
}
