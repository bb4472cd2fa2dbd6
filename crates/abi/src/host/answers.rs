//! What the host answered, as decision records keep it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{HostError, HostFailure};

/// The answers of one decision, by function and arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct HostAnswers {
    /// The results, in the shape of OPA's `nd_builtin_cache`: `{"http.send": {"[{…}]": {…}}}`.
    #[serde(default)]
    pub results: ByCall<Box<RawValue>>,
    /// The failures, in the same shape.
    #[serde(default)]
    pub failures: ByCall<HostFailure>,
}

/// Something for each call: by the function's name, then by the JSON text of the arguments.
type ByCall<T> = BTreeMap<String, BTreeMap<String, T>>;

impl HostAnswers {
    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.results.is_empty() && self.failures.is_empty()
    }

    /// The answer to a call.
    pub(super) fn get(&self, name: &str, arguments: &str) -> Option<Result<String, HostError>> {
        if let Some(result) = self.results.get(name).and_then(|it| it.get(arguments)) {
            return Some(Ok(result.get().to_owned()));
        }
        let failure = self.failures.get(name).and_then(|it| it.get(arguments))?;
        Some(Err(HostError::Failed(failure.clone())))
    }

    /// Keeps the answer to a call. A deadline that passed is none.
    pub(super) fn insert(
        &mut self,
        name: &str,
        arguments: &str,
        answer: Result<Box<RawValue>, HostFailure>,
    ) {
        fn put<T>(all: &mut ByCall<T>, name: &str, arguments: &str, it: T) {
            all.entry(name.to_owned()).or_default().insert(arguments.to_owned(), it);
        }
        match answer {
            Ok(result) => put(&mut self.results, name, arguments, result),
            Err(failure) => put(&mut self.failures, name, arguments, failure),
        }
    }
}
