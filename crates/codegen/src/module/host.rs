//! Calls of host functions, where a policy was compiled with the permission to make them.
//!
//! For each such function there is one import and one generated function, which stands where a built-in's function would:
//! it writes the argument as text, calls the host, and reads the host's answer.

use palisade_abi::host::{HOST_MODULE, HostFunction, host_function};
use palisade_ir::program::{BuiltinId, Program, Stmt, visit};
use wasm_encoder::{Instruction as I, ValType};

use super::{Entry, Import, Linker};
use crate::function::Body;

/// The host functions that a program calls, in the order of its built-ins.
pub fn host_functions(program: &Program) -> Vec<&'static HostFunction> {
    let named = |it: &BuiltinId| host_function(&program.builtins.get(it.0 as usize)?.name);
    let mut called: Vec<BuiltinId> = Vec::new();
    for function in &program.functions {
        visit(&function.body, &mut |stmt| match stmt {
            Stmt::Builtin { builtin, .. } if !called.contains(builtin) => called.push(*builtin),
            _ => {}
        });
    }
    called.sort();
    called.iter().filter_map(named).collect()
}

/// What the module imports: each of them.
pub fn imports(program: &Program) -> Vec<Import> {
    let signature = (vec![ValType::I32; 2], vec![ValType::I64]);
    let functions = host_functions(program).into_iter();
    functions
        .map(|it| Import { module: HOST_MODULE, name: it.name, signature: signature.clone() })
        .collect()
}

/// The functions that stand for them.
pub fn entries(linker: &mut Linker<'_>, program: &Program) -> Vec<Entry> {
    (0..).zip(host_functions(program)).map(|(import, it)| entry(linker, import, it)).collect()
}

/// `(argument) -> result`
fn entry(linker: &mut Linker<'_>, import: u32, function: &HostFunction) -> Entry {
    let (argument, place) = (0, 1);
    let answer = if function.gives_set { "rt_host_answer_set" } else { "rt_host_answer" };
    let code = vec![
        I::LocalGet(argument),
        I::Call(linker.rt("rt_host_arguments")),
        I::LocalTee(place),
        I::I64Const(32),
        I::I64ShrU,
        I::I32WrapI64,
        I::LocalGet(place),
        I::I32WrapI64,
        I::Call(import),
        I::I64Const(linker.text(function.name).cast_signed()),
        I::Call(linker.rt(answer)),
    ];
    of(function, Body { locals: vec![ValType::I64], code })
}

/// The function that stands for a host function, which is no export.
pub fn of(function: &HostFunction, body: Body) -> Entry {
    Entry {
        exports: Vec::new(),
        name: format!("host {}", function.name),
        signature: (vec![ValType::I64], vec![ValType::I64]),
        body,
    }
}
