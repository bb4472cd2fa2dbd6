//! Functions of the host: the few things of the world that a policy may be allowed to ask for.
//!
//! A pure module has none. A module that was compiled with such a permission imports the function from [`HOST_MODULE`]
//! under its Rego name, `(ptr: i32, len: i32) -> i64`: the place of the call's arguments, a JSON array, goes in, and the
//! packed place of the answer comes back. The answer has the shape of a decision document: `{"result": …}`, or
//! `{"error": {"code", "message"}}`. The host makes room for it with the module's own `allocate`.

mod answers;
mod calls;

use std::fmt::Debug;
use std::time::Instant;

use serde::{Deserialize, Serialize};

pub use answers::HostAnswers;
pub use calls::HostCalls;

use crate::ErrorCode;

/// The name of the module that host functions are imported from.
pub const HOST_MODULE: &str = "palisade";

/// A function of the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostFunction {
    /// Its name in policies, which is also the import's name.
    pub name: &'static str,
    /// The permission that it needs, as `--allow-host` takes it.
    pub permission: &'static str,
    /// Whether its result is a set, which JSON carries as an array.
    pub gives_set: bool,
}

/// Every function that a host may offer. Each takes one argument.
pub const HOST_FUNCTIONS: [HostFunction; 2] = [
    HostFunction { name: "http.send", permission: "http", gives_set: false },
    HostFunction { name: "net.lookup_ip_addr", permission: "dns", gives_set: true },
];

/// The host function of that name.
pub fn host_function(name: &str) -> Option<&'static HostFunction> {
    HOST_FUNCTIONS.iter().find(|it| it.name == name)
}

/// The names of all of them: for whoever compiles policies that stay in this process, where each call asks for
/// permission anyway.
pub fn host_function_names() -> Vec<String> {
    HOST_FUNCTIONS.iter().map(|it| it.name.to_owned()).collect()
}

/// What an embedder gives to policies.
pub trait HostFunctions: Send + Sync + Debug {
    /// Whether policies may call the function of this name.
    fn allows(&self, name: &str) -> bool;

    /// Calls a function; it must be back by the deadline. The result is JSON text.
    ///
    /// # Errors
    /// Why there is no result.
    fn call(&self, call: &HostCall<'_>) -> Result<String, HostError>;
}

/// One call.
#[derive(Debug, Clone, Copy)]
pub struct HostCall<'a> {
    /// The function's name.
    pub name: &'a str,
    /// The arguments: the JSON text of an array.
    pub arguments: &'a str,
    /// When the evaluation ends.
    pub deadline: Option<Instant>,
}

/// Why a call has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostError {
    /// The function failed. The call is then undefined, or ends the evaluation, as with any other built-in.
    Failed(HostFailure),
    /// The evaluation's deadline has passed.
    Deadline,
}

/// What a failed call tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostFailure {
    /// The code: [`ErrorCode::Type`] and [`ErrorCode::Builtin`] make the call undefined where built-in errors are not
    /// strict, every other one ends the evaluation.
    pub code: String,
    /// What is wrong, without the function's name.
    pub message: String,
}

impl HostError {
    /// A failure with this code.
    pub fn failed(code: ErrorCode, message: impl Into<String>) -> HostError {
        HostError::Failed(HostFailure { code: code.as_str().to_owned(), message: message.into() })
    }
}

impl HostFailure {
    /// Whether the failure ends every evaluation, strict or not.
    pub fn ends_evaluation(&self) -> bool {
        !matches!(ErrorCode::parse(&self.code), Some(ErrorCode::Type | ErrorCode::Builtin))
    }
}
