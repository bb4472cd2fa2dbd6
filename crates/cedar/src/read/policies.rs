//! Policies and templates of all files under their final names.

use std::collections::{BTreeMap, HashMap};

use cedar_policy::{EntityUid, Policy, PolicyId, PolicySet, SlotId, Template};
use cedar_policy_core::parser::Loc;
use palisade_diag::{Diagnostic, FileId, Severity, Span};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::errors::{self, POLICY, Place};
use crate::json;
use crate::nesting::{self, Kind};
use crate::source::{Source, Syntax};

/// The policies with what is known of each.
pub(crate) struct Policies {
    /// The policies, templates and links.
    pub set: PolicySet,
    /// The names of policies that decide, in the order of the sources, links behind the others.
    pub order: Vec<PolicyId>,
    places: HashMap<PolicyId, Place>,
    /// How many policies got their place in the order as their name, or would have.
    n_numbered: usize,
    are_ids_from_annotations: bool,
    /// Links in policy sets, which wait until all templates are there.
    links: Vec<Link>,
}

/// A link of a template.
pub(crate) struct Link {
    pub template: PolicyId,
    pub id: PolicyId,
    pub slots: HashMap<SlotId, EntityUid>,
    pub span: Span,
}

/// What can stand in a file of policies.
enum Item {
    Policy(Policy),
    Template(Template),
}

/// Where the parts of a policy set in JSON stand.
#[derive(Deserialize)]
struct Parts<'a> {
    #[serde(borrow, default, rename = "staticPolicies")]
    policies: BTreeMap<String, &'a RawValue>,
    #[serde(borrow, default)]
    templates: BTreeMap<String, &'a RawValue>,
    #[serde(borrow, default, rename = "templateLinks")]
    links: Vec<&'a RawValue>,
}

/// What tells a policy from a policy set.
#[derive(Deserialize)]
struct Mark {
    effect: Option<IgnoredAny>,
}

impl Policies {
    pub(crate) fn new(are_ids_from_annotations: bool) -> Policies {
        Policies {
            set: PolicySet::new(),
            order: Vec::new(),
            places: HashMap::new(),
            n_numbered: 0,
            are_ids_from_annotations,
            links: Vec::new(),
        }
    }

    /// Where a policy, template or link stands.
    pub(crate) fn place(&self, id: &PolicyId) -> Place {
        self.places.get(id).copied().unwrap_or(Place::of_file(FileId(0)))
    }

    /// Adds what a file holds.
    pub(crate) fn read(&mut self, file: FileId, source: &Source, out: &mut Vec<Diagnostic>) {
        let text = source.text.as_str();
        match source.syntax {
            Syntax::Cedar => self.read_text(file, text, out),
            Syntax::Json => match json::read::<Mark>(file, text) {
                Ok(Mark { effect: Some(_) }) => self.read_policy(file, text, out),
                Ok(Mark { effect: None }) => self.read_set(file, text, out),
                Err(diagnostic) => out.push(*diagnostic),
            },
        }
    }

    fn read_text(&mut self, file: FileId, text: &str, out: &mut Vec<Diagnostic>) {
        if let Some(diagnostic) = nesting::check(file, text, Kind::Policies) {
            return out.push(diagnostic);
        }
        let set: PolicySet = match text.parse() {
            Ok(set) => set,
            Err(problem) => return report(&problem, Place::of_file(file), out),
        };
        let first = self.n_numbered;
        // The parser numbers policies and templates together, but keeps them apart.
        let mut items: Vec<(usize, Item)> =
            items_of(&set).map(|it| (number(it.id()), it)).collect();
        items.sort_by_key(|(number, _)| *number);
        self.n_numbered += items.len();
        for (number, item) in items {
            let span =
                item.loc().map(|it| Place::of_file(file).at(it.start(), it.end() - it.start()));
            let id = PolicyId::new(format!("policy{}", first + number));
            self.add(id, item, span.unwrap_or(Place::of_file(file).span), out);
        }
    }

    fn read_policy(&mut self, file: FileId, text: &str, out: &mut Vec<Diagnostic>) {
        let value: Value = match json::read(file, text) {
            Ok(value) => value,
            Err(diagnostic) => return out.push(*diagnostic),
        };
        let id = PolicyId::new(format!("policy{}", self.n_numbered));
        self.n_numbered += 1;
        let item = if has_slot(&value) {
            Template::from_json(Some(id.clone()), value).map(Item::Template)
        } else {
            Policy::from_json(Some(id.clone()), value).map(Item::Policy)
        };
        let place = Place::of_file(file);
        match item {
            Ok(item) => self.add(id, item, place.at(0, text.len()), out),
            Err(problem) => report(&problem, place, out),
        }
    }

