//! One instance of a module: its memory, its functions, and the sequence of calls that makes a decision.

use std::sync::Arc;
use std::time::{Duration, Instant};

use palisade_abi::{Answer, ErrorCode, HostCalls, PolicyError, exports, unpack};
use wasmtime::{Memory, Store, Trap, TypedFunc, WasmParams, WasmResults};

use crate::clock::Clock;
use crate::error::{EvalError, Malformed};
use crate::host::DeadlinePassed;
use crate::limits::{KEPT_GROWTH_BYTES_MAX, Limits};
use crate::module::{Call, EntrypointId, Prepared};
use crate::opa::{Abort, until_nul};
use crate::output::Output;
use crate::shape::Shape;
use crate::state::State;

/// An instance that is ready to evaluate, with its base data loaded.
pub(crate) struct Instance {
    store: Store<State>,
    exports: wasmtime::Instance,
    memory: Memory,
    allocate: TypedFunc<u32, u32>,
    ambient: Option<TypedFunc<(u32, u32), u64>>,
    /// The entrypoints that were called before, at the place of their id.
    entrypoints: Vec<Option<Evaluate>>,
    /// Where an OPA module has its data.
    loaded: Loaded,
    /// The memory's size before the first evaluation.
    start_bytes: usize,
}

/// Where an OPA module has its base data, and where its heap begins behind it.
#[derive(Clone, Copy, Default)]
struct Loaded {
    data: u32,
    heap: u32,
}

/// `opa_eval(reserved, entrypoint, data, input, length of the input, heap, format) -> text`
type OpaEval = TypedFunc<(u32, u32, u32, u32, u32, u32, u32), u32>;

/// An entrypoint's function, by the way it answers.
#[derive(Clone)]
enum Evaluate {
    Document(TypedFunc<(u32, u32), u64>),
    CustomPacked(TypedFunc<(u32, u32), u64>),
    CustomPair(TypedFunc<(u32, u32), (u32, u32)>),
    Boolean(TypedFunc<(u32, u32), u32>),
    Opa(OpaEval, u32),
}

impl Instance {
    /// Makes an instance and loads the base data, both before `deadline`. The clock goes on: an evaluation may follow
    /// within the same deadline and the same fuel.
    pub(crate) fn new(
        prepared: &Prepared,
        data: Option<&[u8]>,
        deadline: Duration,
    ) -> Result<Instance, EvalError> {
        let state = State::new(prepared.limits.memory_bytes_max);
        let mut store = Store::try_new(prepared.engine.wasmtime(), state)
            .map_err(|cause| EvalError::Host(cause.to_string()))?;
        store.limiter(|state| &mut state.ceiling);
        start_clock(&mut store, prepared, deadline)?;
        let exports = prepared
            .instantiate(&mut store)
            .map_err(|cause| stopped(&cause, &store, deadline, &prepared.limits))?;
        let mut instance = Instance::of(store, exports, prepared)?;
        let host = Host { prepared, deadline };
        match data {
            _ if prepared.shape == Shape::Opa => instance.load_opa(&host, data.unwrap_or(b"{}"))?,
            Some(data) => instance.load(&host, data)?,
            None => {}
        }
        instance.start_bytes = instance.memory.data_size(&instance.store);
        Ok(instance)
    }

