//! Policies in Cedar's JSON format.

use std::sync::Arc;

use palisade_diag::Severity;

use crate::errors::{self, POLICY, Place, Refusal};
use crate::limits::on_large_stack;
use crate::options::Options;
use crate::read;
use crate::source::Source;

/// The policies, templates and links of all sources as one policy set in Cedar's JSON format.
///
/// As text, since the tree of a long chain of operators may be too high for the stack of whoever drops it.
pub fn to_json(sources: &[Source]) -> Result<String, Refusal> {
    on_large_stack(|| {
        let mut input = read::read(sources, &Options::default());
        if input.has_errors() {
            return Err(Refusal { files: Arc::new(input.files), diagnostics: input.diagnostics });
        }
        input.policies.set.to_json().map(|set| format!("{set}")).map_err(|problem| {
            let place = Place::of_file(palisade_diag::FileId(0));
            input.diagnostics.extend(errors::reported(POLICY, Severity::Error, &problem, place));
            Refusal { files: Arc::new(input.files), diagnostics: input.diagnostics }
        })
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn json(sources: &[Source]) -> Value {
        serde_json::from_str(&to_json(sources).unwrap()).unwrap()
    }

    #[test]
    fn sources_of_both_kinds_become_one_set() {
        let text = Source::new("a.cedar", "permit(principal, action, resource) when { 1 != 2 };");
        let first = json(&[text]);
        let condition = &first["staticPolicies"]["policy0"]["conditions"][0];
        assert_eq!(condition["kind"], "when");
        assert_eq!(condition["body"]["!="]["left"]["Value"], 1);

        let again = Source::new("a.json", first.to_string());
        let more =
            Source::new("b.cedar", "@id(\"x\") forbid(principal == ?principal, action, resource);");
        let both = to_json(&[more, again]).unwrap_err();
        assert_eq!(both.diagnostics[0].code.name, "cedar-duplicate-policy");
        let again = Source::new("a.json", first.to_string().replace("policy0", "p"));
        let more = Source::new("b.cedar", "forbid(principal == ?principal, action, resource);");
        let both = json(&[more, again]);
        assert_eq!(both["staticPolicies"]["p"], first["staticPolicies"]["policy0"]);
        assert_eq!(both["templates"]["policy0"]["effect"], "forbid");
    }
}
