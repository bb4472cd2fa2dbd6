//! What `rego.metadata.rule()` and `rego.metadata.chain()` stand for: the annotations around a rule, as constants.

use std::collections::BTreeMap;

use palisade_value::{AnyValue, Entry, Value};

use crate::semantic::rules;
use crate::syntax::ast::{Annotations, Module, Scope, Target};

/// The annotations of all files.
#[derive(Debug, Default)]
pub struct Metadata {
    /// By file and place in the file.
    rules: BTreeMap<(usize, usize), Value>,
    documents: BTreeMap<Vec<String>, Value>,
    packages: BTreeMap<Vec<String>, Value>,
    subpackages: BTreeMap<Vec<String>, Value>,
}

/// The annotations around one rule.
#[derive(Clone, Debug)]
pub struct Around {
    /// What stands above the rule itself; an empty object where nothing does.
    pub rule: Value,
    /// The rule, its document, its package and the packages around it, as far as they are annotated; the rule always.
    pub chain: Value,
}

impl Around {
    /// What a query is surrounded by.
    pub fn nothing() -> Around {
        Around { rule: Value::empty_object(), chain: Value::array(Vec::new()) }
    }
}

impl Metadata {
    /// Collects the annotations of all files.
    pub fn of(modules: &[Module]) -> Metadata {
        let mut metadata = Metadata::default();
        for (file, module) in modules.iter().enumerate() {
            let package = rules::package_path(&module.package);
            for annotations in &module.annotations {
                metadata.add(file, module, &package, annotations);
            }
        }
        metadata
    }

    fn add(&mut self, file: usize, module: &Module, package: &[String], annotations: &Annotations) {
        let value = normal(annotations);
        match (annotations.scope, annotations.target) {
            (Scope::Rule, Target::Rule(at)) => {
                self.rules.insert((file, at), value);
            }
            (Scope::Document, Target::Rule(at)) => {
                if let Some(rule) = module.rules.get(at) {
                    self.documents.insert(rules::place(package, &rule.head).path, value);
                }
            }
            (Scope::Subpackages, _) => {
                self.subpackages.insert(package.to_vec(), value);
            }
            _ => {
                self.packages.insert(package.to_vec(), value);
            }
        }
    }

    /// The annotations around a rule of a file.
    pub fn around(&self, file: usize, at: usize, package: &[String], path: &[String]) -> Around {
        let rule = self.rules.get(&(file, at));
        let mut chain = vec![link(path, rule)];
        chain.extend(self.documents.get(path).map(|it| link(path, Some(it))));
        chain.extend(self.packages.get(package).map(|it| link(package, Some(it))));
        for length in (0..=package.len()).rev() {
            let Some(outer) = package.get(..length) else { continue };
            chain.extend(self.subpackages.get(outer).map(|it| link(outer, Some(it))));
        }
        Around {
            rule: rule.cloned().unwrap_or_else(Value::empty_object),
            chain: Value::array(chain),
        }
    }
}

fn link(path: &[String], annotations: Option<&Value>) -> Value {
    let path = Value::array(path.iter().map(|part| Value::text(part)).collect());
    Value::object_of(
        [("path", path)].into_iter().chain(annotations.map(|it| ("annotations", it.clone()))),
    )
}

/// The fields that annotations have; others are left out.
const FIELDS: [&str; 9] = [
    "title",
    "description",
    "organizations",
    "authors",
    "related_resources",
    "schemas",
    "custom",
    "compile",
    "entrypoint",
];

/// The annotations with their scope, authors and related resources as objects.
fn normal(annotations: &Annotations) -> Value {
    let scope = match annotations.scope {
        Scope::Rule => "rule",
        Scope::Document => "document",
        Scope::Package => "package",
        Scope::Subpackages => "subpackages",
    };
    let mut entries: Vec<Entry<Value>> = annotations
        .value
        .entries()
        .iter()
        .filter(|entry| entry.key.as_str().is_some_and(|key| FIELDS.contains(&key)))
        .map(|entry| {
            let value = match entry.key.as_str() {
                Some("title" | "description") if entry.value.as_str().is_none() => {
                    Value::text(&entry.value.to_string())
                }
                Some("authors") => each(&entry.value, author),
                Some("related_resources") => {
                    each(&entry.value, |text| Value::object_of([("ref", Value::text(text))]))
                }
                _ => entry.value.clone(),
            };
            Entry { key: entry.key.clone(), value }
        })
        .collect();
    entries.push(Entry { key: Value::text("scope"), value: Value::text(scope) });
    Value::object(entries)
}

/// A list with its texts read; objects stay as they are.
fn each(list: &Value, read: impl Fn(&str) -> Value) -> Value {
    Value::array(
        list.items().iter().map(|item| item.as_str().map_or_else(|| item.clone(), &read)).collect(),
    )
}

/// `Name <e-mail>`, both optional.
fn author(text: &str) -> Value {
    let (name, email) = match text.trim().strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, email)) => (name.trim(), Some(email)),
        None => (text.trim(), None),
    };
    let name = Some(("name", name)).filter(|(_, name)| !name.is_empty());
    let parts = name.into_iter().chain(email.map(|email| ("email", email)));
    Value::object_of(parts.map(|(key, text)| (key, Value::text(text))))
}
