//! The rule that fields with the same name in a response have the same meaning.
//!
//! Fields are compared within a selection, with those of every fragment used in it, and those of every two such
//! fragments with each other; of fields that agree, the selections in them are compared in the same way.

use std::collections::{BTreeMap, BTreeSet};

use crate::graphql::ast::{Argument, Field, Fragment, Place, Selection, Spread, Type};
use crate::graphql::validate::{STEPS_MAX, Walked, Walker};

/// How deep selections are compared.
const DEPTH_MAX: usize = 200;

/// What has been compared already.
#[derive(Default)]
pub(in crate::graphql) struct Overlap {
    /// Pairs of fragments, and whether the fields around them exclude each other.
    pairs: BTreeMap<(String, String), bool>,
    /// The fragments that were compared with the fields of the current selection.
    fragments: BTreeSet<String>,
    depth: usize,
}

/// Fields that can't both be in a response, and why.
struct Conflict {
    name: String,
    reason: String,
    place: Place,
}

/// The fields of a selection by their names in the response, in the order of their first appearance.
type Fields<'a> = Vec<(&'a str, Vec<&'a Field>)>;

/// Compares the fields of a selection.
pub(in crate::graphql) fn check<'a>(walker: &mut Walker<'a>, selections: &'a [Selection]) {
    if selections.is_empty() {
        return;
    }
    let (fields, spreads) = collect(selections);
    let mut conflicts = Vec::new();
    for (_, same) in &fields {
        for (at, a) in same.iter().enumerate() {
            for b in same.iter().skip(at + 1) {
                conflicts.extend(walker.conflict(false, a, b));
            }
        }
    }
    walker.overlap.fragments.clear();
    for (at, a) in spreads.iter().enumerate() {
        walker.fields_with_fragment(&mut conflicts, false, &fields, a);
        for b in spreads.iter().skip(at + 1) {
            walker.fragments(&mut conflicts, false, a, b);
        }
    }
    for Conflict { name, reason, place } in conflicts {
        let end = ". Use different aliases on the fields to fetch both if this was intentional.";
        walker.report(place, &["Fields \"", &name, "\" conflict because ", &reason, end]);
    }
}

fn collect(selections: &[Selection]) -> (Fields<'_>, Vec<&Spread>) {
    let (mut fields, mut spreads) = (Fields::new(), Vec::new());
    let mut places = BTreeMap::new();
    collect_into(selections, &mut fields, &mut places, &mut spreads);
    (fields, spreads)
}

fn collect_into<'a>(
    selections: &'a [Selection],
    fields: &mut Fields<'a>,
    places: &mut BTreeMap<&'a str, usize>,
    spreads: &mut Vec<&'a Spread>,
) {
    for it in selections {
        match it {
            Selection::Field(it) => {
                let at = *places.entry(it.response_name()).or_insert(fields.len());
                match fields.get_mut(at) {
                    Some((_, same)) => same.push(it),
                    None => fields.push((it.response_name(), vec![it])),
                }
            }
            Selection::Inline(it) => collect_into(&it.selections, fields, places, spreads),
            Selection::Spread(it) => spreads.push(it),
        }
    }
}

impl<'a> Walker<'a> {
    /// Whether the comparison has taken too long.
    pub(super) fn is_exhausted(&self) -> bool {
        self.n_steps > STEPS_MAX
    }

