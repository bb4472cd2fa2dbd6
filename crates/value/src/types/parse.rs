//! The text of signatures: `(string, xs: array[any] | set[any]) -> array<string, number>`.

use crate::any::AnyValue;
use crate::types::{Parameter, Signature, Type};
use crate::value::Value;

impl Signature {
    /// Reads a signature. `None` if the text isn't one.
    pub fn parse(text: &str) -> Option<Signature> {
        let mut reader = Reader { rest: text };
        let signature = reader.signature()?;
        reader.rest.trim().is_empty().then_some(signature)
    }
}

impl Type {
    /// Reads a type. `None` if the text isn't one.
    pub fn parse(text: &str) -> Option<Type> {
        let mut reader = Reader { rest: text };
        let kind = reader.union()?;
        reader.rest.trim().is_empty().then_some(kind)
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, token: &str) -> bool {
        match self.rest.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, token: &str) -> Option<()> {
        self.eat(token).then_some(())
    }

    fn word(&mut self) -> Option<&'a str> {
        let text = self.rest.trim_start();
        let end = text.find(|it: char| !it.is_alphanumeric() && it != '_').unwrap_or(text.len());
        self.rest = &text[end..];
        (end > 0).then(|| &text[..end])
    }

    /// Items up to the closing token.
    fn list<T>(
        &mut self,
        close: &str,
        mut item: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut items = Vec::new();
        while !self.eat(close) {
            if !items.is_empty() {
                self.expect(",")?;
            }
            items.push(item(self)?);
        }
        Some(items)
    }

    fn signature(&mut self) -> Option<Signature> {
        self.expect("(")?;
        let parameters = self.list(")", Self::parameter)?;
        self.expect("->")?;
        Some(Signature { parameters, result: self.union()? })
    }

    fn parameter(&mut self) -> Option<Parameter> {
        let start = self.rest;
        let name = self.word()?;
        if self.eat(":") {
            return Some(Parameter { name: Some(name.to_owned()), kind: self.union()? });
        }
        self.rest = start;
        Some(Parameter { name: None, kind: self.union()? })
    }

    fn union(&mut self) -> Option<Type> {
        let first = self.single()?;
        if !self.eat("|") {
            return Some(first);
        }
        let mut members = vec![first, self.single()?];
        while self.eat("|") {
            members.push(self.single()?);
        }
        Type::union(members)
    }

    fn single(&mut self) -> Option<Type> {
        Some(match self.word()? {
            "any" if self.eat("<") => {
                Type::Union(self.list(">", Self::union).filter(|it| !it.is_empty())?)
            }
            "any" => Type::Any,
            "null" => Type::Null,
            "boolean" => Type::Boolean,
            "number" => Type::Number,
            "string" => Type::String,
            "set" => {
                self.expect("[")?;
                let member = self.union()?;
                self.expect("]")?;
                Type::set_of(member)
            }
            "array" => self.array()?,
            "object" => self.object()?,
            _ => return None,
        })
    }

    fn array(&mut self) -> Option<Type> {
        let prefix = if self.eat("<") { self.list(">", Self::union)? } else { Vec::new() };
        let rest = if self.eat("[") {
            let element = self.union()?;
            self.expect("]")?;
            Some(Box::new(element))
        } else {
            None
        };
        Some(Type::Array { prefix, rest })
    }

    fn object(&mut self) -> Option<Type> {
        let mut fixed = Vec::new();
        let mut dynamic = None;
        if self.eat("<") {
            let entries = self.list(">", |reader| {
                if reader.eat("[") { Some((None, reader.dynamic()?)) } else { reader.entry() }
            })?;
            for (key, pair) in entries {
                match key {
                    Some(key) => fixed.push((key, pair.1)),
                    None => dynamic = Some(Box::new(pair)),
                }
            }
        }
        if self.eat("[") {
            dynamic = Some(Box::new(self.dynamic()?));
        }
        fixed.sort();
        Some(Type::Object { fixed, dynamic })
    }

    /// `K: V]`
    fn dynamic(&mut self) -> Option<(Type, Type)> {
        let key = self.union()?;
        self.expect(":")?;
        let value = self.union()?;
        self.expect("]")?;
        Some((key, value))
    }

    /// `"key": T`
    fn entry(&mut self) -> Option<(Option<Value>, (Type, Type))> {
        self.expect("\"")?;
        let end = self.rest.find('"')?;
        let key = Value::text(&self.rest[..end]);
        self.rest = &self.rest[end + 1..];
        self.expect(":")?;
        Some((Some(key), (Type::String, self.union()?)))
    }
}
