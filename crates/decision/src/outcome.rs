//! What came of a question, as records tell it: an answer, an error of the policy, or a stop from outside.

use palisade::{Decision, EvalError, PolicyError};
use palisade_abi::ErrorCode;
use serde::{Deserialize, Serialize};

use crate::record::Record;

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The policy answered: JSON text, or `None` where the document is undefined.
    Answer(Option<String>),
    /// There is no answer.
    Failed(Failed),
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The code: one of the policy's own errors, or the name of what stopped the evaluation.
    #[serde(default)]
    pub code: String,
    /// The cause, for people.
    #[serde(default)]
    pub message: String,
}

impl Outcome {
    /// What the record tells.
    pub fn of_record(record: &Record) -> Outcome {
        match &record.error {
            None => Outcome::Answer(record.result.as_ref().map(|result| result.get().to_owned())),
            Some(error) => {
                Outcome::Failed(serde_json::from_str(error.get()).unwrap_or_else(|_| Failed {
                    code: String::new(),
                    message: error.get().to_owned(),
                }))
            }
        }
    }

    /// What an evaluation gave.
    pub fn of_evaluation(evaluation: &Result<Decision, EvalError>) -> Outcome {
        match evaluation {
            Ok(Decision { error: Some(error), .. }) => Outcome::Failed(error.into()),
            Ok(decision) => Outcome::Answer(decision.result.clone()),
            Err(error) => Outcome::Failed(error.into()),
        }
    }
}

impl Failed {
    /// Whether the failure depends on the limits that the evaluation was given, or on the machine: with other ones the
    /// same question may have an answer.
    pub fn is_limit(&self) -> bool {
        const STOPS: [&str; 5] = [
            "eval_deadline_exceeded",
            "eval_fuel_exhausted",
            "eval_out_of_memory",
            "eval_stack_exhausted",
            "internal_error",
        ];
        STOPS.contains(&self.code.as_str()) || self.code == ErrorCode::OutOfMemory.as_str()
    }
}

impl From<&PolicyError> for Failed {
    fn from(error: &PolicyError) -> Failed {
        Failed { code: error.code.clone(), message: error.message.clone() }
    }
}

impl From<&EvalError> for Failed {
    fn from(error: &EvalError) -> Failed {
        let code = match error {
            EvalError::Deadline(_) => "eval_deadline_exceeded",
            EvalError::Fuel(_) => "eval_fuel_exhausted",
            EvalError::Memory { .. } => "eval_out_of_memory",
            EvalError::Stack => "eval_stack_exhausted",
            EvalError::Trap(_) => "eval_trap",
            EvalError::Aborted(_) => "eval_abort",
            EvalError::Malformed(_) => "eval_malformed_answer",
            EvalError::InputTooLarge { .. } => "eval_input_too_large",
            EvalError::OutputTooLarge { .. } => "eval_output_too_large",
            EvalError::Refused { .. } => "eval_refused",
            EvalError::UnknownEntrypoint(_) | EvalError::Host(_) => "internal_error",
        };
        Failed { code: code.to_owned(), message: error.to_string() }
    }
}
