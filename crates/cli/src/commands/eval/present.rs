//! Printing what a query found.

use std::time::Instant;

use palisade_abi::RuleHit;
use palisade_compiler::Analysis;
use palisade_interp::{Clock, Profile};
use palisade_lab::subject::{Failure, Solution};
use palisade_value::{AnyValue, Value, json};

use super::Format;
use crate::output;

/// How one query's answer is printed.
pub struct Presentation<'a> {
    /// The query as written.
    pub query: &'a str,
    /// Its expressions as written.
    pub texts: &'a [String],
    /// The format.
    pub format: Format,
}

impl Presentation<'_> {
    /// Prints solutions, and what else was asked for.
    pub fn solutions(
        &self,
        solutions: &[Solution],
        extra: Vec<(&'static str, Value)>,
    ) -> anyhow::Result<()> {
        match self.format {
            Format::Json => self.json(solutions, extra),
            Format::Values => self.list(solutions.iter().map(value)),
            Format::Bindings => self.list(solutions.iter().map(|it| it.bindings.clone())),
            Format::Raw => solutions.iter().try_for_each(|solution| {
                let values: Vec<String> = solution.exprs.iter().map(plain).collect();
                output::line(&values.join(" "))
            }),
            Format::Pretty => {
                self.pretty(solutions)?;
                extra.iter().try_for_each(|(name, value)| {
                    output::line(&format!("{name}:\n{}", output::pretty_json(value)))
                })
            }
            Format::Discard | Format::Source => {
                if extra.is_empty() {
                    Ok(())
                } else {
                    output::line(&output::pretty_json(&Value::object_of(extra)))
                }
            }
        }
    }

    /// Prints why there is no answer.
    pub fn failure(&self, failure: &Failure) -> anyhow::Result<()> {
        if self.format != Format::Json {
            eprintln!("error: {failure}");
            return Ok(());
        }
        let errors = Value::array(vec![failure_json(failure)]);
        output::line(&output::pretty_json(&Value::object_of([("errors", errors)])))
    }

    /// The errors of built-ins that made calls undefined: a field of the document, or lines on standard error.
    pub fn builtin_errors(&self, errors: &[Failure]) -> Option<(&'static str, Value)> {
        if self.format != Format::Json {
            errors.iter().for_each(|error| eprintln!("error: {error}"));
            return None;
        }
        let list = errors.iter().map(failure_json).collect::<Vec<_>>();
        (!list.is_empty()).then(|| ("errors", Value::array(list)))
    }

    fn json(
        &self,
        solutions: &[Solution],
        extra: Vec<(&'static str, Value)>,
    ) -> anyhow::Result<()> {
        let mut document = extra;
        if !solutions.is_empty() {
            let results = solutions.iter().map(|solution| {
                let expressions = solution.exprs.iter().enumerate().map(|(at, value)| {
                    let text = self.texts.get(at).map_or(self.query, String::as_str);
                    Value::object_of([
                        ("value", value.clone()),
                        ("text", Value::text(text)),
                        ("location", self.place(text)),
                    ])
                });
                let mut fields = vec![("expressions", Value::array(expressions.collect()))];
                if !solution.bindings.entries().is_empty() {
                    fields.push(("bindings", solution.bindings.clone()));
                }
                Value::object_of(fields)
            });
            document.push(("result", Value::array(results.collect())));
        }
        output::line(&output::pretty_json(&Value::object_of(document)))
    }

    /// Where an expression stands in the query.
    fn place(&self, text: &str) -> Value {
        let offset = self.query.find(text).unwrap_or_default();
        let before = &self.query[..offset];
        let row = before.matches('\n').count() + 1;
        let col = offset - before.rfind('\n').map_or(0, |at| at + 1) + 1;
        let number = |it: usize| Value::from(i64::try_from(it).unwrap_or(i64::MAX));
        Value::object_of([("row", number(row)), ("col", number(col))])
    }

    fn list(&self, values: impl Iterator<Item = Value>) -> anyhow::Result<()> {
        output::line(&output::pretty_json(&Value::array(values.collect())))
    }

    fn pretty(&self, solutions: &[Solution]) -> anyhow::Result<()> {
        match solutions {
            [] => output::line("undefined"),
            [one] if one.bindings.entries().is_empty() && one.exprs.len() == 1 => {
                output::line(&output::pretty_json(&one.exprs[0]))
            }
            all => {
                let names: Vec<String> =
                    all[0].bindings.entries().iter().map(|entry| plain(&entry.key)).collect();
                // Expressions that only bind variables are true; the variables say more.
                let shown: Vec<usize> = (0..self.texts.len())
                    .filter(|at| {
                        names.is_empty()
                            || all.iter().any(|it| it.exprs.get(*at) != Some(&Value::Boolean(true)))
                    })
                    .collect();
                let head: Vec<String> = names
                    .iter()
                    .cloned()
                    .chain(shown.iter().map(|at| self.texts[*at].clone()))
                    .collect();
                let row = |it: &Solution| {
                    let bindings =
                        it.bindings.entries().iter().map(|entry| json::to_json(&entry.value));
                    let exprs = shown.iter().filter_map(|at| it.exprs.get(*at)).map(json::to_json);
                    bindings.chain(exprs).collect()
                };
                let rows: Vec<Vec<String>> = all.iter().map(row).collect();
                output::line(output::table(&head, &rows).trim_end())
            }
        }
    }
}

/// The value of a solution: of its expression, or of all of them.
fn value(solution: &Solution) -> Value {
    match solution.exprs.as_slice() {
        [one] => one.clone(),
        all => Value::array(all.to_vec()),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| json::to_json(value), str::to_owned)
}

/// A failure as OPA's object.
fn failure_json(failure: &Failure) -> Value {
    let mut fields =
        vec![("code", Value::text(&failure.code)), ("message", Value::text(&failure.message))];
    fields.extend(failure.location.as_deref().and_then(location).map(|it| ("location", it)));
    Value::object_of(fields)
}

/// `file:row:col` as OPA's object.
fn location(text: &str) -> Option<Value> {
    let mut parts = text.rsplitn(3, ':');
    let col: i64 = parts.next()?.parse().ok()?;
    let row: i64 = parts.next()?.parse().ok()?;
    let file = parts.next()?;
    Some(Value::object_of([
        ("file", Value::text(file)),
        ("row", Value::from(row)),
        ("col", Value::from(col)),
    ]))
}

/// The rules that held, a line each.
pub fn rules(rules: &[RuleHit]) -> String {
    if rules.is_empty() {
        return "no rule held".to_owned();
    }
    let lines = rules.iter().map(|rule| format!("{}:{}: {} held", rule.file, rule.row, rule.path));
    lines.collect::<Vec<_>>().join("\n")
}

/// The rules that held, as answers of the server have them.
pub fn rules_json(rules: &[RuleHit]) -> Value {
    let rule = |rule: &RuleHit| {
        Value::object_of([
            ("path", Value::text(&rule.path)),
            ("file", Value::text(&rule.file)),
            ("row", Value::from(i64::from(rule.row))),
        ])
    };
    Value::array(rules.iter().map(rule).collect())
}

/// The clock that profiles are measured by.
pub fn clock(start: Instant) -> Clock {
    std::sync::Arc::new(move || u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}

/// A profile as `opa eval --profile` prints it.
pub fn profile(profile: &Profile) -> Value {
    let number = |it: u64| Value::from(i64::try_from(it).unwrap_or(i64::MAX));
    let entries = profile.entries.iter().map(|entry| {
        let location = [
            ("file", Value::text(&entry.file)),
            ("row", Value::from(i64::from(entry.row))),
            ("col", Value::from(i64::from(entry.col))),
        ];
        Value::object_of([
            ("total_time_ns", number(entry.total_time_ns)),
            ("num_eval", number(entry.num_eval)),
            ("num_redo", number(entry.num_redo)),
            ("location", Value::object_of(location)),
        ])
    });
    Value::array(entries.collect())
}

/// The query's expressions as they are written.
pub fn expression_texts(analysis: &Analysis) -> Vec<String> {
    let exprs =
        analysis.program.queries.first().map(|query| query.exprs.as_slice()).unwrap_or_default();
    exprs.iter().map(|(span, _)| analysis.files.slice(*span).to_owned()).collect()
}

/// How long compilation and evaluation took, under the names that OPA gives them.
pub fn metrics(compile_ns: u128, eval_ns: u128) -> Value {
    let nanoseconds = |it: u128| Value::from(i64::try_from(it).unwrap_or(i64::MAX));
    Value::object_of([
        ("timer_rego_module_compile_ns", nanoseconds(compile_ns)),
        ("timer_rego_query_eval_ns", nanoseconds(eval_ns)),
    ])
}
