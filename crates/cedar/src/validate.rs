//! Comparing policies with the schema.

use std::collections::BTreeSet;

use cedar_policy::{Schema, ValidationError, ValidationMode, ValidationWarning, Validator};
use palisade_diag::{Diagnostic, Severity};

use crate::errors;
use crate::read::Policies;

/// What the official validator finds, up to a level if one is given. Warnings that only follow from something else that
/// is said of the same policy are left out.
pub(crate) fn validate(
    policies: &Policies,
    schema: &Schema,
    level: Option<u32>,
    out: &mut Vec<Diagnostic>,
) {
    let validator = Validator::new(schema.clone());
    let found = match level {
        Some(level) => validator.validate_with_level(&policies.set, ValidationMode::Strict, level),
        None => validator.validate(&policies.set, ValidationMode::Strict),
    };
    let n_before = out.len();
    let mut faulty = BTreeSet::new();
    for error in found.validation_errors() {
        faulty.insert(error.policy_id());
        let (code, place) = (errors::validation(name(error)), policies.place(error.policy_id()));
        out.extend(errors::reported(code, Severity::Error, error, place));
    }
    // A policy that can't apply can't be true either.
    let inapplicable: BTreeSet<_> = found
        .validation_warnings()
        .filter(|it| matches!(it, ValidationWarning::InvalidActionApplication(_)))
        .map(ValidationWarning::policy_id)
        .collect();
    for warning in found.validation_warnings() {
        let id = warning.policy_id();
        let follows = match warning {
            ValidationWarning::ImpossiblePolicy(_) => {
                faulty.contains(id) || inapplicable.contains(id)
            }
            ValidationWarning::InvalidActionApplication(_) => faulty.contains(id),
            _ => false,
        };
        if !follows {
            let code = errors::validation(name_of_warning(warning));
            out.extend(errors::reported(code, Severity::Warning, warning, policies.place(id)));
        }
    }
    // The validator keeps what it finds in hash sets.
    let found = out.get_mut(n_before..).unwrap_or_default();
    found.sort_by(|a, b| (a.span(), &a.message).cmp(&(b.span(), &b.message)));
}

fn name(error: &ValidationError) -> &'static str {
    match error {
        ValidationError::UnrecognizedEntityType(_) => "cedar-unknown-entity-type",
        ValidationError::UnrecognizedActionId(_) => "cedar-unknown-action",
        ValidationError::UnexpectedType(_) => "cedar-type",
        ValidationError::IncompatibleTypes(_) => "cedar-incompatible-types",
        ValidationError::UnsafeAttributeAccess(_) => "cedar-unknown-attribute",
        ValidationError::UnsafeOptionalAttributeAccess(_) => "cedar-optional-attribute",
        ValidationError::UnsafeTagAccess(_) => "cedar-optional-tag",
        ValidationError::NoTagsAllowed(_) => "cedar-no-tags",
        ValidationError::UndefinedFunction(_) => "cedar-unknown-function",
        ValidationError::WrongNumberArguments(_) => "cedar-arity",
        ValidationError::FunctionArgumentValidation(_) => "cedar-argument",
        ValidationError::EmptySetForbidden(_) => "cedar-empty-set",
        ValidationError::NonLitExtConstructor(_) => "cedar-computed-literal",
        ValidationError::EntityDerefLevelViolation(_) => "cedar-level",
        ValidationError::InvalidEnumEntity(_) => "cedar-unknown-entity",
        _ => "cedar-validation",
    }
}

fn name_of_warning(warning: &ValidationWarning) -> &'static str {
    match warning {
        ValidationWarning::MixedScriptString(_) | ValidationWarning::MixedScriptIdentifier(_) => {
            "cedar-mixed-scripts"
        }
        ValidationWarning::BidiCharsInString(_) | ValidationWarning::BidiCharsInIdentifier(_) => {
            "cedar-bidirectional-text"
        }
        ValidationWarning::ConfusableIdentifier(_) => "cedar-confusable-identifier",
        ValidationWarning::ImpossiblePolicy(_) => "cedar-impossible-policy",
        ValidationWarning::InvalidActionApplication(_) => "cedar-inapplicable-policy",
        _ => "cedar-validation",
    }
}
