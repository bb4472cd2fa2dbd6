//! What an OPA module says about itself when it is asked.

use std::collections::BTreeMap;

use wasmtime::{Store, TypedFunc};

use super::host::until_nul;
use super::{MEMORY, Opa};
use crate::clock::Clock;
use crate::engine::Engine;
use crate::error::LoadError;
use crate::instance::stopped;
use crate::limits::{INSTANTIATE_DEADLINE, Limits};
use crate::state::State;

/// The longest list of names, in bytes.
const NAMES_BYTES_MAX: usize = 16 << 20;

/// The names and numbers of what a module has and needs.
pub(super) struct Found {
    pub(super) builtins: BTreeMap<String, i32>,
    pub(super) entrypoints: BTreeMap<String, i32>,
}

pub(super) fn ask(engine: &Engine, opa: &Opa, limits: &Limits) -> Result<Found, LoadError> {
    let mut store = Store::new(engine.wasmtime(), State::new(limits.memory_bytes_max));
    store.limiter(|state| &mut state.ceiling);
    let asked = ask_in(&mut store, engine, opa, limits);
    asked.map_err(|cause| LoadError::Start(stopped(&cause, &store, INSTANTIATE_DEADLINE, limits)))
}

fn ask_in(
    store: &mut Store<State>,
    engine: &Engine,
    opa: &Opa,
    limits: &Limits,
) -> wasmtime::Result<Found> {
    if engine.meters_fuel() {
        store.set_fuel(limits.fuel.unwrap_or(u64::MAX))?;
    }
    let ticks = Clock::ticks(INSTANTIATE_DEADLINE);
    store.set_epoch_deadline(ticks);
    engine.clock().keep_going(ticks);
    let instance = opa.instantiate(store)?;
    let mut names = |export| -> wasmtime::Result<BTreeMap<String, i32>> {
        let list: TypedFunc<(), i32> = instance.get_typed_func(&mut *store, export)?;
        let dump: TypedFunc<i32, i32> = instance.get_typed_func(&mut *store, "opa_json_dump")?;
        let value = list.call(&mut *store, ())?;
        let at = dump.call(&mut *store, value)?.cast_unsigned();
        let memory = instance.get_memory(&mut *store, MEMORY);
        let text = memory.and_then(|it| until_nul(it.data(&*store), at, NAMES_BYTES_MAX));
        Ok(serde_json::from_slice(text.unwrap_or_default())?)
    };
    Ok(Found { builtins: names("builtins")?, entrypoints: names("entrypoints")? })
}
