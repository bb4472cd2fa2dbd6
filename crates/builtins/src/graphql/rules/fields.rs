//! Rules for fields, directives and their arguments.

use std::collections::{BTreeMap, BTreeSet};

use super::overlap;
use crate::graphql::ast::{
    Argument, Definition, Directive, DirectiveDefinition, Field, FieldDefinition, Place, Selection,
};
use crate::graphql::suggest::{did_you_mean, suggestion};
use crate::graphql::validate::{Walked, Walker};

/// How many lists of types may stand in each other in a query about the schema.
const INTROSPECTION_MAX: usize = 3;

/// Checks a field.
pub(in crate::graphql) fn check<'a>(walker: &mut Walker<'a>, it: &'a Field, walked: Walked<'a>) {
    if let (Some(parent), None) = (walked.parent, walked.definition) {
        unknown_field(walker, it, parent);
    }
    if let (Some(parent), Some(definition)) = (walked.parent, walked.definition) {
        let on = ["field \"", &parent.name, ".", &it.name, "\""].concat();
        unknown_arguments(walker, &it.arguments, &definition.arguments, &on, it.place);
    }
    if matches!(it.name.as_str(), "__schema" | "__type")
        && is_too_deep(walker, it, &mut BTreeSet::new(), 0)
    {
        walker.report(it.place, &["Maximum introspection depth exceeded"]);
    }
    if walker.operation.is_some() {
        overlap::check(walker, &it.selections);
    }
    if let Some(definition) = walked.definition {
        let of = ["Field \"", &it.name, "\""].concat();
        missing_arguments(walker, &it.arguments, &definition.arguments, &of, it.place);
        leaf(walker, it, definition);
    }
    unique_arguments(walker, &it.arguments);
}

/// Checks a directive.
pub(in crate::graphql) fn check_directive<'a>(
    walker: &mut Walker<'a>,
    it: &'a Directive,
    definition: Option<&'a DirectiveDefinition>,
    location: &str,
) {
    if let Some(definition) = definition {
        let on = ["directive \"@", &it.name, "\""].concat();
        unknown_arguments(walker, &it.arguments, &definition.arguments, &on, it.place);
        let may_stand = definition.locations.iter().any(|it| it == location);
        let reported = (it.name.as_str(), it.place);
        if !may_stand && !walker.misplaced.contains(&reported) {
            walker.misplaced.push(reported);
            let parts = ["Directive \"@", &it.name, "\" may not be used on ", location, "."];
            walker.report(it.place, &parts);
        }
        let of = ["Directive \"@", &definition.name, "\""].concat();
        missing_arguments(walker, &it.arguments, &definition.arguments, &of, it.place);
    } else {
        walker.report(it.place, &["Unknown directive \"@", &it.name, "\"."]);
    }
    unique_arguments(walker, &it.arguments);
}

/// A directive may stand at one place only once, unless it says otherwise.
pub(in crate::graphql) fn unique_directives(walker: &mut Walker<'_>, directives: &[Directive]) {
    let mut seen = BTreeSet::new();
    for it in directives {
        let is_repeatable = walker.schema.directive(&it.name).is_some_and(|it| it.is_repeatable);
        if !seen.insert(it.name.as_str()) && !is_repeatable {
            let end = "\" can only be used once at this location.";
            walker.report(it.place, &["The directive \"@", &it.name, end]);
        }
    }
}

fn unknown_field(walker: &mut Walker<'_>, it: &Field, parent: &Definition) {
    let types = types_with(walker, parent, &it.name);
    let hint = if parent.is_abstract() && !types.is_empty() {
        suggestion("Did you mean to use an inline fragment on", &types)
    } else if matches!(parent.kind.as_str(), "OBJECT" | "INTERFACE") {
        did_you_mean("Did you mean", &it.name, parent.fields.iter().map(|it| it.name.as_str()))
    } else {
        String::new()
    };
    let parts = ["Cannot query field \"", &it.name, "\" on type \"", &parent.name, "\".", &hint];
    walker.report(it.place, &parts);
}

