//! The engine: how modules are compiled and what of WebAssembly they may use. One per process.

use std::sync::Arc;

use palisade_abi::limits::STACK_BYTES_MAX;
use wasmtime::{Config, OptLevel, RegallocAlgorithm, WasmFeatures};

use crate::clock::Clock;
use crate::error::EngineError;

/// Proposals that no policy module needs, or whose results may differ between machines.
const UNWANTED: WasmFeatures = WasmFeatures::empty()
    .union(WasmFeatures::RELAXED_SIMD)
    .union(WasmFeatures::TAIL_CALL)
    .union(WasmFeatures::MULTI_MEMORY)
    .union(WasmFeatures::MEMORY64)
    .union(WasmFeatures::EXCEPTIONS)
    .union(WasmFeatures::FUNCTION_REFERENCES)
    .union(WasmFeatures::GC)
    .union(WasmFeatures::CUSTOM_PAGE_SIZES)
    .union(WasmFeatures::WIDE_ARITHMETIC)
    .union(WasmFeatures::STACK_SWITCHING)
    .union(WasmFeatures::SHARED_EVERYTHING_THREADS);

/// Compiles and runs modules. Clones share one engine and its clock.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    engine: wasmtime::Engine,
    clock: Clock,
    meters_fuel: bool,
    stack_bytes: usize,
}

/// How an engine is made.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    /// Whether compiled code counts fuel, so that [`crate::Limits::fuel`] can be set. It slows every evaluation down.
    pub fuel: bool,
    /// Whether modules are compiled fast rather than to fast code: for many modules that run a few times each.
    pub quick: bool,
}

impl Engine {
    /// Makes an engine and starts its clock.
    ///
    /// # Errors
    /// When the machine is not one that code can be compiled for, or the clock's thread cannot be started.
    pub fn new(options: &EngineOptions) -> Result<Engine, EngineError> {
        let engine = wasmtime::Engine::new(&config(options))
            .map_err(|cause| EngineError::Machine(cause.to_string()))?;
        let clock = Clock::start(engine.clone()).map_err(EngineError::Clock)?;
        let inner =
            Inner { engine, clock, meters_fuel: options.fuel, stack_bytes: stack_bytes(options) };
        Ok(Engine { inner: Arc::new(inner) })
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.inner.engine
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The stack that a module may use, in bytes.
    pub(crate) fn stack_bytes(&self) -> usize {
        self.inner.stack_bytes
    }

    pub(crate) fn meters_fuel(&self) -> bool {
        self.inner.meters_fuel
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("meters_fuel", &self.inner.meters_fuel)
            .finish_non_exhaustive()
    }
}

/// Code that is compiled quickly takes several times the stack for the same recursion.
fn stack_bytes(options: &EngineOptions) -> usize {
    if options.quick { 4 * STACK_BYTES_MAX } else { STACK_BYTES_MAX }
}

fn config(options: &EngineOptions) -> Config {
    let mut config = Config::new();
    config
        .wasm_features(UNWANTED, false)
        .cranelift_nan_canonicalization(true)
        .epoch_interruption(true)
        .consume_fuel(options.fuel)
        .max_wasm_stack(stack_bytes(options))
        // The address map and backtraces serve to print Wasm stacks; without them compiled code is a third smaller.
        .generate_address_map(false)
        .wasm_backtrace_max_frames(None);
    if options.quick {
        // Whoever has many modules to compile has a thread for each already.
        config
            .cranelift_opt_level(OptLevel::None)
            .cranelift_regalloc_algorithm(RegallocAlgorithm::SinglePass)
            .parallel_compilation(false)
            // Not used, but checked against the other.
            .async_stack_size(2 * stack_bytes(options));
    }
    config
}
