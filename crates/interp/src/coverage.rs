//! Which lines of a policy were reached.

use std::collections::{BTreeMap, BTreeSet};

use palisade_diag::{FileId, Span};
use palisade_rego::checked::{Body, Expr, ExprKind, Program, Rule, Term, TermKind, WithValue};
use palisade_value::{AnyValue, Value};

/// The coverage of a whole program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coverage {
    /// By file name.
    pub files: BTreeMap<String, FileCoverage>,
}

/// The coverage of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileCoverage {
    /// Runs of lines that were reached.
    pub covered: Vec<Lines>,
    /// Runs of lines that could be reached but were not.
    pub not_covered: Vec<Lines>,
}

/// A run of lines, both ends included, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lines {
    /// The first.
    pub start: u32,
    /// The last.
    pub end: u32,
}

impl Coverage {
    /// Adds what another evaluation of the same program reached: a line counts that either reached.
    pub fn merge(&mut self, other: &Coverage) {
        for (name, theirs) in &other.files {
            let ours = self.files.entry(name.clone()).or_default();
            let covered: BTreeSet<u32> = rows(&ours.covered).chain(rows(&theirs.covered)).collect();
            let missed = rows(&ours.not_covered).chain(rows(&theirs.not_covered));
            let missed: BTreeSet<u32> = missed.filter(|row| !covered.contains(row)).collect();
            *ours = FileCoverage { covered: runs(&covered), not_covered: runs(&missed) };
        }
    }

    /// The share of lines that were reached, in per cent, rounded to two places; 0 where there are none.
    pub fn percent(&self) -> f64 {
        let count = |lines: fn(&FileCoverage) -> &[Lines]| {
            self.files.values().map(|file| n_lines(lines(file))).sum::<u32>()
        };
        percent(count(|file| &file.covered), count(|file| &file.not_covered))
    }

    /// The report as `opa test --coverage` prints it.
    pub fn to_value(&self) -> Value {
        let files = self.files.iter().map(|(name, file)| (name, file.to_value()));
        let count = |lines: fn(&FileCoverage) -> &[Lines]| {
            Value::from(
                self.files.values().map(|file| i64::from(n_lines(lines(file)))).sum::<i64>(),
            )
        };
        Value::object_of([
            ("files", Value::object_of(files)),
            ("covered_lines", count(|file| &file.covered)),
            ("not_covered_lines", count(|file| &file.not_covered)),
            ("coverage", Value::decimal(&self.percent().to_string())),
        ])
    }
}

impl FileCoverage {
    /// The share of lines that were reached, in per cent, rounded to two places; 0 where there are none.
    pub fn percent(&self) -> f64 {
        percent(n_lines(&self.covered), n_lines(&self.not_covered))
    }

    fn to_value(&self) -> Value {
        let mut entries = vec![("coverage", Value::decimal(&self.percent().to_string()))];
        for (lines, name, count) in [
            (&self.covered, "covered", "covered_lines"),
            (&self.not_covered, "not_covered", "not_covered_lines"),
        ] {
            if !lines.is_empty() {
                entries.push((
                    name,
                    Value::array(lines.iter().copied().map(Lines::to_value).collect()),
                ));
                entries.push((count, Value::from(i64::from(n_lines(lines)))));
            }
        }
        Value::object_of(entries)
    }
}

impl Lines {
    fn to_value(self) -> Value {
        let row = |row: u32| Value::object_of([("row", Value::from(i64::from(row)))]);
        Value::object_of([("start", row(self.start)), ("end", row(self.end))])
    }
}

fn rows(lines: &[Lines]) -> impl Iterator<Item = u32> {
    lines.iter().flat_map(|lines| lines.start..=lines.end)
}

fn n_lines(lines: &[Lines]) -> u32 {
    lines.iter().map(|lines| lines.end - lines.start + 1).sum()
}

