//! Why a built-in function gave no result.

use std::borrow::Cow;
use std::fmt;

use palisade_value::Kind;

/// Why a call gave no result. Only [`Failure::Halt`] and [`Failure::Input`] end an evaluation that isn't strict about
/// built-in errors; every other failure makes the call undefined.
///
/// [`Display`](fmt::Display) prints OPA's text without the function's name: `operand 1 must be string but got number`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The result is undefined and nothing is wrong: `max([])`.
    Undefined,
    /// An operand, counted from 1, isn't what the function takes.
    Operand(usize, Problem),
    /// The operands don't go together.
    Type(Cow<'static, str>),
    /// The function could not do its work: a division by zero, text that doesn't parse.
    Error(Cow<'static, str>),
    /// The evaluation must end, strict or not: a limit was passed.
    Halt(Cow<'static, str>),
    /// The evaluation must end, strict or not: its input isn't what the policy needs.
    Input(Cow<'static, str>),
}

/// What is wrong with an operand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// It has another type.
    Kind {
        /// The types the function takes.
        expected: &'static [&'static str],
        /// The type it got.
        found: Kind,
    },
    /// An element of the collection has another type.
    Element {
        /// The collection's type.
        composite: Kind,
        /// The element types the function takes.
        expected: &'static [&'static str],
        /// The element type it got.
        found: Kind,
    },
    /// It isn't one of these values.
    Value(&'static [&'static str]),
    /// Anything else, as the text that follows `operand N `.
    Other(Cow<'static, str>),
}

impl Failure {
    /// A failure of the function itself, with a fixed text.
    pub const fn error(message: &'static str) -> Failure {
        Failure::Error(Cow::Borrowed(message))
    }

    /// Reports that a result would be larger than the limits allow.
    pub const fn too_large() -> Failure {
        Failure::Halt(Cow::Borrowed("result is too large"))
    }

    /// OPA's error code, or ours where OPA has none; `None` where the call is merely undefined.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Failure::Undefined => None,
            Failure::Operand(..) | Failure::Type(_) => Some("eval_type_error"),
            Failure::Error(_) => Some("eval_builtin_error"),
            Failure::Halt(_) => Some("eval_internal_error"),
            Failure::Input(_) => Some("input_malformed"),
        }
    }

    /// Whether the failure ends every evaluation.
    pub fn is_halt(&self) -> bool {
        matches!(self, Failure::Halt(_) | Failure::Input(_))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Undefined => f.write_str("undefined"),
            Failure::Operand(at, problem) => write!(f, "operand {at} {problem}"),
            Failure::Type(text)
            | Failure::Error(text)
            | Failure::Halt(text)
            | Failure::Input(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Kind { expected: [one], found } => {
                write!(f, "must be {one} but got {}", found.name())
            }
            Problem::Kind { expected, found } => {
                write!(f, "must be one of {{{}}} but got {}", expected.join(", "), found.name())
            }
            Problem::Element { composite, expected, found } => {
                let (composite, found) = (composite.name(), found.name());
                match expected {
                    [one] => write!(f, "must be {composite} of {one}s")?,
                    _ => write!(f, "must be {composite} of (any of) {{{}}}", expected.join(", "))?,
                }
                write!(f, " but got {composite} containing {found}")
            }
            Problem::Value([one]) => write!(f, "must be {one}"),
            Problem::Value(all) => write!(f, "must be one of {{{}}}", all.join(", ")),
            Problem::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Failure {}
