//! Which parts of a policy were reached.

use std::collections::{BTreeMap, BTreeSet};

use palisade_diag::{FileId, Files, Position, Span};
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
    /// The heads and expressions that were reached.
    pub covered: BTreeSet<Range>,
    /// Those that could be reached but were not. What lies in one that was reached is not among them.
    pub not_covered: BTreeSet<Range>,
}

/// From the first character to behind the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Range {
    /// The first character.
    pub start: Position,
    /// The place behind the last one.
    pub end: Position,
}

impl Coverage {
    /// Adds what another evaluation of the same program reached: a part counts that either reached.
    pub fn merge(&mut self, other: &Coverage) {
        for (name, theirs) in &other.files {
            let ours = self.files.entry(name.clone()).or_default();
            ours.covered.extend(&theirs.covered);
            ours.not_covered.extend(&theirs.not_covered);
            ours.forget_reached();
        }
    }

    /// The share of lines that were reached, in per cent; 0 where there are none.
    pub fn percent(&self) -> f64 {
        percent(self.n_lines(|it| &it.covered), self.n_lines(|it| &it.not_covered))
    }

    /// The report as `opa test --coverage` prints it.
    pub fn to_value(&self) -> Value {
        let files = self.files.iter().map(|(name, file)| (name, file.to_value()));
        Value::object_of([
            ("files", Value::object_of(files)),
            ("covered_lines", number(self.n_lines(|it| &it.covered))),
            ("not_covered_lines", number(self.n_lines(|it| &it.not_covered))),
            ("coverage", Value::decimal(&self.percent().to_string())),
        ])
    }

    fn n_lines(&self, ranges: fn(&FileCoverage) -> &BTreeSet<Range>) -> u32 {
        self.files.values().map(|file| n_lines(ranges(file))).sum()
    }
}

impl FileCoverage {
    /// The share of lines that were reached, in per cent; 0 where there are none.
    pub fn percent(&self) -> f64 {
        percent(n_lines(&self.covered), n_lines(&self.not_covered))
    }

    /// Leaves out of what was not reached what lies in something that was.
    fn forget_reached(&mut self) {
        let mut covered = self.covered.iter().peekable();
        let mut reached_to = None;
        self.not_covered.retain(|it| {
            while let Some(before) = covered.next_if(|before| before.start <= it.start) {
                reached_to = reached_to.max(Some(before.end));
            }
            reached_to < Some(it.end)
        });
    }

    fn to_value(&self) -> Value {
        let mut entries = vec![("coverage", Value::decimal(&self.percent().to_string()))];
        for (ranges, name, count) in [
            (&self.covered, "covered", "covered_lines"),
            (&self.not_covered, "not_covered", "not_covered_lines"),
        ] {
            if !ranges.is_empty() {
                let list = ranges.iter().map(|it| it.to_value()).collect();
                entries.push((name, Value::array(list)));
                entries.push((count, number(n_lines(ranges))));
            }
        }
        Value::object_of(entries)
    }
}

impl Range {
    fn of(files: &Files, span: Span) -> Range {
        Range { start: files.start(span), end: files.position(span.file, span.end) }
    }

    fn to_value(self) -> Value {
        let place = |it: Position| {
            Value::object_of([
                ("row", Value::from(i64::from(it.row))),
                ("col", Value::from(i64::from(it.col))),
            ])
        };
        Value::object_of([("start", place(self.start)), ("end", place(self.end))])
    }
}

/// How many lines ranges touch. They are sorted by their start.
fn n_lines(ranges: &BTreeSet<Range>) -> u32 {
    let (mut n, mut last) = (0, 0);
    for range in ranges {
        let first = range.start.row.max(last + 1);
        n += (range.end.row + 1).saturating_sub(first);
        last = range.end.row.max(last);
    }
    n
}

fn number(it: u32) -> Value {
    Value::from(i64::from(it))
}

fn percent(covered: u32, not_covered: u32) -> f64 {
    let all = covered + not_covered;
    if all == 0 { 0.0 } else { 100.0 * f64::from(covered) / f64::from(all) }
}

/// Sorts the parts of a program into those that were reached and those that were not.
pub(crate) fn report(program: &Program, reached: &BTreeSet<Span>) -> Coverage {
    let mut places = Places::default();
    program.rules.iter().for_each(|rule| places.rule(rule));
    let all: BTreeSet<Span> = places.spans.into_iter().collect();
    let mut by_file: BTreeMap<FileId, FileCoverage> = BTreeMap::new();
    for span in all {
        let file = by_file.entry(span.file).or_default();
        let ranges =
            if reached.contains(&span) { &mut file.covered } else { &mut file.not_covered };
        ranges.insert(Range::of(&program.files, span));
    }
    let mut coverage = Coverage::default();
    for (file, mut ranges) in by_file {
        ranges.forget_reached();
        coverage.files.insert(program.files.name(file).to_owned(), ranges);
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
