//! A loaded module: checked, compiled, and ready to make decisions on any thread.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use palisade_abi::{HostCalls, Manifest, exports, limits};
use sha2::{Digest, Sha256};
use wasmtime::{InstancePre, Store};

use crate::about::{check_version, entrypoints, read_manifest};
use crate::cache::Cache;
use crate::complexity;
use crate::engine::Engine;
use crate::error::{EvalError, LoadError};
use crate::host;
use crate::instance::Instance;
use crate::limits::{INSTANTIATE_DEADLINE, Limits};
use crate::opa::{HostBuiltins, Opa};
use crate::output::Output;
use crate::pool::Pool;
use crate::shape::{self, Shape};
use crate::state::State;

/// How a module is loaded.
#[derive(Debug, Clone, Default)]
pub struct LoadOptions<'a> {
    /// The limits of its evaluations.
    pub limits: Limits,
    /// Where compiled code is kept; `None` compiles each time.
    pub cache: Option<&'a Cache>,
    /// Base data to load into each instance: one JSON object.
    pub data: Option<Vec<u8>>,
    /// Whether an instance may serve more than one decision, which is much faster than a new one for each.
    ///
    /// A module of Palisade's ABI promises to forget an evaluation, and nothing can check that promise. So this is for
    /// modules whose maker is known: compiled in this process, or signed by somebody who is trusted. Custom engines make
    /// no such promise; each of their decisions gets a new instance anyway.
    pub reuse: bool,
    /// The built-in functions that a module of OPA's may ask for; others have no use for them.
    pub builtins: Option<Arc<dyn HostBuiltins>>,
    /// The functions of the host that the module may import, such as `http.send`. Only modules of Palisade's ABI can.
    pub host_functions: &'a [String],
}

/// A loaded module. Clones share the compiled code and the pool of instances.
#[derive(Clone)]
pub struct Module {
    inner: Arc<Inner>,
}

struct Inner {
    prepared: Arc<Prepared>,
    data: Option<Vec<u8>>,
    pool: Pool,
}

/// What every instance of a module needs.
pub(crate) struct Prepared {
    pub(crate) engine: Engine,
    linked: Linked,
    pub(crate) shape: Shape,
    pub(crate) limits: Limits,
    reuse: bool,
    /// Whether it may call functions of the host.
    pub(crate) asks_host: bool,
    pub(crate) has_ambient: bool,
    has_load: bool,
    /// The exports that are entrypoints, the default one first.
    pub(crate) entrypoints: Vec<String>,
    by_path: BTreeMap<String, EntrypointId>,
    manifest: Option<Manifest>,
    digest: [u8; 32],
}

/// A module and all that it imports.
enum Linked {
    /// It imports nothing, or functions of the host that are allowed.
    Own(InstancePre<State>),
    Opa(Opa),
}

impl Prepared {
    /// Makes an instance.
    pub(crate) fn instantiate(
        &self,
        store: &mut Store<State>,
    ) -> wasmtime::Result<wasmtime::Instance> {
        match &self.linked {
            Linked::Own(pre) => pre.instantiate(store),
            Linked::Opa(opa) => opa.instantiate(store),
        }
    }

    /// The number of an entrypoint of OPA's.
    pub(crate) fn opa_entrypoint(&self, id: EntrypointId) -> Option<u32> {
        match &self.linked {
            Linked::Own(_) => None,
            Linked::Opa(opa) => opa.entrypoints.get(id.0).map(|(_, number)| number.cast_unsigned()),
        }
    }
}

/// An entrypoint of one module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntrypointId(pub(crate) usize);

/// One question to a module.
#[derive(Debug, Clone, Copy)]
pub struct Call<'a> {
    /// What is asked.
    pub entrypoint: EntrypointId,
    /// The input: JSON text.
    pub input: &'a [u8],
    /// The ambient facts: JSON text of [`palisade_abi::Ambient`]. Custom engines get none.
    pub ambient: Option<&'a [u8]>,
    /// The longest time it may take; `None` is the module's limit.
    pub deadline: Option<Duration>,
}

