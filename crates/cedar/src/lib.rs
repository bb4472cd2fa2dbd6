//! Cedar from text to a checked set of policies.

pub mod checked;
