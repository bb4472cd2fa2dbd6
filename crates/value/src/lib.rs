//! The Rego value: JSON plus sets, exact numbers and a total order.
//!
//! Two representations of a value exist and everything that computes with values is written once for both:
//!
//! - [`Value`] is the native one, reference counted and safe: compiler, reference evaluator, tools.
//! - the guest's tagged 64-bit word, which lives in the module's arena and is known only to the `guest` crate.
//!
//! Both implement [`AnyValue`], and [`order`], [`json`], [`number`] and the whole of `palisade-builtins` are generic
//! over it. **Invariant:** composite values are sorted slices. An object is a slice of [`Entry`] sorted by key without
//! duplicates, a set is a sorted slice without duplicates, whatever the representation.
//!
//! [`types`] are the static types of values, which the type checker and the built-in declarations speak.

pub mod any;
pub mod json;
pub mod number;
pub mod order;
pub mod types;
pub mod value;

pub use any::{AnyValue, Entry, Kind, View};
pub use number::Num;
pub use value::Value;