/// The types that have the field among those that an abstract type stands for, interfaces of many of them first.
fn types_with<'a>(walker: &Walker<'a>, parent: &Definition, name: &str) -> Vec<&'a str> {
    let schema = walker.schema;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut interfaces, mut objects) = (Vec::new(), Vec::new());
    for possible in schema.possible_types(&parent.name) {
        let Some(possible) = schema.definition(possible).filter(|it| it.field(name).is_some())
        else {
            continue;
        };
        objects.push(possible.name.as_str());
        for interface in &possible.interfaces {
            if schema.definition(interface).is_some_and(|it| it.field(name).is_some()) {
                let count = counts.entry(interface).or_default();
                if *count == 0 {
                    interfaces.push(interface.as_str());
                }
                *count += 1;
            }
        }
    }
    interfaces.append(&mut objects);
    let count = |it: &str| counts.get(it).copied().unwrap_or(0);
    interfaces.sort_by(|a, b| count(b).cmp(&count(a)).then(a.cmp(b)));
    interfaces
}

fn unknown_arguments(
    walker: &mut Walker<'_>,
    given: &[Argument],
    known: &[FieldDefinition],
    on: &str,
    place: Place,
) {
    for it in given.iter().filter(|it| !known.iter().any(|known| known.name == it.name)) {
        let names = known.iter().map(|it| it.name.as_str());
        let hint = did_you_mean("Did you mean", &it.name, names);
        walker.report(place, &["Unknown argument \"", &it.name, "\" on ", on, ".", &hint]);
    }
}

fn missing_arguments(
    walker: &mut Walker<'_>,
    given: &[Argument],
    known: &[FieldDefinition],
    of: &str,
    place: Place,
) {
    for required in known.iter().filter(|it| it.is_required()) {
        if !given.iter().any(|it| it.name == required.name) {
            let kind = required.kind.text();
            let end = "\" is required, but it was not provided.";
            let parts = [of, " argument \"", &required.name, "\" of type \"", &kind, end];
            walker.report(place, &parts);
        }
    }
}

fn unique_arguments(walker: &mut Walker<'_>, arguments: &[Argument]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for it in arguments {
        let count = counts.entry(&it.name).or_default();
        *count += 1;
        if *count == 2 {
            walker.report(it.place, &["There can be only one argument named \"", &it.name, "\"."]);
        }
    }
}

/// What has no fields is not to be selected from, what has some is.
fn leaf(walker: &mut Walker<'_>, it: &Field, definition: &FieldDefinition) {
    let Some(kind) = walker.schema.definition(definition.kind.name()) else { return };
    if kind.is_leaf() && !it.selections.is_empty() {
        let middle = "\" must not have a selection since type \"";
        let end = "\" has no subfields.";
        walker.report(it.place, &["Field \"", &it.name, middle, &kind.name, end]);
    }
    if !kind.is_leaf() && it.selections.is_empty() {
        let kind = definition.kind.text();
        let parts = [
            "Field \"",
            &it.name,
            "\" of type \"",
            &kind,
            "\" must have a selection of subfields. Did you mean \"",
            &it.name,
            " { ... }\"?",
        ];
        walker.report(it.place, &parts);
    }
}

fn is_too_deep<'a>(
    walker: &mut Walker<'a>,
    it: &'a Field,
    visited: &mut BTreeSet<&'a str>,
    depth: usize,
) -> bool {
    let lists =
        matches!(it.name.as_str(), "fields" | "interfaces" | "possibleTypes" | "inputFields");
    let depth = depth + usize::from(lists);
    lists && depth >= INTROSPECTION_MAX || are_too_deep(walker, &it.selections, visited, depth)
}

fn are_too_deep<'a>(
    walker: &mut Walker<'a>,
    selections: &'a [Selection],
    visited: &mut BTreeSet<&'a str>,
    depth: usize,
) -> bool {
    selections.iter().any(|it| {
        walker.n_steps += 1;
        if walker.is_exhausted() {
            return false;
        }
        match it {
            Selection::Field(it) => is_too_deep(walker, it, visited, depth),
            Selection::Inline(it) => are_too_deep(walker, &it.selections, visited, depth),
            Selection::Spread(it) => {
                let document = walker.document;
                let Some(fragment) = document.fragment(&it.name) else { return false };
                // A fragment within itself is another rule's business.
                if !visited.insert(&it.name) {
                    return false;
                }
                let too_deep = are_too_deep(walker, &fragment.selections, visited, depth);
                visited.remove(it.name.as_str());
                too_deep
            }
        }
    })
}
