//! Why a test failed: the expression that did, the values in it, and the steps that led there.
//!
//! The reference evaluator makes the test once more.

use palisade_diag::{Files, Span};
use palisade_interp::{EvalOptions, Failure, Trace, trace};
use palisade_rego::checked::{Program, Rule, TermKind};
use palisade_rego::names;
use palisade_value::{AnyValue, Value};

use super::Verdict;
use super::cases::constant_keys;
use super::run::{Found, Options};
use super::verdict::case_name;
use crate::subject::{Facts, Reference};

/// What is known of how a test ended.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// Where it failed.
    pub failed_at: Vec<FailedAt>,
    /// The steps, where asked for.
    pub steps: Option<Steps>,
}

/// A place where a test failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedAt {
    /// The case, of a test with a key.
    pub case: Option<String>,
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub row: u32,
    /// The byte in the line, from 1.
    pub col: u32,
    /// The expression as it is written, further lines as far in as they are behind the first one's beginning.
    pub text: String,
    /// The values in it, where asked for.
    pub values: Vec<Shown>,
    /// What else there is to say.
    pub note: Option<String>,
}

/// A value in an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// How many characters of the expression's text come before it.
    pub column: usize,
    /// The variable, reference or call as it is written, on one line.
    pub name: String,
    /// Its value; none if it is undefined.
    pub value: Option<Value>,
}

/// The steps of a test.
#[derive(Clone, Debug)]
pub struct Steps {
    /// As text, one a line.
    pub text: String,
    /// As an array with an object a step, with OPA's names.
    pub json: Value,
}

/// Makes tests again and looks closer.
pub struct Explainer<'a> {
    program: &'a Program,
    reference: Reference<'a>,
    options: &'a Options,
}

impl<'a> Explainer<'a> {
    /// An explainer over the tests' program.
    pub fn new(program: &'a Program, data: &Value, options: &'a Options) -> Explainer<'a> {
        Explainer { program, reference: Reference::new(program, data.clone()), options }
    }

    /// Explains why a test did not pass, by what its evaluations were given.
    pub fn explain(
        &self,
        test: &Found,
        verdict: &Verdict,
        failed_cases: &[&str],
        facts: &Facts,
    ) -> Explanation {
        if matches!(verdict, Verdict::Pass | Verdict::Skipped) {
            return Explanation::default();
        }
        let Ok(options) = self.reference.options(facts) else {
            return Explanation::default();
        };
        let options =
            EvalOptions { failures: true, trace: self.options.detail.trace.is_some(), ..options };
        let path: Vec<&str> = test.path.iter().map(String::as_str).collect();
        let (found, report) = self.reference.evaluator().observe(&path, &options);
        let failed_at = match (found, verdict) {
            // An error has its place in its message.
            (Err(_), Verdict::Error(_)) => Vec::new(),
            // Looking closer takes longer: what was found until the time was up is better than nothing.
            (found, _) => {
                let value = found.unwrap_or_default();
                self.places(test, value.as_ref(), &report.failures, failed_cases)
            }
        };
        Explanation { failed_at, steps: report.trace.as_ref().and_then(|trace| self.steps(trace)) }
    }

    fn places(
        &self,
        test: &Found,
        value: Option<&Value>,
        failures: &[Failure],
        failed_cases: &[&str],
    ) -> Vec<FailedAt> {
        if test.is_keyed {
            return failed_cases.iter().filter_map(|it| self.case(test, it, failures)).collect();
        }
        if *value.unwrap_or(&Value::Null) == Value::Boolean(true) {
            return Vec::new();
        }
        self.rules(test).filter_map(|rule| self.rule(rule, value, failures)).collect()
    }

    /// Where a rule of a test without a key failed: at the last expression without a solution, or at its value.
    fn rule(&self, rule: &Rule, value: Option<&Value>, failures: &[Failure]) -> Option<FailedAt> {
        let last = failures.iter().rev().find(|failure| is_in(rule, failure.span));
        match (value, last) {
            (None, Some(failure)) => Some(self.failed(failure)),
            (None, None) => {
                Some(FailedAt { note: Some("undefined".to_owned()), ..self.at(rule.head) })
            }
            // With a value, another rule's failure is beside the point.
            (Some(_), Some(_)) => None,
            (Some(value), None) => {
                let note = format!("the value is {value}, not true");
                Some(FailedAt { note: Some(note), ..self.at(rule.head) })
            }
        }
    }

    fn case(&self, test: &Found, case: &str, failures: &[Failure]) -> Option<FailedAt> {
        let is_case = |failure: &&Failure| {
            let rule = self.rules(test).find(|rule| is_in(rule, failure.span));
            rule.and_then(|rule| key_of(rule, failure)).is_some_and(|key| case_name(&key) == case)
        };
        let failure = failures.iter().rev().find(is_case)?;
        Some(FailedAt { case: Some(case.to_owned()), ..self.failed(failure) })
    }

    fn rules(&self, test: &Found) -> impl Iterator<Item = &Rule> {
        let rules = self.program.rules.iter();
        rules.filter(move |rule| names::strings(&rule.path) == test.path && !rule.is_default)
    }

    fn failed(&self, failure: &Failure) -> FailedAt {
        let mut found = self.at(failure.span);
        if self.options.detail.values {
            let values = failure.values.iter();
            found.values =
                values.map(|(span, value)| self.shown(failure.span, *span, value)).collect();
        }
        found
    }

    fn shown(&self, expr: Span, span: Span, value: &Option<Value>) -> Shown {
        let files = &self.program.files;
        let before = Span { end: span.start, ..expr };
        let name = files.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
        Shown { column: files.slice(before).chars().count(), name, value: value.clone() }
    }

    fn at(&self, span: Span) -> FailedAt {
        let files: &Files = &self.program.files;
        let start = files.start(span);
        FailedAt {
            case: None,
            file: files.name(span.file).to_owned(),
            row: start.row,
            col: start.col,
            text: dedented(files, span),
            values: Vec::new(),
            note: None,
        }
    }

    fn steps(&self, found: &Trace) -> Option<Steps> {
        let mode = self.options.detail.trace?;
        let files = &self.program.files;
        let events = trace::select(found, mode);
        let json = events.iter().map(|event| step(event, files)).collect();
        Some(Steps { text: trace::print(found, files, mode), json: Value::array(json) })
    }
}

