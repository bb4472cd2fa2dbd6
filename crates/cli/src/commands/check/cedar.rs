//! `palisade check` of Cedar: policies, and what belongs to them, compared with the schema.

use palisade_cedar::analyse;

use super::Check;
use crate::policy::{self, DiagnosticFormat};
use crate::{Outcome, output};

impl Check {
    /// Parses and validates Cedar's policies.
    pub(super) fn check_cedar(&self) -> anyhow::Result<Outcome> {
        let sources = self.cedar.sources(&self.paths, &self.language)?;
        let options = self.cedar.reading_with_entities(&self.language)?;
        let analysis = analyse(&sources, &options);
        if self.format != DiagnosticFormat::Pretty || !analysis.diagnostics.is_empty() {
            let text = policy::render(self.format, &analysis.files, &analysis.diagnostics);
            output::line(text.trim_end())?;
        }
        Ok(if analysis.has_errors() { Outcome::Failure } else { Outcome::Success })
    }
}
