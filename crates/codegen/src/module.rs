//! Putting the module together.

mod linker;
mod sections;

use palisade_ir::program::{Function, Program};
use wasm_encoder::{Instruction as I, ValType};

use crate::function::{self, Body};
use crate::guest::Guest;
use crate::paths::Paths;
use crate::reach::reach;

pub use linker::Linker;

/// The names of exports that every module has; no entrypoint may be called so.
pub const RESERVED_EXPORTS: [&str; 6] =
    ["memory", "palisade_abi", "allocate", "evaluate", "load", "ambient"];

/// What goes into a module besides the program.
#[derive(Clone, Debug, Default)]
pub struct Options {
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
    let mut linker = Linker::new(guest, program, &paths);
    if let Some(missing) = program.builtins.iter().find(|it| !linker.has_builtin(&it.name)) {
        return Err(EmitError::UnknownBuiltin(missing.name.clone()));
    }
    let mut bodies = Vec::new();
    for function in &program.functions {
        let memo = function.is_memo.then(|| linker.memo());
        bodies.push(function::emit(&mut linker, program, function, memo));
    }
    for entrypoint in &program.entrypoints {
        bodies.push(entry(&mut linker, entrypoint.function.0));
    }
    for name in ["allocate", "load", "ambient"] {
        linker.rt(name);
    }
    let linked = linker.finish();
    if linked.memory_end() > STATIC_BYTES_MAX {
        return Err(EmitError::TooLarge(linked.memory_end()));
    }
    let reached = reach(guest, linked.roots.iter().copied());
    Ok(sections::write(&sections::Parts { program, guest, bodies, linked, reached, options }))
}

/// The exported function of an entrypoint: reads the input, runs the function, writes the decision document.
fn entry(linker: &mut Linker<'_>, function: u32) -> Body {
    let refused = 2;
    let code = vec![
        I::LocalGet(0),
        I::LocalGet(1),
        I::Call(linker.rt("rt_begin")),
        I::LocalTee(refused),
        I::I64Eqz,
        I::I32Eqz,
        I::If(wasm_encoder::BlockType::Empty),
        I::LocalGet(refused),
        I::Return,
        I::End,
        I::Call(function),
        I::Call(linker.rt("rt_finish")),
    ];
    Body { locals: vec![ValType::I64], code }
}

/// The parameters and results of a generated function.
fn signature(function: &Function) -> (Vec<ValType>, Vec<ValType>) {
    (vec![ValType::I64; function.n_params as usize], vec![ValType::I64])
}
