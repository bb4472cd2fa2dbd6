//! What to evaluate partially with.

use palisade_interp::Limits;
use palisade_value::Value;

/// What is unknown, and how much may come out.
#[derive(Clone, Debug)]
pub struct Options {
    /// The documents that are unknown, with everything below them.
    pub unknowns: Vec<Unknown>,
    /// The part of `input` that is known; without one nothing but what is unknown is there.
    pub input: Option<Value>,
    /// Whether a failing built-in ends the evaluation instead of being undefined.
    pub strict: bool,
    /// Whether rules that depend on what is unknown all stay rules of support modules.
    pub shallow: bool,
    /// The documents below `data` whose rules stay rules of support modules.
    pub not_inlined: Vec<Vec<Value>>,
    /// When to give up.
    pub limits: Limits,
    /// How many expressions the residual program may have.
    pub most_expressions: usize,
}

impl Default for Options {
    /// All of `input` is unknown.
    fn default() -> Options {
        Options {
            unknowns: vec![Unknown::Input(Vec::new())],
            input: None,
            strict: false,
            shallow: false,
            not_inlined: Vec::new(),
            limits: Limits::default(),
            most_expressions: EXPRESSIONS_MAX,
        }
    }
}

/// An unknown document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// `input`, or something in it.
    Input(Vec<Value>),
    /// `data`, or something below it.
    Data(Vec<Value>),
}

/// How many expressions a residual program has unless someone asks for more: nobody reads that, and nobody runs it fast.
pub const EXPRESSIONS_MAX: usize = 100_000;

/// How many keys of a known collection are tried one by one against an unknown key; beyond it the collection itself is
/// looked into by the residual program.
pub(crate) const KEYS_MAX: usize = 64;

/// How many alternatives a rule may have to be put in place of a reference to it.
pub(crate) const ALTERNATIVES_MAX: usize = 64;

/// How many elements of a known domain `every` is written out for.
pub(crate) const UNROLLED_MAX: usize = 64;

/// How many solutions something known may have.
pub(crate) const SOLUTIONS_MAX: usize = 100_000;
