//! Terms of a type: constants, names, operators, calls, comprehensions.

use palisade_value::types::Type;

use super::Generator;
use super::bodies::Scope;
use super::values::Notation;
use super::world::{Known, Shape, element, fits, is_collection, key};

impl Generator {
    /// A term that mostly has a value of the type, nested at most so deep.
    pub fn term(&mut self, scope: &Scope, want: &Type, depth: usize) -> String {
        if depth == 0 {
            return self.leaf(scope, want);
        }
        match self.rng.weighted(&[30, 30, 12, 12, 10]) {
            0 => self.leaf(scope, want),
            1 => self.composed(scope, want, depth),
            2 => self.builtin_call(scope, want, depth).unwrap_or_else(|| self.leaf(scope, want)),
            3 => self
                .function_call(scope, want, depth)
                .unwrap_or_else(|| self.composed(scope, want, depth)),
            _ => self.element_of(scope, want, depth).unwrap_or_else(|| self.leaf(scope, want)),
        }
    }

    /// A name or a constant.
    fn leaf(&mut self, scope: &Scope, want: &Type) -> String {
        if self.rng.chance(70)
            && let Some((name, _)) = self.named(scope, want)
        {
            return name;
        }
        self.constant(want, Notation::Rego, 1)
    }

    /// A variable, a part of the input, of the base data, or a rule, that has the type.
    pub fn named(&mut self, scope: &Scope, want: &Type) -> Option<Known> {
        let loose = self.rng.chance(6);
        let fitting = |(_, kind): &&Known| fits(kind, want) || (loose && *kind == Type::Any);
        let variables: Vec<Known> = scope.variables.iter().filter(fitting).cloned().collect();
        if !variables.is_empty() && self.rng.chance(55) {
            return Some(self.rng.pick(&variables).clone());
        }
        let mut known: Vec<Known> = self.world.input.iter().filter(fitting).cloned().collect();
        known.extend(self.world.data.iter().filter(fitting).cloned());
        let rules = self.rules_of(want);
        let pool = if !rules.is_empty() && self.rng.chance(50) { rules } else { known };
        (!pool.is_empty()).then(|| self.rng.pick(&pool).clone())
    }

    /// The rules that have the type, each by one of its names.
    fn rules_of(&mut self, want: &Type) -> Vec<Known> {
        let documents = self.world.documents.clone();
        let mut known = Vec::new();
        for document in &documents {
            if let Some(kind) = document.kind()
                && fits(&kind, want)
            {
                let names = self.world.names(document);
                known.push((self.rng.pick(&names).clone(), kind));
            }
        }
        known
    }

    /// A collection that can be looked into: a name that a bracket may follow.
    pub fn collection(&mut self, scope: &Scope) -> Known {
        for _ in 0..12 {
            if let Some(known) = self.named(scope, &Type::Any)
                && is_collection(&known.1)
            {
                return known;
            }
        }
        let kind = self.kind(1);
        let kind = if is_collection(&kind) { kind } else { Type::array_of(kind) };
        (self.constant(&kind, Notation::Rego, 2), kind)
    }

    /// `collection[key]`.
    fn element_of(&mut self, scope: &Scope, want: &Type, depth: usize) -> Option<String> {
        if self.rng.chance(8)
            && let Some(text) = self.dynamic_reference(scope)
        {
            return Some(text);
        }
        for _ in 0..8 {
            let (text, kind) = self.collection(scope);
            if fits(&element(&kind), want) {
                let key = self.key_of(scope, &kind, depth);
                return Some(format!("{text}[{key}]"));
            }
        }
        None
    }

    /// A key that may be in the collection.
    pub fn key_of(&mut self, scope: &Scope, collection: &Type, depth: usize) -> String {
        match key(collection) {
            Type::Number if matches!(collection, Type::Array { .. }) && self.rng.chance(70) => {
                (*self.rng.pick(&["0", "1", "0", "2", "-1", "1.0", "1.5"])).to_owned()
            }
            Type::String if self.rng.chance(60) => self.object_key(),
            other => self.term(scope, &other, depth.saturating_sub(1)),
        }
    }

    /// A package, or a part of it, by a key that is only known when it is evaluated.
    fn dynamic_reference(&mut self, scope: &Scope) -> Option<String> {
        let earlier = self.world.current();
        if earlier == 0 {
            return None;
        }
        let number = self.rng.below(earlier);
        let path = self.world.package(number);
        let names: Vec<String> = self
            .world
            .documents
            .iter()
            .filter(|it| it.package == number && it.kind().is_some())
            .map(|it| format!("{:?}", it.name))
            .collect();
        // A package below this one would be a part of itself.
        let is_above =
            self.world.packages[earlier].path.starts_with(&self.world.packages[number].path);
        if is_above || names.is_empty() {
            return None;
        }
        Some(match self.rng.below(4) {
            0 => path,
            1 => format!("{path}[{}]", self.rng.pick(&names)),
            2 => format!("{path}[{}]", self.term(scope, &Type::String, 0)),
            _ => format!("{path}[{}][{}]", self.rng.pick(&names), self.object_key()),
        })
    }

