//! The answer to a question, and why there may be none.

use palisade_abi::{PolicyError, RuleHit};
use palisade_sandbox::EvalError;

/// What the policy answered.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    /// The result as JSON text; `None` when it is undefined or the policy failed.
    pub result: Option<String>,
    /// Why the policy has no result: two rules that contradict each other, an input that is not JSON.
    pub error: Option<PolicyError>,
    /// The rules that held, when the ambient facts asked for them.
    pub rules: Option<Vec<RuleHit>>,
    /// The lines that the policy printed, when the ambient facts asked for them and the module was built to print.
    pub prints: Vec<String>,
}

impl Decision {
    /// Whether the result is exactly `true`.
    pub fn is_allowed(&self) -> bool {
        self.error.is_none() && self.result.as_deref() == Some("true")
    }
}

/// Why there is no decision. None of these may be taken for an *allow*.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// The policy has nothing at that path: no entrypoint, no entrypoints below it, and no base data.
    #[error("the policy has no entrypoint at `{0}`")]
    UnknownPath(String),
    /// The evaluation did not come to an end, or not to a well-formed one.
    #[error(transparent)]
    Evaluation(#[from] EvalError),
}
