//! OPA's conformance cases: reading them and judging what an evaluator made of them.
//!
//! The crate knows no evaluator. Whoever has one compiles a [`Case`], evaluates it and hands the [`Answer`] to
//! [`judge`]; `cargo xtask conformance` does that for all evaluators.

mod case;
mod judge;
mod prepare;
mod yaml;

pub use case::{Case, Expected, ReadError, Version, read_dir, root};
pub use judge::{Answer, Failed, Outcome, Tally, judge};
pub use prepare::{Prepared, prepare};
