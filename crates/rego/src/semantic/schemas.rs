//! JSON schemas: what policies may expect of `input` and of base data.
//!
//! A schema is named by a path below `schema`, as annotations do: `schema.acl`. The one at `schema` itself says what all
//! input is like. Annotations (`schemas:`) put schemas, or types written in place, over documents for a rule, all rules
//! of a document, a package or everything below it.
//!
//! - `convert`, `merge`: from a schema to the type of the values that it admits
//! - `annotated`: which schemas hold for which rule

mod annotated;
mod convert;
mod merge;

use std::collections::BTreeMap;

use palisade_value::Value;
use palisade_value::types::Type;

pub(super) use annotated::{Overlay, Overlays, path_of};

/// The schemas that a program is checked with.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    /// By their path below `schema`.
    documents: BTreeMap<Vec<String>, Value>,
}

/// Why a schema can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// It is no schema, or refers to what isn't there.
    #[error("unable to compile the schema: {0}")]
    Malformed(String),
    /// Types can't say what it says.
    #[error("type checking: unable to merge these schemas: type mismatch: {0} and {1}")]
    Mismatch(&'static str, &'static str),
}

impl Schemas {
    /// No schemas: everything can be anything.
    pub const NONE: &'static Schemas = &Schemas { documents: BTreeMap::new() };

    /// Adds a schema; without a path it is that of all input.
    pub fn add(&mut self, path: Vec<String>, schema: Value) {
        self.documents.insert(path, schema);
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// The type of what a schema admits, if there is such a schema.
    fn get(&self, path: &[String]) -> Option<Result<Type, SchemaError>> {
        Some(type_of(self.documents.get(path)?))
    }
}

/// The type of the values that a schema admits, as far as types can say it.
fn type_of(schema: &Value) -> Result<Type, SchemaError> {
    convert::Converter::new(schema).convert(schema)
}
