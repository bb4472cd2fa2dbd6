//! One instance of a module: its memory, its functions, and the sequence of calls that makes a decision.

use std::time::Duration;

use palisade_abi::{Answer, exports, unpack};
use wasmtime::{Memory, Store, Trap, TypedFunc, WasmParams, WasmResults};

use crate::ceiling::Ceiling;
use crate::clock::Clock;
use crate::error::{EvalError, Malformed};
use crate::limits::KEPT_GROWTH_BYTES_MAX;
use crate::module::{Call, EntrypointId, Prepared};
use crate::output::Output;
use crate::shape::Shape;

/// An instance that is ready to evaluate, with its base data loaded.
pub(crate) struct Instance {
    store: Store<Ceiling>,
    exports: wasmtime::Instance,
    memory: Memory,
    allocate: TypedFunc<u32, u32>,
    ambient: Option<TypedFunc<(u32, u32), u64>>,
    /// The entrypoints that were called before, at the place of their id.
    entrypoints: Vec<Option<Evaluate>>,
    /// The memory's size before the first evaluation.
    start_bytes: usize,
}

/// An entrypoint's function, by the way it answers.
#[derive(Clone)]
enum Evaluate {
    Document(TypedFunc<(u32, u32), u64>),
    CustomPacked(TypedFunc<(u32, u32), u64>),
    CustomPair(TypedFunc<(u32, u32), (u32, u32)>),
    Boolean(TypedFunc<(u32, u32), u32>),
}

impl Instance {
    /// Makes an instance and loads the base data, both before `deadline`. The clock goes on: an evaluation may follow
    /// within the same deadline and the same fuel.
    pub(crate) fn new(
        prepared: &Prepared,
        data: Option<&[u8]>,
        deadline: Duration,
    ) -> Result<Instance, EvalError> {
        let ceiling = Ceiling::new(prepared.limits.memory_bytes_max);
        let mut store = Store::try_new(prepared.engine.wasmtime(), ceiling)
            .map_err(|cause| EvalError::Host(cause.to_string()))?;
        store.limiter(|ceiling| ceiling);
        start_clock(&mut store, prepared, deadline)?;
        let exports = prepared
            .pre
            .instantiate(&mut store)
            .map_err(|cause| stopped(&cause, &store, deadline, prepared))?;
        let mut instance = Instance::of(store, exports, prepared)?;
        if let Some(data) = data {
            instance.load(&Host { prepared, deadline }, data)?;
        }
        instance.start_bytes = instance.memory.data_size(&instance.store);
        Ok(instance)
    }

    fn of(
        mut store: Store<Ceiling>,
        exports: wasmtime::Instance,
        prepared: &Prepared,
    ) -> Result<Instance, EvalError> {
        let memory = exports
            .get_memory(&mut store, exports::MEMORY)
            .ok_or_else(|| missing(exports::MEMORY))?;
        let allocate = function(&mut store, &exports, exports::ALLOCATE)?;
        let ambient = match prepared.has_ambient {
            true => Some(function(&mut store, &exports, exports::AMBIENT)?),
            false => None,
        };
        let entrypoints = vec![None; prepared.entrypoints.len()];
        Ok(Instance { store, exports, memory, allocate, ambient, entrypoints, start_bytes: 0 })
    }

    /// The version of the contract that the module says it keeps.
    pub(crate) fn abi_version(&mut self) -> Option<u32> {
        let global = self.exports.get_global(&mut self.store, exports::VERSION)?;
        global.get(&mut self.store).i32().and_then(|version| u32::try_from(version).ok())
    }

    /// Gives the evaluation that follows its deadline and its fuel.
    pub(crate) fn start_clock(
        &mut self,
        prepared: &Prepared,
        deadline: Duration,
    ) -> Result<(), EvalError> {
        start_clock(&mut self.store, prepared, deadline)
    }

    /// Makes one decision before the deadline that the clock was started with. After an error the instance must not be
    /// used again.
    pub(crate) fn evaluate(
        &mut self,
        prepared: &Prepared,
        call: &Call<'_>,
        deadline: Duration,
    ) -> Result<Output, EvalError> {
        let host = Host { prepared, deadline };
        let evaluate = self.entrypoint(prepared, call.entrypoint)?;
        let input = self.give(&host, call.input)?;
        if let Some(document) = call.ambient
            && let Some(ambient) = self.ambient.clone()
        {
            let place = self.give(&host, document)?;
            let packed = self.call(&host, &ambient, place)?;
            self.expect_taken(prepared, exports::AMBIENT, packed)?;
        }
        self.decide(&host, &evaluate, input)
    }

    /// Whether an evaluation made the instance so large that it is better not kept.
    pub(crate) fn has_outgrown(&self) -> bool {
        self.memory.data_size(&self.store) > self.start_bytes.saturating_add(KEPT_GROWTH_BYTES_MAX)
    }

    fn decide(
        &mut self,
        host: &Host<'_>,
        evaluate: &Evaluate,
        input: (u32, u32),
    ) -> Result<Output, EvalError> {
        let output = match evaluate {
            Evaluate::Document(func) => {
                let place = unpack(self.call(host, func, input)?);
                Output::parse(self.read(host.prepared, place)?)
            }
            Evaluate::CustomPacked(func) => {
                let place = unpack(self.call(host, func, input)?);
                Output::parse_custom(self.read(host.prepared, place)?)
            }
            Evaluate::CustomPair(func) => {
                let place = self.call(host, func, input)?;
                Output::parse_custom(self.read(host.prepared, place)?)
            }
            Evaluate::Boolean(func) => match self.call(host, func, input)? {
                0 => Ok(Output::boolean(false)),
                1 => Ok(Output::boolean(true)),
                other => Err(Malformed::NotBoolean(other)),
            },
        };
        output.map_err(EvalError::Malformed)
    }

