//! Literate tests: Markdown in which each section is a test of what a policy means.
//!
//! A section is a heading `##`, some words about what it shows, and fenced blocks. The words behind the fence say what a
//! block is:
//!
//! | block | meaning |
//! |---|---|
//! | `rego`, `rego name.rego` | a source; without a name `policy.rego`, `policy-2.rego`, … |
//! | `rego v0` | a source in Rego v0; all sources of the section then are |
//! | `json input`, `json data` | the input document, the base data |
//! | `json schema`, `json schema a/b` | the schema of all input, the schema that annotations call `schema.a.b` |
//! | `result QUERY`, `strict result QUERY` | the value of the query, `undefined`, or the array of its bindings |
//! | `decision ENTRYPOINT` | the answer of an entrypoint, or `undefined` |
//! | `prints ENTRYPOINT` | the lines that the policy prints on the way to the answer, where `print` is kept |
//! | `error` | every diagnostic of the sources, a line each |
//! | `error QUERY`, `strict error QUERY` | the error that evaluating the query ends with |
//! | `ir ENTRYPOINT` | the intermediate form that is compiled for the entrypoint |
//!
//! Whatever is evaluated is evaluated twice, in the reference evaluator and in the compiled module, and the two must
//! agree before anything is compared with what is written. [`bless`] writes what came out into the blocks.

mod case;
mod evaluate;
mod markdown;
mod run;

pub use case::{Case, CaseError, Expectation};
pub use markdown::{Block, Section, sections};
pub use run::{Mismatch, bless, check};
