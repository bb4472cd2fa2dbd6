//! Bodies: expressions that must all hold, each of which may bind variables for those behind it.

use palisade_value::types::Type;

use super::Generator;
use super::values::Notation;
use super::world::{Known, Shape, element, fits, is_collection, key};

/// The variables that have a value at a place.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Their names and types.
    pub variables: Vec<Known>,
}

impl Scope {
    fn bind(&mut self, name: &str, kind: Type) {
        self.variables.push((name.to_owned(), kind));
    }
}

impl Generator {
    /// A variable's name that no other has.
    pub fn fresh(&mut self) -> String {
        self.n_variables += 1;
        format!("v{}", self.n_variables)
    }

    /// The expressions of a rule's body.
    pub fn body(&mut self, scope: &mut Scope, depth: usize) -> Vec<String> {
        let count = self.rng.weighted(&[0, 8, 8, 5, 3, 1]);
        let mut lines = Vec::new();
        for _ in 0..count {
            self.statement(scope, depth, &mut lines);
        }
        let is_unordered = lines.iter().all(|it| !it.contains(":=") && !it.starts_with("some "));
        if is_unordered && self.rng.chance(40) {
            self.rng.shuffle(&mut lines);
        }
        lines
    }

    /// A body on one line, with something to iterate in it.
    pub fn inner_body(&mut self, scope: &mut Scope, depth: usize) -> String {
        let mut lines = Vec::new();
        self.iteration(scope, &mut lines);
        for _ in 0..self.rng.weighted(&[5, 4, 1]) {
            self.statement(scope, depth, &mut lines);
        }
        lines.join("; ")
    }

    /// An expression, with what has to stand before it.
    fn statement(&mut self, scope: &mut Scope, depth: usize, lines: &mut Vec<String>) {
        match self.rng.weighted(&[20, 22, 30, 8, 6, 6, 5, 2, 1]) {
            0 => self.assignment(scope, depth, lines),
            1 => self.iteration(scope, lines),
            2 => {
                let condition = self.condition(scope, depth);
                let with = self.with(scope, 12);
                lines.push(format!("{condition}{with}"));
            }
            3 => self.destructuring(scope, depth, lines),
            4 => self.negation(scope, depth, lines),
            5 => self.every(scope, depth, lines),
            6 => {
                let (name, kind) = (self.fresh(), self.kind(1));
                let value = self.term(scope, &kind, depth);
                let with = self.with(scope, 100);
                lines.push(format!("{name} := {value}{with}"));
                scope.bind(&name, kind);
            }
            7 => {
                let (path, value) = (self.fresh(), self.fresh());
                let (text, _) = self.collection(scope);
                lines.push(format!("walk({text}, [{path}, {value}])"));
                scope.bind(&path, Type::array_of(Type::Any));
                scope.bind(&value, Type::Any);
            }
            _ => lines.push(format!("print({})", self.term(scope, &Type::Any, depth))),
        }
    }

    fn assignment(&mut self, scope: &mut Scope, depth: usize, lines: &mut Vec<String>) {
        let (name, kind) = (self.fresh(), self.kind(2));
        let value = self.term(scope, &kind, depth);
        lines.push(match self.rng.below(4) {
            0 => format!("{name} = {value}"),
            1 => format!("{value} = {name}"),
            _ => format!("{name} := {value}"),
        });
        scope.bind(&name, kind);
    }

    /// `some x in xs` and the other ways to go through a collection.
    fn iteration(&mut self, scope: &mut Scope, lines: &mut Vec<String>) {
        let (text, kind) = self.collection(scope);
        let (index, value) = (self.fresh(), self.fresh());
        match self.rng.below(8) {
            0 | 1 => lines.push(format!("some {value} in {text}")),
            2 => lines.push(format!("some {index}, {value} in {text}")),
            3 => lines.push(format!("{value} := {text}[_]")),
            4 => lines.push(format!("{value} = {text}[{index}]")),
            5 => {
                lines.push(format!("some {index}"));
                lines.push(format!("{value} := {text}[{index}]"));
            }
            6 if is_collection(&element(&kind)) => {
                lines.push(format!("{value} := {text}[{index}][_]"));
                scope.bind(&index, key(&kind));
                scope.bind(&value, element(&element(&kind)));
                return;
            }
            _ => {
                lines.push(format!("{text}[{index}]"));
                scope.bind(&index, key(&kind));
                return;
            }
        }
        scope.bind(&value, element(&kind));
        if lines.last().is_some_and(|it| it.contains(&index)) {
            scope.bind(&index, key(&kind));
        }
    }

