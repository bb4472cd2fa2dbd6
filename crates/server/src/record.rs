//! The record of a decision: what the log keeps of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use palisade::{Ambient, Decision, EvalError, HostAnswers, RuleHit};
use palisade_decision::{BundleRevision, Failed, Provenance, Record, RecordError, join_path};
use serde_json::value::{RawValue, to_raw_value};

use crate::decide::{Question, Timers};
use crate::rescue::Failure;
use crate::state::State;

/// What came of a question.
pub(crate) struct Made<'a> {
    pub(crate) decision_id: &'a str,
    pub(crate) facts: &'a Ambient,
    pub(crate) ambient: &'a str,
    pub(crate) outcome: &'a Result<Decision, EvalError>,
    pub(crate) answers: HostAnswers,
    pub(crate) timers: Timers,
}

/// The record of a question and what came of it.
pub(crate) fn of(state: &State, question: &Question, made: &Made<'_>) -> Result<Record, Failure> {
    build(state, question, made).map_err(|cause| Failure::Record(RecordError::Json(cause)))
}

fn build(state: &State, question: &Question, made: &Made<'_>) -> serde_json::Result<Record> {
    let identity = state.policy.identity();
    let revision = BundleRevision { revision: identity.revision.clone() };
    let path = join_path(&question.keys);
    let provenance = Provenance {
        entrypoint: path.clone(),
        module: Some(identity.module),
        bundle: Some(identity.bundle),
        data: Some(identity.data),
        signer: identity.signer,
        unsigned: identity.unsigned,
        ambient: Some(raw(made.ambient.to_owned())?),
        rules: rules(made.outcome).map(to_raw_value).transpose()?,
        ..Provenance::default()
    };
    let mut record = Record {
        labels: state.labels.clone(),
        bundles: BTreeMap::from([(state.bundle_name.clone(), revision)]),
        path,
        input: question.input.clone(),
        result: result(made.outcome).map(|json| raw(json.to_owned())).transpose()?,
        error: error(made.outcome)?,
        requested_by: question.client.to_string(),
        metrics: Some(raw(made.timers.to_json())?),
        custom: custom(&question.metadata)?,
        palisade: provenance,
        ..Record::new(made.decision_id.to_owned(), timestamp(made.facts))
    };
    record.set_host_answers(&made.answers)?;
    Ok(record)
}

/// The record's time is the time that the policy was told.
fn timestamp(facts: &Ambient) -> Timestamp {
    let now_ns = facts.now_ns.unwrap_or_default();
    Timestamp::from_nanosecond(i128::from(now_ns)).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn result(outcome: &Result<Decision, EvalError>) -> Option<&str> {
    outcome.as_ref().ok()?.result.as_deref()
}

fn rules(outcome: &Result<Decision, EvalError>) -> Option<&Vec<RuleHit>> {
    outcome.as_ref().ok()?.rules.as_ref()
}

fn error(outcome: &Result<Decision, EvalError>) -> serde_json::Result<Option<Box<RawValue>>> {
    match outcome {
        Ok(decision) => decision.error.as_ref().map(to_raw_value).transpose(),
        // What stopped an evaluation, in the shape of a policy's own errors.
        Err(error) => to_raw_value(&Failed::from(error)).map(Some),
    }
}

fn custom(metadata: &BTreeMap<String, Box<RawValue>>) -> serde_json::Result<Option<Box<RawValue>>> {
    if metadata.is_empty() {
        return Ok(None);
    }
    to_raw_value(&BTreeMap::from([("request_metadata", metadata)])).map(Some)
}

fn raw(json: String) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(json)
}
