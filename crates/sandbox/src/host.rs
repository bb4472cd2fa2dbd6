//! Functions of the host for modules that were compiled with the permission to call them.
//!
//! Which of them a module may import is up to whoever loads it; what a call gives is up to the [`HostCalls`] of the
//! decision. Time that passes in the host counts against the decision's deadline.

use std::time::Instant;

use palisade_abi::host::{HOST_MODULE, host_function};
use palisade_abi::{HostCalls, HostError, HostFailure, Manifest, exports, pack};
use wasmtime::{Caller, Error, ExternType, Linker, Memory, Result};

use crate::engine::Engine;
use crate::error::LoadError;
use crate::shape::{Ty, has_type};
use crate::state::State;

/// The evaluation's deadline passed while the host was at work.
#[derive(Debug, thiserror::Error)]
#[error("the deadline passed in a function of the host")]
pub(crate) struct DeadlinePassed;

/// The host functions that a module of Palisade's imports; refuses any other import.
pub(crate) fn imported(module: &wasmtime::Module) -> std::result::Result<Vec<String>, LoadError> {
    let mut names = Vec::new();
    for import in module.imports() {
        let (from, name) = (import.module().to_owned(), import.name().to_owned());
        let is_known = from == HOST_MODULE
            && host_function(&name).is_some()
            && matches!(import.ty(), ExternType::Func(ty) if has_type(&ty, &[Ty::I32, Ty::I32], &[Ty::I64]));
        if !is_known {
            return Err(LoadError::Import { module: from, name });
        }
        names.push(name);
    }
    Ok(names)
}

/// A linker with the host functions that a module imports: with nothing else, and with nothing for a pure module.
///
/// # Errors
/// One of them is not among those that are allowed, or the module's manifest does not name exactly these.
pub(crate) fn linker(
    engine: &Engine,
    module: &wasmtime::Module,
    allowed: &[String],
    manifest: Option<&Manifest>,
) -> std::result::Result<Linker<State>, LoadError> {
    let mut linker = Linker::new(engine.wasmtime());
    let mut names = imported(module)?;
    for name in &names {
        if !allowed.contains(name) {
            let permission = host_function(name).map_or("", |it| it.permission);
            return Err(LoadError::HostFunction { name: name.clone(), permission });
        }
        let own = name.clone();
        linker
            .func_wrap(
                HOST_MODULE,
                name,
                move |mut caller: Caller<'_, State>, ptr: u32, len: u32| {
                    call(&mut caller, &own, (ptr, len))
                },
            )
            .map_err(|cause| LoadError::Invalid(cause.to_string()))?;
    }
    let mut declared = manifest.map(|it| it.host_functions.clone()).unwrap_or_default();
    names.sort();
    declared.sort();
    if names != declared {
        let (imported, declared) = (names.join(", "), declared.join(", "));
        return Err(LoadError::HostFunctions { imported, declared });
    }
    Ok(linker)
}

/// Calls a function with the arguments at a place, and gives the place of the answer.
fn call(caller: &mut Caller<'_, State>, name: &str, place: (u32, u32)) -> Result<u64> {
    let memory = memory(caller)?;
    let arguments = text_at(&memory, caller, place)?;
    let deadline = caller.data().deadline;
    let answer = match &caller.data().calls {
        Some(calls) => calls.call(name, &arguments, deadline),
        None => HostCalls::refused().call(name, &arguments, deadline),
    };
    // However long it took, an evaluation that is over gets no answer.
    let is_over = deadline.is_some_and(|deadline| Instant::now() >= deadline);
    let document = match answer {
        _ if is_over => return Err(Error::new(DeadlinePassed)),
        Err(HostError::Deadline) => return Err(Error::new(DeadlinePassed)),
        Ok(result) => document(&result),
        Err(HostError::Failed(failure)) => failure_document(&failure),
    };
    give(caller, &memory, &document)
}

fn document(result: &str) -> String {
    format!("{{\"result\":{result}}}")
}

fn failure_document(failure: &HostFailure) -> String {
    // Two strings can't fail to be written; without an error the answer would be malformed, which is an error too.
    format!("{{\"error\":{}}}", serde_json::to_string(failure).unwrap_or_else(|_| "{}".to_owned()))
}

fn text_at(memory: &Memory, caller: &Caller<'_, State>, (ptr, len): (u32, u32)) -> Result<String> {
    let bytes = memory.data(caller).get(ptr as usize..).and_then(|it| it.get(..len as usize));
    let text = bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
    text.map(str::to_owned)
        .ok_or_else(|| Error::msg("the arguments of a host function are no text in memory"))
}

/// Copies an answer into memory that the module gives, and packs its place.
fn give(caller: &mut Caller<'_, State>, memory: &Memory, document: &str) -> Result<u64> {
    let len = u32::try_from(document.len())?;
    let export = caller.get_export(exports::ALLOCATE).and_then(wasmtime::Extern::into_func);
    let allocate = export.ok_or_else(|| Error::msg("the module has no `allocate`"))?;
    let ptr = allocate.typed::<u32, u32>(&*caller)?.call(&mut *caller, len)?;
    if ptr == 0 {
        return Err(Error::msg("the module has no room for the host's answer"));
    }
    memory.write(&mut *caller, ptr as usize, document.as_bytes())?;
    Ok(pack(ptr, len))
}

fn memory(caller: &mut Caller<'_, State>) -> Result<Memory> {
    let export = caller.get_export(exports::MEMORY).and_then(wasmtime::Extern::into_memory);
    export.ok_or_else(|| Error::msg("the module exports no memory"))
}
