//! From the official form to the checked one.

mod entities;
mod expr;
mod policies;
mod schema;
mod value;

use palisade_diag::FileId;

use crate::checked::{PolicySet, Uid};
use crate::errors::{self, Place};
use crate::read::Input;

/// The checked form of sound sources. What can't be carried over is added to the diagnostics.
pub(crate) fn lower(input: &mut Input) -> PolicySet {
    let mut set = policies::lower(&input.policies, &input.files, &mut input.diagnostics);
    if let (Some(schema), Some(file)) = (&input.schema, input.schema_file) {
        set.schema = schema::lower(schema.as_ref());
        if set.schema.is_none() {
            input.diagnostics.push(errors::schema_too_large(Place::of_file(file).span));
        }
    }
    match entities::lower(&input.entities) {
        Ok(entities) => set.entities = entities,
        Err(uid) => {
            let span = Place::of_file(input.entities_file.unwrap_or(FileId(0))).span;
            let what = format!("the entity {}::{:?}", uid.ty, uid.id);
            input.diagnostics.push(errors::unsupported(span, &what));
        }
    }
    set
}

/// The checked form of an entity's name.
fn uid(uid: &cedar_policy_core::ast::EntityUID) -> Uid {
    let id: &str = uid.eid().as_ref();
    Uid { ty: uid.entity_type().to_string(), id: id.to_owned() }
}
