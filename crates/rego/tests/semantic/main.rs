//! The semantic analysis on policy text: checked programs and messages.

mod conflicts;
mod conformance;
mod hostile;
mod missing;
mod show;
mod suite;
