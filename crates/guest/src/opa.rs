//! The other face of a module: OPA's Wasm ABI 1.3, so that OPA and its SDKs load it as one of theirs.
//!
//! Values are known to such hosts by their address only. Here that is the address of a cell that holds a value word, so
//! that handing a value over costs eight bytes. Memory is the arena: the host's heap pointer is its top.
//!
//! What must call generated code or the host is generated (`codegen`, `module/opa.rs`); what is here are its parts. They
//! say by a packed result whether the host is to be told to abort: see [`values::abort`].

pub mod compact;
pub mod evaluation;
pub mod heap;
pub mod literal;
pub mod patch;
pub mod quoted;
pub mod values;
