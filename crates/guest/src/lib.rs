//! The run-time library that is linked into every module: WebAssembly code in Rust, for wasm32 only.
//!
//! The code generator takes the compiled form of this crate (`guest.wasm`, built by `cargo xtask guest`), drops every
//! function that the policy does not reach, and appends the policy's own functions. What it calls are the `rt_*` and
//! `bi_*` functions in [`rt`]; what hosts call are `allocate`, `ambient` and `load` there.
//!
//! - A value is a [`word::Word`]: 64 bits, laid out as `palisade_abi::image` says.
//! - Memory is an [`arena`]: a bump pointer that goes back to its base before each evaluation. Nothing may keep heap
//!   memory from one evaluation to the next; whatever lives longer is in a [`global::Global`].
//! - Input is read by [`json`]: one pass that validates all of it and keeps only what the policy asks for.
//!
//! Functions are small and independent of each other, without tables or `dyn` that would tie them together: what one
//! policy does not use must not stay in its module.

#![cfg(target_family = "wasm")]

pub mod arena;
pub mod bytes;
pub mod digits;
pub mod global;
pub mod image;
pub mod json;
pub mod order;
pub mod opa;
pub mod rt;
pub mod sort;
pub mod word;
