//! Reads calls and ground Rego terms: JSON, sets and objects with any keys.

use palisade_value::{AnyValue, Entry, Value, json};

/// Reads `name(term, …)`.
pub fn call(text: &str) -> Option<(&str, Vec<Value>)> {
    let (name, rest) = text.split_once('(')?;
    let mut reader = Reader { rest };
    let args = reader.list(')')?;
    reader.rest.trim().is_empty().then_some((name, args))
}

/// Reads one term.
pub fn read(text: &str) -> Option<Value> {
    Reader { rest: text }.term()
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, token: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn list(&mut self, close: char) -> Option<Vec<Value>> {
        let close = close.to_string();
        let mut items = Vec::new();
        while !self.eat(&close) {
            if !items.is_empty() && !self.eat(",") {
                return None;
            }
            items.push(self.term()?);
        }
        Some(items)
    }

    fn term(&mut self) -> Option<Value> {
        if self.eat("set()") {
            return Some(Value::set(Vec::new()));
        }
        if self.eat("[") {
            return self.list(']').map(Value::array);
        }
        if self.eat("{") {
            return self.braces();
        }
        self.scalar()
    }

    fn braces(&mut self) -> Option<Value> {
        if self.eat("}") {
            return Some(Value::empty_object());
        }
        let first = self.term()?;
        if !self.eat(":") {
            let mut members = vec![first];
            while self.eat(",") {
                members.push(self.term()?);
            }
            return self.eat("}").then(|| Value::set(members));
        }
        let mut entries = vec![Entry { key: first, value: self.term()? }];
        while self.eat(",") {
            let key = self.term()?;
            if !self.eat(":") {
                return None;
            }
            entries.push(Entry { key, value: self.term()? });
        }
        self.eat("}").then(|| Value::object(entries))
    }

    fn scalar(&mut self) -> Option<Value> {
        self.rest = self.rest.trim_start();
        let length = match self.rest.strip_prefix('`') {
            Some(raw) => {
                let (text, rest) = raw.split_once('`')?;
                self.rest = rest;
                return Some(Value::text(text));
            }
            None if self.rest.starts_with('"') => string_length(self.rest)?,
            None => self.rest.find([',', ')', ']', '}', ':', ' ']).unwrap_or(self.rest.len()),
        };
        let (token, rest) = self.rest.split_at(length);
        self.rest = rest;
        json::parse(token).ok()
    }
}

fn string_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}
