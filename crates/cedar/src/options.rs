//! How to read policies, and what is known beside them.

use crate::source::Source;

/// What is known beside the policies, and how to read them.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What entities and requests are like.
    pub schema: Option<Source>,
    /// The entities known now: a list in Cedar's JSON format.
    pub entities: Option<Source>,
    /// Links of templates: lists of `{"template_id", "link_id", "args": {"?principal": "User::\"a\""}}`. The new name
    /// may also stand under `new_id`.
    pub links: Vec<Source>,
    /// Whether a policy is named as its annotation `@id` says, if it has one.
    pub ids_from_annotations: bool,
    /// How policies are compared with the schema.
    pub validation: Validation,
    /// How many steps from entity to entity (`principal.manager.manager`) a policy may make; without it any number.
    pub level: Option<u32>,
}

/// How policies are compared with the schema, if there is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validation {
    /// As Cedar does it by default: a policy that passes can only fail by an absent entity, an overflow or a function
    /// of an extension.
    #[default]
    Strict,
    /// Not at all.
    Off,
}
