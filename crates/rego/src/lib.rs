//! Rego: from text to a checked program.
//!
//! - [`syntax`]: text → [`syntax::ast`]. Never fails: it gives a tree and diagnostics.
//! - [`tree`]: the syntax tree as OPA shapes it, as JSON; [`format`] lays a policy out by it.
//! - [`semantic`]: trees → [`checked::Program`]: names resolved, bodies ordered, types checked. Gives diagnostics too.
//!
//! **API boundary:** [`checked`] is what both evaluators read, the reference evaluator directly and the compiler
//! through its lowering to IR. Neither looks at the syntax tree.

pub mod checked;
pub mod format;
pub mod names;
pub mod semantic;

pub use palisade_syntax::{limits, syntax, tree};
