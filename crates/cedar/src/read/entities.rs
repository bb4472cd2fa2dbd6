//! Entities that are known beside the policies.

use cedar_policy::{Entities, Entity, Schema};
use palisade_diag::{Diagnostic, FileId, Severity, Span};
use serde_json::value::RawValue;

use crate::errors::{self, ENTITY, Place};
use crate::json;

/// The entities of a file, and the actions of the schema.
///
/// Each is read by itself, so that every mistake is said where it is.
pub(crate) fn read(
    file: FileId,
    text: &str,
    schema: Option<&Schema>,
    out: &mut Vec<Diagnostic>,
) -> Entities {
    let parts: Vec<&RawValue> = match json::read(file, text) {
        Ok(parts) => parts,
        Err(diagnostic) => {
            out.push(*diagnostic);
            return Entities::empty();
        }
    };
    let mut entities = Vec::new();
    let n_before = out.len();
    for part in parts {
        let span = json::span_of(file, text, part);
        match Entity::from_json_str(part.get(), schema) {
            Ok(entity) => entities.push((span, entity)),
            Err(problem) => out.extend(json::reported(ENTITY, &problem, part.get(), span)),
        }
    }
    if out.len() > n_before {
        return Entities::empty();
    }
    let all = entities.iter().map(|(_, entity)| entity.clone());
    Entities::from_entities(all, schema).unwrap_or_else(|problem| {
        let place = Place::of(blamed(&entities, &problem, file));
        out.extend(errors::reported(ENTITY, Severity::Error, &problem, place));
        Entities::empty()
    })
}

/// Which entity a problem of all of them together is about: the last that it names.
fn blamed(entities: &[(Span, Entity)], problem: &dyn std::error::Error, file: FileId) -> Span {
    let message = errors::message(problem);
    let named =
        entities.iter().rev().find(|(_, entity)| message.contains(&entity.uid().to_string()));
    named.map_or(Place::of_file(file).span, |(span, _)| *span)
}
