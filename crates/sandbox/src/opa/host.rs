//! The functions that OPA's modules import.

use std::sync::Arc;
use std::time::Instant;

use wasmtime::{Caller, Error, Extern, Linker, Result, TypedFunc};

use super::{DecisionFacts, HOST_MODULE, HostBuiltins, Names};
use crate::engine::Engine;
use crate::host::DeadlinePassed;
use crate::state::State;

/// The longest text that is read from a module's memory up to its end mark, in bytes.
const TEXT_BYTES_MAX: usize = 16 << 20;

/// The module ended its evaluation with this message.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Abort(pub(crate) String);

/// How many parameters the host's function of that name has, and whether it has a result.
pub(super) fn n_params(name: &str) -> Option<(usize, bool)> {
    match name {
        "opa_abort" | "opa_println" => Some((1, false)),
        "opa_builtin0" => Some((2, true)),
        "opa_builtin1" => Some((3, true)),
        "opa_builtin2" => Some((4, true)),
        "opa_builtin3" => Some((5, true)),
        "opa_builtin4" => Some((6, true)),
        _ => None,
    }
}

/// A linker with all of them, but without the memory, which belongs to one instance.
pub(super) fn linker(
    engine: &Engine,
    builtins: Option<Arc<dyn HostBuiltins>>,
    names: Names,
) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine.wasmtime());
    linker.func_wrap(HOST_MODULE, "opa_abort", |mut caller: Caller<'_, State>, at: i32| {
        let message = text_at(&mut caller, at)?;
        Err::<(), Error>(Error::new(Abort(message)))
    })?;
    linker.func_wrap(HOST_MODULE, "opa_println", |_: Caller<'_, State>, _: i32| {})?;
    let host = Arc::new(Host { builtins, names });
    macro_rules! builtin {
        ($name:literal, $($arg:ident),*) => {
            let own = Arc::clone(&host);
            linker.func_wrap(
                HOST_MODULE,
                $name,
                move |mut caller: Caller<'_, State>, id: i32, _context: i32 $(, $arg: i32)*| {
                    own.call(&mut caller, id, &[$($arg),*])
                },
            )?;
        };
    }
    builtin!("opa_builtin0",);
    builtin!("opa_builtin1", a);
    builtin!("opa_builtin2", a, b);
    builtin!("opa_builtin3", a, b, c);
    builtin!("opa_builtin4", a, b, c, d);
    Ok(linker)
}

struct Host {
    builtins: Option<Arc<dyn HostBuiltins>>,
    names: Names,
}

impl Host {
    /// Calls a built-in function with values of the module, and gives the module its result; 0 is undefined.
    fn call(&self, caller: &mut Caller<'_, State>, id: i32, args: &[i32]) -> Result<i32> {
        let name = self.names.get().and_then(|names| names.get(&id));
        let (Some(name), Some(builtins)) = (name, &self.builtins) else {
            return Err(Error::new(Abort(format!("the host has no built-in number {id}"))));
        };
        let dump: TypedFunc<i32, i32> = function(caller, "opa_value_dump")?;
        let mut texts = Vec::with_capacity(args.len());
        for arg in args {
            let at = dump.call(&mut *caller, *arg)?;
            texts.push(text_at(caller, at)?);
        }
        let failed = |message| Error::new(Abort(format!("{name}: {message}")));
        let State { ambient, calls, deadline, .. } = caller.data();
        let decision = DecisionFacts { ambient, calls: calls.as_deref(), deadline: *deadline };
        let result = builtins.call(name, &texts, &decision);
        if decision.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Error::new(DeadlinePassed));
        }
        match result.map_err(failed)? {
            Some(result) => give(caller, &result),
            None => Ok(0),
        }
    }
}

/// Makes a value of the module from Rego text.
fn give(caller: &mut Caller<'_, State>, text: &str) -> Result<i32> {
    let malloc: TypedFunc<i32, i32> = function(caller, "opa_malloc")?;
    let parse: TypedFunc<(i32, i32), i32> = function(caller, "opa_value_parse")?;
    let len = i32::try_from(text.len())?;
    let at = malloc.call(&mut *caller, len)?;
    memory(caller)?.write(&mut *caller, at.cast_unsigned() as usize, text.as_bytes())?;
    match parse.call(&mut *caller, (at, len))? {
        0 => Err(Error::new(Abort("the module cannot read a built-in's result".to_owned()))),
        value => Ok(value),
    }
}

fn text_at(caller: &mut Caller<'_, State>, at: i32) -> Result<String> {
    let memory = memory(caller)?;
    let bytes = until_nul(memory.data(&*caller), at.cast_unsigned(), TEXT_BYTES_MAX)
        .ok_or_else(|| Error::msg("a text of the module is not in its memory"))?;
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// The bytes from a place to the next 0, if there is one before `max` bytes.
pub(crate) fn until_nul(memory: &[u8], at: u32, max: usize) -> Option<&[u8]> {
    let from = memory.get(at as usize..)?;
    let len = from.iter().take(max.saturating_add(1)).position(|byte| *byte == 0)?;
    from.get(..len)
}

fn memory(caller: &mut Caller<'_, State>) -> Result<wasmtime::Memory> {
    caller
        .get_export(super::MEMORY)
        .and_then(Extern::into_memory)
        .ok_or_else(|| Error::msg("the module exports no memory"))
}

fn function<P: wasmtime::WasmParams, R: wasmtime::WasmResults>(
    caller: &mut Caller<'_, State>,
    name: &str,
) -> Result<TypedFunc<P, R>> {
    let export = caller.get_export(name).and_then(Extern::into_func);
    export.ok_or_else(|| Error::msg(format!("the module has no `{name}`")))?.typed(&*caller)
}
