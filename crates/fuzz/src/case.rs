//! A case: sources, base data, inputs, and what is asked.

use palisade_compiler::{Options, Query, Source};
use palisade_rego::syntax::ast::Version;
use palisade_value::{AnyValue, Value, json};

/// What `time.now_ns` gives, as in the literate suites: 2023-11-14T22:13:20Z.
pub const NOW_NS: i64 = 1_700_000_000_000_000_000;

/// A program with what it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The Rego that the sources are written in.
    pub version: Version,
    /// The sources: name and text.
    pub sources: Vec<(String, String)>,
    /// The base data, a JSON object.
    pub data: String,
    /// The inputs, JSON texts; each question is asked of each.
    pub inputs: Vec<String>,
    /// The documents that are asked for: `p/allow`.
    pub documents: Vec<String>,
    /// The queries whose solutions are asked for.
    pub queries: Vec<String>,
    /// Whether errors of built-ins end the evaluation.
    pub strict: bool,
}

impl Case {
    /// The sources as the compiler takes them.
    pub fn compiler_sources(&self) -> Vec<Source> {
        self.sources.iter().map(|(name, text)| Source::new(name.as_str(), text.as_str())).collect()
    }

    /// How the sources are compiled.
    pub fn options(&self) -> Options {
        let query = |text: &String| Query { text: text.clone(), ..Query::default() };
        Options {
            version: self.version,
            data: self.data_value(),
            entrypoints: self.documents.clone(),
            queries: self.queries.iter().map(query).collect(),
            ..Options::default()
        }
    }

    /// The base data; an empty object should it not be JSON.
    pub fn data_value(&self) -> Value {
        json::parse(&self.data).unwrap_or_else(|_| Value::object(Vec::new()))
    }

    /// The size that the minimiser makes smaller.
    pub fn size(&self) -> usize {
        let texts = self.sources.iter().map(|(_, text)| text.len()).sum::<usize>();
        let inputs = self.inputs.iter().map(|it| it.len() + 1).sum::<usize>();
        let asked =
            self.documents.iter().chain(&self.queries).map(|it| it.len() + 1).sum::<usize>();
        texts + inputs + asked + self.data.len() + self.sources.len()
    }
}
