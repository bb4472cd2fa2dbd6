//! What the commands set.

use palisade_interp::trace::Mode;
use palisade_lab::subject::Target;
use palisade_value::{AnyValue, Value};

/// How much of the evaluation is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Explain {
    /// Nothing.
    #[default]
    Off,
    /// Every step.
    Full,
    /// What `trace` noted.
    Notes,
    /// Steps that failed.
    Fails,
}

impl Explain {
    /// The setting of a name.
    pub fn named(name: &str) -> Option<Explain> {
        [Explain::Off, Explain::Full, Explain::Notes, Explain::Fails]
            .into_iter()
            .find(|it| it.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Explain::Off => "off",
            Explain::Full => "full",
            Explain::Notes => "notes",
            Explain::Fails => "fails",
        }
    }

    /// The trace to print, if any.
    pub fn mode(self) -> Option<Mode> {
        match self {
            Explain::Off => None,
            Explain::Full => Some(Mode::Full),
            Explain::Notes => Some(Mode::Notes),
            Explain::Fails => Some(Mode::Fails),
        }
    }

    /// This, or nothing if it is this already.
    pub fn toggled(self, wanted: Explain) -> Explain {
        if self == wanted { Explain::Off } else { wanted }
    }
}

/// All settings.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How much of the evaluation is shown.
    pub explain: Explain,
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
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            explain: Explain::Off,
            metrics: false,
            profile: false,
            types: false,
            strict: false,
            json: false,
            target: Target::Rego,
        }
    }
}

impl Settings {
    /// As `show debug` prints them.
    pub fn to_value(&self) -> Value {
        Value::object_of([
            ("explain", Value::text(self.explain.name())),
            ("format", Value::text(if self.json { "json" } else { "pretty" })),
            ("metrics", Value::Boolean(self.metrics)),
            ("profile", Value::Boolean(self.profile)),
            ("strict-builtin-errors", Value::Boolean(self.strict)),
            ("target", Value::text(self.target.name())),
            ("types", Value::Boolean(self.types)),
        ])
    }
}
