//! The generator: programs of Rego's grammar, directed by types so that most of them pass the checker.
//!
//! Rules are numbered, and a rule refers only to those before it, so that nothing is recursive. Every term is asked for
//! by its type; where a type is not known before evaluation (input, base data), the documents mostly have what the
//! program expects, and sometimes not, so that *undefined* and errors appear.

mod bodies;
mod builtins;
mod pools;
mod queries;
mod rules;
mod terms;
mod values;
mod world;

use palisade_rego::syntax::ast::Version;
use palisade_value::types::Type;

use crate::case::Case;
use crate::rng::Rng;
use builtins::Callable;
use values::Notation;
use world::{Package, World};

/// A case and what is known of it.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The case.
    pub case: Case,
    /// Whether it asks for what other evaluators answer otherwise: randomness, the time.
    pub peers_differ: bool,
}

/// Makes the case with a number. The same seed and number give the same case.
pub fn generate(seed: u64, number: u64) -> Generated {
    let mut generator = Generator {
        rng: Rng::of_case(seed, number),
        world: World::default(),
        callables: builtins::callables(),
        n_variables: 0,
        peers_differ: false,
        is_classic: false,
    };
    generator.is_classic = generator.rng.chance(40);
    let case = generator.case();
    Generated { case, peers_differ: generator.peers_differ }
}

/// The state of making one case.
struct Generator {
    rng: Rng,
    world: World,
    callables: Vec<Callable>,
    n_variables: usize,
    peers_differ: bool,
    /// Whether the program leaves out what other evaluators have not learned: template strings, replaced functions.
    is_classic: bool,
}

/// The paths that packages have.
const PACKAGES: [&[&str]; 5] =
    [&["p"], &["q"], &["q", "sub"], &["app", "x-y"], &["p", "deep", "er"]];

impl Generator {
    fn case(&mut self) -> Case {
        self.world.input = known("input", &input_fields());
        self.world.input.push(("input".to_owned(), Type::object_of(Type::String, Type::Any)));
        self.world.input.push(("input.missing".to_owned(), Type::Any));
        self.world.data = known("data.base", &data_fields());
        let n_packages = self.rng.weighted(&[0, 5, 4, 2]);
        let first = self.rng.below(PACKAGES.len());
        let mut sources = Vec::new();
        let mut stored = Vec::new();
        for number in 0..n_packages {
            let path = PACKAGES[(first + number) % PACKAGES.len()];
            self.package(path, &mut sources);
            if self.rng.chance(40) {
                let kind = Type::object_of(Type::String, Type::Number);
                let value = self.constant(&kind, Notation::Json, 2);
                let name = world::reference("data", &self.world.packages[number].path);
                self.world.data.push((format!("{name}.stored"), kind));
                stored.push((path, value));
            }
        }
        let data = self.data(&stored);
        let inputs = (0..self.rng.between(1, 3)).map(|_| self.document(&input_fields())).collect();
        Case {
            version: Version::V1,
            sources,
            data,
            inputs,
            documents: self.documents(),
            queries: self.queries(),
            strict: self.rng.chance(20),
        }
    }

    /// A package in one file or two.
    fn package(&mut self, path: &[&str], sources: &mut Vec<(String, String)>) {
        let number = self.world.packages.len();
        let mut aliases = Vec::new();
        let mut head = format!(
            "{}\n\n",
            world::reference("package data", &owned(path)).replacen("data.", "", 1)
        );
        for earlier in 0..number {
            if self.rng.chance(50) {
                let alias = format!("lib{earlier}");
                head.push_str(&format!("import {} as {alias}\n", self.world.package(earlier)));
                aliases.push((earlier, alias));
            }
        }
        self.world.packages.push(Package { path: owned(path), aliases });
        let mut texts = vec![head.clone(); if self.rng.chance(25) { 2 } else { 1 }];
        for rule in 0..self.rng.between(1, 6) {
            let name = format!("r{rule}");
            let mut clauses = self.rule(&name);
            if self.rng.chance(20) {
                self.rng.shuffle(&mut clauses);
            }
            for clause in clauses {
                let at = self.rng.below(texts.len());
                texts[at].push_str(&format!("\n{clause}\n"));
            }
        }
        for text in texts {
            sources.push((format!("policy-{}.rego", sources.len() + 1), text));
        }
    }

