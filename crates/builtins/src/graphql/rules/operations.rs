//! Rules for operations and their variables.

use std::collections::{BTreeMap, BTreeSet};

use super::overlap;
use crate::graphql::ast::{Operation, Place, Selection, Variable};
use crate::graphql::validate::Walker;

/// A variable's type has to exist.
pub(in crate::graphql) fn known_variable_type(walker: &mut Walker<'_>, it: &Variable) {
    if walker.schema.definition(it.kind.name()).is_none() {
        walker.report(it.place, &["Unknown type \"", it.kind.name(), "\"."]);
    }
}

/// Checks an operation.
pub(in crate::graphql) fn check<'a>(walker: &mut Walker<'a>, it: &'a Operation) {
    if walker.schema.root(&it.kind).is_none() {
        let parts = ["Schema does not support operation type \"", &it.kind, "\""];
        walker.report(it.place, &parts);
    }
    if it.name.is_empty() && walker.document.operations.len() > 1 {
        let message = "This anonymous operation must be the only defined operation.";
        walker.report(it.place, &[message]);
    }
    unused_variables(walker, it);
    overlap::check(walker, &it.selections);
    if it.kind == "subscription" && walker.schema.root("subscription").is_some() {
        single_field(walker, it);
    }
    if !walker.operation_names.insert(&it.name) {
        walker.report(it.place, &["There can be only one operation named \"", &it.name, "\"."]);
    }
    unique_variables(walker, it);
    for variable in &it.variables {
        let definition = walker.schema.definition(variable.kind.name());
        if definition.is_some_and(|it| !it.is_input()) {
            let kind = variable.kind.text();
            let middle = "\" cannot be non-input type \"";
            let parts = ["Variable \"$", &variable.name, middle, &kind, "\"."];
            walker.report(variable.place, &parts);
        }
    }
}

fn unused_variables(walker: &mut Walker<'_>, it: &Operation) {
    let mut seen = BTreeSet::new();
    for variable in &it.variables {
        // Of variables of the same name only the first counts as used.
        if seen.insert(&variable.name) && walker.used.contains(variable.name.as_str()) {
            continue;
        }
        let operation = match it.name.as_str() {
            "" => String::new(),
            name => [" in operation \"", name, "\""].concat(),
        };
        let parts = ["Variable \"$", &variable.name, "\" is never used", &operation, "."];
        walker.report(variable.place, &parts);
    }
}

fn unique_variables(walker: &mut Walker<'_>, it: &Operation) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for variable in &it.variables {
        let count = counts.entry(&variable.name).or_default();
        *count += 1;
        if *count == 2 {
            let parts = ["There can be only one variable named \"$", &variable.name, "\"."];
            walker.report(variable.place, &parts);
        }
    }
}

/// A subscription is to one thing, and that is no introspection.
fn single_field(walker: &mut Walker<'_>, it: &Operation) {
    let mut fields = Vec::new();
    top_fields(walker, &it.selections, &mut BTreeSet::new(), &mut fields);
    let mut seen = BTreeSet::new();
    fields.retain(|(name, _)| seen.insert(*name));
    let name = match it.name.as_str() {
        "" => "Anonymous Subscription".to_owned(),
        name => ["Subscription \"", name, "\""].concat(),
    };
    if let Some((_, place)) = fields.get(1) {
        walker.report(*place, &[&name, " must select only one top level field."]);
    }
    for (field, place) in fields {
        if field.starts_with("__") {
            walker.report(place, &[&name, " must not select an introspection top level field."]);
        }
    }
}

fn top_fields<'a>(
    walker: &Walker<'a>,
    selections: &'a [Selection],
    visited: &mut BTreeSet<&'a str>,
    fields: &mut Vec<(&'a str, Place)>,
) {
    for it in selections {
        match it {
            Selection::Field(it) => fields.push((&it.name, it.place)),
            Selection::Inline(it) => top_fields(walker, &it.selections, visited, fields),
            Selection::Spread(it) => {
                let document = walker.document;
                let Some(fragment) = document.fragment(&it.name) else { return };
                if visited.insert(&fragment.name) {
                    top_fields(walker, &fragment.selections, visited, fields);
                }
            }
        }
    }
}
