//! Modules that OPA's compiler makes (`opa build -t wasm`), by OPA's ABI, versions 1.2 and later.
//!
//! Unlike every other module they import: their memory, and functions of the host by exact names. What the host does for
//! them is to end an evaluation with a message, to drop what `print` prints, and to run the built-in functions that the
//! embedder gives. A module that asks for others is refused.

mod host;
mod probe;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, OnceLock};
use std::time::Instant;

use palisade_abi::HostCalls;
use palisade_abi::host::host_function;
use wasmtime::{ExternType, FuncType, Instance, Linker, Memory, MemoryType, Store, ValType};

use crate::engine::Engine;
use crate::error::LoadError;
use crate::limits::Limits;
use crate::state::State;

pub(crate) use host::{Abort, until_nul};

/// The exports that a module of this kind is known by, and the one whose version must fit.
const EVAL: &str = "opa_eval";
const VERSION: &str = "opa_wasm_abi_version";
const HOST_MODULE: &str = "env";
const MEMORY: &str = "memory";

/// Built-in functions that OPA's modules leave to the host.
pub trait HostBuiltins: Send + Sync + Debug {
    /// Whether there is a function of this name.
    fn has(&self, name: &str) -> bool;

    /// Calls a function. The arguments and the result are Rego text: JSON, and sets as `{1, 2}` or `set()`. `None` is
    /// undefined.
    ///
    /// # Errors
    /// A message, which ends the evaluation.
    fn call(
        &self,
        name: &str,
        args: &[String],
        decision: &DecisionFacts<'_>,
    ) -> Result<Option<String>, String>;
}

/// What a built-in function of the host may know of the decision that it is called in.
#[derive(Debug, Clone, Copy)]
pub struct DecisionFacts<'a> {
    /// The ambient facts: the JSON text of [`palisade_abi::Ambient`], or empty.
    pub ambient: &'a [u8],
    /// What the decision may ask of the world, if anything.
    pub calls: Option<&'a HostCalls>,
    /// When the evaluation ends, for functions that wait.
    pub deadline: Option<Instant>,
}

/// What instances of an OPA module are made of.
pub(crate) struct Opa {
    module: wasmtime::Module,
    linker: Linker<State>,
    memory: MemoryType,
    /// The entrypoints' paths and numbers, in the order of the numbers.
    pub(crate) entrypoints: Vec<(String, i32)>,
    /// Whether it calls functions that reach out of the evaluation.
    pub(crate) asks_host: bool,
}

/// The built-in functions that a module asks for, by its numbers; known once it has been asked.
type Names = Arc<OnceLock<BTreeMap<i32, String>>>;

/// Whether a module is of this kind.
pub(crate) fn is_opa(module: &wasmtime::Module) -> bool {
    module.get_export(EVAL).is_some() && module.get_export(VERSION).is_some()
}

/// Refuses a module that imports anything that OPA's modules do not, or lacks an export that they have.
pub(crate) fn check(module: &wasmtime::Module) -> Result<(), LoadError> {
    for import in module.imports() {
        let is_known = import.module() == HOST_MODULE
            && match import.ty() {
                ExternType::Func(ty) => host::n_params(import.name())
                    .is_some_and(|(n, has_result)| is_function(&ty, n, usize::from(has_result))),
                ExternType::Memory(ty) => import.name() == MEMORY && !ty.is_64() && !ty.is_shared(),
                _ => false,
            };
        if !is_known {
            let (module, name) = (import.module().to_owned(), import.name().to_owned());
            return Err(LoadError::Import { module, name });
        }
    }
    let functions = [
        (EVAL, 7, 1),
        ("builtins", 0, 1),
        ("entrypoints", 0, 1),
        ("opa_malloc", 1, 1),
        ("opa_json_parse", 2, 1),
        ("opa_json_dump", 1, 1),
        ("opa_value_parse", 2, 1),
        ("opa_value_dump", 1, 1),
        ("opa_heap_ptr_get", 0, 1),
    ];
    for (name, n_params, n_results) in functions {
        match module.get_export(name) {
            Some(ExternType::Func(ty)) if is_function(&ty, n_params, n_results) => {}
            _ => {
                return Err(LoadError::Shape(format!(
                    "its export `{name}` must be a function of OPA's ABI 1.2"
                )));
            }
        }
    }
    match module.get_export(MEMORY) {
        Some(ExternType::Memory(_)) => Ok(()),
        _ => Err(LoadError::Shape("it must export its memory".to_owned())),
    }
}

fn is_function(ty: &FuncType, n_params: usize, n_results: usize) -> bool {
    (ty.params().len(), ty.results().len()) == (n_params, n_results)
        && ty.params().chain(ty.results()).all(|ty| matches!(ty, ValType::I32))
}

impl Opa {
    /// Links a module with the host's functions, and asks it which of them it needs and what its entrypoints are.
    pub(crate) fn load(
        engine: &Engine,
        module: &wasmtime::Module,
        builtins: Option<Arc<dyn HostBuiltins>>,
        limits: &Limits,
    ) -> Result<Opa, LoadError> {
        let memory = module.imports().find_map(|import| match import.ty() {
            ExternType::Memory(ty) => Some(ty),
            _ => None,
        });
        let memory =
            memory.ok_or_else(|| LoadError::Shape("it must import its memory".to_owned()))?;
        let names = Names::default();
        let linker = host::linker(engine, builtins.clone(), Arc::clone(&names))
            .map_err(|cause| LoadError::Invalid(cause.to_string()))?;
        let module = module.clone();
        let mut opa = Opa { module, linker, memory, entrypoints: Vec::new(), asks_host: false };
        let found = probe::ask(engine, &opa, limits)?;
        for name in found.builtins.keys() {
            if !builtins.as_ref().is_some_and(|builtins| builtins.has(name)) {
                return Err(match host_function(name) {
                    Some(it) => {
                        LoadError::HostFunction { name: name.clone(), permission: it.permission }
                    }
                    None => LoadError::Builtin(name.clone()),
                });
            }
            opa.asks_host |= host_function(name).is_some();
        }
        let by_number = found.builtins.into_iter().map(|(name, number)| (number, name)).collect();
        // It is set here only, once.
        let _ = names.set(by_number);
        opa.entrypoints = found.entrypoints.into_iter().collect();
        opa.entrypoints.sort_by_key(|(_, number)| *number);
        Ok(opa)
    }

    /// Makes an instance with a memory of its own.
    pub(crate) fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<Instance> {
        let memory = Memory::new(&mut *store, self.memory.clone())?;
        let mut linker = self.linker.clone();
        linker.define(&mut *store, HOST_MODULE, MEMORY, memory)?;
        linker.instantiate(store, &self.module)
    }
}
