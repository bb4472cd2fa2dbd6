//! What capabilities allow a program to use: built-ins by name, also such as only a host has, and parts of the language.

use std::collections::BTreeSet;

use palisade_value::types::Signature;

use crate::syntax::Language;

/// A built-in that only the capabilities know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Its name in policies.
    pub name: String,
    /// Its types.
    pub signature: Signature,
    /// Whether a call yields many results.
    pub relation: bool,
    /// Whether strict mode and Rego v1 refuse it.
    pub deprecated: bool,
}

/// The bounds of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// The names of all built-ins that may be called.
    pub names: BTreeSet<String>,
    /// Those of them that nobody else declares.
    pub foreign: Vec<Foreign>,
    /// The parts of the language.
    pub language: Language,
}

impl Allowed {
    /// Whether a built-in may be called. What calls of `print` become goes with `print`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(if name == "internal.print" { "print" } else { name })
    }
}
