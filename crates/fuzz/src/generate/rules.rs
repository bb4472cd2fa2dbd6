//! Rules of all shapes, each with its clauses.

use palisade_value::types::Type;

use super::Generator;
use super::bodies::Scope;
use super::values::Notation;
use super::world::{Document, Shape};

/// How deep the terms of rules nest.
const DEPTH: usize = 3;

impl Generator {
    /// A rule of the package under way: its clauses, and afterwards it can be referred to.
    pub fn rule(&mut self, name: &str) -> Vec<String> {
        let package = self.world.current();
        let (clauses, shape) = match self.rng.weighted(&[26, 14, 20, 14, 14, 12]) {
            0 => self.complete(name),
            1 => self.boolean(name),
            2 => self.function(name),
            3 => self.partial_set(name),
            4 => self.partial_object(name),
            _ => self.general(name),
        };
        self.world.documents.push(Document { package, name: name.to_owned(), shape });
        clauses
    }

    /// ` if { … }`, a body on lines of their own or on one.
    fn condition_body(&mut self, lines: &[String]) -> String {
        match lines {
            [] => String::new(),
            [one] if self.rng.chance(50) => format!(" if {one}"),
            _ if self.rng.chance(20) => format!(" if {{ {} }}", lines.join("; ")),
            _ => format!(" if {{\n\t{}\n}}", lines.join("\n\t")),
        }
    }

    fn body_of(&mut self, scope: &mut Scope) -> Vec<String> {
        let depth = self.rng.below(DEPTH);
        self.body(scope, depth)
    }

    /// The value of a clause: often a constant, so that clauses agree or conflict.
    fn clause_value(&mut self, scope: &Scope, kind: &Type) -> String {
        if self.rng.chance(30) {
            self.constant(kind, Notation::Rego, 1)
        } else {
            let depth = self.rng.below(DEPTH);
            self.term(scope, kind, depth)
        }
    }

    fn complete(&mut self, name: &str) -> (Vec<String>, Shape) {
        let kind = self.kind(2);
        let mut clauses = Vec::new();
        if self.rng.chance(35) {
            clauses.push(format!("default {name} := {}", self.constant(&kind, Notation::Rego, 2)));
        }
        if self.rng.chance(12) {
            let value = self.term(&Scope::default(), &kind, DEPTH);
            clauses.push(format!("{name} := {value}"));
        }
        for _ in 0..self.rng.weighted(&[1, 8, 6, 2]) {
            let mut scope = Scope::default();
            let lines = self.body_of(&mut scope);
            let value = self.clause_value(&scope, &kind);
            let mut clause = format!("{name} := {value}{}", self.condition_body(&lines));
            while self.rng.chance(25) {
                let mut scope = Scope::default();
                let lines = self.body_of(&mut scope);
                let value = self.clause_value(&scope, &kind);
                clause.push_str(&format!(" else := {value}{}", self.condition_body(&lines)));
            }
            clauses.push(clause);
        }
        if clauses.is_empty() {
            clauses.push(format!("{name} := {}", self.constant(&kind, Notation::Rego, 2)));
        }
        (clauses, Shape::Complete(kind))
    }

    fn boolean(&mut self, name: &str) -> (Vec<String>, Shape) {
        let mut clauses = Vec::new();
        if self.rng.chance(60) {
            clauses.push(format!("default {name} := false"));
        }
        for _ in 0..self.rng.between(1, 3) {
            let lines = self.body_of(&mut Scope::default());
            clauses.push(format!("{name}{}", self.condition_body(&lines)));
        }
        (clauses, Shape::Complete(Type::Boolean))
    }

    fn function(&mut self, name: &str) -> (Vec<String>, Shape) {
        let parameters: Vec<Type> = (0..self.rng.between(1, 3)).map(|_| self.kind(1)).collect();
        let result = self.kind(1);
        let mut clauses = Vec::new();
        if self.rng.chance(25) {
            let wildcards = vec!["_"; parameters.len()].join(", ");
            clauses.push(format!(
                "default {name}({wildcards}) := {}",
                self.constant(&result, Notation::Rego, 1)
            ));
        }
        for _ in 0..self.rng.between(1, 3) {
            let mut scope = Scope::default();
            let arguments: Vec<String> =
                parameters.iter().map(|it| self.parameter(&mut scope, it)).collect();
            let arguments = arguments.join(", ");
            let lines = if self.rng.chance(25) { Vec::new() } else { self.body_of(&mut scope) };
            let value = self.clause_value(&scope, &result);
            let mut clause =
                format!("{name}({arguments}) := {value}{}", self.condition_body(&lines));
            if !lines.is_empty() && self.rng.chance(25) {
                clause.push_str(&format!(" else := {}", self.constant(&result, Notation::Rego, 1)));
            }
            clauses.push(clause);
        }
        (clauses, Shape::Function(parameters, result))
    }

