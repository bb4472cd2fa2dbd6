//! Parsing and checking.

use std::sync::Arc;

use palisade_diag::{Diagnostic, Files, Severity};

use crate::checked::PolicySet;
use crate::limits::on_large_stack;
use crate::lower;
use crate::options::{Options, Validation};
use crate::read::{self, Input};
use crate::source::Source;
use crate::validate;

/// What parsing and checking found.
#[derive(Debug)]
pub struct Analysis {
    /// The sources, for showing diagnostics: policies, schema, entities, links.
    pub files: Arc<Files>,
    /// The checked policies; of use only if there are no errors.
    pub set: PolicySet,
    /// Everything that was found, errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Analysis {
    /// Whether there is an error among the diagnostics.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }
}

/// Parses and checks policies and what is known beside them.
pub fn analyse(sources: &[Source], options: &Options) -> Analysis {
    on_large_stack(|| {
        let mut input = checked(sources, options);
        let set = if input.has_errors() { PolicySet::default() } else { lower::lower(&mut input) };
        Analysis { files: Arc::new(input.files), set, diagnostics: input.diagnostics }
    })
}

/// The sources in the official form, validated.
pub(crate) fn checked(sources: &[Source], options: &Options) -> Input {
    let mut input = read::read(sources, options);
    if let Some(schema) = &input.schema
        && options.validation == Validation::Strict
    {
        validate::validate(&input.policies, schema, options.level, &mut input.diagnostics);
    }
    input
}
