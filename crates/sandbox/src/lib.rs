//! Runs policy modules: WebAssembly that imports nothing, under limits, with nothing of the host in reach but what its
//! loader allows by name.
//!
//! An [`Engine`] is made once per process. [`Module::load`] checks that a module has one of the known [`Shape`]s and
//! compiles it, or takes the compiled code from a [`Cache`]. [`Module::evaluate`] makes a decision in a pooled instance
//! and can be called from many threads at once.
//!
//! **Invariant:** only a well-formed decision document is an [`Output`]. A trap, a limit and a malformed answer are an
//! [`EvalError`], which means that there is no decision; nothing in between exists, so nothing falls open.
//!
//! This is the only crate that knows Wasmtime.

mod about;
mod cache;
mod ceiling;
mod clock;
mod complexity;
mod engine;
mod error;
mod host;
mod instance;
mod limits;
mod module;
mod opa;
mod output;
mod pool;
mod shape;
mod state;

pub use cache::{Cache, CacheError};
pub use complexity::check as check_complexity;
pub use engine::{Engine, EngineOptions};
pub use error::{EngineError, EvalError, FunctionId, LoadError, Malformed, TooComplex};
pub use limits::Limits;
pub use module::{Call, EntrypointId, LoadOptions, Module};
pub use opa::{DecisionFacts, HostBuiltins};
pub use output::Output;
pub use shape::Shape;

/// The version of Wasmtime that runs the modules.
pub const WASMTIME_VERSION: &str = wasmtime_environ::VERSION;
