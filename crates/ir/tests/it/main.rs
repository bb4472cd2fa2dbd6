//! Tests of the intermediate form: lowered programs are run by a small interpreter of it.

mod conformance;
mod eval;
mod long_bodies;
mod lowering;
mod splitting;
mod verifier;
