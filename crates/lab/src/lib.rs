//! The lab: where policies are tried before anyone relies on them.
//!
//! [`subject`] puts both evaluators behind one face: the reference evaluator and the compiled module in the sandbox.
//! [`testing`] runs a policy's tests in either or both and takes a difference between them for a failure; [`bench`]
//! measures them.

pub mod bench;
pub mod cedar;
pub mod subject;
pub mod testing;