    /// A pattern with variables in it on one side, a value on the other.
    fn destructuring(&mut self, scope: &mut Scope, depth: usize, lines: &mut Vec<String>) {
        let kind = match self.rng.below(3) {
            0 => Type::Array { prefix: vec![self.kind(1), self.kind(1)], rest: None },
            1 => Type::array_of(self.kind(1)),
            _ => Type::object_of(Type::String, self.kind(1)),
        };
        let mut bound = Scope::default();
        let form = self.rng.below(4);
        // `:=` declares variables and takes nothing else.
        let constants = form != 0;
        let pattern = self.pattern(&mut bound, &kind, constants);
        let value = self.matching(scope, &kind, depth);
        if bound.variables.is_empty() {
            lines.push(format!("{pattern} = {value}"));
            return;
        }
        let names: Vec<&str> = bound.variables.iter().map(|it| it.0.as_str()).collect();
        match form {
            0 => lines.push(format!("{pattern} := {value}")),
            1 => {
                lines.push(format!("some {}", names.join(", ")));
                lines.push(format!("{pattern} = {value}"));
            }
            2 => lines.push(format!("{value} = {pattern}")),
            _ => lines.push(format!("some {pattern} in [{value}]")),
        }
        scope.variables.extend(bound.variables);
    }

    /// A value of a shape that the checker does not know, or of just that shape: others it would reject.
    fn matching(&mut self, scope: &Scope, kind: &Type, depth: usize) -> String {
        match kind {
            Type::Array { prefix, rest: None } if self.rng.chance(60) => {
                let items: Vec<String> =
                    prefix.iter().map(|it| self.term(scope, it, depth.min(1))).collect();
                format!("[{}]", items.join(", "))
            }
            _ => self.unchecked(kind),
        }
    }

    /// A part of the input or of base data, of which the checker knows no type.
    pub fn unchecked(&mut self, kind: &Type) -> String {
        let all = self.world.input.iter().chain(&self.world.data);
        let fitting: Vec<String> =
            all.filter(|it| fits(&it.1, kind)).map(|it| it.0.clone()).collect();
        if fitting.is_empty() { "input.any".to_owned() } else { self.rng.pick(&fitting).clone() }
    }

