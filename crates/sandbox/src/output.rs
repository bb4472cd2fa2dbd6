//! A decision document that a module answered with, checked.

use std::ops::Range;

use palisade_abi::{Answer, PolicyError, RuleHit};

use crate::error::Malformed;

/// A well-formed decision document.
#[derive(Debug, Clone)]
pub struct Output {
    text: String,
    result: Option<Range<usize>>,
    error: Option<PolicyError>,
    rules: Option<Vec<RuleHit>>,
    prints: Option<Vec<String>>,
}

impl Output {
    /// The whole document, as the module wrote it.
    pub fn document(&self) -> &str {
        &self.text
    }

    /// The result as the JSON text that the module wrote; `None` when it is undefined or the evaluation failed.
    pub fn result(&self) -> Option<&str> {
        self.result.clone().and_then(|range| self.text.get(range))
    }

    /// Why the policy's evaluation failed, if it did.
    pub fn error(&self) -> Option<&PolicyError> {
        self.error.as_ref()
    }

    /// The rules that held, if the ambient facts asked for them.
    pub fn rules(&self) -> Option<&[RuleHit]> {
        self.rules.as_deref()
    }

    /// What the policy printed, if the ambient facts asked for it.
    pub fn prints(&self) -> &[String] {
        self.prints.as_deref().unwrap_or_default()
    }

    /// The result, the error, the rules and the prints, each as the accessor of that name has it; nothing is copied.
    pub fn into_parts(
        self,
    ) -> (Option<String>, Option<PolicyError>, Option<Vec<RuleHit>>, Vec<String>) {
        let Output { mut text, result, error, rules, prints } = self;
        let result = result.map(|range| {
            text.truncate(range.end);
            text.drain(..range.start);
            text
        });
        (result, error, rules, prints.unwrap_or_default())
    }

    /// Checks a decision document. Most are one of two, which need no reader.
    pub(crate) fn parse(text: &[u8]) -> Result<Output, Malformed> {
        match text {
            b"{\"result\":true}" => return Ok(Output::boolean(true)),
            b"{\"result\":false}" => return Ok(Output::boolean(false)),
            _ => {}
        }
        let text = std::str::from_utf8(text).map_err(|_| Malformed::NotUtf8)?.to_owned();
        let answer =
            Answer::parse(&text).map_err(|cause| Malformed::NotDecision(cause.to_string()))?;
        let result = answer.result.map(|raw| place_in(&text, raw.get()));
        let (error, rules, prints) = (answer.error, answer.rules, answer.prints);
        Ok(Output { text, result, error, rules, prints })
    }

    /// Checks what a module of OPA's answered: the set of results, which has one or none.
    pub(crate) fn parse_opa(text: &[u8]) -> Result<Output, Malformed> {
        let text = std::str::from_utf8(text).map_err(|_| Malformed::NotUtf8)?;
        let results: Vec<Answer<'_>> = serde_json::from_str(text)
            .map_err(|cause| Malformed::NotDecision(cause.to_string()))?;
        match &results[..] {
            [] => Output::parse(b"{}"),
            [Answer { result: Some(result), error: None, rules: None, prints: None }] => {
                Output::parse(format!(r#"{{"result":{}}}"#, result.get()).as_bytes())
            }
            _ => Err(Malformed::NotDecision("not one result or none".to_owned())),
        }
    }

    /// Checks what a custom engine answered: a decision document, or `true` or `false` alone.
    pub(crate) fn parse_custom(text: &[u8]) -> Result<Output, Malformed> {
        match text.trim_ascii() {
            b"true" => Ok(Output::boolean(true)),
            b"false" => Ok(Output::boolean(false)),
            _ => Output::parse(text),
        }
    }

    /// The decision that a bare boolean stands for.
    pub(crate) fn boolean(allowed: bool) -> Output {
        let text = if allowed { r#"{"result":true}"# } else { r#"{"result":false}"# };
        let result = r#"{"result":"#.len()..text.len() - 1;
        let text = text.to_owned();
        Output { text, result: Some(result), error: None, rules: None, prints: None }
    }
}

/// Where `part`, a slice of `whole`, is in it.
fn place_in(whole: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(output: Output, document: &str, result: Option<&str>) {
        assert_eq!(output.document(), document);
        assert_eq!(output.result(), result);
        assert_eq!(output.into_parts().0.as_deref(), result);
    }

    #[test]
    fn the_result_is_the_text_as_written() {
        let text = r#" { "result" : {"a": [1.0, "é"]} } "#;
        check(
            Output::parse(text.as_bytes()).expect("a decision"),
            text,
            Some(r#"{"a": [1.0, "é"]}"#),
        );
        check(Output::parse(b"{}").expect("a decision"), "{}", None);
        for value in ["true", "false", "null"] {
            let text = format!(r#"{{"result":{value}}}"#);
            check(Output::parse(text.as_bytes()).expect("a decision"), &text, Some(value));
        }
    }

    #[test]
    fn bare_booleans_are_decisions_of_custom_engines_only() {
        check(Output::boolean(true), r#"{"result":true}"#, Some("true"));
        check(Output::boolean(false), r#"{"result":false}"#, Some("false"));
        check(
            Output::parse_custom(b"true\n").expect("a decision"),
            r#"{"result":true}"#,
            Some("true"),
        );
        assert!(matches!(Output::parse(b"true"), Err(Malformed::NotDecision(_))));
        assert!(matches!(Output::parse_custom(b"yes"), Err(Malformed::NotDecision(_))));
        assert!(matches!(Output::parse(b"{\"result\":\"\xff\"}"), Err(Malformed::NotUtf8)));
    }
}