    /// A document with these fields, some of them missing or of another type.
    fn document(&mut self, fields: &[(&str, Type)]) -> String {
        let mut entries = Vec::new();
        for (name, kind) in fields {
            match self.rng.weighted(&[84, 8, 8]) {
                0 => {
                    entries.push(format!("\"{name}\": {}", self.constant(kind, Notation::Json, 3)))
                }
                1 => entries
                    .push(format!("\"{name}\": {}", self.constant(&Type::Any, Notation::Json, 2))),
                _ => {}
            }
        }
        format!("{{{}}}", entries.join(", "))
    }

    /// The base data: beside the rules and among them.
    fn data(&mut self, stored: &[(&[&str], String)]) -> String {
        let mut root = Tree::default();
        root.put(&["base"], self.document(&data_fields()));
        for (path, value) in stored {
            let mut path = path.to_vec();
            path.push("stored");
            root.put(&path, value.clone());
        }
        root.to_json()
    }
}

/// Documents by their paths.
#[derive(Default)]
struct Tree<'a> {
    text: Option<String>,
    children: Vec<(&'a str, Tree<'a>)>,
}

impl<'a> Tree<'a> {
    fn put(&mut self, path: &[&'a str], text: String) {
        let [first, rest @ ..] = path else {
            self.text = Some(text);
            return;
        };
        match self.children.iter_mut().find(|(key, _)| key == first) {
            Some((_, child)) => child.put(rest, text),
            None => {
                let mut child = Tree::default();
                child.put(rest, text);
                self.children.push((first, child));
            }
        }
    }

    fn to_json(&self) -> String {
        let entry = |(key, child): &(&str, Tree<'_>)| format!("\"{key}\": {}", child.to_json());
        self.text.clone().unwrap_or_else(|| {
            format!("{{{}}}", self.children.iter().map(entry).collect::<Vec<_>>().join(", "))
        })
    }
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|it| (*it).to_owned()).collect()
}

/// The parts of a document by their refs.
fn known(root: &str, fields: &[(&str, Type)]) -> Vec<(String, Type)> {
    let mut known: Vec<(String, Type)> = Vec::new();
    for (name, kind) in fields {
        known.push((format!("{root}.{name}"), kind.clone()));
        if let Type::Object { fixed, .. } = kind {
            known.extend(fixed.iter().filter_map(|(key, kind)| match key {
                palisade_value::Value::String(key) => {
                    Some((format!("{root}.{name}.{key}"), kind.clone()))
                }
                _ => None,
            }));
        }
    }
    known
}

fn record(fields: &[(&str, Type)]) -> Type {
    let fixed =
        fields.iter().map(|(name, kind)| (palisade_value::Value::from(*name), kind.clone()));
    Type::Object { fixed: fixed.collect(), dynamic: None }
}

/// What the input mostly has.
fn input_fields() -> Vec<(&'static str, Type)> {
    let words = Type::array_of(Type::String);
    let item = record(&[("id", Type::Number), ("name", Type::String), ("tags", words.clone())]);
    vec![
        ("n", Type::Number),
        ("m", Type::Number),
        ("s", Type::String),
        ("t", Type::String),
        ("flag", Type::Boolean),
        ("list", Type::array_of(Type::Number)),
        ("names", words.clone()),
        ("obj", Type::object_of(Type::String, Type::Number)),
        ("user", record(&[("name", Type::String), ("roles", words)])),
        ("items", Type::array_of(item)),
        ("any", Type::Any),
        ("matrix", Type::array_of(Type::array_of(Type::Number))),
    ]
}

/// What the base data mostly has.
fn data_fields() -> Vec<(&'static str, Type)> {
    let words = Type::array_of(Type::String);
    let row = record(&[("id", Type::Number), ("tags", words.clone())]);
    vec![
        ("limit", Type::Number),
        ("name", Type::String),
        ("on", Type::Boolean),
        ("words", words.clone()),
        ("roles", Type::object_of(Type::String, words)),
        ("grants", Type::object_of(Type::String, Type::Number)),
        ("table", Type::array_of(row)),
        ("deep", Type::object_of(Type::String, Type::object_of(Type::String, Type::Any))),
    ]
}
