//! Cedar: policies in, diagnostics and a module out.

use std::sync::Arc;

use palisade_abi::Manifest;
use palisade_cedar::checked::PolicySet;
use palisade_cedar::{Source, analyse};
use palisade_codegen::Abi;
use palisade_diag::{Diagnostic, Files};
use palisade_ir::lower::cedar;

use crate::compile::{Artifact, CompileError, emit, finish};
use crate::manifest;

/// How to read and compile.
#[derive(Clone, Debug)]
pub struct Options {
    /// The schema, the entities, the links, and how the policies are compared with the schema.
    pub reading: palisade_cedar::Options,
    /// The name in front of the entrypoints: `cedar` makes `cedar/decision` and `cedar/allow`.
    pub name: String,
    /// Whether the module compares requests with the schema, if there is one.
    pub validates_requests: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            reading: palisade_cedar::Options::default(),
            name: "cedar".to_owned(),
            validates_requests: true,
        }
    }
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
    /// The checked policies.
    pub set: PolicySet,
}

/// Compiles a set of policies to a module.
///
/// # Errors
/// When the module cannot be written. Errors in the sources are diagnostics.
pub fn compile(sources: &[Source], options: &Options) -> Result<Compilation, CompileError> {
    let analysis = analyse(sources, &options.reading);
    let artifact = match analysis.has_errors() {
        true => None,
        false => Some(generate(sources, &analysis.set, options)?),
    };
    let (diagnostics, files, set) = (analysis.diagnostics, analysis.files, analysis.set);
    Ok(Compilation { artifact, diagnostics, files, set })
}

fn generate(
    sources: &[Source],
    set: &PolicySet,
    options: &Options,
) -> Result<Artifact, CompileError> {
    let lowering = cedar::Options {
        name: options.name.clone(),
        validates_requests: options.validates_requests,
    };
    let program = finish(cedar::lower(set, &lowering));
    let manifest = manifest(sources, set, options);
    emit(program, manifest, Abi::Palisade)
}

fn manifest(sources: &[Source], set: &PolicySet, options: &Options) -> Manifest {
    let reading = &options.reading;
    let known = reading.schema.iter().chain(&reading.entities).chain(&reading.links);
    let sources = sources.iter().chain(known).map(|it| (it.name.as_str(), it.text.as_str()));
    let rules = set.policies.iter().map(|policy| palisade_abi::RuleHit {
        path: policy.id.clone(),
        file: policy.file.clone(),
        row: policy.row,
    });
    let entrypoint = |document: &str| palisade_abi::Entrypoint {
        path: format!("{}/{document}", options.name),
        annotations: None,
    };
    Manifest {
        entrypoints: vec![entrypoint("decision"), entrypoint("allow")],
        language: "cedar".to_owned(),
        rules: rules.collect(),
        ..manifest::of_sources(sources)
    }
}
