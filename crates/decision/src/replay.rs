//! Making a decision again: the same policy, the same question, the same ambient facts.

use palisade::{Ambient, DecideError, Explain, Policy, RuleHit};

use crate::record::Record;

/// A decision made again.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// Whether the answer is the recorded one, byte for byte.
    pub is_same: bool,
    /// The answer now, as JSON text; `None` where it is undefined or the policy failed.
    pub result: Option<String>,
    /// The rules that held.
    pub rules: Vec<RuleHit>,
}

/// Why a decision can't be made again.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// The record was made by another policy than the one at hand.
    #[error("the record names {field} {recorded}, and this policy's is {present}")]
    OtherPolicy {
        /// What differs: `bundle`, `module` or `data`.
        field: &'static str,
        /// What the record says.
        recorded: String,
        /// What the policy has.
        present: String,
    },
    /// The record's ambient facts are no facts.
    #[error("the record's ambient facts cannot be read")]
    Ambient(#[source] serde_json::Error),
    /// The policy gives no answer within its limits.
    #[error(transparent)]
    Decide(#[from] DecideError),
}

/// Makes the decision of `record` again with the policy that made it, and compares the answers.
///
/// # Errors
/// When `policy` is another one than the record names, or gives no answer within its limits.
pub fn replay(policy: &Policy, record: &Record) -> Result<Replay, ReplayError> {
    let facts = &record.palisade;
    let identity = policy.identity();
    for (field, recorded, present) in [
        ("bundle", facts.bundle, identity.bundle),
        ("module", facts.module, identity.module),
        ("data", facts.data, identity.data),
    ] {
        if let Some(recorded) = recorded.filter(|recorded| *recorded != present) {
            let (recorded, present) = (recorded.to_string(), present.to_string());
            return Err(ReplayError::OtherPolicy { field, recorded, present });
        }
    }
    let mut ambient: Ambient = match &facts.ambient {
        Some(text) => serde_json::from_str(text.get()).map_err(ReplayError::Ambient)?,
        None => Ambient::default(),
    };
    // What held is told beside the result and doesn't change it.
    ambient.explain = Some(Explain::Rules);
    let path = record.path.as_str();
    let keys: Vec<String> =
        path.split('/').filter(|key| !key.is_empty()).map(str::to_owned).collect();
    let input = record.input.as_ref().map(|input| input.get());
    let decision = policy.decide_at(&keys, input, &ambient.to_json(), None)?;
    let recorded = record.result.as_ref().map(|result| result.get());
    let is_same = recorded == decision.result.as_deref()
        && record.error.is_some() == decision.error.is_some();
    Ok(Replay { is_same, result: decision.result, rules: decision.rules.unwrap_or_default() })
}
