//! Schemas in both syntaxes.

use cedar_policy::Schema;
use palisade_diag::{Diagnostic, FileId, Severity};
use serde::de::IgnoredAny;

use crate::errors::{self, Place, SCHEMA};
use crate::json;
use crate::nesting::{self, Kind};
use crate::source::{Source, Syntax};

/// The schema of a file, if it is sound.
pub(crate) fn read(file: FileId, source: &Source, out: &mut Vec<Diagnostic>) -> Option<Schema> {
    let schema = match source.syntax {
        Syntax::Cedar => read_text(file, &source.text, out),
        Syntax::Json => read_json(file, &source.text, out),
    }?;
    // A part of a schema, whose other parts are elsewhere, does not say what a request is like.
    if let Err(problem) = schema.as_ref().check_complete() {
        report(&problem, Severity::Error, file, out);
        return None;
    }
    Some(schema)
}

fn read_text(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<Schema> {
    if let Some(diagnostic) = nesting::check(file, text, Kind::Schema) {
        out.push(diagnostic);
        return None;
    }
    match Schema::from_cedarschema_str(text) {
        Ok((schema, warnings)) => {
            for warning in warnings {
                report(&warning, Severity::Warning, file, out);
            }
            Some(schema)
        }
        Err(problem) => {
            report(&problem, Severity::Error, file, out);
            None
        }
    }
}

fn read_json(file: FileId, text: &str, out: &mut Vec<Diagnostic>) -> Option<Schema> {
    if let Err(diagnostic) = json::read::<IgnoredAny>(file, text) {
        out.push(*diagnostic);
        return None;
    }
    Schema::from_json_str(text)
        .map_err(|problem| {
            let place = Place::of_file(file).span;
            out.extend(json::reported(SCHEMA, &problem, text, place));
        })
        .ok()
}

fn report(
    problem: &dyn miette::Diagnostic,
    severity: Severity,
    file: FileId,
    out: &mut Vec<Diagnostic>,
) {
    out.extend(errors::reported(SCHEMA, severity, problem, Place::of_file(file)));
}
