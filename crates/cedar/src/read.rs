//! Reading all sources into the official form.

mod entities;
mod links;
mod policies;
mod schema;

use cedar_policy::{Entities, Schema};
use palisade_diag::{Diagnostic, FileId, Files, Severity};

use crate::options::Options;
use crate::source::Source;
pub(crate) use policies::Policies;

/// What was read. With errors among the diagnostics it has holes.
pub(crate) struct Input {
    pub files: Files,
    pub policies: Policies,
    pub schema: Option<Schema>,
    /// The schema's file.
    pub schema_file: Option<FileId>,
    /// The entities' file.
    pub entities_file: Option<FileId>,
    /// The actions of the schema are among them.
    pub entities: Entities,
    pub diagnostics: Vec<Diagnostic>,
}

impl Input {
    /// Whether there is an error among the diagnostics.
    pub(crate) fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|it| it.severity == Severity::Error)
    }
}

/// Reads all sources. What can be looked at without what is broken, is, so that one run says as much as it can.
pub(crate) fn read(sources: &[Source], options: &Options) -> Input {
    let mut files = Files::new();
    let mut add = |source: &Source| files.add(&source.name, source.text.as_str());
    let policy_files: Vec<FileId> = sources.iter().map(&mut add).collect();
    let schema_file = options.schema.as_ref().map(&mut add);
    let entities_file = options.entities.as_ref().map(&mut add);
    let link_files: Vec<FileId> = options.links.iter().map(&mut add).collect();

    let mut diagnostics = Vec::new();
    let mut policies = Policies::new(options.ids_from_annotations);
    for (file, source) in policy_files.into_iter().zip(sources) {
        policies.read(file, source, &mut diagnostics);
    }
    policies.link_those_of_sets(&mut diagnostics);
    let are_policies_whole = diagnostics.is_empty();
    for (file, source) in link_files.into_iter().zip(&options.links) {
        links::read(file, &source.text, &mut policies, are_policies_whole, &mut diagnostics);
    }

    let schema = options.schema.as_ref().zip(schema_file);
    let schema = schema.map(|(source, file)| schema::read(file, source, &mut diagnostics));
    let is_schema_broken = matches!(schema, Some(None));
    let schema = schema.flatten();

    let entities = options.entities.as_ref().zip(entities_file);
    let entities = match entities {
        // Without the schema that belongs to them, they can't be understood.
        _ if is_schema_broken => Entities::empty(),
        Some((source, file)) => {
            entities::read(file, &source.text, schema.as_ref(), &mut diagnostics)
        }
        None => schema.as_ref().and_then(|it| it.action_entities().ok()).unwrap_or_default(),
    };
    Input { files, policies, schema, schema_file, entities_file, entities, diagnostics }
}
