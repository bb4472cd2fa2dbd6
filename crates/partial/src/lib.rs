//! Partial evaluation: what is left of a query when only a part of its documents is known.
//!
//! [`evaluate`] takes a checked program, a query, and the places in `input` and `data` that are unknown. It gives a
//! residual program: queries of which one at least must hold, and support modules with the rules that they refer to.
//!
//! **The guarantee.** Whatever the unknown documents are, the residual queries together, evaluated over the support
//! modules, have the same solutions as the original query: the same variables with the same values, in no particular
//! order and possibly more than once. Where the original fails with a conflict, so does the residual program. An
//! expression that is a mere term counts as a condition, so `false` does not hold. Two things are outside: what a
//! limit stops, and *which* of several errors is reported.
//!
//! **How it works.** As in the reference evaluator, evaluation is a search for solutions in continuation-passing style,
//! but over symbols (`symbol`): values that are known, known in part, or only names of residual variables.
//!
//! - What touches nothing unknown (`touch`) and has only known variables is given to the reference evaluator (`known`).
//! - What is unknown is saved: `v = input.x` goes to the residual body, and `v` stands for it from there on. Each
//!   solution of the search is one alternative, a conjunction of what was saved on the way.
//! - References to rules (`data`, `rules`) and calls (`call`) are put in place, alternative by alternative, where that
//!   cannot change an answer; otherwise they refer to a rule of a support module (`support`, with `branches` and `packages`),
//!   made of the same alternatives (`outcome`).
//! - Closures (`closures`) are evaluated apart and kept as closures, or as support rules.
//! - Inside `with` (`with`, `world`) what is replaced counts as unknown, so that the modifier can be kept.
//! - At the end, `simplify` makes bodies readable, and `text` writes them down.
//!
//! **Where it ends.** Programs have no recursion, so each search is finite; the limits of [`Options`] bound steps, time
//! and the size of what is left, and references with too many alternatives are not put in place.

mod body;
mod branches;
mod call;
mod closures;
mod data;
mod equate;
mod error;
mod known;
mod machine;
mod options;
mod outcome;
mod packages;
mod query;
mod residual;
mod rules;
mod simplify;
mod support;
mod symbol;
mod term;
mod text;
mod touch;
mod unify;
mod uses;
mod want;
mod with;
mod world;

pub use error::PartialError;
pub use options::{EXPRESSIONS_MAX, Options, Unknown};
pub use query::{Residual, evaluate};
