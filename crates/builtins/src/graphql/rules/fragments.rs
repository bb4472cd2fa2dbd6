//! Rules for fragments.

use std::collections::BTreeMap;

use super::overlap;
use crate::graphql::ast::{Definition, Fragment, Inline, Selection, Spread};
use crate::graphql::suggest::did_you_mean;
use crate::graphql::validate::Walker;

/// Checks a fragment without a name.
pub(in crate::graphql) fn check_inline<'a>(
    walker: &mut Walker<'a>,
    it: &'a Inline,
    parent: Option<&'a Definition>,
) {
    let definition = walker.schema.definition(&it.condition);
    if definition.is_some_and(|it| !it.is_composite()) {
        let start = "Fragment cannot condition on non composite type \"";
        walker.report(it.place, &[start, &it.condition, "\"."]);
    }
    if !it.condition.is_empty() && definition.is_none() {
        walker.report(it.place, &["Unknown type \"", &it.condition, "\"."]);
    }
    overlap::check(walker, &it.selections);
    if let Some(parent) = parent.filter(|parent| !can_be(walker, parent, &it.condition)) {
        let start = "Fragment cannot be spread here as objects of type \"";
        let parts = [start, &parent.name, "\" can never be of type \"", &it.condition, "\"."];
        walker.report(it.place, &parts);
    }
}

/// Checks the place where a fragment is used.
pub(in crate::graphql) fn check_spread<'a>(
    walker: &mut Walker<'a>,
    it: &'a Spread,
    fragment: Option<&'a Fragment>,
    parent: Option<&'a Definition>,
) {
    if fragment.is_none() {
        walker.report(it.place, &["Unknown fragment \"", &it.name, "\"."]);
    }
    if !walker.in_fragments {
        walker.spread.insert(&it.name);
    }
    if let (Some(fragment), Some(parent)) = (fragment, parent)
        && !can_be(walker, parent, &fragment.condition)
    {
        let middle = "\" cannot be spread here as objects of type \"";
        let end = "\" can never be of type \"";
        let parts =
            ["Fragment \"", &it.name, middle, &parent.name, end, &fragment.condition, "\"."];
        walker.report(it.place, &parts);
    }
}

/// Checks the definition of a fragment.
pub(in crate::graphql) fn check_definition<'a>(
    walker: &mut Walker<'a>,
    it: &'a Fragment,
    definition: Option<&'a Definition>,
) {
    if !it.condition.is_empty() && definition.is_some_and(|it| !it.is_composite()) {
        let middle = "\" cannot condition on non composite type \"";
        walker.report(it.place, &["Fragment \"", &it.name, middle, &it.condition, "\"."]);
    }
    if definition.is_none() {
        let hint = did_you_mean("Did you mean", &it.condition, walker.schema.type_names());
        walker.report(it.place, &["Unknown type \"", &it.condition, "\".", &hint]);
    }
    Cycles { path: Vec::new(), places: BTreeMap::new() }.search(walker, it);
    walker.in_fragments = true;
    if !walker.spread.contains(it.name.as_str()) {
        walker.report(it.place, &["Fragment \"", &it.name, "\" is never used."]);
    }
    overlap::check(walker, &it.selections);
    if !walker.fragment_names.insert(&it.name) {
        walker.report(it.place, &["There can be only one fragment named \"", &it.name, "\"."]);
    }
}

/// Whether an object of the first type can be of the other; `true` where the types make no sense anyway.
fn can_be(walker: &Walker<'_>, parent: &Definition, name: &str) -> bool {
    let schema = walker.schema;
    let own = std::slice::from_ref(&parent.name);
    let parents = match parent.kind.as_str() {
        "OBJECT" => own,
        "INTERFACE" | "UNION" => schema.possible_types(&parent.name),
        _ => return true,
    };
    match schema.definition(name) {
        Some(it) if it.is_composite() => {
            schema.possible_types(name).iter().any(|it| parents.contains(it))
        }
        _ => true,
    }
}

/// The search for fragments that use themselves.
struct Cycles<'a> {
    path: Vec<&'a str>,
    /// Where the fragments stand in the path.
    places: BTreeMap<&'a str, usize>,
}

impl<'a> Cycles<'a> {
    fn search(&mut self, walker: &mut Walker<'a>, fragment: &'a Fragment) {
        if !walker.cyclic.insert(&fragment.name) || self.path.len() > 200 {
            return;
        }
        let spreads = spreads(&fragment.selections);
        if spreads.is_empty() {
            return;
        }
        self.places.insert(&fragment.name, self.path.len());
        let document = walker.document;
        for it in spreads {
            self.path.push(&it.name);
            match self.places.get(it.name.as_str()) {
                None => {
                    if let Some(fragment) = document.fragment(&it.name) {
                        self.search(walker, fragment);
                    }
                }
                Some(start) => {
                    let between = self.path.get(*start..self.path.len() - 1).unwrap_or_default();
                    let quoted: Vec<_> =
                        between.iter().map(|it| ["\"", it, "\""].concat()).collect();
                    let via = match quoted.as_slice() {
                        [] => String::new(),
                        names => [" via ", &names.join(", ")].concat(),
                    };
                    let parts =
                        ["Cannot spread fragment \"", &it.name, "\" within itself", &via, "."];
                    walker.report(it.place, &parts);
                }
            }
            self.path.pop();
        }
        self.places.remove(fragment.name.as_str());
    }
}

/// The fragments used in selections, those that are deeper behind those that are not, from the last field on.
fn spreads(selections: &[Selection]) -> Vec<&Spread> {
    let mut found = Vec::new();
    let mut waiting = vec![selections];
    while let Some(selections) = waiting.pop() {
        for it in selections {
            match it {
                Selection::Spread(it) => found.push(it),
                Selection::Field(it) => waiting.push(&it.selections),
                Selection::Inline(it) => waiting.push(&it.selections),
            }
        }
    }
    found
}
