//! Formatting Cedar.
