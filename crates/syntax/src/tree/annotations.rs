//! Metadata blocks in the tree's JSON: the fields that OPA knows, in its form, and the rules they belong to.

use palisade_diag::Files;
use palisade_value::{AnyValue, Entry, Kind, Value as Native};

use super::json::{Fields, JsonOptions, Printer, object, push_list};
use super::order::{compare, is_ground};
use super::{Annotations, Module, Term, Value, build};
use crate::syntax::{ParseOptions, parse_term};
use crate::text::spaced;

/// For a schema's path, which OPA prints without.
const NO_LOCATIONS: JsonOptions = JsonOptions { locations: false, comments: false };

/// The blocks of each rule: those of its document, and the one above it.
pub(super) fn of_rules(module: &Module) -> Vec<Vec<&Annotations>> {
    let mut left: Vec<&Annotations> = module.annotations.iter().collect();
    let mut out = Vec::new();
    for rule in &module.rules {
        let mut last = None;
        let mut found = Vec::new();
        for (at, it) in left.iter().copied().enumerate() {
            let Some(target) = it.rule.and_then(|at| module.rules.get(at)) else { continue };
            if !same_path(&target.head.reference, &rule.head.reference) {
                continue;
            }
            if it.scope == "document" {
                found.push(it);
            } else if it.scope == "rule" && rule.location.at > it.location.at {
                found.push(it);
                last = Some(at);
            }
        }
        if let Some(last) = last {
            left.remove(last);
        }
        out.push(found);
    }
    out
}

/// Whether two heads' paths agree up to the first part that is open.
fn same_path(a: &[Term], b: &[Term]) -> bool {
    let [a, b] = [a, b].map(|path| {
        let open = path.iter().skip(1).position(|it| !is_ground(it));
        path.get(..open.map_or(path.len(), |at| at + 1)).unwrap_or_default()
    });
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| compare(a, b).is_eq())
}

pub(super) fn json<V: AnyValue>(printer: &Printer<'_>, it: &Annotations) -> V {
    let mut fields = vec![("scope", V::text(it.scope))];
    let field = |key: &str| it.value.get_str(key);
    for key in ["title", "description"] {
        let text = field(key).map(|it| scalar(&it)).filter(|it| !it.is_empty());
        fields.extend(text.map(|it| (key, V::string(it))));
    }
    if field("entrypoint") == Some(Native::Boolean(true)) {
        fields.push(("entrypoint", V::boolean(true)));
    }
    let organizations = field("organizations");
    let items = |list: &Option<Native>| list.iter().flat_map(|it| it.items().to_vec()).collect();
    let list: Vec<Native> = items(&organizations);
    push_list(&mut fields, "organizations", list.iter().map(|it| V::string(scalar(it))).collect());
    let list: Vec<Native> = items(&field("related_resources"));
    push_list(&mut fields, "related_resources", list.iter().map(related_resource).collect());
    let list: Vec<Native> = items(&field("authors"));
    push_list(&mut fields, "authors", list.iter().map(author).collect());
    let list: Vec<Native> = items(&field("schemas"));
    let schemas = list.iter().filter_map(|it| it.entries().first()).map(|it| schema(printer, it));
    push_list(&mut fields, "schemas", schemas.collect());
    fields.extend(field("compile").map(|it| ("compile", compile(printer, &it))));
    for key in ["custom", "labels"] {
        let it = field(key).filter(|it| !it.entries().is_empty());
        fields.extend(it.map(|it| (key, copy(&it))));
    }
    printer.push_location(&mut fields, it.location);
    object(fields)
}

/// A scalar as the text that it is written as.
fn scalar(value: &Native) -> String {
    match value.as_str() {
        Some(text) => text.to_owned(),
        None if value.kind() == Kind::Null => String::new(),
        None => palisade_value::json::to_json(value),
    }
}

fn text(value: &Native, key: &str) -> String {
    let it = value.get_str(key);
    it.as_ref().and_then(|it| it.as_str()).unwrap_or_default().trim().to_owned()
}

fn related_resource<V: AnyValue>(value: &Native) -> V {
    let (target, description) = match value.as_str() {
        Some(target) => (target.to_owned(), String::new()),
        None => (text(value, "ref"), text(value, "description")),
    };
    let mut fields = vec![("ref", V::string(target))];
    if !description.is_empty() {
        fields.push(("description", V::string(description)));
    }
    object(fields)
}

/// An author as an object, or as the text `Name <e-mail>`.
fn author<V: AnyValue>(value: &Native) -> V {
    let (name, email) = match value.as_str() {
        None => (text(value, "name"), text(value, "email")),
        Some(written) => {
            let mut words: Vec<_> = written.split_whitespace().collect();
            let last = words.last().and_then(|it| it.strip_prefix('<')?.strip_suffix('>'));
            let email = last.unwrap_or_default().to_owned();
            if last.is_some() {
                words.pop();
            }
            (spaced(&words), email)
        }
    };
    let mut fields = vec![("name", V::string(name))];
    if !email.is_empty() {
        fields.push(("email", V::string(email)));
    }
    object(fields)
}

fn schema<V: AnyValue>(printer: &Printer<'_>, entry: &Entry<Native>) -> V {
    let mut fields = vec![("path", path(NO_LOCATIONS, entry.key.as_str().unwrap_or_default()))];
    match entry.value.as_str() {
        Some(name) => fields.push(("schema", path(printer.options, name))),
        None => fields.push(("definition", copy(&entry.value))),
    }
    object(fields)
}

fn compile<V: AnyValue>(printer: &Printer<'_>, value: &Native) -> V {
    let mut fields: Fields<V> = Vec::new();
    let unknowns = value.get_str("unknowns");
    let unknowns = unknowns.iter().flat_map(|it| it.items()).filter_map(AnyValue::as_str);
    push_list(&mut fields, "unknowns", unknowns.map(|it| path(printer.options, it)).collect());
    let mask = value.get_str("mask_rule");
    fields.extend(
        mask.as_ref().and_then(AnyValue::as_str).map(|it| ("mask_rule", path(printer.options, it))),
    );
    object(fields)
}

/// The parts of a ref that is written as text.
fn path<V: AnyValue>(options: JsonOptions, text: &str) -> V {
    let mut files = Files::new();
    let file = files.add("", text);
    let parsed = parse_term(&files, file, &ParseOptions::default());
    let term = build::Builder::new(text).term(&parsed.tree);
    let parts = match term.value {
        Value::Ref(parts) => parts,
        _ => vec![term],
    };
    Printer::new(&files, file, options).list(&parts)
}

/// A value in another representation.
fn copy<V: AnyValue>(value: &Native) -> V {
    match value {
        Native::Null => V::null(),
        Native::Boolean(it) => V::boolean(*it),
        Native::Integer(it) => V::integer(*it),
        Native::Decimal(text) => V::decimal(text),
        Native::String(text) => V::text(text),
        Native::Array(items) => V::array(items.iter().map(copy).collect()),
        Native::Set(items) => V::set(items.iter().map(copy).collect()),
        Native::Object(entries) => V::object(
            entries
                .iter()
                .map(|entry| Entry { key: copy(&entry.key), value: copy(&entry.value) })
                .collect(),
        ),
    }
}
