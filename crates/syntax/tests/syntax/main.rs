//! The parser on policy text: trees, messages, annotations, limits.

mod conformance;
mod hostile;
mod show;
mod suite;
