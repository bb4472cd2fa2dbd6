//! A document against a schema.

use palisade_value::{AnyValue, Entry, Num, View};

use super::formats;
use super::keywords::type_of;
use super::numbers::{canonical, is_multiple, shown};
use super::schema::{Additional, Dependency, Items, Node, NodeId, Schema};
use crate::context::Context;
use crate::failure::Failure;
use crate::regexes;

/// How deep schemas may be followed into a document: a schema may refer to itself.
const DEPTH_MAX: usize = 250;

/// How many times a schema may be applied: alternatives in alternatives multiply.
const STEPS_MAX: usize = 2_000_000;

/// A way in which a document isn't what the schema describes.
#[derive(Clone)]
pub(super) struct Issue {
    pub(super) kind: &'static str,
    /// Where in the document: keys and positions with points between them.
    pub(super) field: String,
    pub(super) description: String,
}

/// All issues of the document.
pub(super) fn validate<V: AnyValue>(
    ctx: &mut Context,
    schema: &Schema<V>,
    document: &V,
) -> Result<Vec<Issue>, Failure> {
    let mut validator = Validator { ctx, schema, n_steps: 0, depth: 0 };
    let place = Place { key: "(Root)", outer: None };
    Ok(validator.outcome(0, document, &place)?.issues)
}

/// Where a value stands in the document.
struct Place<'a> {
    key: &'a str,
    outer: Option<&'a Place<'a>>,
}

impl Place<'_> {
    fn inner<'a>(&'a self, key: &'a str) -> Place<'a> {
        Place { key, outer: Some(self) }
    }

    fn field(&self) -> String {
        let mut keys = vec![self.key];
        let mut place = self;
        while let Some(outer) = place.outer {
            keys.push(outer.key);
            place = outer;
        }
        // The root is only named where nothing else is.
        if keys.len() > 1 {
            keys.pop();
        }
        keys.reverse();
        keys.join(".")
    }
}

/// The issues of a value, and how well it fits in spite of them: of several schemas that a value could have met, the
/// one with the highest score is taken for the one that was meant.
#[derive(Default)]
struct Outcome {
    issues: Vec<Issue>,
    score: i64,
}

impl Outcome {
    fn is_valid(&self) -> bool {
        self.issues.is_empty()
    }

    fn add(&mut self, place: &Place<'_>, kind: &'static str, description: String) {
        self.issues.push(Issue { kind, field: place.field(), description });
        self.score -= 2;
    }

    fn say(&mut self, place: &Place<'_>, kind: &'static str, description: &str) {
        self.add(place, kind, description.to_owned());
    }

    fn merge(&mut self, mut other: Outcome) {
        self.issues.append(&mut other.issues);
        self.score += other.score;
    }
}

/// Keeps the better of two.
fn keep_best(best: &mut Option<Outcome>, other: Outcome) {
    if best.as_ref().is_none_or(|it| other.score > it.score) {
        *best = Some(other);
    }
}

struct Validator<'c, 's, V> {
    ctx: &'c mut Context,
    schema: &'s Schema<V>,
    n_steps: usize,
    depth: usize,
}

