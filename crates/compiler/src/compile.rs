//! From sources to a module.

use std::sync::Arc;

use palisade_abi::Manifest;
use palisade_codegen::{self as codegen, Abi};
use palisade_diag::{Diagnostic, Files};
use palisade_ir::lower::{LowerError, rego};
use palisade_ir::passes;
use palisade_ir::program::Program;
use palisade_rego::checked;
use palisade_rego::syntax::ast::Version;
use palisade_value::{AnyValue, Value};

use crate::analyse::{Analysis, Options, Source, analyse};
use crate::capabilities::Capabilities;
use crate::{host, manifest};

/// A compiled policy.
#[derive(Debug)]
pub struct Artifact {
    /// The module.
    pub wasm: Vec<u8>,
    /// What it was generated from.
    pub ir: Program,
    /// What the module says about itself; also inside it.
    pub manifest: Manifest,
}

/// What came of a compilation.
#[derive(Debug)]
pub struct Compilation {
    /// The module, unless there are errors in the sources.
    pub artifact: Option<Artifact>,
    /// What was found in the sources.
    pub diagnostics: Vec<Diagnostic>,
    /// The sources, for showing diagnostics.
    pub files: Arc<Files>,
    /// The language version that each source was read in.
    pub versions: Vec<Version>,
    /// The checked program.
    pub program: checked::Program,
}

impl Compilation {
    fn of(artifact: Option<Artifact>, analysis: Analysis) -> Compilation {
        let Analysis { files, modules, program, diagnostics, .. } = analysis;
        let versions = modules.iter().map(|module| module.version).collect();
        Compilation { artifact, diagnostics, files, versions, program }
    }
}

/// Why sources without errors can't become a module.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// No entrypoint is named and none is annotated.
    #[error(
        "no entrypoint: name one (`-e authz/allow`) or mark a rule with a `# METADATA` block that says `entrypoint: true`"
    )]
    NoEntrypoint,
    /// A named entrypoint is neither a rule, nor a package, nor base data.
    #[error("the entrypoint `{0}` is neither a rule, nor a package, nor data of the policy")]
    UnknownEntrypoint(String),
    /// Hosts of the named capabilities load no module of OPA's ABI.
    #[error(
        "the capabilities have no Wasm ABI 1.1, 1.2 or 1.3: no host of theirs loads the module"
    )]
    NoAbi,
    /// The program can't be lowered as asked.
    #[error(transparent)]
    Lower(#[from] LowerError),
    /// The module can't be written.
    #[error(transparent)]
    Emit(#[from] codegen::EmitError),
}

/// The entrypoint under which the query with this number is compiled.
pub fn query_entrypoint(number: usize) -> String {
    format!("query/{number}")
}

/// Compiles sources to a module.
///
/// # Errors
/// When the sources are fine but what is asked for isn't: see [`CompileError`]. Errors in the sources are diagnostics.
pub fn compile(sources: &[Source], options: &Options) -> Result<Compilation, CompileError> {
    let mut analysis = analyse(sources, options);
    if analysis.has_errors() {
        return Ok(Compilation::of(None, analysis));
    }
    let program = lower_all(options, &analysis)?;
    let refused = host::check(&program, &options.host_functions);
    if !refused.is_empty() {
        analysis.diagnostics.extend(refused);
        return Ok(Compilation::of(None, analysis));
    }
    let manifest = manifest::manifest(sources, &program, &analysis.modules);
    let artifact = emit(program, manifest, options.abi)?;
    Ok(Compilation::of(Some(artifact), analysis))
}

fn lower_all(options: &Options, analysis: &Analysis) -> Result<Program, CompileError> {
    let has_abi = options.capabilities.as_ref().is_none_or(Capabilities::has_opa_abi);
    if options.abi == Abi::Opa && !has_abi {
        return Err(CompileError::NoAbi);
    }
    let entrypoints = entrypoints(options, &analysis.program);
    if let Some(unknown) =
        entrypoints.iter().find(|it| !exists(it, &analysis.program, &options.data))
    {
        return Err(CompileError::UnknownEntrypoint(unknown.join("/")));
    }
    if entrypoints.is_empty() && options.queries.is_empty() {
        return Err(CompileError::NoEntrypoint);
    }
    let lower_options = rego::Options {
        entrypoints,
        data: frozen_data(options),
        queries: !options.queries.is_empty(),
    };
    lower(&analysis.program, &lower_options)
}

/// The base data that goes into the module.
fn frozen_data(options: &Options) -> Value {
    match options.abi {
        Abi::Palisade => options.data.clone(),
        Abi::Opa => Value::empty_object(),
    }
}

/// Compiles a checked program for these entrypoints (paths without `data`), over this base data.
///
/// This is for tools that make or change checked programs themselves; the module's manifest names no sources. The module
/// may import every function of the host: whether a call is answered is up to whoever runs it.
///
/// # Errors
/// See [`CompileError`].
pub fn generate(
    program: &checked::Program,
    data: &Value,
    entrypoints: Vec<Vec<String>>,
) -> Result<Artifact, CompileError> {
    let options = rego::Options { entrypoints, data: data.clone(), queries: false };
    let program = lower(program, &options)?;
    let manifest = manifest::manifest(&[], &program, &[]);
    emit(program, manifest, Abi::Palisade)
}

fn lower(program: &checked::Program, options: &rego::Options) -> Result<Program, CompileError> {
    Ok(finish(rego::lower(program, options)?))
}

/// Improves a program that was lowered.
pub(crate) fn finish(program: Program) -> Program {
    let program = passes::optimize(program, &passes::Options::default());
    debug_assert!(
        palisade_ir::verify::verify(&program).is_empty(),
        "lowering keeps the rules of the IR"
    );
    program
}

pub(crate) fn emit(
    program: Program,
    manifest: Manifest,
    abi: Abi,
) -> Result<Artifact, CompileError> {
    let options = codegen::Options { abi, manifest: manifest.to_json().into_bytes() };
    let wasm = codegen::emit(&program, &options)?;
    Ok(Artifact { wasm, ir: program, manifest })
}

/// The named entrypoints in the order in which they are named, then those annotated, none twice.
fn entrypoints(options: &Options, program: &checked::Program) -> Vec<Vec<String>> {
    let named = options.entrypoints.iter().map(|path| path_of(path));
    let mut all: Vec<Vec<String>> = Vec::new();
    for path in named.chain(program.entrypoints.iter().cloned()) {
        if !all.contains(&path) {
            all.push(path);
        }
    }
    all
}

/// Whether there is anything at a path: a package, a rule, base data, or a rule above it whose head goes on.
fn exists(path: &[String], program: &checked::Program, data: &Value) -> bool {
    if path.is_empty() {
        return false;
    }
    let is_data = path.iter().try_fold(data.clone(), |value, key| value.get_str(key)).is_some();
    let mut node = &program.root;
    for key in path {
        match node.children.get(&Value::text(key)) {
            Some(child) => node = child,
            None => return is_data || !node.rules.is_empty(),
        }
    }
    true
}

fn path_of(entrypoint: &str) -> Vec<String> {
    entrypoint
        .trim_matches('/')
        .split('/')
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
