//! Why there is no residual program.

use palisade_diag::Span;
use palisade_interp::EvalError;

/// Why partial evaluation failed.
#[derive(Debug, thiserror::Error)]
pub enum PartialError {
    /// Something known failed in a way that no residual program can stand for, or a limit was reached.
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// The residual program would be larger than the limits allow.
    #[error(
        "the residual policy has more than {limit} {what}; leave rules out of line with --shallow-inlining or --disable-inlining, or make more known"
    )]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much there may be.
        limit: usize,
    },
    /// Rego has no way to write something down that must be in the residual program.
    #[error("{0} cannot be written in a support module")]
    Unwritable(String),
    /// Something that is left to evaluate has no form in the residual program.
    #[error("{what} cannot be evaluated partially")]
    Unsupported {
        /// What.
        what: &'static str,
        /// Where.
        span: Span,
    },
    /// The checked program is not what it must be: a defect of the checker.
    #[error("{what} is not in the program")]
    Missing {
        /// What.
        what: &'static str,
        /// Where it is needed.
        span: Option<Span>,
    },
}

impl PartialError {
    /// The place in the policy, if it has one.
    pub fn span(&self) -> Option<Span> {
        match self {
            PartialError::Eval(error) => error.span,
            PartialError::Unsupported { span, .. } => Some(*span),
            PartialError::Missing { span, .. } => *span,
            PartialError::TooLarge { .. } | PartialError::Unwritable(_) => None,
        }
    }

    pub(crate) fn unsupported(what: &'static str, span: Span) -> Box<PartialError> {
        Box::new(PartialError::Unsupported { what, span })
    }

    pub(crate) fn missing(what: &'static str, span: Span) -> Box<PartialError> {
        Box::new(PartialError::Missing { what, span: Some(span) })
    }
}
