//! JSON text: read in one validating pass, turned into trees only on demand, and printed.
//!
//! The grammar is that of `palisade_value::json::parse`, and printing gives the same bytes as its `write_json`.

pub mod capture;
pub mod cursor;
pub mod tree;
pub mod write;
