//! Data that rules read and nobody has given.
//!
//! Where data is frozen into a module, what is missing then is undefined for ever, and a policy that denies by default
//! denies everything. It may be meant so: this is no error.

use std::collections::BTreeSet;

use palisade_diag::{Diagnostic, Span};
use palisade_value::{AnyValue, Value};

use crate::checked::{Body, Node, Program, Rule, Term, TermKind, WithTarget};
use crate::names;
use crate::semantic::dependencies::{Graph, Places};
use crate::semantic::{errors, walk};

/// Warns of every document that the entrypoints may read and that is neither a rule's nor in `data`. What lies below a
/// path of `given_later` may still come, and what a `with` puts in place is given where it is read.
pub fn missing_data(
    program: &Program,
    entrypoints: &[Vec<String>],
    data: &Value,
    given_later: &[Vec<String>],
) -> Vec<Diagnostic> {
    let places = Places { root: &program.root, functions: &program.functions };
    let graph = Graph::of(&program.rules, places);
    let reached = graph.reached_from(places, entrypoints.iter().map(Vec::as_slice));
    let rules = reached.iter().filter_map(|rule| program.rules.get(rule.0 as usize));
    let mut reads = Reads::default();
    rules.for_each(|rule| reads.rule(rule));
    let is_given = |path: &[String]| {
        given_later.iter().any(|later| path.starts_with(later))
            || reads.replaced.iter().any(|it| path.starts_with(it) || it.starts_with(path))
    };
    let mut seen = BTreeSet::new();
    let mut diagnostics = Vec::new();
    for (path, span) in &reads.paths {
        let Some(missing) = missing_part(&program.root, data, path) else { continue };
        if !is_given(path) && seen.insert(missing.to_vec()) {
            diagnostics.push(errors::missing_data(&format!("data.{}", missing.join(".")), *span));
        }
    }
    diagnostics.sort_by_key(Diagnostic::span);
    diagnostics
}

/// The beginning of a path at which nothing is any more.
fn missing_part<'p>(root: &Node, data: &Value, path: &'p [String]) -> Option<&'p [String]> {
    let mut node = Some(root);
    let mut data = Some(data.clone());
    for (at, key) in path.iter().enumerate() {
        node = node.and_then(|node| node.children.get(&Value::text(key)));
        data = match data {
            Some(data @ Value::Object(_)) => data.get_str(key),
            // A key of an array or set is none that could be looked up here.
            Some(Value::Array(_) | Value::Set(_)) => return None,
            _ => None,
        };
        match (&node, &data) {
            (None, None) => return path.get(..=at),
            (Some(node), _) if !node.rules.is_empty() || node.function.is_some() => return None,
            _ => {}
        }
    }
    None
}

/// What rules read and replace below `data`, as far as the paths are constant.
#[derive(Default)]
struct Reads {
    paths: Vec<(Vec<String>, Span)>,
    replaced: Vec<Vec<String>>,
}

impl Reads {
    fn rule(&mut self, rule: &Rule) {
        rule.head_terms().for_each(|term| self.term(term));
        for clause in &rule.clauses {
            self.body(&clause.body);
            self.term(&clause.value);
        }
    }

    fn body(&mut self, body: &Body) {
        for expr in &body.exprs {
            for with in &expr.with {
                if let WithTarget::Data(path) = &with.target {
                    self.replaced.push(names::strings(path));
                }
            }
            walk::terms(expr).into_iter().for_each(|term| self.term(term));
            walk::bodies(expr).iter().for_each(|body| self.body(body));
        }
    }

    fn term(&mut self, term: &Term) {
        if let TermKind::Data(path) = &term.kind {
            let keys = path.iter().map(|part| match &part.kind {
                TermKind::Const(key) => key.as_str(),
                _ => None,
            });
            self.paths.push((strings(keys), term.span));
        }
        if let Some((body, terms)) = walk::comprehension(term) {
            self.body(body);
            terms.into_iter().for_each(|term| self.term(term));
        }
        walk::parts(term).into_iter().for_each(|part| self.term(part));
    }
}

/// The keys up to the first that is no string.
fn strings<'a>(keys: impl Iterator<Item = Option<&'a str>>) -> Vec<String> {
    keys.map_while(|key| key.map(str::to_owned)).collect()
}
