//! JSON and Rego text of values: reading and printing.

use crate::any::{AnyValue, Entry, View};

/// How deep arrays and objects may nest. Deeper documents are refused: recursion over a value is bounded by this.
pub const NESTING_MAX: usize = 1_000;

/// Prints as JSON, the way OPA does: sets as arrays, keys that are no strings as their own JSON text in a string.
pub fn write_json<V: AnyValue>(value: &V, out: &mut String) {
    match value.view() {
        View::Null => out.push_str("null"),
        View::Boolean(it) => out.push_str(if it { "true" } else { "false" }),
        View::Number(it) => out.push_str(&it.to_text()),
        View::String(it) => write_string(it, out),
        View::Array(items) | View::Set(items) => write_list('[', items, ']', ",", out, write_json),
        View::Object(entries) => {
            out.push('{');
            for (at, Entry { key, value }) in entries.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                match key.as_str() {
                    Some(key) => write_string(key, out),
                    None => write_string(&to_json(key), out),
                }
                out.push(':');
                write_json(value, out);
            }
            out.push('}');
        }
    }
}

/// The value's JSON text.
pub fn to_json<V: AnyValue>(value: &V) -> String {
    let mut out = String::new();
    write_json(value, &mut out);
    out
}

/// Prints as a Rego term: `{1, 2}`, `set()`, `{"a": 1}`.
pub fn write_rego<V: AnyValue>(value: &V, out: &mut String) {
    match value.view() {
        View::Null | View::Boolean(_) | View::Number(_) | View::String(_) => write_json(value, out),
        View::Array(items) => write_list('[', items, ']', ", ", out, write_rego),
        View::Set([]) => out.push_str("set()"),
        View::Set(items) => write_list('{', items, '}', ", ", out, write_rego),
        View::Object(entries) => {
            out.push('{');
            for (at, Entry { key, value }) in entries.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write_rego(key, out);
                out.push_str(": ");
                write_rego(value, out);
            }
            out.push('}');
        }
    }
}

fn write_list<V: AnyValue>(
    open: char,
    items: &[V],
    close: char,
    comma: &str,
    out: &mut String,
    write: fn(&V, &mut String),
) {
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(comma);
        }
        write(item, out);
    }
    out.push(close);
}

/// Prints a JSON string. Only what JSON demands is escaped.
pub fn write_string(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    let mut rest = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[rest..at]);
        rest = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            8 => out.push_str("\\b"),
            12 => out.push_str("\\f"),
            _ => {
                out.push_str("\\u00");
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
    out.push_str(&text[rest..]);
    out.push('"');
}

/// Why a text isn't a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// What is wrong, in a few words.
    pub message: &'static str,
    /// The byte at which it was seen.
    pub offset: usize,
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at byte {}", self.message, self.offset)
    }
}

impl std::error::Error for ParseError {}

/// Reads one JSON document. Numbers are kept exactly; of equal keys in an object the last one wins.
pub fn parse<V: AnyValue>(text: &str) -> Result<V, ParseError> {
    Parser { text, at: 0, depth: 0, takes_sets: false }.document()
}

/// Reads what [`write_rego`] writes: JSON, and besides sets and objects with keys of any kind.
pub fn parse_rego<V: AnyValue>(text: &str) -> Result<V, ParseError> {
    Parser { text, at: 0, depth: 0, takes_sets: true }.document()
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// Whether the text may have sets, and keys that are no strings.
    takes_sets: bool,
}

impl<'a> Parser<'a> {
    fn document<V: AnyValue>(mut self) -> Result<V, ParseError> {
        self.skip_space();
        let value = self.value()?;
        self.skip_space();
        if self.at < self.text.len() {
            return Err(self.error("unexpected text after the document"));
        }
        Ok(value)
    }

    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn error(&self, message: &'static str) -> ParseError {
        ParseError { message, offset: self.at }
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let here = self.peek() == byte;
        self.at += usize::from(here);
        here
    }

    fn value<V: AnyValue>(&mut self) -> Result<V, ParseError> {
        match self.peek() {
            b'{' if self.takes_sets => self.nested(Self::braces),
            b'{' => self.nested(Self::object),
            b'[' => self.nested(Self::array),
            b'"' => Ok(V::string(self.string()?)),
            b't' => self.word("true", V::boolean(true)),
            b'f' => self.word("false", V::boolean(false)),
            b'n' => self.word("null", V::null()),
            b'-' | b'0'..=b'9' => Ok(V::decimal(self.number()?)),
            b's' if self.takes_sets => self.word("set()", V::set(Vec::new())),
            _ if self.at >= self.text.len() => Err(self.error("unexpected end of the document")),
            _ => Err(self.error("expected a value")),
        }
    }

