//! Rego: from text to a tree.
//!
//! - [`syntax`]: text → [`syntax::ast`]. Never fails: it gives a tree and diagnostics.
//! - [`tree`]: the syntax tree as OPA shapes it, and that as JSON.
//!
//! It knows nothing of what a policy means, and so stands below the built-in functions: `rego.parse_module` is one.

pub mod limits;
pub mod syntax;
mod text;
pub mod tree;
