//! What an evaluation did, step by step, and how that is printed.

use std::collections::BTreeMap;

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
    /// The rules of a document or function were looked up.
    Index,
}

impl Op {
    /// The name that is printed.
    pub fn name(self) -> &'static str {
        match self {
            Op::Enter => "Enter",
            Op::Eval => "Eval",
            Op::Redo => "Redo",
            Op::Fail => "Fail",
            Op::Exit => "Exit",
            Op::Note => "Note",
            Op::Index => "Index",
        }
    }
}

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An expression.
    Expr,
    /// A query, or a body inside an expression.
    Body,
    /// A rule.
    Rule,
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
    /// What it is about.
    pub subject: Subject,
    /// The rule, body or expression.
    pub span: Span,
    /// The rule or document as policies write it, `data.authz.allow`; `None` for the source text under the span.
    pub path: Option<String>,
    /// What else is to be said: the text of a note, what was looked up.
    pub message: String,
    /// The named variables that have a value.
    pub bindings: Vec<(String, Value)>,
}

impl Event {
    /// What it is about: a rule's or document's name, or the source text on one line.
    pub fn about(&self, files: &Files) -> String {
        match &self.path {
            Some(path) => path.clone(),
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
        let is_begun =
            event.op == Op::Enter || (event.op == Op::Redo && event.subject != Subject::Expr);
        let bars = "| ".repeat(event.depth - usize::from(is_begun && event.depth > 0));
        out.push_str(&format!("{place:width$}     {bars}{}\n", describe(event, files)));
    }
    out
}

/// The events of a mode: those of its kind, each behind the beginnings of the queries that it lies in, as far as these
/// have not been shown for one before.
pub fn select(trace: &Trace, mode: Mode) -> Vec<&Event> {
    let wanted = match mode {
        Mode::Full => return trace.events.iter().collect(),
        Mode::Notes => Op::Note,
        Mode::Fails => Op::Fail,
    };
    let mut selected = Vec::new();
    let mut begun: BTreeMap<u64, &Event> = BTreeMap::new();
    for event in &trace.events {
        if event.op == wanted {
            let mut way = vec![event];
            let mut query = event.query;
            while let Some(beginning) = begun.get(&query) {
                way.push(beginning);
                query = beginning.parent;
            }
            selected.extend(way.into_iter().rev());
            begun.clear();
        }
        if matches!(event.op, Op::Enter | Op::Redo) && event.subject != Subject::Expr {
            begun.insert(event.query, event);
        }
    }
    selected
}

fn place(event: &Event, files: &Files) -> String {
    format!("{}:{}", files.name(event.span.file), files.start(event.span).row)
}

fn describe(event: &Event, files: &Files) -> String {
    let name = event.op.name();
    if event.op == Op::Note {
        return format!("{name} {:?}", event.message);
    }
    let text = event.about(files);
    let gap = if event.message.is_empty() { "" } else { " " };
    format!("{name} {text}{gap}{}", event.message)
}

/// Source text on one line, runs of white space made one space.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
