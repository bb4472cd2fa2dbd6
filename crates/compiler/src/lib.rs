//! The compiler: sources in, diagnostics and a module out. It does no IO; files come in as text.
//!
//! [`analyse`] parses and checks, which is all that `palisade check` and the reference evaluator need. [`compile`] goes
//! on through IR to a WebAssembly module. Both give every diagnostic they can find in one run.
//!
//! ```
//! use palisade_compiler::{Options, Source, compile};
//!
//! let source = Source::new("policy.rego", "package authz\nallow if input.role == \"admin\"");
//! let options = Options { entrypoints: vec!["authz/allow".to_owned()], ..Options::default() };
//! let compilation = compile(&[source], &options).expect("the policy can be compiled");
//! let artifact = compilation.artifact.expect("the policy has no errors");
//! assert_eq!(&artifact.wasm[..4], b"\0asm");
//! ```

mod analyse;
mod capabilities;
pub mod cedar;
mod compile;
mod host;
mod manifest;
mod unbroken;
mod version;

pub use analyse::{Analysis, Options, Query, Source, analyse};
pub use capabilities::{AbiVersion, Builtin, Capabilities, CapabilitiesError, Decl};
pub use palisade_codegen::Abi;
pub use palisade_rego::semantic::Schemas;

pub use compile::{Artifact, Compilation, CompileError, compile, generate, query_entrypoint};
pub use palisade_codegen::RUN_TIME_LIBRARY;
