//! Questions and answers.

use std::time::Duration;

use palisade_lab::subject::{Compiled, Facts, Failure, Reference, Solution};
use palisade_value::{AnyValue, Value, json};

use crate::case::{Case, NOW_NS};

/// The longest that one question may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// What is asked, and of which input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A document: its path, and the number of the input.
    Document(String, usize),
    /// The solutions of a query: its number, and that of the input.
    Query(usize, usize),
}

impl Question {
    /// All questions of a case.
    pub fn all(case: &Case) -> Vec<Question> {
        let of_input = |input: usize| {
            let documents =
                case.documents.iter().map(move |it| Question::Document(it.clone(), input));
            documents.chain((0..case.queries.len()).map(move |it| Question::Query(it, input)))
        };
        (0..case.inputs.len()).flat_map(of_input).collect()
    }

    /// The number of the input.
    pub fn input(&self) -> usize {
        match self {
            Question::Document(_, input) | Question::Query(_, input) => *input,
        }
    }
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is none.
    Undefined,
    /// A value as JSON.
    Value(String),
    /// The code of an error.
    Error(String),
    /// A limit was reached.
    Limit,
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Answer::Undefined => f.write_str("undefined"),
            Answer::Value(text) => f.write_str(text),
            Answer::Error(code) => f.write_str(code),
            Answer::Limit => f.write_str("a limit is reached"),
        }
    }
}

/// What every evaluation is given.
pub fn facts(case: &Case, input: usize) -> Facts {
    Facts {
        input: case.inputs.get(input).cloned(),
        now_ns: NOW_NS,
        seed: 0,
        strict: case.strict,
        deadline: Some(DEADLINE),
        host: None,
    }
}

/// The reference evaluator's answer.
pub fn of_reference(reference: &Reference<'_>, question: &Question, facts: &Facts) -> Answer {
    match question {
        Question::Document(path, _) => {
            let path: Vec<&str> = path.split('/').collect();
            document(reference.text(&path, facts))
        }
        Question::Query(number, _) => solutions(reference.query(*number, facts)),
    }
}

/// The module's answer.
pub fn of_module(module: &Compiled, question: &Question, facts: &Facts) -> Answer {
    match question {
        Question::Document(path, _) => document(module.text(path, facts)),
        Question::Query(number, _) => solutions(module.query(*number, facts)),
    }
}

fn document(answer: Result<Option<String>, Failure>) -> Answer {
    match answer {
        Ok(Some(text)) => Answer::Value(text),
        Ok(None) => Answer::Undefined,
        Err(failure) => failed(&failure),
    }
}

fn solutions(answer: Result<Vec<Solution>, Failure>) -> Answer {
    let text = |it: &Solution| {
        json::to_json(&Value::array(vec![it.bindings.clone(), Value::array(it.exprs.clone())]))
    };
    match answer {
        Ok(solutions) if solutions.is_empty() => Answer::Undefined,
        Ok(solutions) => {
            Answer::Value(format!("[{}]", solutions.iter().map(text).collect::<Vec<_>>().join(",")))
        }
        Err(failure) => failed(&failure),
    }
}

fn failed(failure: &Failure) -> Answer {
    match failure.code.as_str() {
        _ if failure.is_limit() => Answer::Limit,
        // Only a defect leads here, and the message says what kind of.
        "trap" | "sandbox" => Answer::Error(failure.to_string()),
        code => Answer::Error(code.to_owned()),
    }
}
