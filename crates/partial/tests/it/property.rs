//! The property: the residual program, given what was unknown, has the solutions of the original query.

use std::collections::BTreeSet;

use palisade_conformance::{Case, Version, prepare};
use palisade_interp::{Code, EvalOptions, Evaluator, QueryResult};
use palisade_partial::{Options, PartialError, Residual, Unknown, evaluate};
use palisade_rego::checked::Program;
use palisade_value::{AnyValue, Entry, Value};

/// What `time.now_ns` gives.
const NOW_NS: i64 = 1_800_000_000_000_000_000;

/// What came of one case.
#[derive(Debug)]
pub enum Verdict {
    /// Both ways give the same.
    Same,
    /// The case cannot be put both ways: it does not compile, or only errors are expected of it.
    Skipped,
    /// A limit of partial evaluation.
    Limit(String),
    /// They differ.
    Differs(String),
}

/// What a program gives: the variables of each solution, or that it fails.
type Answer = Result<BTreeSet<Value>, Code>;

/// Puts a case both ways, with these documents unknown. What is left is asked with the case's own documents in their
/// place, and with less and less of them.
pub fn check(case: &Case, unknowns: &[Unknown], shallow: bool) -> Verdict {
    let Ok(prepared) = prepare(case, palisade_builtins::declarations()) else {
        return Verdict::Skipped;
    };
    let is_input = |it: &Unknown| matches!(it, Unknown::Input(_));
    let has_input = unknowns.iter().any(is_input);
    let options = Options {
        unknowns: unknowns.to_vec(),
        input: prepared.input.clone().filter(|_| !has_input),
        strict: case.strict_error,
        shallow,
        ..Options::default()
    };
    let names: Vec<String> =
        prepared.program.queries[0].bindings.iter().map(|(name, _)| name.clone()).collect();
    let facts = |input: &Option<Value>| EvalOptions {
        input: input.clone(),
        now_ns: NOW_NS,
        runtime: Some(prepared.runtime.clone()),
        strict: case.strict_error,
        ..EvalOptions::default()
    };
    let own = answer(&prepared.program, &case.data, &facts(&prepared.input), &names);
    let residual = match evaluate(&prepared.program, 0, &case.data, &options) {
        Ok(residual) => residual,
        Err(PartialError::Unsupported { what, .. }) if what.contains("no longer") => {
            return Verdict::Skipped;
        }
        Err(PartialError::Eval(error)) if own == Err(error.code) => return Verdict::Same,
        // Where failing built-ins are errors, one may fail that a body never came to before.
        Err(PartialError::Eval(_)) if case.strict_error => return Verdict::Skipped,
        Err(error) => return Verdict::Limit(error.to_string()),
    };
    let text =
        || format!("{}\n---\n{}", residual.queries.join("\n--\n"), residual.modules.join("\n"));
    let programs = match programs(case, &residual) {
        Ok(programs) => programs,
        Err(answer) => return Verdict::Differs(format!("{answer:?}\n{}", text())),
    };
    for input in variants(&prepared.input).iter().take(if has_input { usize::MAX } else { 1 }) {
        for data in variants(&Some(case.data.clone())).into_iter().flatten() {
            // Only what is unknown may be another.
            let is_known = |entry: &Entry<Value>| {
                !unknowns.contains(&Unknown::Data(vec![entry.key.clone()]))
                    && data.get(&entry.key).as_ref() != Some(&entry.value)
            };
            if case.data.entries().iter().any(is_known) {
                continue;
            }
            let facts = facts(input);
            let direct = answer(&prepared.program, &data, &facts, &names);
            let left = all(programs.iter().map(|it| answer(it, &data, &facts, &names)));
            if left == direct || (case.strict_error && left == Err(Code::Builtin)) {
                continue;
            }
            let given = format!("input {input:?} data {data}");
            return Verdict::Differs(format!(
                "{given}\ndirect {direct:?}\nresidual {left:?}\n{}",
                text()
            ));
        }
    }
    Verdict::Same
}

/// The residual queries, each with the support modules.
fn programs(
    case: &Case,
    residual: &Residual,
) -> Result<Vec<Program>, palisade_conformance::Answer> {
    let queries = residual.queries.iter().map(|query| {
        // An empty query always holds.
        let query = if query.is_empty() { "true" } else { query };
        let case = Case {
            query: query.to_owned(),
            modules: residual.modules.clone(),
            version: Version::V1,
            ..case.clone()
        };
        prepare(&case, palisade_builtins::declarations()).map(|it| it.program)
    });
    queries.collect()
}

/// A document, and the same with less in it.
fn variants(document: &Option<Value>) -> Vec<Option<Value>> {
    let mut variants = vec![document.clone()];
    if let Some(Value::Object(entries)) = document {
        for at in 0..entries.len() {
            let rest = entries.iter().enumerate().filter(|(other, _)| *other != at);
            variants.push(Some(Value::object(rest.map(|(_, entry)| entry.clone()).collect())));
            if let Value::Array(items) = &entries[at].value {
                let mut entries = entries.to_vec();
                entries[at].value = Value::array(items.iter().skip(1).cloned().collect());
                variants.push(Some(Value::object(entries)));
            }
        }
        variants.push(Some(Value::empty_object()));
    }
    variants.push(None);
    variants
}

/// The answers of several queries together.
fn all(answers: impl Iterator<Item = Answer>) -> Answer {
    answers
        .reduce(|all, more| match (all, more) {
            (Ok(all), Ok(more)) => Ok(&all | &more),
            (Err(code), _) | (_, Err(code)) => Err(code),
        })
        .unwrap_or_else(|| Ok(BTreeSet::new()))
}

/// The solutions, as far as the variables with these names go.
fn answer(program: &Program, data: &Value, facts: &EvalOptions, names: &[String]) -> Answer {
    let found: QueryResult =
        Evaluator::new(program, data.clone()).query(0, facts).map_err(|error| error.code)?;
    // Expressions by themselves are conditions.
    let holds = found.solutions.into_iter().filter(|it| !it.exprs.iter().any(Value::is_false));
    let shown = |bindings: Vec<(String, Value)>| {
        Value::object_of(bindings.into_iter().filter(|(name, _)| names.contains(name)))
    };
    Ok(holds.map(|it| shown(it.bindings)).collect())
}
