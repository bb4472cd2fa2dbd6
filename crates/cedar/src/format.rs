//! Formatting policies.

use cedar_policy::PolicySet;
use cedar_policy_formatter::{Config, policies_str_to_pretty};
use palisade_diag::{Diagnostic, FileId, Severity};

use crate::errors::{self, POLICY, Place};
use crate::limits::on_large_stack;
use crate::nesting::{self, Kind};

/// The policies as Cedar's own formatter writes them, comments included. Places in diagnostics are in the only file.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    on_large_stack(|| {
        let place = Place::of_file(FileId(0));
        if let Some(diagnostic) = nesting::check(place.file, text, Kind::Policies) {
            return Err(vec![diagnostic]);
        }
        let report = |problem: &dyn miette::Diagnostic| {
            errors::reported(POLICY, Severity::Error, problem, place)
        };
        // The formatter says only that there are errors.
        text.parse::<PolicySet>().map_err(|problem| report(&problem))?;
        policies_str_to_pretty(text, &Config::default()).map_err(|problem| report(&*problem))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_become_regular_and_keep_their_comments() {
        let text = "permit(principal,action,resource)// all\nwhen{1<2};";
        let formatted = format(text).unwrap();
        assert!(formatted.contains("// all"), "{formatted}");
        assert!(formatted.contains("when { 1 < 2 };"), "{formatted}");
        assert_eq!(format(&formatted).unwrap(), formatted);
    }

    #[test]
    fn broken_policies_are_diagnostics() {
        let diagnostics = format("permit(principal);\npermit(;").unwrap_err();
        assert_eq!(diagnostics[0].code.name, "cedar-parse");
        assert!(format(&"(".repeat(10_000)).is_err());
    }
}
