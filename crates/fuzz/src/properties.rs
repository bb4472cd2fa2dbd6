//! What must hold of every case.

mod agreement;
mod answers;
mod inputs;
mod layout;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use palisade_compiler::{Compilation, CompileError, compile};
use palisade_diag::{Diagnostic, Severity};
use palisade_sandbox::{Engine, EngineError, EngineOptions};

use crate::case::Case;
use crate::peer::Peer;
pub use answers::{Answer, Question};
pub use inputs::InputModules;

/// The longest that anything may take that is done with a program of a few kilobytes, on a machine with much else to do.
const PATIENCE: Duration = Duration::from_secs(120);

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// Nothing panics.
    NoPanic,
    /// Checking, compiling and evaluating end in bounded time.
    BoundedTime,
    /// A policy laid out has the tree that it had, and laid out again stays as it is.
    Layout,
    /// What the checker accepts can be compiled and loaded.
    Compiles,
    /// Module and reference evaluator give the same answer, to the byte.
    Agreement,
    /// An instance that has been used answers as a new one.
    Repetition,
    /// The passes on the intermediate form change no answer.
    Optimisation,
    /// The guest takes exactly the inputs that are JSON.
    Inputs,
    /// The peer gives the same answer.
    Peer,
}

impl Property {
    /// Its name in messages and of files.
    pub fn name(self) -> &'static str {
        match self {
            Property::NoPanic => "no-panic",
            Property::BoundedTime => "bounded-time",
            Property::Layout => "layout",
            Property::Compiles => "compiles",
            Property::Agreement => "agreement",
            Property::Repetition => "repetition",
            Property::Optimisation => "optimisation",
            Property::Inputs => "inputs",
            Property::Peer => "peer",
        }
    }
}

/// A property that does not hold.
#[derive(Clone, Debug)]
pub struct Breach {
    /// Which.
    pub property: Property,
    /// What was asked, if it was an answer that is wrong.
    pub question: Option<Question>,
    /// What was seen.
    pub detail: String,
}

impl Breach {
    fn new(property: Property, detail: impl Into<String>) -> Breach {
        Breach { property, question: None, detail: detail.into() }
    }
}

/// What became of a case in which everything holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases.
    pub cases: u64,
    /// Cases that the checker rejects.
    pub rejected: u64,
    /// Why: the codes of the first errors.
    pub rejections: BTreeMap<&'static str, u64>,
    /// Answers that are values.
    pub values: u64,
    /// Answers that are undefined.
    pub undefined: u64,
    /// Answers that are errors.
    pub errors: u64,
    /// Questions on which a limit was reached, so that nothing can be compared.
    pub limits: u64,
    /// Answers that the peer gave too.
    pub peer: u64,
    /// Questions that the peer refused or that a deviation is known of.
    pub peer_skipped: u64,
    /// Mutated texts and inputs.
    pub mutations: u64,
}

impl Tally {
    /// Both together.
    pub fn add(&mut self, other: &Tally) {
        self.cases += other.cases;
        self.rejected += other.rejected;
        for (code, count) in &other.rejections {
            *self.rejections.entry(code).or_default() += count;
        }
        self.values += other.values;
        self.undefined += other.undefined;
        self.errors += other.errors;
        self.limits += other.limits;
        self.peer += other.peer;
        self.peer_skipped += other.peer_skipped;
        self.mutations += other.mutations;
    }
}

/// What the properties are checked with.
pub struct Tools {
    /// Compiles and runs the modules.
    pub engine: Engine,
    /// Another evaluator, if one is to be asked.
    pub peer: Option<Peer>,
}

impl Tools {
    /// An engine for many small modules.
    ///
    /// # Errors
    /// The machine can't run modules.
    pub fn new(peer: Option<Peer>) -> Result<Tools, EngineError> {
        let engine = Engine::new(&EngineOptions { quick: true, ..EngineOptions::default() })?;
        Ok(Tools { engine, peer })
    }
}

/// Another treatment of the intermediate form, which must not change answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// None of the passes.
    None,
    /// All passes, and registers shared in every function, where they otherwise are in the largest.
    Sharing,
}

/// How much of a case is looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    /// What else becomes of the intermediate form, besides what always does.
    pub also: Option<Passes>,
    /// Whether the peer is asked.
    pub peer: bool,
}

/// Checks a case; what panics is caught by the caller.
///
/// # Errors
/// The first property that does not hold.
pub fn check(case: &Case, tools: &mut Tools, plan: Plan) -> Result<Tally, Breach> {
    let start = Instant::now();
    for (_, text) in &case.sources {
        layout::check(text, case.version)?;
    }
    let mut tally = Tally { cases: 1, ..Tally::default() };
    match compiled(case)? {
        Ok(compilation) => agreement::check(case, &compilation, tools, plan, &mut tally)?,
        Err(code) => {
            tally.rejected = 1;
            tally.rejections.insert(code, 1);
        }
    }
    in_time(start, tally)
}

/// The module, or the code of the first error in the sources.
fn compiled(case: &Case) -> Result<Result<Compilation, &'static str>, Breach> {
    match compile(&case.compiler_sources(), &case.options()) {
        Ok(compilation) if compilation.artifact.is_none() => {
            let is_error = |it: &&Diagnostic| it.severity == Severity::Error;
            Ok(Err(compilation.diagnostics.iter().find(is_error).map_or("none", |it| it.code.name)))
        }
        Ok(compilation) => Ok(Ok(compilation)),
        // The minimiser drops rules that are asked for; that is no program of this case.
        Err(CompileError::UnknownEntrypoint(_) | CompileError::NoEntrypoint) => {
            Ok(Err("no-entrypoint"))
        }
        Err(error) => Err(Breach::new(Property::Compiles, error.to_string())),
    }
}

fn in_time(start: Instant, tally: Tally) -> Result<Tally, Breach> {
    let taken = start.elapsed();
    if taken > PATIENCE {
        return Err(Breach::new(Property::BoundedTime, format!("{:.1} s", taken.as_secs_f64())));
    }
    Ok(tally)
}
