//! Why an evaluation has no result: the one place with the texts of evaluation errors.

use std::fmt;

use palisade_diag::{Files, Span};

/// The kinds of evaluation error, named as OPA names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Two different values for one document, key or call.
    Conflict,
    /// A built-in got an argument of a type it doesn't take (only where built-in errors are strict).
    Type,
    /// A built-in failed (only where built-in errors are strict).
    Builtin,
    /// The deadline passed, the steps were used up, or the caller cancelled.
    Cancelled,
    /// The evaluation nests deeper than the stack allows, or its result deeper than a document may.
    Depth,
    /// A function of the host was called that is not allowed, or has no usable answer.
    Host,
    /// The input is not what the policy needs.
    Input,
    /// The checked program is not what it must be: a defect of the checker.
    Internal,
}

impl Code {
    /// The code as it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Conflict => "eval_conflict_error",
            Code::Type => "eval_type_error",
            Code::Builtin => "eval_builtin_error",
            Code::Cancelled => "eval_cancel_error",
            Code::Depth => "eval_depth_error",
            Code::Host => "eval_host_error",
            Code::Input => "input_malformed",
            Code::Internal => "eval_internal_error",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An evaluation that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct EvalError {
    /// What kind.
    pub code: Code,
    /// What happened, in OPA's words where OPA has words for it.
    pub message: String,
    /// The rule or expression to blame.
    pub span: Option<Span>,
}

impl EvalError {
    /// The error as OPA prints it: `file:row: code: message`.
    pub fn located(&self, files: &Files) -> String {
        match self.span {
            Some(span) => format!("{}:{}: {self}", files.name(span.file), files.start(span).row),
            None => self.to_string(),
        }
    }

    pub(crate) fn new(
        code: Code,
        span: impl Into<Option<Span>>,
        message: impl Into<String>,
    ) -> EvalError {
        EvalError { code, message: message.into(), span: span.into() }
    }

    pub(crate) fn complete_conflict(span: Span) -> EvalError {
        EvalError::new(Code::Conflict, span, "complete rules must not produce multiple outputs")
    }

    pub(crate) fn function_conflict(span: Span) -> EvalError {
        EvalError::new(
            Code::Conflict,
            span,
            "functions must not produce multiple outputs for same inputs",
        )
    }

    pub(crate) fn key_conflict(span: Span) -> EvalError {
        EvalError::new(Code::Conflict, span, "object keys must be unique")
    }

    pub(crate) fn cancelled(span: Span, why: &str) -> EvalError {
        EvalError::new(Code::Cancelled, span, format!("caller cancelled query execution: {why}"))
    }

    pub(crate) fn too_deep(span: Span) -> EvalError {
        EvalError::new(Code::Depth, span, "evaluation is nested too deeply")
    }

    pub(crate) fn too_large() -> EvalError {
        EvalError::new(Code::Depth, None, "the result is nested too deeply or too large")
    }

    pub(crate) fn unbound(span: Span) -> EvalError {
        EvalError::new(Code::Internal, span, "a variable is needed before it has a value")
    }

    pub(crate) fn missing(what: &str) -> EvalError {
        EvalError::new(Code::Internal, None, format!("{what} is not in the program"))
    }
}