    fn parameter(&mut self, scope: &mut Scope, kind: &Type) -> String {
        match self.rng.below(10) {
            0 if matches!(kind, Type::Number | Type::String | Type::Boolean) => {
                self.constant(kind, Notation::Rego, 1)
            }
            1 => "_".to_owned(),
            2 if matches!(kind, Type::Array { .. } | Type::Object { .. }) => {
                self.pattern(scope, kind, true)
            }
            _ => {
                let name = self.fresh();
                scope.variables.push((name.clone(), kind.clone()));
                name
            }
        }
    }

    fn partial_set(&mut self, name: &str) -> (Vec<String>, Shape) {
        let member = self.kind(1);
        let clauses = (0..self.rng.between(1, 3))
            .map(|_| {
                let mut scope = Scope::default();
                let lines = if self.rng.chance(15) { Vec::new() } else { self.body_of(&mut scope) };
                let value = self.clause_value(&scope, &member);
                format!("{name} contains {value}{}", self.condition_body(&lines))
            })
            .collect();
        (clauses, Shape::Set(member))
    }

    fn partial_object(&mut self, name: &str) -> (Vec<String>, Shape) {
        let key = if self.rng.chance(80) { Type::String } else { self.kind(1) };
        let value = self.kind(1);
        let clauses = (0..self.rng.between(1, 3))
            .map(|_| {
                let mut scope = Scope::default();
                let lines = self.body_of(&mut scope);
                let of = if self.rng.chance(40) {
                    self.head_key(&scope, &key)
                } else {
                    self.term(&scope, &key, 1)
                };
                let value = self.clause_value(&scope, &value);
                format!("{name}[{of}] := {value}{}", self.condition_body(&lines))
            })
            .collect();
        (clauses, Shape::Object(key, value))
    }

    fn head_key(&mut self, scope: &Scope, key: &Type) -> String {
        let fitting: Vec<String> =
            scope.variables.iter().filter(|it| it.1 == *key).map(|it| it.0.clone()).collect();
        if fitting.is_empty() {
            self.constant(key, Notation::Rego, 0)
        } else {
            self.rng.pick(&fitting).clone()
        }
    }

    /// Heads that go on: `r.a.b`, `r[x].b contains y`.
    fn general(&mut self, name: &str) -> (Vec<String>, Shape) {
        let value = self.kind(1);
        let contains = self.rng.chance(35);
        let depth = self.rng.between(1, 2);
        let mut clauses = Vec::new();
        for at in 0..self.rng.between(1, 3) {
            let mut scope = Scope::default();
            let lines = self.body_of(&mut scope);
            let mut head = name.to_owned();
            // A constant part and one that is not may meet, but not where one rule goes on and the other ends.
            for _ in 0..depth {
                match self.rng.below(3) {
                    0 => head.push_str(&format!("[{}]", self.head_key(&scope, &Type::String))),
                    1 => head.push_str(&format!("[{}]", self.term(&scope, &Type::String, 0))),
                    _ => head.push_str(self.rng.pick::<&str>(&[".a", ".b", ".id", "[\"x y\"]"])),
                }
            }
            let of = self.clause_value(&scope, &value);
            let sign = if contains { "contains" } else { ":=" };
            clauses.push(format!("{head} {sign} {of}{}", self.condition_body(&lines)));
            if at == 0 && !contains && self.rng.chance(8) {
                clauses.push(format!(
                    "default {name}.a{} := {}",
                    ".b".repeat(depth - 1),
                    self.constant(&value, Notation::Rego, 1)
                ));
            }
        }
        let inner = if contains { Type::set_of(value) } else { value };
        let inner = if depth == 2 { Type::object_of(Type::String, inner) } else { inner };
        (clauses, Shape::Object(Type::String, inner))
    }
}
