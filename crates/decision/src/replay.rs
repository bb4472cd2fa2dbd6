//! Making a decision again: the same policy, the same question, the same ambient facts.

use std::sync::Arc;

use palisade::{Ambient, DecideError, Decision, Explain, HostCalls, Policy, RuleHit};

use crate::outcome::Outcome;
use crate::path::split_path;
use crate::record::Record;

/// A decision made again.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// How the two outcomes compare.
    pub verdict: Verdict,
    /// What the record tells.
    pub recorded: Outcome,
    /// What making it again gave.
    pub again: Outcome,
    /// The rules that held.
    pub rules: Vec<RuleHit>,
}

/// How a decision that was made again compares with the recorded one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The same answer, byte for byte, or the same failure.
    Same,
    /// Another answer or failure.
    Different,
    /// One of the two was stopped by a limit and the other was not: they contradict each other in nothing.
    Stopped,
}

/// Why a decision can't be made again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The record was made by another policy than the one at hand.
    #[error("the record names {field} {recorded}, and this policy's is {present}")]
    OtherPolicy {
        /// What differs: `bundle`, `module` or `data`.
        field: &'static str,
        /// What the record says.
        recorded: String,
        /// What the policy has.
        present: String,
    },
    /// The record's ambient facts are no facts.
    #[error("the record's ambient facts cannot be read")]
    Ambient(#[source] serde_json::Error),
    /// The record's answers of host functions are none.
    #[error("the record's answers of host functions cannot be read")]
    Host(#[source] serde_json::Error),
}

/// Makes the decision of `record` again with the policy that made it, and compares the outcomes.
///
/// # Errors
/// When `policy` is another one than the record names, or the record's facts cannot be read.
pub fn replay(policy: &Policy, record: &Record) -> Result<Replay, ReplayError> {
    let facts = &record.palisade;
    let identity = policy.identity();
    for (field, recorded, present) in [
        ("bundle", facts.bundle, identity.bundle),
        ("module", facts.module, identity.module),
        ("data", facts.data, identity.data),
    ] {
        if let Some(recorded) = recorded.filter(|recorded| *recorded != present) {
            let (recorded, present) = (recorded.to_string(), present.to_string());
            return Err(ReplayError::OtherPolicy { field, recorded, present });
        }
    }
    let mut ambient: Ambient = match &facts.ambient {
        Some(text) => serde_json::from_str(text.get()).map_err(ReplayError::Ambient)?,
        None => Ambient::default(),
    };
    // What held is told beside the result and doesn't change it.
    ambient.explain = Some(Explain::Rules);
    let input = record.input.as_ref().map(|input| input.get());
    let keys = split_path(&record.path);
    // What the host answered then is what it answers now: nothing is asked again.
    let calls = match policy.module().asks_host() {
        true => Some(record.host_answers().map_err(ReplayError::Host)?),
        false => None,
    };
    let calls = calls.map(|answers| Arc::new(HostCalls::replayed(answers)));
    let ambient = ambient.to_json();
    let evaluation = match policy.decide_with_host(&keys, input, &ambient, None, calls.as_ref()) {
        Ok(decision) => Ok(decision),
        // As it was when the decision was made: where there is nothing, the document is undefined.
        Err(DecideError::UnknownPath(_)) => Ok(Decision::default()),
        Err(DecideError::Evaluation(error)) => Err(error),
    };
    let (recorded, again) = (Outcome::of_record(record), Outcome::of_evaluation(&evaluation));
    let rules = evaluation.ok().and_then(|decision| decision.rules).unwrap_or_default();
    Ok(Replay { verdict: compare(&recorded, &again), recorded, again, rules })
}

fn compare(recorded: &Outcome, again: &Outcome) -> Verdict {
    match (recorded, again) {
        // A message may name the limit, which need not be the same one.
        (Outcome::Failed(left), Outcome::Failed(right))
            if left == right || left.is_limit() && left.code == right.code =>
        {
            Verdict::Same
        }
        (Outcome::Failed(failed), _) | (_, Outcome::Failed(failed)) if failed.is_limit() => {
            Verdict::Stopped
        }
        (recorded, again) if recorded == again => Verdict::Same,
        _ => Verdict::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcome::Failed;

    fn answer(json: Option<&str>) -> Outcome {
        Outcome::Answer(json.map(str::to_owned))
    }

    fn failed(code: &str, message: &str) -> Outcome {
        Outcome::Failed(Failed { code: code.to_owned(), message: message.to_owned() })
    }

    #[test]
    fn answers_are_compared_byte_for_byte() {
        assert_eq!(compare(&answer(Some("true")), &answer(Some("true"))), Verdict::Same);
        assert_eq!(compare(&answer(None), &answer(None)), Verdict::Same);
        assert_eq!(compare(&answer(Some("1.0")), &answer(Some("1"))), Verdict::Different);
        assert_eq!(compare(&answer(Some("true")), &answer(None)), Verdict::Different);
    }

    #[test]
    fn failures_of_the_policy_are_compared_too() {
        let conflict = failed("eval_conflict_error", "two values");
        assert_eq!(compare(&conflict, &conflict), Verdict::Same);
        assert_eq!(compare(&conflict, &failed("eval_conflict_error", "three")), Verdict::Different);
        assert_eq!(compare(&conflict, &answer(Some("true"))), Verdict::Different);
        assert_eq!(compare(&answer(None), &conflict), Verdict::Different);
    }

    #[test]
    fn a_limit_contradicts_nothing() {
        for code in ["eval_deadline_exceeded", "eval_out_of_memory", "out_of_memory"] {
            let stopped = failed(code, "a limit of 1");
            assert_eq!(compare(&stopped, &answer(Some("true"))), Verdict::Stopped);
            assert_eq!(compare(&answer(None), &stopped), Verdict::Stopped);
            assert_eq!(compare(&stopped, &failed("eval_trap", "a trap")), Verdict::Stopped);
            assert_eq!(compare(&stopped, &failed(code, "a limit of 2")), Verdict::Same);
        }
    }
}