impl Module {
    /// Checks and compiles a module, and starts its first instance with the base data loaded.
    ///
    /// # Errors
    /// When the module imports anything that is not allowed, has no known shape, is malformed, or cannot be started within the limits.
    pub fn load(
        engine: &Engine,
        bytes: &[u8],
        options: LoadOptions<'_>,
    ) -> Result<Module, LoadError> {
        check_size(bytes.len(), limits::MODULE_BYTES_MAX)?;
        if options.limits.fuel.is_some() && !engine.meters_fuel() {
            return Err(LoadError::FuelNotMetered);
        }
        let digest = Sha256::digest(bytes).into();
        let (compiled, shape) = compile(engine, bytes, digest, options.cache)?;
        let manifest = read_manifest(bytes, shape)?;
        let linked = link(engine, &compiled, (shape, manifest.as_ref()), &options)?;
        let asks_host = match &linked {
            Linked::Own(_) => compiled.imports().len() > 0,
            Linked::Opa(opa) => opa.asks_host,
        };
        let entrypoints = match &linked {
            Linked::Own(_) => entrypoints(&compiled, shape, manifest.as_ref())?,
            Linked::Opa(opa) => opa.entrypoints.iter().map(|(path, _)| path.clone()).collect(),
        };
        let prepared = Prepared {
            engine: engine.clone(),
            has_ambient: shape == Shape::Palisade
                && compiled.get_export(exports::AMBIENT).is_some(),
            has_load: match shape {
                Shape::Palisade => compiled.get_export(exports::LOAD).is_some(),
                Shape::Opa => true,
                Shape::Pair | Shape::Packed | Shape::Boolean => false,
            },
            linked,
            by_path: entrypoints
                .iter()
                .enumerate()
                .map(|(idx, path)| (path.clone(), EntrypointId(idx)))
                .collect(),
            limits: options.limits,
            reuse: options.reuse && shape.is_reusable(),
            asks_host,
            entrypoints,
            shape,
            manifest,
            digest,
        };
        Module::start(Arc::new(prepared), options.data)
    }

    /// The same module with other base data. The compiled code is shared; this one stays as it is.
    ///
    /// # Errors
    /// When the module does not take base data, or refuses this.
    pub fn with_data(&self, data: Vec<u8>) -> Result<Module, LoadError> {
        Module::start(Arc::clone(&self.inner.prepared), Some(data))
    }

    fn start(prepared: Arc<Prepared>, data: Option<Vec<u8>>) -> Result<Module, LoadError> {
        if let Some(data) = &data {
            check_size(data.len(), limits::DATA_BYTES_MAX)?;
            if !prepared.has_load {
                return Err(LoadError::DataNotTaken);
            }
        }
        let pool = Pool::new(prepared.limits.idle_instances_max);
        let mut first = on_deep_stack(&prepared.engine, || {
            Instance::new(&prepared, data.as_deref(), INSTANTIATE_DEADLINE)
        })
        .map_err(LoadError::Start)?;
        if prepared.shape == Shape::Palisade {
            check_version(first.abi_version().unwrap_or(0))?;
        }
        if prepared.reuse {
            pool.put(first);
        }
        Ok(Module { inner: Arc::new(Inner { prepared, data, pool }) })
    }

    /// Makes one decision. Many threads may do so at once; no lock is held meanwhile.
    ///
    /// # Errors
    /// When there is no decision: a limit, a trap, a malformed answer. None of them may be taken for an *allow*.
    pub fn evaluate(&self, call: &Call<'_>) -> Result<Output, EvalError> {
        self.evaluate_with_host(call, None)
    }

    /// [`Module::evaluate`] for a module that calls functions of its host. Without `calls` each of them is an error.
    ///
    /// # Errors
    /// As [`Module::evaluate`].
    pub fn evaluate_with_host(
        &self,
        call: &Call<'_>,
        calls: Option<&Arc<HostCalls>>,
    ) -> Result<Output, EvalError> {
        let max = self.inner.prepared.limits.input_bytes_max;
        for document in [Some(call.input), call.ambient].into_iter().flatten() {
            if document.len() > max {
                return Err(EvalError::InputTooLarge { len: document.len(), max });
            }
        }
        on_deep_stack(&self.inner.prepared.engine, || self.evaluate_here(call, calls))
    }

    fn evaluate_here(
        &self,
        call: &Call<'_>,
        calls: Option<&Arc<HostCalls>>,
    ) -> Result<Output, EvalError> {
        let Inner { prepared, data, pool } = &*self.inner;
        let data = data.as_deref();
        let deadline = call.deadline.unwrap_or(prepared.limits.deadline);
        if !prepared.reuse {
            // The instance is a part of this decision, and so is the time that it takes to make.
            let mut instance = Instance::new(prepared, data, deadline)?;
            instance.set_calls(calls);
            return instance.evaluate(prepared, call, deadline);
        }
        let mut instance = match pool.take() {
            Some(instance) => instance,
            None => Instance::new(prepared, data, INSTANTIATE_DEADLINE)?,
        };
        instance.start_clock(prepared, deadline)?;
        instance.set_calls(calls);
        // With an error the instance is dropped here: nobody knows what state a trap left it in.
        let output = instance.evaluate(prepared, call, deadline)?;
        instance.set_calls(None);
        if !instance.has_outgrown() {
            pool.put(instance);
        }
        Ok(output)
    }