    fn of(
        mut store: Store<State>,
        exports: wasmtime::Instance,
        prepared: &Prepared,
    ) -> Result<Instance, EvalError> {
        let memory = exports
            .get_memory(&mut store, exports::MEMORY)
            .ok_or_else(|| missing(exports::MEMORY))?;
        let allocate = match prepared.shape {
            Shape::Opa => function(&mut store, &exports, "opa_malloc")?,
            _ => function(&mut store, &exports, exports::ALLOCATE)?,
        };
        let ambient = match prepared.has_ambient {
            true => Some(function(&mut store, &exports, exports::AMBIENT)?),
            false => None,
        };
        let entrypoints = vec![None; prepared.entrypoints.len()];
        Ok(Instance {
            store,
            exports,
            memory,
            allocate,
            ambient,
            entrypoints,
            loaded: Loaded::default(),
            start_bytes: 0,
        })
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

    /// What the evaluation that follows may ask of its host.
    pub(crate) fn set_calls(&mut self, calls: Option<&Arc<HostCalls>>) {
        self.store.data_mut().calls = calls.cloned();
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
        if let Evaluate::Opa(func, number) = evaluate {
            return self.evaluate_opa(&host, call, &func, number);
        }
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
            // It has a sequence of calls of its own.
            Evaluate::Opa(..) => Err(Malformed::NotDecision("not asked".to_owned())),
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

    /// Gives the base data to an OPA module.
    fn load_opa(&mut self, host: &Host<'_>, data: &[u8]) -> Result<(), EvalError> {
        let parse: TypedFunc<(u32, u32), u32> =
            function(&mut self.store, &self.exports, "opa_json_parse")?;
        let heap: TypedFunc<(), u32> =
            function(&mut self.store, &self.exports, "opa_heap_ptr_get")?;
        let place = self.give(host, data)?;
        let data = self.call(host, &parse, place)?;
        if data == 0 {
            let error = PolicyError {
                code: ErrorCode::DataMalformed.as_str().to_owned(),
                message: "the base data is not JSON".to_owned(),
                location: None,
            };
            return Err(EvalError::Refused { call: exports::LOAD, error });
        }
        let heap = self.call(host, &heap, ())?;
        self.loaded = Loaded { data, heap };
        Ok(())
    }

    /// Makes one decision of an OPA module, whose heap begins anew behind the input.
    fn evaluate_opa(
        &mut self,
        host: &Host<'_>,
        call: &Call<'_>,
        func: &OpaEval,
        number: u32,
    ) -> Result<Output, EvalError> {
        const JSON: u32 = 0;
        self.store.data_mut().ambient = call.ambient.unwrap_or_default().to_vec();
        let Loaded { data, heap } = self.loaded;
        let max = host.prepared.limits.memory_bytes_max;
        let too_large = || EvalError::Memory { max };
        let end = (heap as usize + call.input.len()).next_multiple_of(8);
        let missing = end.saturating_sub(self.memory.data_size(&self.store));
        if missing > 0 {
            let n_pages = missing.div_ceil(65_536) as u64;
            self.memory.grow(&mut self.store, n_pages).map_err(|_| too_large())?;
        }
        let (at, len) = match u32::try_from(call.input.len()).map_err(|_| too_large())? {
            0 => (0, 0),
            len => (heap, len),
        };
        self.memory.write(&mut self.store, heap as usize, call.input).map_err(|_| too_large())?;
        let end = u32::try_from(end).map_err(|_| too_large())?;
        let text = self.call(host, func, (0, number, data, at, len, end, JSON))?;
        let max = host.prepared.limits.output_bytes_max;
        let answer = until_nul(self.memory.data(&self.store), text, max)
            .ok_or(EvalError::OutputTooLarge { len: max.saturating_add(1), max })?;
        Output::parse_opa(answer).map_err(EvalError::Malformed)
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
            Shape::Opa => {
                let number = prepared.opa_entrypoint(id).ok_or_else(unknown)?;
                Evaluate::Opa(function(store, exports, "opa_eval")?, number)
            }
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
            .map_err(|cause| stopped(&cause, &self.store, host.deadline, &host.prepared.limits))
    }
}

/// What calls need besides the instance.
struct Host<'a> {
    prepared: &'a Prepared,
    deadline: Duration,
}

/// Sets the deadline and the fuel of the calls that follow.
fn start_clock(
    store: &mut Store<State>,
    prepared: &Prepared,
    deadline: Duration,
) -> Result<(), EvalError> {
    store.data_mut().ceiling.hit = false;
    store.data_mut().deadline =
        prepared.asks_host.then(|| Instant::now().checked_add(deadline)).flatten();
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
pub(crate) fn stopped(
    cause: &wasmtime::Error,
    store: &Store<State>,
    deadline: Duration,
    limits: &Limits,
) -> EvalError {
    if let Some(Abort(message)) = cause.downcast_ref::<Abort>() {
        return EvalError::Aborted(message.clone());
    }
    if cause.downcast_ref::<DeadlinePassed>().is_some() {
        return EvalError::Deadline(deadline);
    }
    match cause.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => EvalError::Deadline(deadline),
        Some(Trap::OutOfFuel) => EvalError::Fuel(limits.fuel.unwrap_or(u64::MAX)),
        Some(Trap::StackOverflow) => EvalError::Stack,
        _ if store.data().ceiling.hit => EvalError::Memory { max: limits.memory_bytes_max },
        Some(trap) => EvalError::Trap(trap.to_string()),
        None => EvalError::Host(cause.to_string()),
    }
}

fn function<P: WasmParams, R: WasmResults>(
    store: &mut Store<State>,
    exports: &wasmtime::Instance,
    name: &str,
) -> Result<TypedFunc<P, R>, EvalError> {
    exports.get_typed_func(store, name).map_err(|_| missing(name))
}

/// Loading has checked the exports, so this is a defect; it still must not panic.
fn missing(export: &str) -> EvalError {
    EvalError::Host(format!("its export `{export}` is not there"))
}
