//! Which schemas hold for which rule.

use std::collections::BTreeMap;
use std::rc::Rc;

use palisade_diag::{Diagnostic, Files, Span};
use palisade_value::types::Type;
use palisade_value::{AnyValue, Value};

use super::{SchemaError, Schemas, type_of};
use crate::checked::RuleId;
use crate::semantic::{errors, rules};
use crate::syntax::ast::{Annotations, Module, Rule, Scope, Target, TermKind};
use crate::syntax::{ParseOptions, parse_term};

/// What is known of documents that no rule defines.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// Of `input`.
    pub input: Type,
    /// Of places below `data`; of two that hold one place, the later counts.
    pub data: Vec<(Vec<Value>, Type)>,
}

/// The overlay of every rule.
#[derive(Debug)]
pub struct Overlays {
    /// What holds for queries, and for rules without annotations.
    pub usual: Rc<Overlay>,
    /// By rule.
    of_rules: Vec<Rc<Overlay>>,
}

impl Overlays {
    /// The overlays of all rules, given by their files and places; reports what is wrong with the schemas they name.
    pub fn of(
        modules: &[Module],
        origins: &[(usize, usize)],
        schemas: &Schemas,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Overlays {
        let usual = Rc::new(Overlay { input: input(schemas, diagnostics), data: Vec::new() });
        let annotated = Annotated::of(modules);
        if annotated.is_empty() {
            return Overlays { usual, of_rules: Vec::new() };
        }
        let mut reader = Reader { schemas, read: BTreeMap::new(), diagnostics };
        let overlay = |(file, at): &(usize, usize)| {
            let rule = modules.get(*file).and_then(|module| Some((module, module.rules.get(*at)?)));
            let Some((module, rule)) = rule else { return Rc::clone(&usual) };
            match annotated.around(*file, *at, module, rule).as_slice() {
                [] => Rc::clone(&usual),
                listed => Rc::new(reader.overlay(&usual, listed, rule.head.span)),
            }
        };
        let of_rules = origins.iter().map(overlay).collect();
        Overlays { usual, of_rules }
    }

    /// The overlay of a rule.
    pub fn of_rule(&self, id: RuleId) -> &Overlay {
        self.of_rules.get(id.0 as usize).unwrap_or(&self.usual)
    }
}

fn input(schemas: &Schemas, diagnostics: &mut Vec<Diagnostic>) -> Type {
    match schemas.get(&[]) {
        None => Type::Any,
        Some(Ok(kind)) => kind,
        Some(Err(error)) => {
            diagnostics.push(errors::bad_input_schema(&error.to_string()));
            Type::Any
        }
    }
}

/// One entry of a `schemas` list: a document and what it is like.
type Listed<'a> = (&'a Value, &'a Value);

/// The `schemas` lists of all files, by what they hold for.
#[derive(Default)]
struct Annotated<'a> {
    rules: BTreeMap<(usize, usize), Vec<&'a Annotations>>,
    documents: BTreeMap<Vec<Value>, Vec<&'a Annotations>>,
    packages: BTreeMap<Vec<String>, Vec<&'a Annotations>>,
    subpackages: BTreeMap<Vec<String>, Vec<&'a Annotations>>,
}

impl<'a> Annotated<'a> {
    fn of(modules: &'a [Module]) -> Annotated<'a> {
        let mut all = Annotated::default();
        for (file, module) in modules.iter().enumerate() {
            let package = rules::package_path(&module.package);
            let with_schemas =
                module.annotations.iter().filter(|it| it.value.get_str("schemas").is_some());
            for it in with_schemas {
                match (it.scope, it.target) {
                    (Scope::Rule, Target::Rule(at)) => {
                        all.rules.entry((file, at)).or_default().push(it);
                    }
                    (Scope::Document, Target::Rule(at)) => {
                        let Some(rule) = module.rules.get(at) else { continue };
                        let path = rules::place(&package, &rule.head).path;
                        all.documents.entry(path).or_default().push(it);
                    }
                    (Scope::Subpackages, _) => {
                        all.subpackages.entry(package.clone()).or_default().push(it);
                    }
                    _ => all.packages.entry(package.clone()).or_default().push(it),
                }
            }
        }
        all
    }

    fn is_empty(&self) -> bool {
        self.rules.is_empty()
            && self.documents.is_empty()
            && self.packages.is_empty()
            && self.subpackages.is_empty()
    }

    /// The lists around a rule, the outermost first: inner ones have the last word.
    fn around(&self, file: usize, at: usize, module: &Module, rule: &Rule) -> Vec<Listed<'a>> {
        let package = rules::package_path(&module.package);
        let outer = (0..=package.len())
            .filter_map(|length| self.subpackages.get(package.get(..length).unwrap_or_default()));
        let document = self.documents.get(&rules::place(&package, &rule.head).path);
        let all = outer
            .chain(self.packages.get(&package))
            .chain(document)
            .chain(self.rules.get(&(file, at)));
        all.flatten().flat_map(|it| listed(it)).collect()
    }
}