    /// A composite with new variables, constants and known variables in it.
    pub fn pattern(&mut self, bound: &mut Scope, kind: &Type, constants: bool) -> String {
        let count = self.rng.between(1, 2);
        match kind {
            Type::Array { prefix, rest: None } => {
                let items: Vec<String> =
                    prefix.iter().map(|it| self.pattern_part(bound, it, constants)).collect();
                format!("[{}]", items.join(", "))
            }
            Type::Array { rest: Some(item), .. } => {
                let items: Vec<String> =
                    (0..count).map(|_| self.pattern_part(bound, item, constants)).collect();
                format!("[{}]", items.join(", "))
            }
            _ => {
                let inner = element(kind);
                let mut entries: Vec<String> = Vec::new();
                for _ in 0..count {
                    let key = self.object_key();
                    if !entries.iter().any(|it| it.starts_with(&format!("{key}:"))) {
                        entries.push(format!(
                            "{key}: {}",
                            self.pattern_part(bound, &inner, constants)
                        ));
                    }
                }
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    fn pattern_part(&mut self, bound: &mut Scope, kind: &Type, constants: bool) -> String {
        match self.rng.below(8) {
            0 => "_".to_owned(),
            1 if constants => self.constant(kind, Notation::Rego, 1),
            2 if is_collection(kind) && !matches!(kind, Type::Set(_)) => {
                self.pattern(bound, kind, constants)
            }
            _ => {
                let name = self.fresh();
                bound.bind(&name, kind.clone());
                name
            }
        }
    }

    /// An expression that is true or not.
    pub fn condition(&mut self, scope: &Scope, depth: usize) -> String {
        match self.rng.weighted(&[30, 18, 14, 16, 8, 5]) {
            0 => {
                let operator = *self.rng.pick(&["==", "!=", "<", "<=", ">", ">=", "=="]);
                let kind = if self.rng.chance(85) { self.kind(1) } else { Type::Any };
                let left = self.term(scope, &kind, depth);
                let is_plain = !is_collection(&kind) && kind != Type::Any;
                let right = if is_plain || self.rng.chance(20) {
                    self.term(scope, &kind, depth)
                } else {
                    self.unchecked(&kind)
                };
                format!("{left} {operator} {right}")
            }
            1 => {
                let (text, kind) = self.collection(scope);
                let member = self.term(scope, &element(&kind), depth.min(1));
                match self.rng.below(4) {
                    0 => format!("{}, {member} in {text}", self.key_of(scope, &kind, 1)),
                    _ => format!("{member} in {text}"),
                }
            }
            2 => {
                let (text, kind) = self.collection(scope);
                format!("{text}[{}]", self.key_of(scope, &kind, depth))
            }
            3 => {
                self.builtin_call(scope, &Type::Boolean, depth).unwrap_or_else(|| "true".to_owned())
            }
            4 => self.named(scope, &Type::Boolean).map_or_else(|| "true".to_owned(), |it| it.0),
            _ => self.term(scope, &Type::Any, depth),
        }
    }

    fn negation(&mut self, scope: &Scope, depth: usize, lines: &mut Vec<String>) {
        let condition = self.condition(scope, depth);
        let with = self.with(scope, 10);
        lines.push(format!("not {condition}{with}"));
    }

    fn every(&mut self, scope: &Scope, depth: usize, lines: &mut Vec<String>) {
        let (text, kind) = self.collection(scope);
        let mut inner = scope.clone();
        let (index, value) = (self.fresh(), self.fresh());
        inner.bind(&value, element(&kind));
        let mut declared = vec![value.clone()];
        let names = if self.rng.chance(40) {
            inner.bind(&index, key(&kind));
            declared.push(index.clone());
            format!("{index}, {value}")
        } else {
            value
        };
        let mut body = vec![self.condition(&inner, depth.min(1))];
        if self.rng.chance(30) {
            self.statement(&mut inner, depth.min(1), &mut body);
        }
        let unused = declared.iter().filter(|it| !body.iter().any(|line| line.contains(*it)));
        let unused: Vec<String> = unused.map(|it| format!("{it} != input.any")).collect();
        body.extend(unused);
        lines.push(format!("every {names} in {text} {{ {} }}", body.join("; ")));
    }

    /// `with` modifiers, in so many of a hundred cases.
    pub fn with(&mut self, scope: &Scope, percent: usize) -> String {
        let mut text = String::new();
        let mut percent = percent;
        while self.rng.chance(percent) {
            percent = 25;
            let (target, value) = self.replacement(scope);
            text.push_str(&format!(" with {target} as {value}"));
        }
        text
    }

    fn replacement(&mut self, scope: &Scope) -> (String, String) {
        let functions: &[usize] = if self.is_classic { &[] } else { &[4, 3] };
        match self.rng.weighted(&[&[6, 2, 5, 5], functions].concat()) {
            0 => {
                let (target, kind) = self.rng.pick(&self.world.input.clone()).clone();
                if target.contains('[') {
                    return ("input".to_owned(), self.term(scope, &Type::Any, 1));
                }
                (target, self.term(scope, &kind, 1))
            }
            1 => {
                ("input".to_owned(), self.term(scope, &Type::object_of(Type::String, Type::Any), 1))
            }
            2 => {
                let (target, kind) = self.rng.pick(&self.world.data.clone()).clone();
                if target.contains('[') {
                    return (
                        "data.base".to_owned(),
                        self.term(scope, &Type::object_of(Type::String, Type::Any), 1),
                    );
                }
                (target, self.term(scope, &kind, 1))
            }
            3 => self
                .rule_replacement(scope)
                .unwrap_or_else(|| ("input".to_owned(), "{}".to_owned())),
            4 => {
                let at = self.rng.below(self.callables.len());
                let result = self.callables[at].signature.result.clone();
                (self.callables[at].name.to_owned(), self.term(scope, &result, 1))
            }
            _ => {
                let pairs = [
                    ("count", "sum"),
                    ("upper", "lower"),
                    ("startswith", "endswith"),
                    ("max", "min"),
                    ("trim", "trim_left"),
                    ("is_string", "is_number"),
                    ("to_number", "count"),
                    ("time.now_ns", "opa.runtime"),
                ];
                let (target, value) = *self.rng.pick(&pairs);
                (target.to_owned(), value.to_owned())
            }
        }
    }

    fn rule_replacement(&mut self, scope: &Scope) -> Option<(String, String)> {
        let mut documents = self.world.documents.clone();
        if self.is_classic {
            documents.retain(|it| it.kind().is_some());
        }
        if documents.is_empty() {
            return None;
        }
        let document = self.rng.pick(&documents);
        let target = self.world.full_name(document);
        match &document.shape {
            Shape::Function(parameters, result) => {
                let same = documents.iter().filter(|it| {
                    matches!(&it.shape, Shape::Function(others, other)
                        if others.len() == parameters.len() && fits(other, result))
                });
                let same: Vec<String> = same.map(|it| self.world.full_name(it)).collect();
                if self.rng.chance(50) {
                    return Some((target, self.rng.pick(&same).clone()));
                }
                Some((target, self.term(scope, result, 1)))
            }
            _ => Some((target, self.term(scope, &document.kind()?, 1))),
        }
    }
}
