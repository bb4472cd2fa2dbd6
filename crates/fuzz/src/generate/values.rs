//! Constants of a type: as JSON for base data and inputs, as Rego for programs.

use palisade_value::types::Type;

use super::Generator;
use super::pools::{KEYS, NUMBERS, PLAIN_KEYS, PLAIN_NUMBERS, PLAIN_STRINGS, STRINGS};

/// How a constant is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// JSON: no sets, keys are strings.
    Json,
    /// Rego.
    Rego,
}

impl Generator {
    /// A type for a value, nested at most so deep.
    pub fn kind(&mut self, depth: usize) -> Type {
        let weights: &[usize] = if depth == 0 { &[6, 6, 4, 1] } else { &[6, 6, 4, 1, 5, 5, 5] };
        match self.rng.weighted(weights) {
            0 => Type::Number,
            1 => Type::String,
            2 => Type::Boolean,
            3 => Type::Any,
            4 => Type::array_of(self.kind(depth - 1)),
            5 => Type::set_of(self.kind(depth - 1)),
            _ => {
                let key = if self.rng.chance(85) { Type::String } else { self.kind(depth - 1) };
                Type::object_of(key, self.kind(depth - 1))
            }
        }
    }

    /// A number as it is written.
    pub fn number(&mut self) -> String {
        let plain = self.rng.chance(75);
        let pool = if plain { &NUMBERS[..PLAIN_NUMBERS] } else { NUMBERS };
        (*self.rng.pick(pool)).to_owned()
    }

    /// A string as it is written.
    pub fn string(&mut self) -> String {
        let plain = self.rng.chance(65);
        let pool = if plain { &STRINGS[..PLAIN_STRINGS] } else { STRINGS };
        (*self.rng.pick(pool)).to_owned()
    }

    /// A key as it is written.
    pub fn object_key(&mut self) -> String {
        let plain = self.rng.chance(85);
        let pool = if plain { &KEYS[..PLAIN_KEYS] } else { KEYS };
        (*self.rng.pick(pool)).to_owned()
    }

    /// A constant of a type.
    pub fn constant(&mut self, kind: &Type, notation: Notation, depth: usize) -> String {
        match kind {
            Type::Null => "null".to_owned(),
            Type::Boolean => (*self.rng.pick(&["true", "false"])).to_owned(),
            Type::Number => self.number(),
            Type::String => self.string(),
            Type::Array { prefix, rest } => {
                let mut items: Vec<String> = prefix
                    .iter()
                    .map(|it| self.constant(it, notation, depth.saturating_sub(1)))
                    .collect();
                if let Some(rest) = rest {
                    items.extend(self.constants(rest, notation, depth));
                }
                format!("[{}]", items.join(", "))
            }
            Type::Set(member) => {
                let members = self.constants(member, notation, depth);
                match notation {
                    Notation::Json => format!("[{}]", members.join(", ")),
                    Notation::Rego if members.is_empty() => "set()".to_owned(),
                    Notation::Rego => format!("{{{}}}", members.join(", ")),
                }
            }
            Type::Object { fixed, dynamic } => {
                let mut entries = Vec::new();
                for (key, value) in fixed {
                    let value = self.constant(value, notation, depth.saturating_sub(1));
                    entries.push(format!("{}: {value}", palisade_value::json::to_json(key)));
                }
                if let Some(dynamic) = dynamic {
                    entries.extend(self.constant_entries(&dynamic.0, &dynamic.1, notation, depth));
                }
                format!("{{{}}}", entries.join(", "))
            }
            Type::Union(members) => {
                let member = self.rng.pick(members).clone();
                self.constant(&member, notation, depth)
            }
            Type::Any | Type::Function(_) => {
                let kind = if self.rng.chance(5) { Type::Null } else { self.kind(depth.min(2)) };
                let kind = if kind == Type::Any { Type::String } else { kind };
                self.constant(&kind, notation, depth.saturating_sub(1))
            }
        }
    }

    fn constants(&mut self, kind: &Type, notation: Notation, depth: usize) -> Vec<String> {
        let count =
            if depth == 0 { self.rng.below(2) } else { self.rng.weighted(&[1, 4, 6, 4, 1]) };
        (0..count).map(|_| self.constant(kind, notation, depth.saturating_sub(1))).collect()
    }

    fn constant_entries(
        &mut self,
        key: &Type,
        value: &Type,
        notation: Notation,
        depth: usize,
    ) -> Vec<String> {
        let count =
            if depth == 0 { self.rng.below(2) } else { self.rng.weighted(&[1, 4, 6, 4, 1]) };
        let mut entries: Vec<(String, String)> = Vec::new();
        for _ in 0..count {
            let is_text = notation == Notation::Json || *key == Type::String;
            let key = if is_text { self.object_key() } else { self.constant(key, notation, 1) };
            let value = self.constant(value, notation, depth.saturating_sub(1));
            // A literal with a key twice is a conflict if the values differ, which is worth having at times only.
            let is_new = !entries.iter().any(|(other, _)| *other == key);
            if is_new || self.rng.chance(5) {
                entries.push((key, value));
            }
        }
        entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect()
    }
}
