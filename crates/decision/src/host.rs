//! What the host answered within a decision, in its record: results where OPA has them, failures beside them.

use palisade::{HostAnswers, HostCall, HostError, HostFunctions};
use palisade_abi::ErrorCode;
use palisade_abi::host::host_function;
use serde_json::value::{RawValue, to_raw_value};

use crate::record::Record;

/// The host of a policy whose decisions are made again: it lets the policy have all functions that records can have
/// answers of, and does nothing itself.
#[derive(Debug, Clone, Copy)]
pub struct RecordedHost;

impl HostFunctions for RecordedHost {
    fn allows(&self, name: &str) -> bool {
        host_function(name).is_some()
    }

    fn call(&self, _: &HostCall<'_>) -> Result<String, HostError> {
        Err(HostError::failed(ErrorCode::Host, "nothing is asked when a decision is made again"))
    }
}

impl Record {
    /// Keeps what the host answered.
    ///
    /// # Errors
    /// The answers cannot be written as JSON.
    pub fn set_host_answers(&mut self, answers: &HostAnswers) -> serde_json::Result<()> {
        let some = |is_empty: bool, text: Box<RawValue>| (!is_empty).then_some(text);
        self.nd_builtin_cache = some(answers.results.is_empty(), to_raw_value(&answers.results)?);
        self.palisade.host_failures =
            some(answers.failures.is_empty(), to_raw_value(&answers.failures)?);
        Ok(())
    }

    /// What the host answered.
    ///
    /// # Errors
    /// The record has something else in its place.
    pub fn host_answers(&self) -> serde_json::Result<HostAnswers> {
        let results = self.nd_builtin_cache.as_ref().map(|it| serde_json::from_str(it.get()));
        let failures = self.palisade.host_failures.as_ref();
        let failures = failures.map(|it| serde_json::from_str(it.get()));
        Ok(HostAnswers {
            results: results.transpose()?.unwrap_or_default(),
            failures: failures.transpose()?.unwrap_or_default(),
        })
    }
}