impl<'s, V: AnyValue> Validator<'_, 's, V> {
    /// What comes of a value and a schema, by themselves.
    fn outcome(&mut self, id: NodeId, value: &V, place: &Place<'_>) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        self.apply(id, value, place, &mut outcome)?;
        Ok(outcome)
    }

    fn apply(
        &mut self,
        id: NodeId,
        value: &V,
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        self.n_steps += 1;
        if self.depth >= DEPTH_MAX {
            return Err(Failure::error("schema is nested too deeply or refers to itself"));
        }
        if self.n_steps > STEPS_MAX {
            return Err(Failure::Halt("schema takes too long to validate".into()));
        }
        let schema = self.schema;
        let Some(node) = schema.nodes.get(id) else { return Ok(()) };
        self.depth += 1;
        match (node.pass, node.target) {
            (Some(true), _) => {}
            (Some(false), _) => out.say(place, "false", "False always fails validation"),
            (None, Some(target)) => self.apply(target, value, place, out)?,
            (None, None) => self.apply_node(node, value, place, out)?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn apply_node(
        &mut self,
        node: &'s Node<V>,
        value: &V,
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        let given = type_of(value);
        let fits = |it: &String| it == given || it == "number" && given == "integer";
        if !node.types.is_empty() && !node.types.iter().any(fits) {
            let names = node.type_names();
            let parts = ["Invalid type. Expected: ", &names, ", given: ", given];
            out.add(place, "invalid_type", parts.concat());
            return Ok(());
        }
        self.combinations(node, value, place, out)?;
        match value.view() {
            View::Array(items) | View::Set(items) => self.array(node, items, place, out)?,
            View::Object(entries) => self.object(node, value, entries, place, out)?,
            View::Number(it) => check_number(node, &it, place, out),
            _ => {}
        }
        check_value(node, value, place, out);
        if let Some(text) = value.as_str() {
            if let Some(format) = node.format.as_deref().filter(|it| !formats::fits(it, text)) {
                let description = ["Does not match format '", format, "'"].concat();
                out.add(place, "format", description);
            }
            out.score += 1;
            self.string(node, text, place, out)?;
        } else {
            out.score += 1;
        }
        if let View::Object(_) = value.view() {
            for (name, id) in &node.properties {
                if let Some(property) = value.get_str(name) {
                    self.apply(*id, &property, &place.inner(name), out)?;
                }
            }
        }
        out.score += 1;
        Ok(())
    }

    /// The keywords that put schemas together.
    fn combinations(
        &mut self,
        node: &'s Node<V>,
        value: &V,
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        self.any_of(node, value, place, out)?;
        self.one_of(node, value, place, out)?;
        let mut all_valid = true;
        for id in &node.all_of {
            let outcome = self.outcome(*id, value, place)?;
            all_valid &= outcome.is_valid();
            out.merge(outcome);
        }
        if !all_valid {
            out.say(place, "number_all_of", "Must validate all the schemas (allOf)");
        }
        if let Some(id) = node.not
            && self.outcome(id, value, place)?.is_valid()
        {
            out.say(place, "number_not", "Must not validate the schema (not)");
        }
        for (name, dependency) in &node.dependencies {
            if value.get_str(name).is_none() {
                continue;
            }
            match dependency {
                Dependency::Properties(names) => {
                    for name in names.iter().filter(|it| value.get_str(it).is_none()) {
                        let description = ["Has a dependency on ", name].concat();
                        out.add(place, "missing_dependency", description);
                    }
                }
                Dependency::Schema(id) => self.apply(*id, value, place, out)?,
            }
        }
        self.condition(node, value, place, out)?;
        out.score += 1;
        Ok(())
    }

    fn any_of(
        &mut self,
        node: &'s Node<V>,
        value: &V,
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        let mut best = None;
        for id in &node.any_of {
            let outcome = self.outcome(*id, value, place)?;
            if outcome.is_valid() {
                return Ok(());
            }
            keep_best(&mut best, outcome);
        }
        if let Some(best) = best {
            out.say(place, "number_any_of", "Must validate at least one schema (anyOf)");
            out.merge(best);
        }
        Ok(())
    }

    fn one_of(
        &mut self,
        node: &'s Node<V>,
        value: &V,
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        let (mut n_valid, mut best) = (0, None);
        for id in &node.one_of {
            let outcome = self.outcome(*id, value, place)?;
            if outcome.is_valid() {
                n_valid += 1;
            } else if n_valid == 0 {
                keep_best(&mut best, outcome);
            }
        }
        if !node.one_of.is_empty() && n_valid != 1 {
            out.say(place, "number_one_of", "Must validate one and only one schema (oneOf)");
            if let Some(best) = best.filter(|_| n_valid == 0) {
                out.merge(best);
            }
        }
        Ok(())
    }

    fn condition(
        &mut self,
        node: &'s Node<V>,
        value: &V,
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        let Some(condition) = node.condition else { return Ok(()) };
        let (branch, kind, description) = if self.outcome(condition, value, place)?.is_valid() {
            (node.consequence, "condition_then", "Must validate \"then\" as \"if\" was valid")
        } else {
            (node.alternative, "condition_else", "Must validate \"else\" as \"if\" was not valid")
        };
        if let Some(branch) = branch {
            let outcome = self.outcome(branch, value, place)?;
            if !outcome.is_valid() {
                out.say(place, kind, description);
                out.merge(outcome);
            }
        }
        Ok(())
    }

    fn array(
        &mut self,
        node: &'s Node<V>,
        items: &[V],
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        for (at, item) in items.iter().enumerate() {
            let id = match &node.items {
                Items::Each(id) => *id,
                Items::Positional(ids) => match (ids.get(at), &node.additional_items) {
                    (Some(id), _) => *id,
                    (None, Additional::Schema(id)) if !ids.is_empty() => *id,
                    (None, Additional::Allowed(false)) if !ids.is_empty() => {
                        let description = "No additional items allowed on array";
                        out.say(place, "array_no_additional_items", description);
                        break;
                    }
                    _ => break,
                },
            };
            let outcome = self.outcome(id, item, &place.inner(&at.to_string()))?;
            out.merge(outcome);
        }
        let n_items = i64::try_from(items.len()).unwrap_or(i64::MAX);
        if let Some(least) = node.min_items.filter(|it| n_items < *it) {
            let description = format!("Array must have at least {least} items");
            out.add(place, "array_min_items", description);
        }
        if let Some(most) = node.max_items.filter(|it| n_items > *it) {
            let description = format!("Array must have at most {most} items");
            out.add(place, "array_max_items", description);
        }
        if node.unique_items {
            check_unique(items, place, out);
        }
        if let Some(id) = node.contains {
            self.contains(id, items, place, out)?;
        }
        out.score += 1;
        Ok(())
    }

    fn contains(
        &mut self,
        id: NodeId,
        items: &[V],
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        let mut best = None;
        for (at, item) in items.iter().enumerate() {
            let outcome = self.outcome(id, item, &place.inner(&at.to_string()))?;
            if outcome.is_valid() {
                return Ok(());
            }
            keep_best(&mut best, outcome);
        }
        out.say(place, "contains", "At least one of the items must match");
        if let Some(best) = best {
            out.merge(best);
        }
        Ok(())
    }

    fn object(
        &mut self,
        node: &'s Node<V>,
        value: &V,
        entries: &[Entry<V>],
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        let n_properties = i64::try_from(entries.len()).unwrap_or(i64::MAX);
        if let Some(least) = node.min_properties.filter(|it| n_properties < *it) {
            let description = format!("Must have at least {least} properties");
            out.add(place, "array_min_properties", description);
        }
        if let Some(most) = node.max_properties.filter(|it| n_properties > *it) {
            let description = format!("Must have at most {most} properties");
            out.add(place, "array_max_properties", description);
        }
        for name in &node.required {
            if value.get_str(name).is_some() {
                out.score += 1;
            } else {
                out.add(place, "required", [name, " is required"].concat());
            }
        }
        for Entry { key, value } in entries {
            self.property(node, key.as_str().unwrap_or(""), value, place, out)?;
        }
        if let Some(id) = node.property_names {
            for Entry { key, .. } in entries {
                let outcome = self.outcome(id, key, place)?;
                if !outcome.is_valid() {
                    let name = key.as_str().unwrap_or("");
                    let parts = ["Property name of \"", name, "\" does not match"];
                    out.add(place, "invalid_property_name", parts.concat());
                    out.merge(outcome);
                }
            }
        }
        out.score += 1;
        Ok(())
    }

    /// A property against the patterns and, if nothing describes it, what additional properties have to be.
    fn property(
        &mut self,
        node: &'s Node<V>,
        name: &str,
        value: &V,
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        let mut is_described = false;
        for (pattern, id) in &node.pattern_properties {
            if regexes::compiled(self.ctx, pattern).is_ok_and(|it| it.is_match(name)) {
                is_described = true;
                let outcome = self.outcome(*id, value, &place.inner(name))?;
                out.merge(outcome);
            }
        }
        if is_described {
            out.score += 1;
        }
        // The properties are in the order of their names.
        if is_described || node.properties.binary_search_by(|it| it.0.as_str().cmp(name)).is_ok() {
            return Ok(());
        }
        match node.additional_properties {
            Additional::Allowed(true) => {}
            Additional::Allowed(false) => {
                let parts = ["Additional property ", name, " is not allowed"];
                out.add(place, "additional_property_not_allowed", parts.concat());
            }
            Additional::Schema(id) => {
                let outcome = self.outcome(id, value, &place.inner(name))?;
                out.merge(outcome);
            }
        }
        Ok(())
    }

    fn string(
        &mut self,
        node: &'s Node<V>,
        text: &str,
        place: &Place<'_>,
        out: &mut Outcome,
    ) -> Result<(), Failure> {
        let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
        if let Some(least) = node.min_length.filter(|it| length < *it) {
            let description = format!("String length must be greater than or equal to {least}");
            out.add(place, "string_gte", description);
        }
        if let Some(most) = node.max_length.filter(|it| length > *it) {
            let description = format!("String length must be less than or equal to {most}");
            out.add(place, "string_lte", description);
        }
        if let Some(pattern) = &node.pattern
            && !regexes::compiled(self.ctx, pattern)?.is_match(text)
        {
            let description = ["Does not match pattern '", pattern, "'"].concat();
            out.add(place, "pattern", description);
        }
        out.score += 1;
        Ok(())
    }
}

/// `const` and `enum`.
fn check_value<V: AnyValue>(node: &Node<V>, value: &V, place: &Place<'_>, out: &mut Outcome) {
    if node.constant.is_none() && node.choices.is_empty() {
        return;
    }
    let text = canonical(value);
    if let Some(constant) = node.constant.as_ref().filter(|it| **it != text) {
        let description = [&place.field(), " does not match: ", constant].concat();
        out.add(place, "const", description);
    }
    if !node.choices.is_empty() && !node.choices.contains(&text) {
        let choices = node.choices.join(", ");
        let description = [&place.field(), " must be one of the following: ", &choices].concat();
        out.add(place, "enum", description);
    }
}

fn check_unique<V: AnyValue>(items: &[V], place: &Place<'_>, out: &mut Outcome) {
    let mut last = std::collections::BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(before) = last.insert(canonical(item), at) {
            out.add(place, "unique", format!("array items[{before},{at}] must be unique"));
        }
    }
}

fn check_number<V: AnyValue>(
    node: &Node<V>,
    number: &Num<'_>,
    place: &Place<'_>,
    out: &mut Outcome,
) {
    let mut limit = |limit: &Option<V>, kind, text: &str, holds: fn(&Num<'_>, &Num<'_>) -> bool| {
        if let Some(View::Number(limit)) = limit.as_ref().map(V::view)
            && !holds(number, &limit)
        {
            out.add(place, kind, [text, &shown(&limit)].concat());
        }
    };
    limit(&node.multiple_of, "multiple_of", "Must be a multiple of ", is_multiple);
    limit(&node.maximum, "number_lte", "Must be less than or equal to ", |it, limit| {
        it.compare(limit).is_le()
    });
    limit(&node.exclusive_maximum, "number_lt", "Must be less than ", |it, limit| {
        it.compare(limit).is_lt()
    });
    limit(&node.minimum, "number_gte", "Must be greater than or equal to ", |it, limit| {
        it.compare(limit).is_ge()
    });
    limit(&node.exclusive_minimum, "number_gt", "Must be greater than ", |it, limit| {
        it.compare(limit).is_gt()
    });
    out.score += 1;
}
