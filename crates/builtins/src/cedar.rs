//! What compiled Cedar calls: operators, entities, requests, extension functions.
//!
//! Cedar's values are Rego's values in this form:
//!
//! | Cedar | here |
//! |---|---|
//! | boolean, string | the same |
//! | long | a number that is a 64-bit integer |
//! | set | a set |
//! | record | an object with string keys |
//! | entity `User::"a"` | an array of two strings: `["User", "a"]` |
//! | decimal, datetime, duration | an array of three: `["decimal", n, null]`; n is in units of 10⁻⁴, or in milliseconds |
//! | ipaddr | an array of three: `["ipaddr", address, prefix]`; the address is 8 or 32 hexadecimal digits |
//!
//! So equality of values is equality here, and sets are sorted and without duplicates in the order of Rego's values.
//!
//! The **store** of entities is an array of two objects: those of the request and those frozen into the module. Keys are
//! entities, values are arrays `[attributes, tags, parents, ancestors]`: two records, an array of entities, and a set of
//! entities, the transitive closure; it is null in the entities of the request, which would take quadratic time to close.
//! An entity of the request hides the frozen one of the same name.
//!
//! A function that has an error notes Cedar's message in [`Context::fault`] and is undefined. A request or entities that
//! are not what they must be end the evaluation with [`Failure::Input`].

#[macro_use]
pub mod registry;

pub mod attributes;
pub mod candidates;
pub mod datetime;
pub mod decimal;
pub mod duration;
pub mod entities;
pub mod faults;
pub mod hierarchy;
pub mod ipaddr;
pub mod operators;
pub mod request;
pub mod sets;

mod calls;
mod conformance;
mod cycles;
mod declared;
mod json;
mod names;
mod place;
mod schema;
mod store;
mod text;
mod values;

pub use registry::{arity, lookup};
