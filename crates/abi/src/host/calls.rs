//! The calls of one decision: each is made once, and its answer is remembered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use serde_json::value::RawValue;

use super::{HostAnswers, HostCall, HostError, HostFunctions, host_function};
use crate::ErrorCode;
use crate::limits::HOST_ANSWERS_BYTES_MAX;

/// What one decision asks of its host. The same call has the same answer wherever in the decision it stands.
#[derive(Debug)]
pub struct HostCalls {
    source: Source,
    known: Mutex<Known>,
}

/// Where answers come from.
#[derive(Debug)]
enum Source {
    /// There is no permission.
    Nowhere,
    /// What an embedder allows.
    Functions(Arc<dyn HostFunctions>),
    /// A decision that was made before; nothing else is asked.
    Record,
}

#[derive(Debug, Default)]
struct Known {
    answers: HostAnswers,
    bytes: usize,
}

impl HostCalls {
    /// The calls of a decision that may ask these functions.
    pub fn new(functions: Arc<dyn HostFunctions>) -> HostCalls {
        HostCalls { source: Source::Functions(functions), known: Mutex::default() }
    }

    /// The calls of a decision that may ask nothing: each is an error that names the permission.
    pub fn refused() -> HostCalls {
        HostCalls { source: Source::Nowhere, known: Mutex::default() }
    }

    /// The calls of a decision that is made again: these are the answers, and there are no others.
    pub fn replayed(answers: HostAnswers) -> HostCalls {
        HostCalls { source: Source::Record, known: Mutex::new(Known { answers, bytes: 0 }) }
    }

    /// What was answered so far.
    pub fn answers(&self) -> HostAnswers {
        self.lock().answers.clone()
    }

    /// The result of a call as JSON text. `arguments` is the JSON text of an array.
    ///
    /// # Errors
    /// The function failed, is not allowed, or the deadline has passed.
    pub fn call(
        &self,
        name: &str,
        arguments: &str,
        deadline: Option<Instant>,
    ) -> Result<String, HostError> {
        // Held during the call: the calls of a decision come one after another.
        let mut known = self.lock();
        if let Some(answer) = known.answers.get(name, arguments) {
            return answer;
        }
        let answer = match self.ask(&HostCall { name, arguments, deadline }) {
            Ok(text) => checked(text, arguments.len().saturating_add(known.bytes)),
            Err(error) => Err(error),
        };
        if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(HostError::Deadline);
        }
        let answer = match answer {
            Ok(result) => Ok(result),
            Err(HostError::Failed(failure)) => Err(failure),
            Err(HostError::Deadline) => return Err(HostError::Deadline),
        };
        let len = answer.as_ref().map_or_else(|it| it.message.len(), |it| it.get().len());
        known.bytes = known.bytes.saturating_add(arguments.len()).saturating_add(len);
        known.answers.insert(name, arguments, answer.clone());
        answer.map(|result| result.get().to_owned()).map_err(HostError::Failed)
    }

    fn ask(&self, call: &HostCall<'_>) -> Result<String, HostError> {
        match &self.source {
            Source::Functions(functions) if functions.allows(call.name) => functions.call(call),
            Source::Record => Err(HostError::failed(
                ErrorCode::Host,
                "the decision's record has no answer to this call",
            )),
            Source::Functions(_) | Source::Nowhere => {
                let flag = host_function(call.name).map_or("", |it| it.permission);
                let message = format!("not allowed here; `--allow-host {flag}` allows it");
                Err(HostError::failed(ErrorCode::Host, message))
            }
        }
    }

    /// What is behind the lock is whole whenever it is released, even by a panic.
    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A result as it is kept: JSON, and with all that was answered before within the limit.
fn checked(text: String, other_bytes: usize) -> Result<Box<RawValue>, HostError> {
    let max = HOST_ANSWERS_BYTES_MAX;
    if text.len().saturating_add(other_bytes) > max {
        let message = format!("the host's answers to one decision are more than {max} bytes");
        return Err(HostError::failed(ErrorCode::Host, message));
    }
    RawValue::from_string(text)
        .map_err(|error| HostError::failed(ErrorCode::Host, format!("no JSON: {error}")))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[derive(Debug, Default)]
    struct Counter(AtomicUsize);

    impl HostFunctions for Counter {
        fn allows(&self, name: &str) -> bool {
            name == "http.send"
        }

        fn call(&self, call: &HostCall<'_>) -> Result<String, HostError> {
            let count = self.0.fetch_add(1, Ordering::SeqCst);
            match call.arguments {
                "[1]" => Ok(count.to_string()),
                "[2]" => Ok("x".to_owned()),
                "[3]" => Ok(format!("\"{}\"", "a".repeat(HOST_ANSWERS_BYTES_MAX))),
                _ => Err(HostError::failed(ErrorCode::Builtin, "no")),
            }
        }
    }

    fn code(answer: Result<String, HostError>) -> String {
        match answer {
            Err(HostError::Failed(failure)) => failure.code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_call_is_made_once_and_replayed_from_its_record() {
        let functions = Arc::new(Counter::default());
        let calls = HostCalls::new(functions.clone());
        assert_eq!(calls.call("http.send", "[1]", None), Ok("0".to_owned()));
        assert_eq!(calls.call("http.send", "[1]", None), Ok("0".to_owned()));
        assert_eq!(code(calls.call("http.send", "[0]", None)), "eval_builtin_error");
        let text = serde_json::to_string(&calls.answers()).expect("JSON");
        let again = HostCalls::replayed(serde_json::from_str(&text).expect("its own text"));
        assert_eq!(again.call("http.send", "[1]", None), Ok("0".to_owned()));
        assert_eq!(code(again.call("http.send", "[0]", None)), "eval_builtin_error");
        assert_eq!(code(again.call("http.send", "[9]", None)), "eval_host_error");
        assert_eq!(functions.0.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn what_is_not_allowed_is_an_error_that_ends_the_evaluation() {
        let calls = HostCalls::new(Arc::new(Counter::default()));
        for (calls, name, flag) in [
            (&calls, "net.lookup_ip_addr", "--allow-host dns"),
            (&HostCalls::refused(), "http.send", "--allow-host http"),
        ] {
            let Err(HostError::Failed(failure)) = calls.call(name, "[1]", None) else {
                panic!("{name} was called");
            };
            assert!(failure.ends_evaluation() && failure.message.contains(flag), "{failure:?}");
        }
    }

    #[test]
    fn answers_are_json_within_limits_and_in_time() {
        let calls = HostCalls::new(Arc::new(Counter::default()));
        assert_eq!(code(calls.call("http.send", "[2]", None)), "eval_host_error");
        assert_eq!(code(calls.call("http.send", "[3]", None)), "eval_host_error");
        let past = Instant::now() - Duration::from_millis(1);
        assert_eq!(calls.call("http.send", "[1]", Some(past)), Err(HostError::Deadline));
    }
}
