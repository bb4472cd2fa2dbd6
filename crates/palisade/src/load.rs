//! Loading: from a file or bytes, through verification, to a policy that is ready.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use palisade_abi::host::host_function_names;
use palisade_abi::{DataPlace, HostFunctions};
use palisade_bundle::{BUNDLE_BYTES_MAX, Bundle, Digest, ReadError};
use palisade_sandbox::{
    Cache, Engine, EntrypointId, Limits, LoadOptions as ModuleOptions, Module, Shape,
};
use palisade_trust::{Policy as Trust, Refusal, SignatureFileError};

use crate::base::Base;
use crate::builtins::OpaBuiltins;
use crate::path::Entrypoints;
use crate::policy::{Identity, Policy};

/// How a policy is loaded.
#[derive(Debug, Clone)]
pub struct LoadOptions<'a> {
    /// Whose signature is needed.
    pub trust: &'a Trust,
    /// The text of the signature file.
    pub signature: Option<&'a str>,
    /// Where compiled code is kept; `None` compiles each time.
    pub cache: Option<&'a Cache>,
    /// The limits of each decision.
    pub limits: Limits,
    /// What the policy may ask of the world; `None` is nothing. A policy that calls a function which is not allowed here
    /// is not loaded.
    pub host: Option<Arc<dyn HostFunctions>>,
}

