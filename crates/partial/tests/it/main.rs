//! Partial evaluation against direct evaluation: what is left must have the same solutions.

mod cases;
mod conformance;
mod examples;
mod property;
