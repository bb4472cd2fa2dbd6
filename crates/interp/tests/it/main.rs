//! The reference evaluator against policies: Markdown suites, OPA's cases, and what can only be said in Rust.

mod conformance;
mod limits;
mod policy;
mod reports;
mod suite;
