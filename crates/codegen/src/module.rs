//! Putting the module together.

mod host;
mod linker;
mod opa;
mod palisade;
mod sections;

use palisade_ir::program::{Function, Program};
use wasm_encoder::ValType;

use crate::function::{self, Body};
use crate::guest::Guest;
use crate::paths::Paths;
use crate::reach::reach;

pub use host::host_functions;
pub use linker::Linker;

/// The names of exports that every module has; no entrypoint may be called so.
pub const RESERVED_EXPORTS: [&str; 6] =
    ["memory", "palisade_abi", "allocate", "evaluate", "load", "ambient"];

/// The face that a module has towards its host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abi {
    /// Palisade's own: nothing is imported but host functions that the policy calls.
    #[default]
    Palisade,
    /// OPA's Wasm ABI 1.3, for OPA and its SDKs.
    Opa,
}

/// What goes into a module besides the program.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The face towards the host.
    pub abi: Abi,
    /// The contents of the custom section `palisade.manifest`.
    pub manifest: Vec<u8>,
}

/// Why a program can't become a module.
#[derive(Clone, Debug, thiserror::Error)]
pub enum EmitError {
    /// An entrypoint is called like one of the module's own exports.
    #[error("the entrypoint `{0}` has the name of one of the module's own exports")]
    ReservedEntrypoint(String),
    /// A built-in that this version has no code for.
    #[error("the built-in `{0}` is not available in modules")]
    UnknownBuiltin(String),
    /// The module's static data would not fit its memory.
    #[error("the policy's data takes {0} bytes of memory, more than a module can have")]
    TooLarge(usize),
}

/// Static data beyond this is refused: addresses are 32 bits, and the evaluation needs room behind it.
const STATIC_BYTES_MAX: usize = 2 << 30;

/// Emits a module for a verified program.
pub fn emit(program: &Program, options: &Options) -> Result<Vec<u8>, EmitError> {
    let reserved = |path: &&str| RESERVED_EXPORTS.contains(path);
    if let Some(path) = program.entrypoints.iter().map(|it| it.path.as_str()).find(reserved) {
        return Err(EmitError::ReservedEntrypoint(path.to_owned()));
    }
    let guest = Guest::shared();
    let paths = Paths::of(program);
    let imports = match options.abi {
        Abi::Palisade => host::imports(program),
        Abi::Opa => opa::imports(program),
    };
    let n_hosts = host_functions(program).len() as u32;
    let n_entries = match options.abi {
        Abi::Palisade => palisade::n_entries(program),
        Abi::Opa => opa::n_entries(program),
    };
    let first_function = imports.len() as u32;
    let n_generated = program.functions.len() as u32 + n_hosts + n_entries;
    let mut linker =
        Linker::new(guest, program, &paths, first_function..first_function + n_generated);
    if options.abi == Abi::Opa && prints(program) {
        linker.print_by_host(first_function + opa::print_index(program));
    }
    if let Some(missing) = program.builtins.iter().find(|it| !linker.has_builtin(&it.name)) {
        return Err(EmitError::UnknownBuiltin(missing.name.clone()));
    }
    let mut bodies = Vec::new();
    for function in &program.functions {
        let memo = function.is_memo.then(|| linker.memo());
        bodies.push(function::emit(&mut linker, program, function, memo));
    }
    let (mut entries, own, guest_exports) = match options.abi {
        Abi::Palisade => (
            host::entries(&mut linker, program),
            palisade::entries(&mut linker, program),
            palisade::GUEST_EXPORTS,
        ),
        Abi::Opa => (
            opa::host_entries(&mut linker, program),
            opa::entries(&mut linker, program),
            opa::GUEST_EXPORTS,
        ),
    };
    entries.extend(own);
    for name in guest_exports {
        linker.rt(name);
    }
    let linked = linker.finish();
    if linked.memory_end() > STATIC_BYTES_MAX {
        return Err(EmitError::TooLarge(linked.memory_end()));
    }
    let reached = reach(guest, linked.roots.iter().copied());
    Ok(sections::write(&sections::Parts {
        program,
        guest,
        imports,
        bodies,
        entries,
        guest_exports,
        linked,
        reached,
        options,
    }))
}

/// What calls of `print` become, where they are kept.
const PRINT: &str = "internal.print";

/// Whether the policy prints.
fn prints(program: &Program) -> bool {
    program.builtins.iter().any(|it| it.name == PRINT)
}

/// A function that the host calls, that calls the host, or that runs at the start.
pub struct Entry {
    /// The names it is exported by.
    pub exports: Vec<String>,
    /// What it is called in the name section.
    pub name: String,
    /// Its parameters and results.
    pub signature: (Vec<ValType>, Vec<ValType>),
    /// What it does.
    pub body: Body,
}

/// A function of the host.
pub struct Import {
    /// The module that it is imported from.
    pub module: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// Its parameters and results.
    pub signature: (Vec<ValType>, Vec<ValType>),
}

/// The parameters and results of a generated function.
fn signature(function: &Function) -> (Vec<ValType>, Vec<ValType>) {
    (vec![ValType::I64; function.n_params as usize], vec![ValType::I64])
}
