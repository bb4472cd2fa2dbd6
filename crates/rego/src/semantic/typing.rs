//! Types: calls, equations and references that can never succeed.
//!
//! The type of every rule is inferred from the rules that it needs, so rules are taken in the order of their
//! dependencies. Base data and input can be anything. An error is reported only where no value of the inferred types
//! could make the expression succeed.

mod infer;
mod overlap;
mod select;

use std::collections::BTreeMap;

use palisade_diag::Diagnostic;
use palisade_value::types::Type;

use crate::checked::{FunctionId, Node, Query, Rule, RuleId, RuleKind};
use crate::semantic::dependencies::Graph;
use crate::semantic::rules::Tree;
use crate::semantic::table::Table;
use crate::semantic::typing::infer::Inference;

/// Types with more parts than this are taken for [`Type::Any`]: they would grow with every rule that is built on them.
const PARTS_MAX: usize = 400;

/// What is known of the program's types so far.
#[derive(Debug)]
pub struct Types<'a> {
    tree: &'a Tree,
    table: &'a Table,
    /// By rule: what it contributes to the document at its path, or a function's result.
    rules: Vec<Option<Type>>,
    /// The documents whose rules are all inferred, by their first rule.
    documents: BTreeMap<RuleId, Type>,
}

/// Infers all types and reports what can never succeed.
pub fn check(
    rules: &[Rule],
    queries: &[Query],
    tree: &Tree,
    table: &Table,
    graph: &Graph,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut types =
        Types { tree, table, rules: vec![None; rules.len()], documents: BTreeMap::new() };
    for component in graph.components() {
        for id in component {
            let Some(rule) = rules.get(id.0 as usize) else { continue };
            let kind = rule_type(rule, &mut types, diagnostics);
            types.rules[id.0 as usize] = Some(limited(kind));
        }
    }
    for query in queries {
        let mut inference = Inference::new(&mut types, &query.scope, diagnostics);
        inference.body(&query.body);
    }
}

/// What a rule contributes to the document at its path.
fn rule_type(rule: &Rule, types: &mut Types<'_>, diagnostics: &mut Vec<Diagnostic>) -> Type {
    let mut inference = Inference::new(types, &rule.scope, diagnostics);
    let mut values = Vec::new();
    let mut keys = Vec::new();
    let mut member = None;
    for (at, clause) in rule.clauses.iter().enumerate() {
        inference.body(&clause.body);
        if at == 0 {
            keys = rule.suffix.iter().map(|term| inference.term(term)).collect();
            if let RuleKind::Contains(term) = &rule.kind {
                member = Some(Type::set_of(inference.term(term)));
            }
        }
        values.push(inference.term(&clause.value));
    }
    let value = member.or_else(|| Type::union(values)).unwrap_or(Type::Any);
    keys.into_iter().rev().fold(value, |value, key| Type::object_of(key, value))
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

impl Types<'_> {
    /// The document at a node that has rules; any if not all of it is known.
    fn document(&mut self, node: &Node) -> Type {
        let Some(first) = node.rules.first() else { return Type::Any };
        if !node.children.is_empty() {
            return Type::Any;
        }
        if let Some(known) = self.documents.get(first) {
            return known.clone();
        }
        let parts: Option<Vec<Type>> = node.rules.iter().map(|rule| self.rule(*rule)).collect();
        let Some(parts) = parts else { return Type::Any };
        let whole = limited(merged(parts));
        self.documents.insert(*first, whole.clone());
        whole
    }

    fn rule(&self, rule: RuleId) -> Option<Type> {
        self.rules.get(rule.0 as usize)?.clone()
    }

    /// What a function returns.
    fn result(&self, function: FunctionId) -> Type {
        let Some(function) = self.tree.function(function) else { return Type::Any };
        let results: Option<Vec<Type>> =
            function.rules.iter().chain(&function.default).map(|rule| self.rule(*rule)).collect();
        results.and_then(Type::union).map_or(Type::Any, limited)
    }
}

/// The document that several contributions make: sets and objects grow, other values are alternatives.
fn merged(parts: Vec<Type>) -> Type {
    let mut members = Vec::new();
    let mut entries = Vec::new();
    let mut others = Vec::new();
    for part in parts {
        match part {
            Type::Set(member) => members.push(*member),
            Type::Object { fixed, dynamic: Some(pair) } if fixed.is_empty() => entries.push(*pair),
            other => others.push(other),
        }
    }
    if let Some(member) = Type::union(members) {
        others.push(Type::set_of(member));
    }
    let (keys, values): (Vec<Type>, Vec<Type>) = entries.into_iter().unzip();
    if let (Some(key), Some(_)) = (Type::union(keys), values.first()) {
        others.push(Type::object_of(key, merged(values)));
    }
    Type::union(others).unwrap_or(Type::Any)
}