fn is_in(rule: &Rule, span: Span) -> bool {
    rule.span.file == span.file && rule.span.start <= span.start && span.end <= rule.span.end
}

/// The key of the case that was under way, where the head's parts are constants and variables.
fn key_of(rule: &Rule, failure: &Failure) -> Option<Value> {
    let part = |kind: &TermKind| match kind {
        TermKind::Const(value) => Some(value.clone()),
        TermKind::Local(local) => {
            let name = &rule.scope.locals.get(local.0 as usize)?.name;
            let found = failure.bindings.iter().find(|(bound, _)| bound == name);
            found.map(|(_, value)| value.clone())
        }
        _ => None,
    };
    let constants = constant_keys(rule).iter().cloned().map(Some);
    let mut parts: Vec<Value> =
        constants.chain(rule.suffix.iter().map(|term| part(&term.kind))).collect::<Option<_>>()?;
    if parts.len() == 1 { parts.pop() } else { Some(Value::array(parts)) }
}

/// The source text of a place. White space in front of further lines is dropped as far as the first line has it.
fn dedented(files: &Files, span: Span) -> String {
    let text = files.text(span.file);
    let start = span.start as usize;
    let line = text.get(..start).and_then(|it| it.rfind('\n')).map_or(0, |at| at + 1);
    let indent: usize =
        text.get(line..).map_or(0, |it| it.len() - it.trim_start_matches([' ', '\t']).len());
    let lines = files.slice(span).lines().enumerate().map(|(at, line)| {
        let white = line.len() - line.trim_start_matches([' ', '\t']).len();
        if at == 0 { line } else { line.get(white.min(indent)..).unwrap_or(line) }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn step(event: &palisade_interp::Event, files: &Files) -> Value {
    let number = |it: u64| Value::from(i64::try_from(it).unwrap_or(i64::MAX));
    let start = files.start(event.span);
    let location = Value::object_of([
        ("file", Value::text(files.name(event.span.file))),
        ("row", Value::from(i64::from(start.row))),
        ("col", Value::from(i64::from(start.col))),
    ]);
    // Strings are the only keys that JSON has, and names are strings.
    let bindings = event.bindings.iter().map(|(name, value)| (name.as_str(), value.clone()));
    let text = Value::text(&event.about(files));
    Value::object_of([
        ("Op", Value::text(event.op.name())),
        ("QueryID", number(event.query)),
        ("ParentID", number(event.parent)),
        ("Location", location),
        ("Locals", Value::object_of(bindings)),
        if event.op == trace::Op::Note {
            ("Message", Value::text(&event.message))
        } else {
            ("Node", text)
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn further_lines_stand_as_they_did_to_the_first() {
        let mut files = Files::new();
        let text = "p if {\n\tf({\n\t\t\"a\": 1,\n\t})\n}\n";
        let file = files.add("p.rego", text);
        let span = Span { file, start: 8, end: text.len() as u32 - 3 };
        assert_eq!(dedented(&files, span), "f({\n\t\"a\": 1,\n})");
    }
}