    /// Whether an evaluation at this moment stays within its deadline from start to end. It does not when it must first
    /// make an instance that is kept, or load base data, which can take much longer than a decision.
    pub fn has_idle_instance(&self) -> bool {
        let Inner { prepared, data, pool } = &*self.inner;
        if prepared.reuse { !pool.is_empty() } else { data.is_none() }
    }

    /// Whether the module may call functions of its host, so that evaluations can have effects and wait.
    pub fn asks_host(&self) -> bool {
        self.inner.prepared.asks_host
    }

    /// The entrypoint at `path`: `authz/allow`. A custom engine has the one path `evaluate`.
    pub fn entrypoint(&self, path: &str) -> Option<EntrypointId> {
        self.inner.prepared.by_path.get(path).copied()
    }

    /// The entrypoint that is asked when none is named.
    pub fn default_entrypoint(&self) -> EntrypointId {
        EntrypointId(0)
    }

    /// The paths of all entrypoints, the default one first.
    pub fn entrypoints(&self) -> &[String] {
        &self.inner.prepared.entrypoints
    }

    /// What the module says about itself; a custom engine may say nothing.
    pub fn manifest(&self) -> Option<&Manifest> {
        self.inner.prepared.manifest.as_ref()
    }

    /// The contract that the module keeps.
    pub fn shape(&self) -> Shape {
        self.inner.prepared.shape
    }

    /// The SHA-256 of the module's bytes.
    pub fn digest(&self) -> &[u8; 32] {
        &self.inner.prepared.digest
    }

    /// The limits that the module runs under.
    pub fn limits(&self) -> &Limits {
        &self.inner.prepared.limits
    }
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module")
            .field("shape", &self.shape())
            .field("entrypoints", &self.entrypoints())
            .finish()
    }
}

/// Compiles a module and tells its shape. Only a module with a known shape enters the cache.
fn compile(
    engine: &Engine,
    bytes: &[u8],
    digest: [u8; 32],
    cache: Option<&Cache>,
) -> Result<(wasmtime::Module, Shape), LoadError> {
    if let Some(compiled) = cache.and_then(|cache| cache.get(engine, &digest)) {
        let shape = shape::tell(&compiled)?;
        return Ok((compiled, shape));
    }
    complexity::check(bytes)?;
    let compiled =
        wasmtime::Module::from_binary(engine.wasmtime(), bytes).map_err(|cause| invalid(&cause))?;
    let shape = shape::tell(&compiled)?;
    if let Some(cache) = cache {
        cache.put(engine, &digest, &compiled);
    }
    Ok((compiled, shape))
}

fn link(
    engine: &Engine,
    compiled: &wasmtime::Module,
    (shape, manifest): (Shape, Option<&Manifest>),
    options: &LoadOptions<'_>,
) -> Result<Linked, LoadError> {
    if shape == Shape::Opa {
        let builtins = options.builtins.clone();
        let load = || Opa::load(engine, compiled, builtins, &options.limits);
        return on_deep_stack(engine, load).map(Linked::Opa);
    }
    // For a pure module an empty linker: there is nothing that it could be given.
    let manifest = manifest.filter(|_| shape == Shape::Palisade);
    let pre =
        host::linker(engine, compiled, options.host_functions, manifest)?.instantiate_pre(compiled);
    Ok(Linked::Own(pre.map_err(|cause| invalid(&cause))?))
}

fn check_size(len: usize, max: usize) -> Result<(), LoadError> {
    if len > max { Err(LoadError::TooLarge { len, max }) } else { Ok(()) }
}

fn invalid(cause: &wasmtime::Error) -> LoadError {
    // The alternate form has the whole chain of causes on one line; the first alone only says "failed to compile".
    LoadError::Invalid(format!("{cause:#}"))
}

/// Runs `work` with enough stack for a whole evaluation, whatever the thread's own stack has left.
///
/// A module that recurses without end must meet Wasmtime's stack limit before the end of the thread's stack, which
/// would end the process.
fn on_deep_stack<T>(engine: &Engine, work: impl FnOnce() -> T) -> T {
    /// What Wasmtime and the host's own frames need beside the module's.
    const HOST_BYTES: usize = 256 << 10;
    stacker::maybe_grow(
        engine.stack_bytes() + HOST_BYTES,
        engine.stack_bytes() + 2 * HOST_BYTES,
        work,
    )
}
