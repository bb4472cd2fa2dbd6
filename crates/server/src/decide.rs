//! The use case: one question, one decision, one record in the log.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use palisade::{
    Ambient, DecideError, Decision, EvalError, Explain, HostCalls, PolicyError, fresh_facts,
};
use palisade_abi::ErrorCode;
use palisade_abi::limits::NESTING_MAX;
use palisade_decision::{Durability, Record, new_decision_id};
use serde_json::value::RawValue;

use crate::depth::is_deeper;
use crate::record;
use crate::rescue::Failure;
use crate::state::State;

/// How long an evaluation may take on the thread that serves connections. Decisions take microseconds. One that takes
/// longer is begun again on a thread of its own, which is the same decision since evaluations have no effects.
const SHORT: Duration = Duration::from_millis(2);

/// What a client asks.
pub(crate) struct Question {
    pub(crate) keys: Vec<String>,
    pub(crate) input: Option<Box<RawValue>>,
    pub(crate) metadata: BTreeMap<String, Box<RawValue>>,
    pub(crate) explain: bool,
    pub(crate) strict: bool,
    pub(crate) client: SocketAddr,
    pub(crate) start: Instant,
}

/// A decision that is in the log.
pub(crate) struct Answered {
    pub(crate) decision_id: String,
    pub(crate) decision: Decision,
    pub(crate) timers: Timers,
}

/// How long things took.
#[derive(Clone, Copy)]
pub(crate) struct Timers {
    /// From the request's arrival to the evaluation: reading the input.
    pub(crate) input: Duration,
    /// The evaluation.
    pub(crate) evaluation: Duration,
    /// From the request's arrival to the record in the log.
    pub(crate) handler: Duration,
}

impl Timers {
    /// As JSON, under OPA's names.
    pub(crate) fn to_json(self) -> String {
        format!(
            r#"{{"timer_rego_input_parse_ns":{},"timer_rego_query_eval_ns":{},"timer_server_handler_ns":{}}}"#,
            self.input.as_nanos(),
            self.evaluation.as_nanos(),
            self.handler.as_nanos()
        )
    }
}

/// Decides and logs. An error in the policy, or no decision at all, is logged too and is then a failure.
pub(crate) async fn decide(
    state: &Arc<State>,
    question: Arc<Question>,
) -> Result<Answered, Failure> {
    let decision_id = new_decision_id().map_err(Failure::Record)?;
    let facts = facts(&question)?;
    let ambient: Arc<str> = facts.to_json().into();
    let input = question.start.elapsed();
    let calls = state.policy.host_calls();
    let outcome = evaluate(state, &question, &ambient, &calls).await?;
    let handler = question.start.elapsed();
    let timers = Timers { input, evaluation: handler.saturating_sub(input), handler };
    let made = record::Made {
        decision_id: &decision_id,
        facts: &facts,
        ambient: &ambient,
        outcome: &outcome,
        answers: calls.map(|calls| calls.answers()).unwrap_or_default(),
        timers,
    };
    append(state, record::of(state, &question, &made)?).await?;
    let failure = match outcome {
        Ok(Decision { error: Some(error), .. }) => of_policy(error, &question),
        Ok(decision) => return Ok(Answered { decision_id, decision, timers }),
        Err(error) => Failure::Evaluation(error),
    };
    Err(Failure::Recorded(decision_id, Box::new(failure)))
}

/// The failure of a policy that answered with an error. Documents that are too deep may be the client's or the policy's
/// own; the input tells which.
fn of_policy(error: PolicyError, question: &Question) -> Failure {
    let is_too_deep = ErrorCode::parse(&error.code) == Some(ErrorCode::NestingTooDeep);
    match question.input.as_deref() {
        Some(input) if is_too_deep && is_deeper(input.get(), NESTING_MAX) => {
            Failure::InputTooDeep(error)
        }
        _ => Failure::Policy(error),
    }
}

fn facts(question: &Question) -> Result<Ambient, Failure> {
    let mut facts = fresh_facts().map_err(Failure::Facts)?;
    facts.explain = question.explain.then_some(Explain::Rules);
    facts.strict = question.strict;
    Ok(facts)
}

/// The decision, or why there is none. The outer failure is that of the server itself.
async fn evaluate(
    state: &Arc<State>,
    question: &Arc<Question>,
    ambient: &Arc<str>,
    calls: &Option<Arc<HostCalls>>,
) -> Result<Result<Decision, EvalError>, Failure> {
    let deadline = state.policy.module().limits().deadline;
    // Making an instance first may take long, whatever the decision takes; and asking the host means to wait, and must
    // not be begun twice.
    if calls.is_none() && state.policy.module().has_idle_instance() {
        let outcome = ask(state, question, ambient, SHORT.min(deadline), None);
        match outcome {
            Err(EvalError::Deadline(_)) if deadline > SHORT => {}
            decided => return Ok(decided),
        }
    }
    let queue = match calls {
        None => &state.long_evaluations,
        Some(_) => &state.waiting_evaluations,
    };
    let permit = Arc::clone(queue).acquire_owned().await.map_err(|_| Failure::Stopping)?;
    let (state, question, ambient) = (Arc::clone(state), Arc::clone(question), Arc::clone(ambient));
    let calls = calls.clone();
    let evaluation = tokio::task::spawn_blocking(move || {
        let outcome = ask(&state, &question, &ambient, deadline, calls.as_ref());
        drop(permit);
        outcome
    });
    evaluation.await.map_err(|_| Failure::Stopping)
}

/// Asks the policy. A path where there is nothing is undefined, as it is in OPA.
fn ask(
    state: &State,
    question: &Question,
    ambient: &str,
    deadline: Duration,
    calls: Option<&Arc<HostCalls>>,
) -> Result<Decision, EvalError> {
    let input = question.input.as_deref().map(RawValue::get);
    let keys = &question.keys;
    match state.policy.decide_with_host(keys, input, ambient, Some(deadline), calls) {
        Ok(decision) => Ok(decision),
        Err(DecideError::UnknownPath(_)) => Ok(Decision::default()),
        Err(DecideError::Evaluation(error)) => Err(error),
    }
}

/// Writes the record. Until that is done there is no answer.
async fn append(state: &Arc<State>, record: Record) -> Result<(), Failure> {
    let outcome = match state.durability {
        // The system takes the line into its own memory: shorter than changing threads.
        Durability::Written => state.log.append(&record),
        Durability::Synced => {
            let log = Arc::clone(&state.log);
            let written = tokio::task::spawn_blocking(move || log.append(&record));
            written.await.map_err(|_| Failure::Stopping)?
        }
    };
    match outcome {
        Ok(_) => Ok(()),
        Err(cause) => {
            state.notice_log("a decision could not be logged and was not answered", &cause);
            Err(Failure::Unlogged)
        }
    }
}
