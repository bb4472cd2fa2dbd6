//! How often expressions were evaluated and how long that took.

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade_diag::{Files, Span};

use crate::trace::Op;

/// Tells the time in nanoseconds from any start.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The figures of all expressions, those that took longest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// One for each place.
    pub entries: Vec<ProfileEntry>,
}

/// The figures of one expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileEntry {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub row: u32,
    /// The column in bytes, from 1.
    pub col: u32,
    /// How often it was evaluated.
    pub num_eval: u64,
    /// How often it was asked for another solution.
    pub num_redo: u64,
    /// How long it was at work, in nanoseconds.
    pub total_time_ns: u64,
}

/// Collects the figures. Time counts for the expression that was evaluated last.
pub(crate) struct Profiler {
    clock: Clock,
    active: Option<(Span, u64)>,
    figures: BTreeMap<Span, Figures>,
}

#[derive(Clone, Copy, Default)]
struct Figures {
    num_eval: u64,
    num_redo: u64,
    total_time_ns: u64,
}

impl Profiler {
    pub(crate) fn new(clock: Clock) -> Profiler {
        Profiler { clock, active: None, figures: BTreeMap::new() }
    }

    /// Notes that an expression is evaluated, or asked again.
    pub(crate) fn at(&mut self, op: Op, span: Span) {
        let now = (self.clock)();
        self.finish(now);
        self.active = Some((span, now));
        let figures = self.figures.entry(span).or_default();
        match op {
            Op::Redo => figures.num_redo += 1,
            _ => figures.num_eval += 1,
        }
    }

    fn finish(&mut self, now: u64) {
        if let Some((span, since)) = self.active.take() {
            self.figures.entry(span).or_default().total_time_ns += now.saturating_sub(since);
        }
    }

    pub(crate) fn into_profile(mut self, files: &Files) -> Profile {
        let now = (self.clock)();
        self.finish(now);
        let mut entries: Vec<ProfileEntry> = self
            .figures
            .into_iter()
            .map(|(span, figures)| {
                let at = files.start(span);
                ProfileEntry {
                    file: files.name(span.file).to_owned(),
                    row: at.row,
                    col: at.col,
                    num_eval: figures.num_eval,
                    num_redo: figures.num_redo,
                    total_time_ns: figures.total_time_ns,
                }
            })
            .collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.total_time_ns));
        Profile { entries }
    }
}
