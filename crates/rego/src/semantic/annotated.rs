//! What is annotated in syntax trees, and how: for who shows policies, without checking them.

use palisade_diag::Span;
use palisade_value::{AnyValue, Value};

use crate::semantic::documents::DocumentPath;
use crate::semantic::{metadata, rules};
use crate::syntax::ast::{Module, Scope, Target};

/// Annotations and what they are of.
#[derive(Clone, Debug)]
pub struct Annotated {
    /// The package or document: `data.authz.allow`.
    pub path: DocumentPath,
    /// The statement below the annotations: a package or a rule.
    pub span: Span,
    /// The annotations, as `rego.metadata.rule()` gives them.
    pub annotations: Value,
}

/// The annotations of a file, in the order in which they stand there.
pub fn annotated(module: &Module) -> Vec<Annotated> {
    let package = rules::package_path(&module.package);
    let of_file = module.annotations.iter().filter_map(|it| {
        let of_package = (self::package(module), module.package.span);
        let (path, span) = match (it.scope, it.target) {
            (Scope::Rule | Scope::Document, Target::Rule(at)) => {
                let rule = module.rules.get(at)?;
                (document(rules::place(&package, &rule.head).path), rule.span)
            }
            _ => of_package,
        };
        Some(Annotated { path, span, annotations: metadata::value(it) })
    });
    of_file.collect()
}

/// A file's package: `data.authz`.
pub fn package(module: &Module) -> DocumentPath {
    document(rules::package_path(&module.package).iter().map(|part| Value::text(part)))
}

fn document(path: impl IntoIterator<Item = Value>) -> DocumentPath {
    std::iter::once(Value::from("data")).chain(path).collect()
}
