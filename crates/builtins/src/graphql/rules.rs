//! The rules that a query has to keep.

pub(super) mod fields;
pub(super) mod fragments;
pub(super) mod operations;
pub(super) mod overlap;
pub(super) mod values;