    /// A call of a function that a rule defines.
    fn function_call(&mut self, scope: &Scope, want: &Type, depth: usize) -> Option<String> {
        let documents = self.world.documents.clone();
        let fitting: Vec<_> = documents
            .iter()
            .filter_map(|it| match &it.shape {
                Shape::Function(parameters, result) if fits(result, want) => Some((it, parameters)),
                _ => None,
            })
            .collect();
        if fitting.is_empty() {
            return None;
        }
        let (document, parameters) = *self.rng.pick(&fitting);
        let names = self.world.names(document);
        let name = self.rng.pick(&names).clone();
        let arguments: Vec<String> =
            parameters.iter().map(|it| self.term(scope, it, depth.saturating_sub(1))).collect();
        Some(format!("{name}({})", arguments.join(", ")))
    }

    /// An operator, a composite or a comprehension.
    fn composed(&mut self, scope: &Scope, want: &Type, depth: usize) -> String {
        let below = depth - 1;
        match want {
            Type::Null => "null".to_owned(),
            Type::Boolean => format!("({})", self.condition(scope, below)),
            Type::Number => {
                let operator = *self.rng.pick(&["+", "-", "*", "/", "%", "+", "-"]);
                let (left, right) = (self.term(scope, want, below), self.term(scope, want, below));
                format!("({left} {operator} {right})")
            }
            Type::String if self.is_classic => self
                .builtin_call(scope, want, depth)
                .unwrap_or_else(|| self.constant(want, Notation::Rego, 0)),
            Type::String => self.template(scope, below),
            Type::Array { prefix, rest: None } => {
                let items: Vec<String> =
                    prefix.iter().map(|it| self.term(scope, it, below)).collect();
                format!("[{}]", items.join(", "))
            }
            Type::Array { rest: Some(item), .. } if self.rng.chance(50) => {
                format!("[{}]", self.terms(scope, item, below).join(", "))
            }
            Type::Array { rest: Some(item), .. } => {
                self.comprehension(scope, '[', ']', &[item], below)
            }
            Type::Set(member) => match self.rng.below(3) {
                0 => self.comprehension(scope, '{', '}', &[member], below),
                1 => {
                    let operator = *self.rng.pick(&["|", "&", "-"]);
                    let (left, right) =
                        (self.term(scope, want, below), self.term(scope, want, below));
                    format!("({left} {operator} {right})")
                }
                _ => match self.terms(scope, member, below) {
                    members if members.is_empty() => "set()".to_owned(),
                    members => format!("{{{}}}", members.join(", ")),
                },
            },
            Type::Object { dynamic: Some(dynamic), .. } if self.rng.chance(50) => {
                let (key, value) = (&dynamic.0, &dynamic.1);
                self.comprehension(scope, '{', '}', &[key, value], below)
            }
            Type::Object { dynamic: Some(dynamic), .. } => {
                let count = self.rng.below(4);
                let entries: Vec<String> = (0..count)
                    .map(|_| {
                        let key = if self.rng.chance(70) {
                            self.object_key()
                        } else {
                            self.term(scope, &dynamic.0, below)
                        };
                        format!("{key}: {}", self.term(scope, &dynamic.1, below))
                    })
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
            Type::Object { .. } | Type::Function(_) => self.constant(want, Notation::Rego, 1),
            Type::Union(members) => {
                let member = self.rng.pick(members).clone();
                self.term(scope, &member, below)
            }
            Type::Any => {
                let kind = self.kind(1);
                if kind == Type::Any {
                    self.leaf(scope, want)
                } else {
                    self.term(scope, &kind, below)
                }
            }
        }
    }

    fn terms(&mut self, scope: &Scope, kind: &Type, depth: usize) -> Vec<String> {
        let count = self.rng.below(4);
        (0..count).map(|_| self.term(scope, kind, depth)).collect()
    }

    /// `$"…{x}…"`
    fn template(&mut self, scope: &Scope, depth: usize) -> String {
        let mut text = String::from("$\"");
        for _ in 0..self.rng.between(1, 2) {
            text.push_str(self.rng.pick::<&str>(&["", "a", "ä ", "\\n", "\\{", "x: "]));
            let kind = if self.rng.chance(60) { Type::String } else { self.kind(1) };
            // A term that begins with a brace would be read as an escape.
            text.push_str(&format!(
                "{{{}}}",
                self.term(scope, &kind, depth.min(1)).trim_start_matches('{')
            ));
        }
        if text.matches('{').count() != text.matches('}').count() + text.matches("\\{").count() {
            return self.leaf(scope, &Type::String);
        }
        text + "\""
    }

    /// `[x | …]`, `{x | …}`, `{k: v | …}`
    fn comprehension(
        &mut self,
        scope: &Scope,
        open: char,
        close: char,
        heads: &[&Type],
        depth: usize,
    ) -> String {
        let mut inner = scope.clone();
        let body = self.inner_body(&mut inner, depth);
        let heads: Vec<String> =
            heads.iter().map(|it| self.term(&inner, it, depth.min(1))).collect();
        format!("{open}{} | {body}{close}", heads.join(": "))
    }
}
