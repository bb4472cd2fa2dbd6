//! The decision document: what an entrypoint answers.
//!
//! It is one of `{"result": …}`, `{}` (undefined) and `{"error": {"code", "message", "location"}}`. When the ambient
//! facts ask for them, it also has `"rules"`, those that held, and `"prints"`, the lines that the policy printed. Anything else is malformed, and is no decision.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A decision document that has been checked; the result stays the text that the module wrote.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer<'a> {
    /// The result; absent when the entrypoint is undefined, or when the evaluation failed.
    #[serde(borrow, default, deserialize_with = "present")]
    pub result: Option<&'a RawValue>,
    /// Why the evaluation failed.
    #[serde(default, deserialize_with = "present")]
    pub error: Option<PolicyError>,
    /// The rules that held, when they were asked for.
    #[serde(default, deserialize_with = "present")]
    pub rules: Option<Vec<RuleHit>>,
    /// The lines that the policy printed, when they were asked for and there are any.
    #[serde(default, deserialize_with = "present")]
    pub prints: Option<Vec<String>>,
}

/// Why an evaluation failed, as the module tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyError {
    /// One of [`crate::ErrorCode`]'s texts; a custom engine may have its own.
    pub code: String,
    /// What is wrong, for a reader.
    pub message: String,
    /// The place in the policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}

/// A place in a policy's source, in OPA's shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The source file.
    pub file: String,
    /// The line, from 1.
    pub row: u32,
    /// The column, from 1.
    #[serde(default)]
    pub col: u32,
}

/// A rule and where it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleHit {
    /// The source file.
    pub file: String,
    /// The rule's path: `data.authz.allow`.
    pub path: String,
    /// The line of the rule's head, from 1.
    pub row: u32,
}

impl<'a> Answer<'a> {
    /// Reads a decision document and checks that it is one of the three forms.
    ///
    /// # Errors
    /// Why the text is not a decision document.
    pub fn parse(text: &'a str) -> Result<Answer<'a>, serde_json::Error> {
        // A derived reader also takes an array of the members, which is not one of the forms.
        if !text.trim_ascii_start().starts_with('{') {
            return Err(serde::de::Error::custom("not an object"));
        }
        let answer: Answer<'a> = serde_json::from_str(text)?;
        if answer.result.is_some() && answer.error.is_some() {
            return Err(serde::de::Error::custom("both a result and an error"));
        }
        Ok(answer)
    }
}

/// Keeps a member that is `null` apart from an absent one: `"result": null` is a value, `"error": null` is malformed.
fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_result(text: &str, expected: Option<&str>) {
        let answer = Answer::parse(text).expect("a decision document");
        assert_eq!(answer.result.map(RawValue::get), expected);
        assert_eq!(answer.error, None);
    }

    #[test]
    fn results_keep_their_text() {
        check_result(r#"{"result":true}"#, Some("true"));
        check_result(r#"{"result":1.50}"#, Some("1.50"));
        check_result(r#"{"result":null}"#, Some("null"));
        check_result(r#"{"result":{"b":1,"a":[ ]}}"#, Some(r#"{"b":1,"a":[ ]}"#));
        check_result("{}", None);
    }

    #[test]
    fn errors_and_rules_are_read() {
        let text = r#"{"error":{"code":"eval_conflict_error","message":"m","location":{"file":"f","row":3,"col":1}}}"#;
        let error = Answer::parse(text).expect("a decision document").error.expect("an error");
        assert_eq!(
            (error.code.as_str(), error.location.map(|it| it.row)),
            ("eval_conflict_error", Some(3))
        );

        let text = r#"{"result":true,"rules":[{"path":"data.a.b","file":"f","row":2}]}"#;
        let rules = Answer::parse(text).expect("a decision document").rules.expect("rules");
        assert_eq!(rules, [RuleHit { file: "f".into(), path: "data.a.b".into(), row: 2 }]);
    }

    #[test]
    fn prints_are_read() {
        let text = r#"{"prints":["a b","c"]}"#;
        let answer = Answer::parse(text).expect("a decision document");
        assert_eq!(answer.prints, Some(vec!["a b".to_owned(), "c".to_owned()]));
        assert!(answer.result.is_none());
    }

    #[test]
    fn anything_else_is_malformed() {
        for text in [
            "",
            "true",
            "[]",
            "null",
            r#"{"result":true"#,
            r#"{"result":true}x"#,
            r#"{"result":tru}"#,
            r#"{"allow":true}"#,
            r#"{"result":true,"result":false}"#,
            r#"{"result":true,"error":{"code":"c","message":"m"}}"#,
            r#"{"error":"failed"}"#,
            r#"{"error":null}"#,
            r#"{"result":true,"rules":null}"#,
            r#"{"result":true,"prints":"a"}"#,
            r#"{"result":true,"prints":null}"#,
            "{\"result\":\"\u{1}\"}",
        ] {
            assert!(Answer::parse(text).is_err(), "{text} was taken");
        }
    }
}