    fn walked(&self, field: &Field) -> Walked<'a> {
        self.fields.get(field.id).copied().unwrap_or_default()
    }

    fn fragment(&self, spread: &Spread) -> Option<&'a Fragment> {
        let document = self.document;
        document.fragment(&spread.name)
    }

    fn between(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        is_exclusive: bool,
        a: &Fields<'a>,
        b: &Fields<'a>,
    ) {
        let by_name: BTreeMap<&str, &Vec<&Field>> = b.iter().map(|it| (it.0, &it.1)).collect();
        for (name, ours) in a {
            let Some(theirs) = by_name.get(name) else { continue };
            for a in ours {
                for b in *theirs {
                    conflicts.extend(self.conflict(is_exclusive, a, b));
                }
            }
        }
    }

    fn fields_with_fragment(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        is_exclusive: bool,
        fields: &Fields<'a>,
        spread: &'a Spread,
    ) {
        if self.is_exhausted() || !self.overlap.fragments.insert(spread.name.clone()) {
            return;
        }
        let Some(fragment) = self.fragment(spread) else { return };
        let (theirs, spreads) = collect(&fragment.selections);
        let is_same = fields.len() == theirs.len()
            && fields.iter().zip(&theirs).all(|(a, b)| {
                a.0 == b.0 && a.1.iter().map(|it| it.id).eq(b.1.iter().map(|it| it.id))
            });
        if is_same {
            return;
        }
        self.between(conflicts, is_exclusive, fields, &theirs);
        for inner in spreads.into_iter().filter(|it| it.name != spread.name) {
            self.fields_with_fragment(conflicts, is_exclusive, fields, inner);
        }
    }

    fn fragments(
        &mut self,
        conflicts: &mut Vec<Conflict>,
        is_exclusive: bool,
        a: &'a Spread,
        b: &'a Spread,
    ) {
        self.n_steps += 1;
        if a.name == b.name || self.is_exhausted() {
            return;
        }
        let (low, high) = if a.name < b.name { (a, b) } else { (b, a) };
        let pair = (low.name.clone(), high.name.clone());
        match self.overlap.pairs.get(&pair) {
            // What was compared without excluding each other needs no weaker comparison.
            Some(before) if is_exclusive || !before => return,
            _ => self.overlap.pairs.insert(pair, is_exclusive),
        };
        let (Some(ours), Some(theirs)) = (self.fragment(a), self.fragment(b)) else { return };
        let (our_fields, our_spreads) = collect(&ours.selections);
        let (their_fields, their_spreads) = collect(&theirs.selections);
        self.between(conflicts, is_exclusive, &our_fields, &their_fields);
        for it in their_spreads {
            self.fragments(conflicts, is_exclusive, a, it);
        }
        for it in our_spreads {
            self.fragments(conflicts, is_exclusive, it, b);
        }
    }

    fn conflict(&mut self, is_exclusive: bool, a: &'a Field, b: &'a Field) -> Option<Conflict> {
        self.n_steps += 1;
        if self.is_exhausted() || self.overlap.depth >= DEPTH_MAX {
            return None;
        }
        let (walked_a, walked_b) = (self.walked(a), self.walked(b));
        let (parent_a, parent_b) = (walked_a.parent?, walked_b.parent?);
        let are_objects = parent_a.kind == "OBJECT" && parent_b.kind == "OBJECT";
        let are_known = walked_a.definition.is_some() && walked_b.definition.is_some();
        let is_exclusive =
            is_exclusive || parent_a.name != parent_b.name && are_objects && are_known;
        let conflict = |reason: String| {
            Some(Conflict { name: a.response_name().to_owned(), reason, place: b.place })
        };
        if !is_exclusive {
            if a.name != b.name {
                let parts = ["\"", &a.name, "\" and \"", &b.name, "\" are different fields"];
                return conflict(parts.concat());
            }
            if !same_arguments(&a.arguments, &b.arguments) {
                return conflict("they have differing arguments".to_owned());
            }
        }
        if let (Some(x), Some(y)) = (walked_a.definition, walked_b.definition)
            && self.do_types_conflict(&x.kind, &y.kind)
        {
            let (x, y) = (x.kind.text(), y.kind.text());
            let parts = ["they return conflicting types \"", &x, "\" and \"", &y, "\""];
            return conflict(parts.concat());
        }
        self.overlap.depth += 1;
        let inner = self.selections(is_exclusive, &a.selections, &b.selections);
        self.overlap.depth -= 1;
        let reasons: Vec<String> = inner
            .iter()
            .map(|it| ["subfields \"", &it.name, "\" conflict because ", &it.reason].concat())
            .collect();
        if reasons.is_empty() { None } else { conflict(reasons.join(" and ")) }
    }

    fn selections(
        &mut self,
        is_exclusive: bool,
        a: &'a [Selection],
        b: &'a [Selection],
    ) -> Vec<Conflict> {
        let (fields_a, spreads_a) = collect(a);
        let (fields_b, spreads_b) = collect(b);
        let mut conflicts = Vec::new();
        self.between(&mut conflicts, is_exclusive, &fields_a, &fields_b);
        for it in &spreads_b {
            self.overlap.fragments.clear();
            self.fields_with_fragment(&mut conflicts, is_exclusive, &fields_a, it);
        }
        for it in &spreads_a {
            self.overlap.fragments.clear();
            self.fields_with_fragment(&mut conflicts, is_exclusive, &fields_b, it);
        }
        for a in &spreads_a {
            for b in &spreads_b {
                self.fragments(&mut conflicts, is_exclusive, a, b);
            }
        }
        conflicts
    }

    fn do_types_conflict(&self, a: &Type, b: &Type) -> bool {
        match (&a.element, &b.element) {
            (Some(a), Some(b)) => return self.do_types_conflict(a, b),
            (None, None) => {}
            _ => return true,
        }
        if a.is_non_null != b.is_non_null {
            return true;
        }
        let leaf = |it: &Type| self.schema.definition(it.own_name()).filter(|it| it.is_leaf());
        matches!((leaf(a), leaf(b)), (Some(a), Some(b)) if a.name != b.name)
    }
}

fn same_arguments(a: &[Argument], b: &[Argument]) -> bool {
    let is_same = |a: &Argument, b: &Argument| {
        a.name == b.name && a.value.kind == b.value.kind && a.value.raw == b.value.raw
    };
    a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| is_same(a, b)))
}
