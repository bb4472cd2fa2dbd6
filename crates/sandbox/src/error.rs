//! What can go wrong: making an engine, loading a module, evaluating.

use std::time::Duration;

use palisade_abi::{ABI_VERSION, PolicyError};

/// Why an engine cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// Code cannot be compiled for this machine.
    #[error("WebAssembly cannot be compiled on this machine: {0}")]
    Machine(String),
    /// The clock's thread cannot be started.
    #[error("the thread that watches deadlines cannot be started")]
    Clock(#[source] std::io::Error),
}

/// Why a module is not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The module is larger than the limit; sizes in bytes.
    #[error("the module is {len} bytes, which is more than the limit of {max}")]
    TooLarge {
        /// The module's size.
        len: usize,
        /// The limit.
        max: usize,
    },
    /// It would take too long, or too much memory, to compile.
    #[error("the module is too complex to compile: {0}")]
    TooComplex(TooComplex),
    /// The bytes are not a WebAssembly module, or one that uses a proposal that is off.
    #[error("the module is not valid WebAssembly: {0}")]
    Invalid(String),
    /// The module imports something.
    #[error(
        "the module imports `{name}` from `{module}`, and a policy module must not import anything"
    )]
    Import {
        /// The name of the module that the first import is from.
        module: String,
        /// The first import's name.
        name: String,
    },
    /// The module imports a function of the host that it may not call.
    #[error(
        "the module calls `{name}` of its host, which is not allowed; `--allow-host {permission}` allows it"
    )]
    HostFunction {
        /// The function.
        name: String,
        /// The permission that it needs.
        permission: &'static str,
    },
    /// The module imports other functions of the host than its manifest says.
    #[error(
        "the module imports these functions of its host: {imported:?}; and its manifest names {declared:?}"
    )]
    HostFunctions {
        /// The imported ones.
        imported: String,
        /// Those of the manifest.
        declared: String,
    },
    /// A module of OPA's needs a built-in function that the host does not have.
    #[error("the module needs the built-in function `{0}`, and this host does not have it")]
    Builtin(String),
    /// The exports fit none of the known shapes.
    #[error("the module has no known shape: {0}")]
    Shape(String),
    /// The module was made for another version of the contract.
    #[error(
        "the module has version {found} of the Palisade ABI, and this host has version {ABI_VERSION}"
    )]
    Version {
        /// The module's version.
        found: u32,
    },
    /// The manifest section is not a manifest.
    #[error("the module's manifest is malformed")]
    Manifest(#[source] serde_json::Error),
    /// The manifest section is larger than the limit; sizes in bytes.
    #[error("the module's manifest is {len} bytes, which is more than the limit of {max}")]
    ManifestTooLarge {
        /// The section's size.
        len: usize,
        /// The limit.
        max: usize,
    },
    /// The manifest names an entrypoint that is not exported with the right type.
    #[error("the manifest names the entrypoint `{0}`, and the module does not export it as one")]
    MissingEntrypoint(String),
    /// The module has more entrypoints than the limit.
    #[error("the module has {count} entrypoints, which is more than the limit of {max}")]
    TooManyEntrypoints {
        /// How many there are.
        count: usize,
        /// The limit.
        max: usize,
    },
    /// The module does not take JSON.
    #[error("the module takes only {0}, and this host speaks JSON")]
    Encoding(String),
    /// Base data was given to a module without `load`.
    #[error("base data was given, and the module does not take any: it has no `load`")]
    DataNotTaken,
    /// A fuel limit was set and the engine does not count fuel.
    #[error("a fuel limit is set, and the engine was made without fuel metering")]
    FuelNotMetered,
    /// The first instance could not be made.
    #[error("the module cannot be started")]
    Start(#[source] EvalError),
}

/// What a module has too much of.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TooComplex {
    /// Of something that is counted over the whole module.
    #[error("it has {count} {what}, which is more than the limit of {max}")]
    Module {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        count: u64,
        /// The limit.
        max: u64,
    },
    /// Of values that stay alive across branches.
    #[error(
        "{function} has {n_locals} locals, {n_branches} branches and {n_loops} loops, nested {depth} deep"
    )]
    Work {
        /// Which function.
        function: FunctionId,
        /// Its locals.
        n_locals: u64,
        /// The places where its control flow divides or joins.
        n_branches: u64,
        /// Its loops.
        n_loops: usize,
        /// How deep its blocks nest.
        depth: u64,
    },
    /// Of something that is counted in each function.
    #[error("{function} has {count} {what}, which is more than the limit of {max}")]
    Function {
        /// Which function.
        function: FunctionId,
        /// What is counted.
        what: &'static str,
        /// How many there are.
        count: u64,
        /// The limit.
        max: u64,
    },
}

