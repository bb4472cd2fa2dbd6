//! The Rego built-in functions, one file a family, each declared once in [`registry`].
//!
//! Everything is generic over the representation of values ([`AnyValue`](palisade_value::AnyValue)): the reference
//! evaluator uses the functions natively, the guest compiles the same source to wasm32. Three rules follow from that:
//!
//! - A function is reachable only through itself: no tables or trait objects that tie functions together, so that a
//!   module carries only what its policy calls.
//! - No clock, no randomness, no environment: what a function may know besides its arguments stands in [`Context`].
//! - No panics and no unbounded results, whatever the arguments: a [`Failure`] says what was wrong. Its text is made
//!   only when it is printed.

#[macro_use]
pub mod registry;

pub mod context;
pub mod failure;
pub mod limits;
pub mod operands;
pub mod print;

pub mod aggregates;
pub mod ambient;
pub mod arrays;
pub mod aws;
pub mod base64;
pub mod bits;
pub mod casts;
pub mod cedar;
pub mod comparison;
pub mod crypto;
pub mod globs;
pub mod go_template;
pub mod graphql;
pub mod graphs;
pub mod hex;
pub mod json;
pub mod json_patch;
pub mod json_paths;
pub mod json_schema;
pub mod jwt;
pub mod net;
pub mod numbers;
pub mod objects;
pub mod regexes;
pub mod rego;
pub mod semver;
pub mod sets;
pub mod sprintf;
pub mod strings;
pub mod template;
pub mod time;
pub mod types;
pub mod units;
pub mod uri;
pub mod urlquery;
pub mod uuid;
pub mod x509;
pub mod yaml;

mod der;
mod float;
mod keys;
mod pem;
mod quote;
mod signatures;

pub use context::Context;
pub use failure::Failure;
pub use registry::{Function, declarations, lookup};
