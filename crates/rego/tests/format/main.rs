//! Laying out: cases in Markdown, and every policy at hand.

mod conformance;
mod suite;
