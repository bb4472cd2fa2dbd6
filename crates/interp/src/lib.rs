//! The reference evaluator of Rego: reads the checked tree directly, obvious rather than fast.
//!
//! It shares nothing with the compiler behind the checked tree, on purpose: the two are compared on every test. It is
//! also what explains: it can trace, measure coverage and profile.
//!
//! **How it works.** Evaluation is a search for solutions, written in continuation-passing style: a method of
//! `machine::Machine` that evaluates something takes a continuation, calls it once for each solution with the
//! variables bound in the current frame, and takes the bindings back when the continuation returns. A `machine::Stop`
//! ends the search early, either because enough is known or because evaluation failed.
//!
//! The files follow the language: `term`, `access` (the parts of values), `unify`, `body`, `documents`
//! (references into `data`), `extent` (what several rules give together), `rule`, `call`, `with`.

mod access;
mod body;
mod builtin;
mod call;
mod coverage;
mod documents;
mod error;
mod evaluator;
mod extent;
mod failure;
mod frame;
mod host;
mod limits;
mod machine;
mod observe;
mod print;
mod profile;
mod rule;
mod session;
mod size;
mod term;
pub mod trace;
mod unify;
mod with;
mod world;

pub use coverage::{Coverage, FileCoverage, Range};
pub use error::{Code, EvalError};
pub use evaluator::{EvalOptions, Evaluator, Printed, QueryResult, Solution};
pub use failure::Failure;
pub use limits::Limits;
pub use print::PRINT;
pub use profile::{Clock, Profile, ProfileEntry};
pub use session::{Session, Variables};
pub use trace::{Event, Op, Trace};
