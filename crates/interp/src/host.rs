//! Functions of the host: asked with JSON text, answered with JSON text, so that both evaluators get the same answers.

use palisade_abi::host::HostFunction;
use palisade_abi::{ErrorCode, HostCalls, HostError};
use palisade_diag::Span;
use palisade_value::{AnyValue, Value, json};

use crate::error::{Code, EvalError};
use crate::machine::{Flow, Machine};

impl Machine<'_> {
    /// Calls a function of the host.
    pub(crate) fn host_function(
        &mut self,
        function: &HostFunction,
        values: &[Value],
        span: Span,
    ) -> Flow<Option<Value>> {
        let arguments = json::to_json(&Value::array(values.to_vec()));
        let deadline = self.meter.deadline();
        let answer = match &self.host {
            Some(calls) => calls.call(function.name, &arguments, deadline),
            None => HostCalls::refused().call(function.name, &arguments, deadline),
        };
        let failure = match answer {
            Ok(text) => return Ok(Some(value(function, &text, span)?)),
            Err(HostError::Deadline) => {
                return Err(EvalError::cancelled(span, "deadline exceeded").into());
            }
            Err(HostError::Failed(failure)) => failure,
        };
        let error = || {
            let message = format!("{}: {}", function.name, failure.message);
            EvalError::new(code(&failure.code), span, message)
        };
        if self.strict || failure.ends_evaluation() {
            return Err(error().into());
        }
        self.observer.builtin_error(error);
        Ok(None)
    }
}

/// The value of a result's text.
fn value(function: &HostFunction, text: &str, span: Span) -> Result<Value, EvalError> {
    let malformed = |_| {
        let message = format!("{}: the host's answer is malformed", function.name);
        EvalError::new(Code::Host, span, message)
    };
    Ok(match json::parse(text).map_err(malformed)? {
        Value::Array(items) if function.gives_set => Value::set(items.to_vec()),
        value => value,
    })
}

fn code(code: &str) -> Code {
    match ErrorCode::parse(code) {
        Some(ErrorCode::Type) => Code::Type,
        Some(ErrorCode::Builtin) => Code::Builtin,
        _ => Code::Host,
    }
}