    fn read_set(&mut self, file: FileId, text: &str, out: &mut Vec<Diagnostic>) {
        let parts: Parts = match json::read(file, text) {
            Ok(parts) => parts,
            Err(diagnostic) => return out.push(*diagnostic),
        };
        let set = match PolicySet::from_json_str(text) {
            Ok(set) => set,
            Err(problem) => {
                let place = Place::of_file(file).span;
                return out.extend(json::reported(POLICY, &problem, text, place));
            }
        };
        let span = |part: Option<&&RawValue>| match part {
            Some(part) => json::span_of(file, text, part),
            None => Place::of_file(file).span,
        };
        let of_item = |id: &PolicyId| {
            let id: &str = id.as_ref();
            span(parts.policies.get(id).or_else(|| parts.templates.get(id)))
        };
        let mut items: Vec<(Span, Item)> =
            items_of(&set).map(|it| (of_item(it.id()), it)).collect();
        items.sort_by_key(|(span, _)| *span);
        let mut renamed = HashMap::new();
        for (span, item) in items {
            let id = item.id().clone();
            renamed.insert(id.clone(), self.name_of(&item, id.clone()));
            self.add(id, item, span, out);
        }
        let links = set.policies().filter(|it| !it.is_static()).zip(&parts.links);
        self.links.extend(links.filter_map(|(link, part)| {
            let template = link.template_id()?;
            Some(Link {
                template: renamed.get(template).unwrap_or(template).clone(),
                id: link.id().clone(),
                slots: link.template_links()?,
                span: span(Some(part)),
            })
        }));
    }

    /// Adds the links that stood in policy sets.
    pub(crate) fn link_those_of_sets(&mut self, out: &mut Vec<Diagnostic>) {
        for link in std::mem::take(&mut self.links) {
            self.link(link, out);
        }
    }

    /// Adds a link.
    pub(crate) fn link(&mut self, link: Link, out: &mut Vec<Diagnostic>) {
        if let Some(first) = self.places.get(&link.id) {
            return out.push(errors::duplicate_policy(link.span, link.id.as_ref(), first.span));
        }
        if let Err(problem) = self.set.link(link.template.clone(), link.id.clone(), link.slots) {
            let place = Place::of(link.span);
            return out.extend(errors::reported(errors::LINK, Severity::Error, &problem, place));
        }
        let file = self.place(&link.template).file;
        self.places.insert(link.id.clone(), Place { file, span: link.span });
        self.order.push(link.id);
    }

    fn name_of(&self, item: &Item, id: PolicyId) -> PolicyId {
        let annotation = match item {
            Item::Policy(policy) => policy.annotation("id"),
            Item::Template(template) => template.annotation("id"),
        };
        match annotation {
            Some(name) if self.are_ids_from_annotations => PolicyId::new(name),
            _ => id,
        }
    }

    fn add(&mut self, id: PolicyId, item: Item, span: Span, out: &mut Vec<Diagnostic>) {
        let id = self.name_of(&item, id);
        if let Some(first) = self.places.get(&id) {
            return out.push(errors::duplicate_policy(span, id.as_ref(), first.span));
        }
        let added = match item {
            Item::Policy(policy) => self.set.add(policy.new_id(id.clone())).inspect(|()| {
                self.order.push(id.clone());
            }),
            Item::Template(template) => self.set.add_template(template.new_id(id.clone())),
        };
        match added {
            Ok(()) => drop(self.places.insert(id, Place::of(span))),
            Err(problem) => report(&problem, Place::of(span), out),
        }
    }
}

impl Item {
    fn id(&self) -> &PolicyId {
        match self {
            Item::Policy(policy) => policy.id(),
            Item::Template(template) => template.id(),
        }
    }

    fn loc(&self) -> Option<&Loc> {
        match self {
            Item::Policy(policy) => policy.as_ref().loc(),
            Item::Template(template) => template.as_ref().loc(),
        }
    }
}

fn items_of(set: &PolicySet) -> impl Iterator<Item = Item> {
    let policies = set.policies().filter(|it| it.is_static()).cloned().map(Item::Policy);
    policies.chain(set.templates().cloned().map(Item::Template))
}

/// The number in a name that the parser gave.
fn number(id: &PolicyId) -> usize {
    let id: &str = id.as_ref();
    id.strip_prefix("policy").and_then(|it| it.parse().ok()).unwrap_or(usize::MAX)
}

/// Whether a policy in JSON is a template.
fn has_slot(policy: &Value) -> bool {
    let scopes = [policy.get("principal"), policy.get("resource")];
    scopes.into_iter().flatten().any(|scope| {
        let inner = scope.get("in").unwrap_or(scope);
        scope.get("slot").is_some() || inner.get("slot").is_some()
    })
}

fn report(problem: &dyn miette::Diagnostic, place: Place, out: &mut Vec<Diagnostic>) {
    out.extend(errors::reported(POLICY, Severity::Error, problem, place));
}
