//! What is asked of a program: documents, and queries with solutions.

use palisade_value::types::Type;

use super::Generator;
use super::bodies::Scope;
use super::world::{Shape, is_collection};

/// How many documents of a case are asked for, so that a module stays small.
const DOCUMENTS_MAX: usize = 8;

impl Generator {
    /// The rules' documents, a package, and sometimes everything.
    pub(super) fn documents(&mut self) -> Vec<String> {
        let is_rule = |it: &&super::world::Document| !matches!(it.shape, Shape::Function(..));
        let rules = self.world.documents.iter().filter(is_rule);
        let mut all: Vec<String> = rules
            .map(|it| format!("{}/{}", self.world.packages[it.package].path.join("/"), it.name))
            .collect();
        while all.len() > DOCUMENTS_MAX {
            let at = self.rng.below(all.len());
            all.remove(at);
        }
        let package = self.rng.below(self.world.packages.len());
        all.push(self.world.packages[package].path.join("/"));
        all
    }

    /// A query or none.
    pub(super) fn queries(&mut self) -> Vec<String> {
        if self.rng.chance(50) {
            return Vec::new();
        }
        let mut scope = Scope::default();
        let documents = self.world.documents.clone();
        let collections: Vec<String> = documents
            .iter()
            .filter(|it| it.kind().is_some_and(|kind| is_collection(&kind)))
            .map(|it| self.world.full_name(it))
            .collect();
        // A query is in no package: it knows neither rules by their own names nor imports.
        let package = super::world::Package { path: vec!["query".to_owned()], aliases: Vec::new() };
        self.world.packages.push(package);
        let mut lines = Vec::new();
        if !collections.is_empty() && self.rng.chance(60) {
            lines.push(format!("{}[k]", self.rng.pick(&collections)));
            scope.variables.push(("k".to_owned(), Type::Any));
        }
        lines.push(self.inner_body(&mut scope, 1));
        if self.rng.chance(15) {
            lines.push("x = data[y][z]".to_owned());
        }
        self.world.packages.pop();
        vec![lines.join("; ")]
    }
}