fn listed(annotations: &Annotations) -> impl Iterator<Item = Listed<'_>> {
    let schemas = annotations.value.entries().iter().find(|it| it.key.as_str() == Some("schemas"));
    let items = schemas.map(|it| it.value.items()).unwrap_or_default();
    items.iter().flat_map(|it| it.entries()).map(|entry| (&entry.key, &entry.value))
}

/// Reads the schemas that lists name.
struct Reader<'a> {
    schemas: &'a Schemas,
    /// The named ones that were read.
    read: BTreeMap<Vec<String>, Option<Result<Type, SchemaError>>>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn overlay(&mut self, usual: &Overlay, entries: &[Listed<'_>], span: Span) -> Overlay {
        let mut overlay = usual.clone();
        for (target, schema) in entries {
            let Some(kind) = self.kind(schema, span) else { continue };
            let target = target.as_str().unwrap_or_default();
            match path_of(target).as_deref() {
                Some([root, below @ ..]) if root == "input" => {
                    let below: Vec<Value> = below.iter().map(|it| Value::text(it)).collect();
                    overlay.input = put(&overlay.input, &below, kind);
                }
                Some([root, below @ ..]) if root == "data" => {
                    overlay.put_data(below.iter().map(|it| Value::text(it)).collect(), kind);
                }
                _ => self.diagnostics.push(errors::bad_schema_target(target, span)),
            }
        }
        overlay
    }

    /// The type that a list names or writes out. Names mean something only where schemas are given.
    fn kind(&mut self, schema: &Value, span: Span) -> Option<Type> {
        let found = match schema.as_str() {
            None => Some(type_of(schema)),
            Some(_) if self.schemas.is_empty() => return None,
            Some(name) => match path_of(name).as_deref() {
                Some([root, below @ ..]) if root == "schema" => {
                    let schemas = self.schemas;
                    let read = self.read.entry(below.to_vec());
                    read.or_insert_with(|| schemas.get(below)).clone()
                }
                _ => None,
            },
        };
        match found {
            Some(Ok(kind)) => return Some(kind),
            Some(Err(error)) => {
                self.diagnostics.push(errors::bad_schema(&error.to_string(), span));
            }
            None => {
                let name = schema.as_str().unwrap_or_default();
                self.diagnostics.push(errors::undefined_schema(name, span));
            }
        }
        None
    }
}

impl Overlay {
    fn put_data(&mut self, path: Vec<Value>, kind: Type) {
        let outer = self.data.iter_mut().rev().find(|(outer, _)| path.starts_with(outer));
        match outer {
            Some((outer, whole)) => *whole = put(whole, &path[outer.len()..], kind),
            None => self.data.push((path, kind)),
        }
    }
}

/// A type with another one at a path. What is no object on the way gives way to one that can have other keys too.
fn put(whole: &Type, path: &[Value], kind: Type) -> Type {
    let Some((key, rest)) = path.split_first() else { return kind };
    let (mut fixed, dynamic) = match whole {
        Type::Object { fixed, dynamic } => (fixed.clone(), dynamic.clone()),
        _ => (Vec::new(), Some(Box::new((Type::Any, Type::Any)))),
    };
    match fixed.binary_search_by(|(other, _)| other.cmp(key)) {
        Err(at) => fixed.insert(at, (key.clone(), put(&Type::Any, rest, kind))),
        Ok(at) => {
            if let Some((_, slot)) = fixed.get_mut(at) {
                *slot = put(slot, rest, kind);
            }
        }
    }
    Type::Object { fixed, dynamic }
}

/// The parts of a reference that is written as text: `schema["acl-schema"]`.
pub fn path_of(text: &str) -> Option<Vec<String>> {
    let mut files = Files::new();
    let file = files.add("", text);
    let parse = parse_term(&files, file, &ParseOptions::default());
    if !parse.diagnostics.is_empty() {
        return None;
    }
    match parse.tree.kind {
        TermKind::Var(name) => Some(vec![name]),
        TermKind::Ref(reference) => {
            let TermKind::Var(head) = &reference.head.kind else { return None };
            let rest = reference.path.iter().map(|it| match &it.kind {
                TermKind::String { text, .. } => Some(text.clone()),
                _ => None,
            });
            std::iter::once(Some(head.clone())).chain(rest).collect()
        }
        _ => None,
    }
}
