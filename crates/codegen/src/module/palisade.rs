//! What a module shows to hosts of Palisade's own ABI: an exported function for each entrypoint.

use palisade_ir::program::{Entrypoint, Program};
use wasm_encoder::{BlockType, Instruction as I, ValType};

use super::{Entry, Linker, prints};
use crate::function::Body;

/// The functions of the guest that the host calls.
pub const GUEST_EXPORTS: &[&str] = &["allocate", "load", "ambient"];

/// How many functions [`entries`] gives.
pub fn n_entries(program: &Program) -> u32 {
    program.entrypoints.len() as u32
}

/// The entrypoints' functions. The first one is the default.
pub fn entries(linker: &mut Linker<'_>, program: &Program) -> Vec<Entry> {
    let mut entries: Vec<Entry> = {
        let finish = match prints(program) {
            true => "rt_finish_printing",
            false => "rt_finish",
        };
        program.entrypoints.iter().map(|it| entry(linker, it, finish)).collect()
    };
    if let Some(first) = entries.first_mut() {
        first.exports.insert(0, "evaluate".to_owned());
    }
    entries
}

/// Reads the input, runs the function, writes the decision document.
fn entry(linker: &mut Linker<'_>, entrypoint: &Entrypoint, finish: &str) -> Entry {
    let refused = 2;
    let code = vec![
        I::LocalGet(0),
        I::LocalGet(1),
        I::Call(linker.rt("rt_begin")),
        I::LocalTee(refused),
        I::I64Eqz,
        I::I32Eqz,
        I::If(BlockType::Empty),
        I::LocalGet(refused),
        I::Return,
        I::End,
        I::Call(linker.function(entrypoint.function)),
        I::Call(linker.rt(finish)),
    ];
    Entry {
        exports: vec![entrypoint.path.clone()],
        name: format!("entrypoint {}", entrypoint.path),
        signature: (vec![ValType::I32, ValType::I32], vec![ValType::I64]),
        body: Body { locals: vec![ValType::I64], code },
    }
}
