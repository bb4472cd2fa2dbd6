//! Source files, spans and diagnostics: how Palisade speaks about problems in a user's policy.
//!
//! A [`Diagnostic`] is data. It is built by constructor functions in the crate that finds the problem (`errors.rs`
//! there) and turned into text only at the rim, by one of the [`render`]ers.

pub mod diagnostic;
#[cfg(feature = "render")]
pub mod render;
pub mod source;

pub use diagnostic::{Code, Diagnostic, Fix, Label, Severity};
#[cfg(feature = "render")]
pub use render::{Format, render};
pub use source::{FileId, Files, Position, Span};
