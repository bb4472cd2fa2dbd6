//! What a module says about itself.

use std::collections::BTreeSet;

use palisade_abi::{ABI_VERSION, DataPlace, Entrypoint, Manifest, RuleHit};
use palisade_codegen::host_functions;
use palisade_ir::program::{Program, Stmt, visit};
use palisade_rego::syntax::ast::{Annotations, Module, Target, Term, TermKind};
use palisade_value::{Value, json};
use sha2::{Digest, Sha256};

use crate::analyse::Source;

/// The manifest of a program.
pub fn manifest(sources: &[Source], program: &Program, modules: &[Module]) -> Manifest {
    let entrypoints = program.entrypoints.iter().map(|it| Entrypoint {
        annotations: annotations(modules, &it.path),
        path: it.path.clone(),
    });
    let rules = program.rules.iter().map(|rule| RuleHit {
        path: rule.path.clone(),
        file: rule.file.clone(),
        row: rule.row,
    });
    let sources = sources.iter().map(|it| (it.name.as_str(), it.text.as_str()));
    Manifest {
        data_roots: data_roots(program),
        entrypoints: entrypoints.collect(),
        host_functions: host_functions(program).iter().map(|it| it.name.to_owned()).collect(),
        language: "rego".to_owned(),
        rules: rules.collect(),
        ..of_sources(sources)
    }
}

/// What the manifest of every module says, whatever the language: who made it, and from which sources, names and texts.
pub fn of_sources<'s>(sources: impl Iterator<Item = (&'s str, &'s str)>) -> Manifest {
    let digest = |(name, text): (&str, &str)| (name.to_owned(), hex(&Sha256::digest(text)));
    Manifest {
        abi: ABI_VERSION,
        compiler: format!("palisade {}", env!("CARGO_PKG_VERSION")),
        data: DataPlace::Frozen,
        encodings: vec!["json".to_owned()],
        sources: sources.map(digest).collect(),
        ..Manifest::default()
    }
}

/// The paths of base data that the program reads, without those below another one.
fn data_roots(program: &Program) -> Vec<String> {
    let mut paths = BTreeSet::new();
    for function in &program.functions {
        visit(&function.body, &mut |stmt| {
            if let Stmt::Data { path, .. } = stmt {
                paths.insert(path.join("/"));
            }
        });
    }
    let covered = |path: &str| {
        paths.iter().any(|other| {
            other.is_empty() && !path.is_empty()
                || path.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('/'))
        })
    };
    paths.iter().filter(|path| !covered(path)).cloned().collect()
}

/// The metadata of the rule or package that an entrypoint names.
fn annotations(modules: &[Module], entrypoint: &str) -> Option<serde_json::Value> {
    let path: Vec<&str> = entrypoint.split('/').collect();
    let value = modules.iter().find_map(|module| annotations_in(module, &path))?;
    serde_json::from_str(&json::to_json(value)).ok()
}

fn annotations_in<'a>(module: &'a Module, path: &[&str]) -> Option<&'a Value> {
    let package = constants(&module.package.path);
    let of = |annotations: &&Annotations| match annotations.target {
        Target::Package => package == path,
        Target::Rule(at) => module.rules.get(at).is_some_and(|rule| {
            let head = constants(&rule.head.path);
            package.iter().chain(&head).copied().eq(path.iter().copied())
        }),
    };
    module.annotations.iter().find(of).map(|annotations| &annotations.value)
}

/// The constant front part of a path.
fn constants(path: &[Term]) -> Vec<&str> {
    path.iter()
        .map_while(|term| match &term.kind {
            TermKind::String { text, .. } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
