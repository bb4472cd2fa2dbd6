//! Types: calls, equations and references that can never succeed.
//!
//! The type of every rule is inferred from the rules that it needs, so rules are taken in the order of their
//! dependencies. Base data and input can be anything. An error is reported only where no value of the inferred types
//! could make the expression succeed.
//!
//! - `infer`: expressions, and the variables that get their types from them
//! - `terms`: the types of terms, and references to what is never there
//! - `calls`: arguments
//! - `documents`: what the rules of the tree give together, and what functions take and return
//! - `overlap`, `select`: questions about types

mod calls;
mod documents;
mod infer;
mod overlap;
mod select;
mod terms;

use palisade_diag::Diagnostic;
use palisade_value::types::Type;

use crate::checked::{Query, Rule, RuleKind, Term, TermKind};
use crate::semantic::dependencies::Graph;
use crate::semantic::rules::Tree;
use crate::semantic::schemas::Overlays;
use crate::semantic::table::Table;
use crate::semantic::typing::documents::{Contribution, Key, Types};
use crate::semantic::typing::infer::Inference;

/// Types with more parts than this are taken for [`Type::Any`]: they would grow with every rule that is built on them.
const PARTS_MAX: usize = 400;

/// What is checked.
#[derive(Debug)]
pub struct Subject<'a> {
    /// By id.
    pub rules: &'a [Rule],
    /// The documents and functions.
    pub tree: &'a Tree,
    /// The built-ins.
    pub table: &'a Table,
    /// What schemas say of input and base data.
    pub overlays: &'a Overlays,
}

/// Infers all types and reports what can never succeed.
pub fn check(
    subject: &Subject<'_>,
    queries: &[Query],
    graph: &Graph,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<QueryTypes> {
    let Subject { rules, tree, table, overlays } = subject;
    let mut types = Types::new(tree, table, rules.len());
    for id in graph.components().into_iter().flatten() {
        let Some(rule) = rules.get(id.0 as usize) else { continue };
        let errors = diagnostics.len();
        let mut inference =
            Inference::new(&mut types, &rule.scope, overlays.of_rule(id), diagnostics);
        let found = contribution(rule, &mut inference);
        // What has an error can be anything, so that no further errors come of it.
        let found = if diagnostics.len() > errors { found.anything() } else { found };
        types.set(id, found);
    }
    let of_query = |query: &Query| {
        let mut inference = Inference::new(&mut types, &query.scope, &overlays.usual, diagnostics);
        inference.body(&query.body);
        let kind = |local| inference.local(local).cloned().unwrap_or(Type::Any);
        QueryTypes {
            bindings: query.bindings.iter().map(|(_, local)| kind(*local)).collect(),
            exprs: query.exprs.iter().map(|(_, it)| it.map_or(Type::Boolean, kind)).collect(),
        }
    };
    queries.iter().map(of_query).collect()
}

/// The types of what a query gives, as far as they can be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryTypes {
    /// Of its variables, in the order of [`Query::bindings`].
    pub bindings: Vec<Type>,
    /// Of its expressions, in the order of [`Query::exprs`].
    pub exprs: Vec<Type>,
}

/// What a rule contributes to the document or function at its path.
fn contribution(rule: &Rule, inference: &mut Inference<'_, '_>) -> Contribution {
    let (mut keys, mut values, mut parameters) = (Vec::new(), Vec::new(), Vec::new());
    for (at, clause) in rule.clauses.iter().enumerate() {
        // Every clause finds out by itself what a parameter can be.
        let mark = inference.mark();
        inference.body(&clause.body);
        if at == 0 {
            keys = rule.suffix.iter().map(|part| key(part, inference)).collect();
        }
        values.push(match &rule.kind {
            RuleKind::Contains(member) => inference.operand(member),
            _ => inference.operand(&clause.value),
        });
        if let RuleKind::Function(patterns) = &rule.kind {
            parameters.push(patterns.iter().map(|it| inference.operand(it)).collect());
        }
        inference.forget(mark);
    }
    if let RuleKind::Contains(_) = rule.kind {
        keys.push(Key::Member);
    }
    let value = limited(Type::union(values).unwrap_or(Type::Any));
    Contribution { keys, parameters: documents::united(parameters), value }
}

fn key(part: &Term, inference: &mut Inference<'_, '_>) -> Key {
    match &part.kind {
        TermKind::Const(value) => Key::Fixed(value.clone()),
        _ => Key::Each(inference.operand(part)),
    }
}

/// The type itself, or any if it has too many parts.
fn limited(kind: Type) -> Type {
    let mut left = PARTS_MAX;
    if fits(&kind, &mut left) { kind } else { Type::Any }
}

fn fits(kind: &Type, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    match kind {
        Type::Array { prefix, rest } => {
            prefix.iter().chain(rest.as_deref()).all(|it| fits(it, left))
        }
        Type::Object { fixed, dynamic } => {
            fixed.iter().all(|(_, it)| fits(it, left))
                && dynamic
                    .as_deref()
                    .is_none_or(|(key, value)| fits(key, left) && fits(value, left))
        }
        Type::Set(member) => fits(member, left),
        Type::Union(members) => members.iter().all(|it| fits(it, left)),
        _ => true,
    }
}
