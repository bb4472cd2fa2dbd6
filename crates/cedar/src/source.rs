//! The files that policies and what belongs to them come in.

/// The two ways in which Cedar's policies and schemas are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Cedar's own.
    Cedar,
    /// Cedar's JSON formats.
    Json,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Source {
    /// The name that diagnostics and the module's manifest show. No machine's paths should be in it.
    pub name: String,
    /// The text.
    pub text: String,
    /// How it is written; of no matter for entities and links, which are always JSON.
    pub syntax: Syntax,
}

impl Source {
    /// A file whose name says how it is written: JSON where it ends in `.json`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        let name = name.into();
        let syntax = if name.ends_with(".json") { Syntax::Json } else { Syntax::Cedar };
        Source { name, text: text.into(), syntax }
    }
}
