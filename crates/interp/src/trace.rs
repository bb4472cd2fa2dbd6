//! What an evaluation did, step by step, and how that is printed.

use std::collections::{BTreeMap, BTreeSet};

use palisade_diag::{Files, Span};
use palisade_value::Value;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// A query, rule or nested body is begun.
    Enter,
    /// An expression is evaluated.
    Eval,
    /// An expression is asked for its next solution.
    Redo,
    /// An expression has no solution.
    Fail,
    /// A query or rule has a solution.
    Exit,
    /// The policy called `trace`.
    Note,
}

impl Op {
    /// The name that a printed trace gives it.
    pub fn name(self) -> &'static str {
        match self {
            Op::Enter => "Enter",
            Op::Eval => "Eval",
            Op::Redo => "Redo",
            Op::Fail => "Fail",
            Op::Exit => "Exit",
            Op::Note => "Note",
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub op: Op,
    /// In which query, rule or nested body: each evaluation of one has its own number, from 1.
    pub query: u64,
    /// The query in which that one was begun; 0 for none.
    pub parent: u64,
    /// How many queries are open, this one included.
    pub depth: usize,
    /// The rule or expression.
    pub span: Span,
    /// What to print; `None` for the source text under the span.
    pub text: Option<String>,
    /// The named variables that have a value.
    pub bindings: Vec<(String, Value)>,
}

impl Event {
    /// What it is about: a rule's name, a note, or the source text on one line.
    pub fn about(&self, files: &Files) -> String {
        match &self.text {
            Some(text) => text.clone(),
            None => one_line(files.slice(self.span)),
        }
    }
}

/// The steps of one evaluation, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// In order.
    pub events: Vec<Event>,
}

/// Which steps are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All.
    Full,
    /// Notes, and where they were made.
    Notes,
    /// Failed expressions, and where they stand.
    Fails,
}

/// Prints the steps one a line: place, depth as a row of bars, what happened.
pub fn print(trace: &Trace, files: &Files, mode: Mode) -> String {
    let events = select(trace, mode);
    let places: Vec<String> = events.iter().map(|event| place(event, files)).collect();
    let width = places.iter().map(String::len).max().unwrap_or(0);
    let mut out = String::new();
    for (event, place) in events.iter().zip(&places) {
        // What happens inside a query stands one bar further in than its beginning.
        let depth = event.depth - usize::from(event.op == Op::Enter && event.depth > 0);
        let bars = "| ".repeat(depth);
        out.push_str(&format!("{place:width$}    {bars}{}\n", describe(event, files)));
    }
    out
}

/// The events of a mode: those of its kind and the beginnings of the queries they lie in.
pub fn select(trace: &Trace, mode: Mode) -> Vec<&Event> {
    let wanted = match mode {
        Mode::Full => return trace.events.iter().collect(),
        Mode::Notes => Op::Note,
        Mode::Fails => Op::Fail,
    };
    let parents: BTreeMap<u64, u64> =
        trace.events.iter().map(|event| (event.query, event.parent)).collect();
    let mut open = BTreeSet::new();
    for event in trace.events.iter().filter(|event| event.op == wanted) {
        let mut query = event.query;
        while query != 0 && open.insert(query) {
            query = parents.get(&query).copied().unwrap_or(0);
        }
    }
    let is_wanted = |event: &&Event| {
        event.op == wanted || (event.op == Op::Enter && open.contains(&event.query))
    };
    trace.events.iter().filter(is_wanted).collect()
}

fn place(event: &Event, files: &Files) -> String {
    format!("{}:{}", files.name(event.span.file), files.start(event.span).row)
}

fn describe(event: &Event, files: &Files) -> String {
    let about = event.about(files);
    match event.op {
        Op::Note => format!("Note {about:?}"),
        op => format!("{} {about}", op.name()),
    }
}

/// Source text on one line, runs of white space made one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