fn percent(covered: u32, not_covered: u32) -> f64 {
    let all = covered + not_covered;
    if all == 0 { 0.0 } else { (f64::from(covered) * 10_000.0 / f64::from(all)).round() / 100.0 }
}

/// Joins neighbouring lines.
fn runs(rows: &BTreeSet<u32>) -> Vec<Lines> {
    let mut runs: Vec<Lines> = Vec::new();
    for row in rows {
        match runs.last_mut() {
            Some(last) if last.end + 1 == *row => last.end = *row,
            _ => runs.push(Lines { start: *row, end: *row }),
        }
    }
    runs
}

/// Sorts the lines of a program into those that were reached and those that were not.
pub(crate) fn report(program: &Program, reached: &BTreeSet<Span>) -> Coverage {
    let mut places = Places::default();
    program.rules.iter().for_each(|rule| places.rule(rule));
    let row = |span: &Span| (span.file, program.files.start(*span).row);
    let all: BTreeSet<(FileId, u32)> = places.spans.iter().map(row).collect();
    let reached: BTreeSet<(FileId, u32)> =
        reached.iter().map(row).filter(|row| all.contains(row)).collect();
    let mut coverage = Coverage::default();
    let files: BTreeSet<FileId> = all.iter().map(|(file, _)| *file).collect();
    for file in files {
        let of_file = |rows: &BTreeSet<(FileId, u32)>| -> BTreeSet<u32> {
            rows.iter().filter(|(of, _)| *of == file).map(|(_, row)| *row).collect()
        };
        let (all, covered) = (of_file(&all), of_file(&reached));
        let not_covered = all.difference(&covered).copied().collect();
        let lines = FileCoverage { covered: runs(&covered), not_covered: runs(&not_covered) };
        coverage.files.insert(program.files.name(file).to_owned(), lines);
    }
    coverage
}

/// Every place of a program that can be reached: heads and expressions, nested ones too.
#[derive(Default)]
struct Places {
    spans: Vec<Span>,
}

impl Places {
    fn rule(&mut self, rule: &Rule) {
        self.spans.push(rule.head);
        rule.head_terms().for_each(|term| self.term(term));
        for (at, clause) in rule.clauses.iter().enumerate() {
            if at > 0 {
                self.spans.push(clause.span);
            }
            self.body(&clause.body);
            self.term(&clause.value);
        }
    }

    fn body(&mut self, body: &Body) {
        body.exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        self.spans.push(expr.span);
        for with in &expr.with {
            if let WithValue::Term(term) = &with.value {
                self.term(term);
            }
        }
        match &expr.kind {
            ExprKind::Term(term) => self.term(term),
            ExprKind::Unify(left, right) => self.terms([left, right]),
            ExprKind::SomeIn { key, value, collection } => {
                self.terms(key.iter().chain([value, collection]));
            }
            ExprKind::Not(body) | ExprKind::And(body) => self.body(body),
            ExprKind::Every { domain, body, .. } => {
                self.term(domain);
                self.body(body);
            }
            ExprKind::Or(bodies) => bodies.iter().for_each(|body| self.body(body)),
        }
    }

    fn terms<'t>(&mut self, terms: impl IntoIterator<Item = &'t Term>) {
        terms.into_iter().for_each(|term| self.term(term));
    }

    fn term(&mut self, term: &Term) {
        match &term.kind {
            TermKind::Const(_) | TermKind::Local(_) => {}
            TermKind::Array(terms)
            | TermKind::Set(terms)
            | TermKind::Input(terms)
            | TermKind::Data(terms)
            | TermKind::Call(_, terms) => self.terms(terms),
            TermKind::Object(entries) => {
                entries.iter().for_each(|(key, value)| self.terms([key, value]));
            }
            TermKind::Ref(head, path) => {
                self.term(head);
                self.terms(path);
            }
            TermKind::ArrayComprehension(value, body) | TermKind::SetComprehension(value, body) => {
                self.term(value);
                self.body(body);
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.terms([key.as_ref(), value]);
                self.body(body);
            }
        }
    }
}
