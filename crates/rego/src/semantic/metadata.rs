//! What `rego.metadata.rule()` and `rego.metadata.chain()` stand for: the annotations around a rule, as constants.

mod fields;

pub(super) use fields::value;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use palisade_diag::{Diagnostic, Files, Span};
use palisade_value::{AnyValue, Value};

use crate::semantic::{errors, rules};
use crate::syntax::ast::{Annotations, Module, Scope, Target};

/// The annotations of all files.
#[derive(Debug, Default)]
pub struct Metadata {
    /// Where a document, a package or what is below it was first annotated.
    first: BTreeMap<(&'static str, Vec<String>), Span>,
    /// By file and place in the file.
    rules: BTreeMap<(usize, usize), Value>,
    documents: BTreeMap<Vec<String>, Value>,
    packages: BTreeMap<Vec<String>, Value>,
    subpackages: BTreeMap<Vec<String>, Value>,
}

/// The annotations around one rule.
#[derive(Clone, Debug)]
pub struct Around {
    /// What stands above the rule itself; an empty object where nothing does.
    pub rule: Value,
    /// The rule, its document, its package and the packages around it, as far as they are annotated; the rule always.
    pub chain: Value,
}

impl Around {
    /// What a query is surrounded by.
    pub fn nothing() -> Around {
        Around { rule: Value::empty_object(), chain: Value::array(Vec::new()) }
    }
}

impl Metadata {
    /// Collects the annotations of all files, and reports what is annotated twice.
    pub fn of(modules: &[Module], files: &Files, diagnostics: &mut Vec<Diagnostic>) -> Metadata {
        let mut metadata = Metadata::default();
        for (file, module) in modules.iter().enumerate() {
            let package = rules::package_path(&module.package);
            for annotations in &module.annotations {
                if let Some((scope, first)) = metadata.add(file, module, &package, annotations) {
                    let place = format!("{}:{}", files.name(first.file), files.start(first).row);
                    let span = annotations.span;
                    diagnostics.push(errors::annotation_redeclared(scope, &place, span, first));
                }
            }
        }
        metadata
    }

    /// Adds a block; gives the scope and place of an earlier one of the same thing. A rule may have several.
    fn add(
        &mut self,
        file: usize,
        module: &Module,
        package: &[String],
        annotations: &Annotations,
    ) -> Option<(&'static str, Span)> {
        let value = fields::value(annotations);
        let (scope, path) = match (annotations.scope, annotations.target) {
            (Scope::Rule, Target::Rule(at)) => {
                self.rules.insert((file, at), value);
                return None;
            }
            (Scope::Document, Target::Rule(at)) => {
                let path = rules::place(package, &module.rules.get(at)?.head).path;
                self.documents.insert(path.clone(), value);
                ("document", path)
            }
            (Scope::Subpackages, _) => {
                self.subpackages.insert(package.to_vec(), value);
                ("subpackages", package.to_vec())
            }
            _ => {
                self.packages.insert(package.to_vec(), value);
                ("package", package.to_vec())
            }
        };
        match self.first.entry((scope, path)) {
            Entry::Vacant(vacant) => {
                vacant.insert(annotations.span);
                None
            }
            Entry::Occupied(first) => Some((scope, *first.get())),
        }
    }

    /// The annotations around a rule of a file.
    pub fn around(&self, file: usize, at: usize, package: &[String], path: &[String]) -> Around {
        let rule = self.rules.get(&(file, at));
        let mut chain = vec![link(path, rule)];
        chain.extend(self.documents.get(path).map(|it| link(path, Some(it))));
        chain.extend(self.packages.get(package).map(|it| link(package, Some(it))));
        for length in (0..=package.len()).rev() {
            let Some(outer) = package.get(..length) else { continue };
            chain.extend(self.subpackages.get(outer).map(|it| link(outer, Some(it))));
        }
        Around {
            rule: rule.cloned().unwrap_or_else(Value::empty_object),
            chain: Value::array(chain),
        }
    }
}

fn link(path: &[String], annotations: Option<&Value>) -> Value {
    let path = Value::array(path.iter().map(|part| Value::text(part)).collect());
    Value::object_of(
        [("path", path)].into_iter().chain(annotations.map(|it| ("annotations", it.clone()))),
    )
}
