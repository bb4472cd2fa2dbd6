//! Cedar from text to a checked set of policies.
//!
//! The official crates read and validate; this crate is the only one of the product that knows them. What they find is
//! said as [`palisade_diag::Diagnostic`]s with places in the sources, and what they understood becomes a
//! [`checked::PolicySet`], in which nothing of them is left. Their syntax tree is the one that their own evaluator
//! runs, so nothing that it would do is lost on the way, not even calls that can only fail.
//!
//! [`analyse`] is the way in; [`format`](fn@format) and [`to_json`] serve the tools, and [`oracle`] decides with the
//! official evaluator, for tests.

mod analyse;
pub mod checked;
mod errors;
mod format;
mod json;
mod limits;
mod lower;
mod nesting;
mod options;
pub mod oracle;
mod read;
mod source;
mod to_json;
mod uid;
mod validate;

pub use analyse::{Analysis, analyse};
pub use errors::Refusal;
pub use format::format;
pub use limits::{NESTING_MAX, OPERATORS_MAX, TYPES_MAX};
pub use options::{Options, Validation};
pub use source::{Source, Syntax};
pub use to_json::to_json;
