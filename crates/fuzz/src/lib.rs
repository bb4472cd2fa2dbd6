//! The differential fuzzer: makes programs, asks both evaluators, and takes a difference for a defect.
//!
//! [`generate`] makes a case from a seed and a number. [`properties`] says what must hold of every case; [`minimise`]
//! makes a case that fails small, and [`section`] writes it as a section for `tests/suite`. [`peer`] asks another
//! evaluator, which runs in a process of its own. `docs/dev/fuzzing.md` has the table of properties.

pub mod case;
pub mod generate;
pub mod minimise;
pub mod mutate;
pub mod peer;
pub mod properties;
pub mod rng;
pub mod run;
pub mod section;
