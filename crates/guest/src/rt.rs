//! What generated code and hosts call. Every exported function stands for itself: the code generator keeps those that a
//! policy uses.

pub mod ambient;
pub mod builtins;
pub mod cedar;
pub mod collect;
pub mod data;
pub mod edit;
pub mod errors;
pub mod evaluation;
pub mod failures;
pub mod host;
pub mod lookup;
pub mod matching;
pub mod overlay;
pub mod patterns;
pub mod print;
pub mod shortcuts;
