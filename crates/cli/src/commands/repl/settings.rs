//! What the commands set.

use clap::ValueEnum as _;
use palisade_lab::subject::Target;
use palisade_partial::Unknown;
use palisade_value::{AnyValue, Value};

use crate::commands::eval::partial;
use crate::explain::Explain;

/// What turns off what is shown of evaluations.
pub const OFF: &str = "off";

/// All settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which steps of an evaluation are shown; none if none are.
    pub explain: Option<Explain>,
    /// Whether times are shown.
    pub metrics: bool,
    /// Whether profiles are shown.
    pub profile: bool,
    /// Whether types are shown.
    pub types: bool,
    /// Whether an error in a built-in ends the evaluation.
    pub strict: bool,
    /// Whether results are JSON documents.
    pub json: bool,
    /// The evaluator.
    pub target: Target,
    /// The documents that are unknown: what is evaluated is evaluated partially, if there are any.
    pub unknowns: Vec<NamedUnknown>,
}

/// A document that is unknown.
#[derive(Clone, Debug)]
pub struct NamedUnknown {
    /// As it was typed.
    text: String,
    /// Where it is.
    pub place: Unknown,
}

impl NamedUnknown {
    /// Reads what was typed.
    ///
    /// # Errors
    /// It is no place in input or data.
    pub fn read(text: String) -> anyhow::Result<NamedUnknown> {
        Ok(NamedUnknown { place: partial::place(&text)?, text })
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            explain: None,
            metrics: false,
            profile: false,
            types: false,
            strict: false,
            json: false,
            target: Target::Rego,
            unknowns: Vec::new(),
        }
    }
}

impl Settings {
    /// Shows these steps, or none if it is these that are shown.
    pub fn toggle(&mut self, explain: Explain) {
        self.explain = if self.explain == Some(explain) { None } else { Some(explain) };
    }

    /// As `show debug` prints them.
    pub fn to_value(&self) -> Value {
        let explain = self.explain.and_then(|it| it.to_possible_value());
        let explain = explain.map_or(OFF.to_owned(), |it| it.get_name().to_owned());
        let unknowns = self.unknowns.iter().map(|it| Value::text(&it.text));
        Value::object_of([
            ("explain", Value::text(&explain)),
            ("format", Value::text(if self.json { "json" } else { "pretty" })),
            ("metrics", Value::Boolean(self.metrics)),
            ("profile", Value::Boolean(self.profile)),
            ("strict-builtin-errors", Value::Boolean(self.strict)),
            ("target", Value::text(self.target.name())),
            ("types", Value::Boolean(self.types)),
            ("unknowns", Value::array(unknowns.collect())),
        ])
    }
}