    /// Gives the base data to the module.
    fn load(&mut self, host: &Host<'_>, data: &[u8]) -> Result<(), EvalError> {
        let load: TypedFunc<(u32, u32), u64> =
            function(&mut self.store, &self.exports, exports::LOAD)?;
        let place = self.give(host, data)?;
        let packed = self.call(host, &load, place)?;
        self.expect_taken(host.prepared, exports::LOAD, packed)
    }

    /// Copies `bytes` into the module's memory and gives their place.
    fn give(&mut self, host: &Host<'_>, bytes: &[u8]) -> Result<(u32, u32), EvalError> {
        let too_large = || EvalError::InputTooLarge { len: bytes.len(), max: u32::MAX as usize };
        let len = u32::try_from(bytes.len()).map_err(|_| too_large())?;
        let allocate = self.allocate.clone();
        let ptr = self.call(host, &allocate, len)?;
        if ptr == 0 {
            return Err(EvalError::Memory { max: host.prepared.limits.memory_bytes_max });
        }
        let wrong = || EvalError::Malformed(Malformed::Allocation { ptr, len: bytes.len() });
        self.memory.write(&mut self.store, ptr as usize, bytes).map_err(|_| wrong())?;
        Ok((ptr, len))
    }

    /// The bytes at a place that the module named.
    fn read(&self, prepared: &Prepared, (ptr, len): (u32, u32)) -> Result<&[u8], EvalError> {
        let max = prepared.limits.output_bytes_max;
        if len as usize > max {
            return Err(EvalError::OutputTooLarge { len: len as usize, max });
        }
        self.memory
            .data(&self.store)
            .get(ptr as usize..)
            .and_then(|from| from.get(..len as usize))
            .ok_or(EvalError::Malformed(Malformed::Place { ptr, len }))
    }

    /// Checks the answer of `load` or `ambient`: 0, or the place of an error document.
    fn expect_taken(
        &self,
        prepared: &Prepared,
        call: &'static str,
        packed: u64,
    ) -> Result<(), EvalError> {
        if packed == 0 {
            return Ok(());
        }
        let document = self.read(prepared, unpack(packed))?;
        let error =
            std::str::from_utf8(document).ok().and_then(|text| Answer::parse(text).ok()?.error);
        Err(match error {
            Some(error) => EvalError::Refused { call, error },
            None => EvalError::Malformed(Malformed::NotError(call)),
        })
    }

    fn entrypoint(&mut self, prepared: &Prepared, id: EntrypointId) -> Result<Evaluate, EvalError> {
        let unknown = || EvalError::UnknownEntrypoint(format!("#{}", id.0));
        if let Some(known) = self.entrypoints.get(id.0).ok_or_else(unknown)? {
            return Ok(known.clone());
        }
        let name = prepared.entrypoints.get(id.0).ok_or_else(unknown)?;
        let (store, exports) = (&mut self.store, &self.exports);
        let found = match prepared.shape {
            Shape::Palisade => Evaluate::Document(function(store, exports, name)?),
            Shape::Packed => Evaluate::CustomPacked(function(store, exports, name)?),
            Shape::Pair => Evaluate::CustomPair(function(store, exports, name)?),
            Shape::Boolean => Evaluate::Boolean(function(store, exports, name)?),
        };
        if let Some(slot) = self.entrypoints.get_mut(id.0) {
            *slot = Some(found.clone());
        }
        Ok(found)
    }

    fn call<P: WasmParams, R: WasmResults>(
        &mut self,
        host: &Host<'_>,
        func: &TypedFunc<P, R>,
        params: P,
    ) -> Result<R, EvalError> {
        func.call(&mut self.store, params)
            .map_err(|cause| stopped(&cause, &self.store, host.deadline, host.prepared))
    }
}

/// What calls need besides the instance.
struct Host<'a> {
    prepared: &'a Prepared,
    deadline: Duration,
}

/// Sets the deadline and the fuel of the calls that follow.
fn start_clock(
    store: &mut Store<Ceiling>,
    prepared: &Prepared,
    deadline: Duration,
) -> Result<(), EvalError> {
    store.data_mut().hit = false;
    if prepared.engine.meters_fuel() {
        let fuel = prepared.limits.fuel.unwrap_or(u64::MAX);
        store.set_fuel(fuel).map_err(|cause| EvalError::Host(cause.to_string()))?;
    }
    let ticks = Clock::ticks(deadline);
    store.set_epoch_deadline(ticks);
    prepared.engine.clock().keep_going(ticks);
    Ok(())
}

/// Why a call came back without a result.
fn stopped(
    cause: &wasmtime::Error,
    store: &Store<Ceiling>,
    deadline: Duration,
    prepared: &Prepared,
) -> EvalError {
    match cause.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => EvalError::Deadline(deadline),
        Some(Trap::OutOfFuel) => EvalError::Fuel(prepared.limits.fuel.unwrap_or(u64::MAX)),
        Some(Trap::StackOverflow) => EvalError::Stack,
        _ if store.data().hit => EvalError::Memory { max: prepared.limits.memory_bytes_max },
        Some(trap) => EvalError::Trap(trap.to_string()),
        None => EvalError::Host(cause.to_string()),
    }
}

fn function<P: WasmParams, R: WasmResults>(
    store: &mut Store<Ceiling>,
    exports: &wasmtime::Instance,
    name: &str,
) -> Result<TypedFunc<P, R>, EvalError> {
    exports.get_typed_func(store, name).map_err(|_| missing(name))
}

/// Loading has checked the exports, so this is a defect; it still must not panic.
fn missing(export: &str) -> EvalError {
    EvalError::Host(format!("its export `{export}` is not there"))
}
