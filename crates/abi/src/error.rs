//! The codes of the error document: why an evaluation has no answer.
//!
//! The codes of evaluation errors are OPA's, so that what reads OPA's errors reads ours.

use std::fmt;

/// Why a module answered with `{"error": …}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCode {
    /// Two rules, or two clauses of a function, gave different values for one document.
    Conflict,
    /// A built-in function failed; only with `strict` in the ambient facts.
    Builtin,
    /// An operand had a type that the operation does not take.
    Type,
    /// `with` replaced a part of `data` that cannot be replaced.
    WithMerge,
    /// The policy reached a limit of the language, such as the size of a number.
    Limit,
    /// The input is not one JSON text in UTF-8.
    InputMalformed,
    /// The ambient document is not JSON of the expected shape.
    AmbientMalformed,
    /// The base data given to `load` is not one JSON object.
    DataMalformed,
    /// A document is nested deeper than [`crate::limits::NESTING_MAX`], or the policy calls itself that deep.
    NestingTooDeep,
    /// The memory ceiling was reached.
    OutOfMemory,
    /// A function of the host was called that is not allowed, or has no usable answer.
    Host,
    /// A defect of Palisade.
    Internal,
}

impl ErrorCode {
    /// Every code.
    pub const ALL: [ErrorCode; 12] = [
        ErrorCode::Conflict,
        ErrorCode::Builtin,
        ErrorCode::Type,
        ErrorCode::WithMerge,
        ErrorCode::Limit,
        ErrorCode::InputMalformed,
        ErrorCode::AmbientMalformed,
        ErrorCode::DataMalformed,
        ErrorCode::NestingTooDeep,
        ErrorCode::OutOfMemory,
        ErrorCode::Host,
        ErrorCode::Internal,
    ];

    /// The code as the error document has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            ErrorCode::Conflict => "eval_conflict_error",
            ErrorCode::Builtin => "eval_builtin_error",
            ErrorCode::Type => "eval_type_error",
            ErrorCode::WithMerge => "eval_with_merge_error",
            ErrorCode::Limit => "eval_limit_error",
            ErrorCode::InputMalformed => "input_malformed",
            ErrorCode::AmbientMalformed => "ambient_malformed",
            ErrorCode::DataMalformed => "data_malformed",
            ErrorCode::NestingTooDeep => "nesting_too_deep",
            ErrorCode::OutOfMemory => "out_of_memory",
            ErrorCode::Host => "eval_host_error",
            ErrorCode::Internal => "eval_internal_error",
        }
    }

    /// The code with that text, if there is one.
    pub fn parse(text: &str) -> Option<ErrorCode> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_back() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::parse(code.as_str()), Some(code));
        }
        assert_eq!(ErrorCode::parse("allow"), None);
    }
}
