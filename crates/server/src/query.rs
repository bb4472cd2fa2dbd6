//! The query parameters of `/v1/data`, as OPA has them.

use serde_json::value::RawValue;

use crate::rescue::Failure;

/// The parameters; those that are not known are passed over.
#[derive(Debug, Default)]
pub(crate) struct Params {
    pub(crate) input: Option<Box<RawValue>>,
    pub(crate) pretty: bool,
    pub(crate) explain: bool,
    pub(crate) metrics: bool,
    pub(crate) provenance: bool,
    pub(crate) strict_builtin_errors: bool,
}

impl Params {
    /// Reads the decoded pairs of a query string.
    pub(crate) fn parse(pairs: &[(String, String)]) -> Result<Params, Failure> {
        let mut params = Params::default();
        for (name, value) in pairs {
            match name.as_str() {
                "input" => params.input = parse_input(value)?,
                "pretty" => params.pretty = is_on(value),
                "explain" => params.explain = parse_explain(value)?,
                // OPA's `instrument` is a finer kind of metrics.
                "metrics" | "instrument" => params.metrics |= is_on(value),
                "provenance" => params.provenance = is_on(value),
                "strict-builtin-errors" => params.strict_builtin_errors = is_on(value),
                _ => {}
            }
        }
        Ok(params)
    }
}

/// A flag is on when it is named (`?pretty`) or `true`.
fn is_on(value: &str) -> bool {
    value.is_empty() || value.eq_ignore_ascii_case("true")
}

/// OPA's names for how much is told; here all of them tell the rules that held.
fn parse_explain(value: &str) -> Result<bool, Failure> {
    match value {
        "notes" | "fails" | "full" | "debug" => Ok(true),
        "off" | "" => Ok(false),
        _ => Err(Failure::Parameter(format!(
            "parameter explain is `{value}`; it takes notes, fails, full, debug or off"
        ))),
    }
}

fn parse_input(text: &str) -> Result<Option<Box<RawValue>>, Failure> {
    serde_json::from_str(text).map_err(|cause| {
        Failure::Parameter(format!("parameter contains malformed input document: {cause}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Result<Params, Failure> {
        let pairs: Vec<_> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Params::parse(&pairs)
    }

    #[test]
    fn flags_are_on_when_named_or_true() {
        let of = |value| params(&[("pretty", value)]).expect("parameters").pretty;
        assert!(of("") && of("true") && of("TRUE"));
        assert!(!of("false") && !of("1"));
        assert!(!params(&[("later", "")]).expect("parameters").pretty);
    }

    #[test]
    fn explanations_are_asked_for_by_name() {
        let of = |value| params(&[("explain", value)]).expect("parameters").explain;
        assert!(of("full") && of("notes"));
        assert!(!of("off") && !of(""));
        assert!(params(&[("explain", "bogus")]).is_err());
        assert!(params(&[("explain", "Full")]).is_err());
    }

    #[test]
    fn the_input_is_json() {
        let input =
            params(&[("input", r#"{"a": 1.0}"#)]).expect("parameters").input.expect("an input");
        assert_eq!(input.get(), r#"{"a": 1.0}"#);
        assert!(params(&[("input", "{")]).is_err());
    }
}