    fn nested<V>(&mut self, read: fn(&mut Self) -> Result<V, ParseError>) -> Result<V, ParseError> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err(self.error("nested too deeply"));
        }
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn word<V>(&mut self, word: &str, value: V) -> Result<V, ParseError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn array<V: AnyValue>(&mut self) -> Result<V, ParseError> {
        let mut items = Vec::new();
        self.skip_space();
        if self.eat(b']') {
            return Ok(V::array(items));
        }
        loop {
            self.skip_space();
            items.push(self.value()?);
            self.skip_space();
            if self.eat(b']') {
                return Ok(V::array(items));
            }
            if !self.eat(b',') {
                return Err(self.error("expected `,` or `]`"));
            }
        }
    }

    fn object<V: AnyValue>(&mut self) -> Result<V, ParseError> {
        let mut entries = Vec::new();
        self.skip_space();
        if self.eat(b'}') {
            return Ok(V::object_from_sorted(entries));
        }
        loop {
            self.skip_space();
            if self.peek() != b'"' {
                return Err(self.error("expected a string as key"));
            }
            let key = V::string(self.string()?);
            self.skip_space();
            if !self.eat(b':') {
                return Err(self.error("expected `:`"));
            }
            self.skip_space();
            let value = self.value()?;
            entries.push(Entry { key, value });
            self.skip_space();
            if self.eat(b'}') {
                return Ok(V::object(entries));
            }
            if !self.eat(b',') {
                return Err(self.error("expected `,` or `}`"));
            }
        }
    }

    /// A set, or an object whose keys may be of any kind.
    fn braces<V: AnyValue>(&mut self) -> Result<V, ParseError> {
        let (mut members, mut entries) = (Vec::new(), Vec::new());
        self.skip_space();
        if self.eat(b'}') {
            return Ok(V::object_from_sorted(entries));
        }
        loop {
            self.skip_space();
            let first = self.value()?;
            self.skip_space();
            match self.eat(b':') {
                false if entries.is_empty() => members.push(first),
                true if members.is_empty() => {
                    self.skip_space();
                    entries.push(Entry { key: first, value: self.value()? });
                    self.skip_space();
                }
                _ => return Err(self.error("an object and a set in one")),
            }
            if self.eat(b'}') {
                return Ok(if entries.is_empty() { V::set(members) } else { V::object(entries) });
            }
            if !self.eat(b',') {
                return Err(self.error("expected `,` or `}`"));
            }
        }
    }

    fn number(&mut self) -> Result<&'a str, ParseError> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        while self.peek().is_ascii_digit() {
            self.at += 1;
        }
        if self.at == start { Err(self.error("expected a digit")) } else { Ok(()) }
    }

    fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let mut out = String::new();
        let mut start = self.at;
        loop {
            match self.peek() {
                b'"' => {
                    out.push_str(&self.text[start..self.at]);
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => {
                    out.push_str(&self.text[start..self.at]);
                    self.at += 1;
                    out.push(self.escape()?);
                    start = self.at;
                }
                0..=0x1f if self.at >= self.text.len() => {
                    return Err(self.error("unexpected end of the document in a string"));
                }
                0..=0x1f => return Err(self.error("control character in a string")),
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => {
                self.at -= 1;
                return Err(self.error("unknown escape in a string"));
            }
        })
    }

    /// `\uXXXX`, with surrogate pairs joined and lone surrogates replaced, as Go does.
    fn unicode(&mut self) -> Result<char, ParseError> {
        let high = self.hex4()?;
        if let Some(it) = char::from_u32(high) {
            return Ok(it);
        }
        let after = self.at;
        if high < 0xdc00 && self.eat(b'\\') && self.eat(b'u') {
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        self.at = after;
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex4(&mut self) -> Result<u32, ParseError> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4);
        let Some(digits) = digits.filter(|it| it.iter().all(u8::is_ascii_hexdigit)) else {
            return Err(self.error("expected four hexadecimal digits"));
        };
        self.at += 4;
        Ok(digits
            .iter()
            .fold(0, |code, digit| code * 16 + (*digit as char).to_digit(16).unwrap_or(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, parse_rego, write_rego};
    use crate::Value;

    #[test]
    fn what_is_written_as_rego_is_read_again() {
        let terms = [
            "null",
            "-1.50",
            r#""a\n\"""#,
            "set()",
            "{}",
            "[]",
            r#"{1, "a", [true, set()]}"#,
            r#"{"a": {"b": {1, 2}}, [1]: {}, {2}: {"x": set()}}"#,
        ];
        for term in terms {
            let mut again = String::new();
            write_rego(&parse_rego::<Value>(term).expect(term), &mut again);
            let mut once_more = String::new();
            write_rego(&parse_rego::<Value>(&again).expect(term), &mut once_more);
            assert_eq!(again, once_more, "{term}");
            assert_eq!(parse_rego::<Value>(term), parse_rego(&again), "{term}");
        }
        for term in ["{1: 2, 3}", "{1, 2: 3}", "{1,}", "set(1)", "{1 2}", "{,}", "x"] {
            assert!(parse_rego::<Value>(term).is_err(), "{term}");
        }
        for term in ["set()", "{1}", "{1: 2}"] {
            assert!(parse::<Value>(term).is_err(), "{term} is no JSON");
        }
    }
}