/// A function of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionId {
    /// Which function of the code section, from 0.
    pub number: usize,
    /// What the module says its name is. Our compiler gives the rule's path.
    pub name: Option<String>,
}

impl std::fmt::Display for FunctionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "function {}", self.number)?;
        match &self.name {
            Some(name) => write!(f, ", `{}`,", name.escape_debug()),
            None => Ok(()),
        }
    }
}

/// Why an evaluation ended without a decision.
#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    /// The module has no such entrypoint.
    #[error("the module has no entrypoint `{0}`")]
    UnknownEntrypoint(String),
    /// The input or the ambient document is longer than the limit; sizes in bytes.
    #[error("the input is {len} bytes, which is more than the limit of {max}")]
    InputTooLarge {
        /// The document's size.
        len: usize,
        /// The limit.
        max: usize,
    },
    /// The decision document is longer than the limit; sizes in bytes.
    #[error("the answer is {len} bytes, which is more than the limit of {max}")]
    OutputTooLarge {
        /// The document's size.
        len: usize,
        /// The limit.
        max: usize,
    },
    /// The evaluation was stopped at its deadline.
    #[error("the evaluation was stopped at its deadline of {0:?}")]
    Deadline(Duration),
    /// The evaluation has used up its fuel.
    #[error("the evaluation has used up its fuel of {0}")]
    Fuel(u64),
    /// The module asked for more memory than the ceiling allows.
    #[error("the evaluation needs more memory than the limit of {max} bytes")]
    Memory {
        /// The ceiling, in bytes.
        max: usize,
    },
    /// The evaluation has used up its stack.
    #[error("the evaluation has used up its stack")]
    Stack,
    /// The module stopped with a trap.
    #[error("the module trapped: {0}")]
    Trap(String),
    /// A module of OPA's ended the evaluation with a message.
    #[error("the policy's evaluation failed: {0}")]
    Aborted(String),
    /// The module's answer is not a decision.
    #[error("the module's answer is malformed: {0}")]
    Malformed(#[source] Malformed),
    /// The module refused the base data or the ambient document.
    #[error("the module refused what `{call}` gave it: {}", .error.message)]
    Refused {
        /// The export that was called: `load` or `ambient`.
        call: &'static str,
        /// What the module answered.
        error: PolicyError,
    },
    /// The host could not make an instance.
    #[error("no instance of the module can be made: {0}")]
    Host(String),
}

/// What is wrong with a module's answer.
#[derive(Debug, thiserror::Error)]
pub enum Malformed {
    /// `allocate` answered with a place that is not in memory.
    #[error("`allocate` gave {len} bytes at {ptr}, which is outside of its memory")]
    Allocation {
        /// The place.
        ptr: u32,
        /// How many bytes were asked for.
        len: usize,
    },
    /// The answer's place is not in memory.
    #[error("it has {len} bytes at {ptr}, which is outside of its memory")]
    Place {
        /// The place.
        ptr: u32,
        /// The length, in bytes.
        len: u32,
    },
    /// The answer is not UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
    /// The answer is not a decision document.
    #[error("it is not a decision document: {0}")]
    NotDecision(String),
    /// A bare boolean is neither 0 nor 1.
    #[error("it is {0}, and a boolean is 0 or 1")]
    NotBoolean(u32),
    /// `load` or `ambient` answered with a document that holds no error.
    #[error("`{0}` answered with something other than an error")]
    NotError(&'static str),
}