impl<'a> LoadOptions<'a> {
    /// No signature given, no cache, the default limits.
    pub fn new(trust: &'a Trust) -> LoadOptions<'a> {
        LoadOptions { trust, signature: None, cache: None, limits: Limits::default(), host: None }
    }
}

/// Why a policy is not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read `{}`", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        cause: std::io::Error,
    },
    /// The file is larger than the limit.
    #[error("`{}` is larger than the limit of {max} bytes", .path.display())]
    FileTooLarge {
        /// The file.
        path: PathBuf,
        /// The limit, in bytes.
        max: u64,
    },
    /// The file is not trusted.
    #[error("the policy is not trusted")]
    Untrusted(#[source] Refusal),
    /// The bundle cannot be unpacked.
    #[error("the bundle cannot be read")]
    Bundle(#[source] ReadError),
    /// The bundle holds no module.
    #[error("the bundle has no `/policy.wasm`; `palisade build -t wasm` makes one")]
    NoModule,
    /// The module is refused.
    #[error("the module cannot be loaded")]
    Module(#[source] palisade_sandbox::LoadError),
    /// The bundle's manifest names an entrypoint that the module does not have.
    #[error("the bundle's manifest names the entrypoint `{0}`, and its module does not have it")]
    MissingEntrypoint(String),
}

impl Policy {
    /// Loads a policy from a file. Without a signature in the options, one beside it is taken: of the files with
    /// `.sigstore.json` and `.sig` appended to its name the first that is valid.
    ///
    /// # Errors
    /// As [`Policy::load`], and when a file cannot be read.
    pub fn open(
        engine: &Engine,
        path: &Path,
        options: &LoadOptions<'_>,
    ) -> Result<Policy, LoadError> {
        let blob = read_file(path, BUNDLE_BYTES_MAX)?;
        let beside = match options.signature {
            Some(_) => None,
            None => options
                .trust
                .signature_beside(path, &blob)
                .map_err(|SignatureFileError { path, cause }| LoadError::File { path, cause })?,
        };
        let beside = beside.as_ref().map(|it| it.text.as_str());
        let options = LoadOptions { signature: options.signature.or(beside), ..options.clone() };
        Policy::load(engine, &blob, &options)
    }

    /// Loads a policy from the bytes of a bundle, or of a bare module.
    ///
    /// The signature is verified first: nothing of the bytes is interpreted before.
    ///
    /// # Errors
    /// When the bytes are not trusted, are not a bundle, or hold a module that is refused.
    pub fn load(
        engine: &Engine,
        blob: &[u8],
        options: &LoadOptions<'_>,
    ) -> Result<Policy, LoadError> {
        let admission =
            options.trust.admit(blob, options.signature).map_err(LoadError::Untrusted)?;
        let bundle = unpack(blob)?;
        let bytes = bundle.module.as_deref().ok_or(LoadError::NoModule)?;
        let module = load_module(engine, bytes, &bundle, options, admission.signer.is_some())?;
        let identity = Identity {
            bundle: admission.digest,
            module: Digest::from_bytes(*module.digest()),
            data: bundle.data_digest(),
            revision: bundle.manifest.revision.clone(),
            signer: admission.signer,
            unsigned: admission.unsigned,
        };
        let entrypoints = entrypoints(&module, &bundle)?;
        Ok(Policy::new(module, entrypoints, Base::new(bundle.data), identity, options.host.clone()))
    }
}

/// A bare module is a bundle with nothing else in it.
fn unpack(blob: &[u8]) -> Result<Bundle, LoadError> {
    if blob.starts_with(b"\0asm") {
        return Ok(Bundle { module: Some(blob.to_vec()), ..Bundle::default() });
    }
    Bundle::read(blob).map_err(LoadError::Bundle)
}

/// The names of the functions that an embedder allows.
fn allowed(host: Option<&dyn HostFunctions>) -> Vec<String> {
    let mut names = host_function_names();
    names.retain(|name| host.is_some_and(|host| host.allows(name)));
    names
}

/// Only a module with a verified signature is believed that its instances forget what they were asked.
fn load_module(
    engine: &Engine,
    bytes: &[u8],
    bundle: &Bundle,
    options: &LoadOptions<'_>,
    is_signed: bool,
) -> Result<Module, LoadError> {
    let host_functions = allowed(options.host.as_deref());
    let module_options = ModuleOptions {
        limits: options.limits.clone(),
        cache: options.cache,
        data: None,
        reuse: is_signed,
        builtins: Some(Arc::new(OpaBuiltins { host_functions: host_functions.clone() })),
        host_functions: &host_functions,
    };
    let module = Module::load(engine, bytes, module_options).map_err(LoadError::Module)?;
    let place = module.manifest().map_or(DataPlace::Frozen, |manifest| manifest.data);
    match (module.shape(), place) {
        (Shape::Palisade, DataPlace::Loaded) | (Shape::Opa, _) => {
            module.with_data(bundle.data.get().as_bytes().to_vec()).map_err(LoadError::Module)
        }
        _ => Ok(module),
    }
}

/// The entrypoints by path. A custom engine has one, and the bundle's manifest may give it other names.
fn entrypoints(module: &Module, bundle: &Bundle) -> Result<Entrypoints<EntrypointId>, LoadError> {
    let of_module = module
        .entrypoints()
        .iter()
        .filter_map(|path| Some((path.clone(), module.entrypoint(path)?)));
    let of_module: Entrypoints<EntrypointId> = of_module.collect();
    let mut named =
        bundle.manifest.wasm.iter().map(|it| it.entrypoint.trim_matches('/').to_owned());
    match module.shape() {
        Shape::Palisade | Shape::Opa => match named.find(|path| !of_module.contains_key(path)) {
            Some(missing) => Err(LoadError::MissingEntrypoint(missing)),
            None => Ok(of_module),
        },
        Shape::Pair | Shape::Packed | Shape::Boolean => {
            let named: Entrypoints<_> =
                named.map(|path| (path, module.default_entrypoint())).collect();
            Ok(if named.is_empty() { of_module } else { named })
        }
    }
}

/// Reads a file once and whole, so that what is verified is what is used.
fn read_file(path: &Path, max: u64) -> Result<Vec<u8>, LoadError> {
    let failed = |cause| LoadError::File { path: path.to_owned(), cause };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(max.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > max {
        return Err(LoadError::FileTooLarge { path: path.to_owned(), max });
    }
    Ok(bytes)
}
