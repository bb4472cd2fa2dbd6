//! The facts of one evaluation that are not input: what time it is, the seed of randomness, what runs the policy.
//!
//! They are the only source of time and randomness for a policy, and the host records them, so that a past decision
//! can be made again exactly.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The ambient document: `{"explain", "now_ns", "prints", "runtime", "seed", "strict"}`, each member optional.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Ambient {
    /// What the answer carries besides the result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explain: Option<Explain>,
    /// The answer of `time.now_ns`: nanoseconds since 1970-01-01 UTC, the same for the whole evaluation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now_ns: Option<i64>,
    /// True when the answer is to carry what the policy printed. Only modules that were built with their calls of
    /// `print` print anything.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prints: bool,
    /// The answer of `opa.runtime`: any JSON object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime: Option<Box<RawValue>>,
    /// Where `rand.intn` and `uuid.rfc4122` start: 16 hexadecimal digits, which are 64 bits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// True when an error in a built-in function ends the evaluation instead of being undefined.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub strict: bool,
}

/// How much the answer tells of the way it came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Explain {
    /// The rules that held.
    Rules,
}

impl Ambient {
    /// The document as JSON text: its members are in alphabetical order, and the absent ones are left out.
    pub fn to_json(&self) -> String {
        // Strings, numbers and text that already is JSON cannot fail to serialise.
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_that_are_not_set_are_left_out() {
        assert_eq!(Ambient::default().to_json(), "{}");
    }

    #[test]
    fn members_are_in_alphabetical_order() {
        let ambient = Ambient {
            explain: Some(Explain::Rules),
            now_ns: Some(5),
            prints: true,
            runtime: RawValue::from_string(r#"{"env":{}}"#.to_owned()).ok(),
            seed: Some("00ff".to_owned()),
            strict: true,
        };
        assert_eq!(
            ambient.to_json(),
            r#"{"explain":"rules","now_ns":5,"prints":true,"runtime":{"env":{}},"seed":"00ff","strict":true}"#
        );
    }
}
