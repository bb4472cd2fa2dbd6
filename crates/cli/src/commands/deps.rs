//! `palisade deps`

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use palisade_bundle::{BUNDLE_BYTES_MAX, Bundle};
use palisade_compiler::{Query, analyse};
use palisade_rego::names;
use palisade_rego::semantic::{DocumentPath, Documents, documents};
use palisade_value::{AnyValue, Value};

use crate::capabilities::CapabilitiesArgs;
use crate::load::{Loaded, read_bytes};
use crate::policy::{self, LanguageArgs};
use crate::{Outcome, output};

/// Print the documents that a query depends on: base documents, which are data and input, and virtual ones, which rules
/// give.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade deps -d policies/ data.authz.allow
  palisade deps -b bundle.tar.gz data.authz.allow --format json")]
pub struct Deps {
    /// The query.
    query: String,
    /// A file or directory with policies and data. May be repeated.
    #[arg(short, long, value_name = "PATH")]
    data: Vec<String>,
    /// A bundle with sources: a file or a directory. May be repeated.
    #[arg(short, long, value_name = "PATH")]
    bundle: Vec<PathBuf>,
    /// How to print the documents.
    #[arg(short, long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    language: LanguageArgs,
    #[command(flatten)]
    capabilities: CapabilitiesArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: a table.
    #[default]
    Pretty,
    /// As JSON, each document as a list of terms.
    Json,
}

impl Deps {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let mut loaded = self.load()?;
        let mut options = self.language.options();
        options.data = loaded.take_data()?;
        self.capabilities.apply(&mut options)?;
        options.queries = vec![Query { text: self.query.trim().to_owned(), ..Query::default() }];
        let analysis = analyse(&loaded.sources, &options);
        policy::complain(&analysis.files, &analysis.diagnostics);
        let query = analysis.program.queries.first().filter(|_| !analysis.has_errors());
        let Some(query) = query else {
            return Ok(Outcome::Failure);
        };
        let found = documents(&analysis.program, query);
        match self.format {
            Format::Json => output::line(&output::pretty_json(&json(&found)))?,
            Format::Pretty if found == Documents::default() => {}
            Format::Pretty => output::line(table(&found).trim_end())?,
        }
        Ok(Outcome::Success)
    }

    fn load(&self) -> anyhow::Result<Loaded> {
        let mut loaded = Loaded::read(&self.data, &self.language, false)?;
        for path in &self.bundle {
            let name = path.display().to_string();
            if path.is_dir() {
                loaded.merge(Loaded::read(&[name], &self.language, true)?)?;
            } else {
                let bytes = read_bytes(path, BUNDLE_BYTES_MAX)?;
                let bundle = Bundle::read(&bytes).with_context(|| format!("`{name}`"))?;
                if bundle.sources.is_empty() {
                    anyhow::bail!("`{name}` holds no sources, which is where dependencies are");
                }
                loaded.add_bundle(&name, &bundle)?;
            }
        }
        Ok(loaded)
    }
}

/// A column for each kind of document that there is.
fn table(found: &Documents) -> String {
    let columns = [("BASE DOCUMENTS", &found.base), ("VIRTUAL DOCUMENTS", &found.virtuals)];
    let columns: Vec<_> = columns.into_iter().filter(|(_, paths)| !paths.is_empty()).collect();
    let head: Vec<String> = columns.iter().map(|(title, _)| (*title).to_owned()).collect();
    let height = columns.iter().map(|(_, paths)| paths.len()).max().unwrap_or_default();
    let texts: Vec<Vec<String>> = columns
        .iter()
        .map(|(_, paths)| paths.iter().map(|path| names::reference(path)).collect())
        .collect();
    let cell = |column: &Vec<String>, row: usize| column.get(row).cloned().unwrap_or_default();
    let rows: Vec<Vec<String>> =
        (0..height).map(|row| texts.iter().map(|column| cell(column, row)).collect()).collect();
    output::table(&head, &rows)
}

/// `{"base": …, "virtual": …}`; what is empty is left out.
fn json(found: &Documents) -> Value {
    let list = |paths: &std::collections::BTreeSet<DocumentPath>| {
        Value::array(paths.iter().map(|path| terms(path)).collect())
    };
    let kinds = [("base", &found.base), ("virtual", &found.virtuals)];
    let kinds = kinds.into_iter().filter(|(_, paths)| !paths.is_empty());
    Value::object_of(kinds.map(|(name, paths)| (name, list(paths))))
}

/// A path as the terms of a reference, in OPA's JSON.
pub fn terms(path: &[Value]) -> Value {
    let term = |(at, value): (usize, &Value)| {
        let kind = if at == 0 { "var" } else { value.kind().name() };
        Value::object_of([("type", Value::text(kind)), ("value", value.clone())])
    };
    Value::array(path.iter().enumerate().map(term).collect())
}
