//! JSON text as Go's encoder writes it.

use std::borrow::Cow;

use palisade_value::{AnyValue, Entry, View, json};

use crate::failure::Failure;
use crate::strings::check_length;

/// On one line, without spaces.
pub(crate) fn compact<V: AnyValue>(value: &V, out: &mut String) {
    match value.view() {
        View::Array(items) | View::Set(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                compact(item, out);
            }
            out.push(']');
        }
        View::Object(entries) => {
            out.push('{');
            for (at, (key, value)) in by_key(entries).into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                string(&key, out);
                out.push(':');
                compact(value, out);
            }
            out.push('}');
        }
        _ => scalar(value, out),
    }
}

/// On several lines; every line but the first begins with the prefix and one indent a level.
pub(super) fn pretty<V: AnyValue>(
    value: &V,
    prefix: &str,
    indent: &str,
    out: &mut String,
) -> Result<(), Failure> {
    Pretty { prefix, indent, depth: 0 }.write(value, out)
}

struct Pretty<'a> {
    prefix: &'a str,
    indent: &'a str,
    depth: usize,
}

impl Pretty<'_> {
    fn write<V: AnyValue>(&mut self, value: &V, out: &mut String) -> Result<(), Failure> {
        check_length(out)?;
        match value.view() {
            View::Array([]) | View::Set([]) => out.push_str("[]"),
            View::Object([]) => out.push_str("{}"),
            View::Array(items) | View::Set(items) => {
                out.push('[');
                self.depth += 1;
                for (at, item) in items.iter().enumerate() {
                    self.line(at > 0, out);
                    self.write(item, out)?;
                }
                self.depth -= 1;
                self.line(false, out);
                out.push(']');
            }
            View::Object(entries) => {
                out.push('{');
                self.depth += 1;
                for (at, (key, value)) in by_key(entries).into_iter().enumerate() {
                    self.line(at > 0, out);
                    string(&key, out);
                    out.push_str(": ");
                    self.write(value, out)?;
                }
                self.depth -= 1;
                self.line(false, out);
                out.push('}');
            }
            _ => scalar(value, out),
        }
        Ok(())
    }

    fn line(&self, comma: bool, out: &mut String) {
        out.push_str(if comma { ",\n" } else { "\n" });
        out.push_str(self.prefix);
        for _ in 0..self.depth {
            out.push_str(self.indent);
        }
    }
}

/// The entries sorted by the text of their keys; a key that is no string is its own JSON text.
pub(crate) fn by_key<V: AnyValue>(entries: &[Entry<V>]) -> Vec<(Cow<'_, str>, &V)> {
    let text = |key: &'_ V| {
        let mut out = String::new();
        compact(key, &mut out);
        out
    };
    let mut pairs: Vec<(Cow<'_, str>, &V)> = entries
        .iter()
        .map(|it| {
            (it.key.as_str().map_or_else(|| Cow::Owned(text(&it.key)), Cow::Borrowed), &it.value)
        })
        .collect();
    pairs.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    pairs
}

fn scalar<V: AnyValue>(value: &V, out: &mut String) {
    match value.as_str() {
        Some(text) => string(text, out),
        None => json::write_json(value, out),
    }
}

/// A finite double as Go's encoder writes it: plain from a millionth up to a sextillion.
pub(crate) fn double(it: f64) -> String {
    let magnitude = it.abs();
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        let text = format!("{it:e}");
        return if text.contains("e-") { text } else { text.replace('e', "e+") };
    }
    format!("{it}")
}

/// A string in which `<`, `>`, `&` and the two line separators of Unicode are escaped.
pub(crate) fn string(text: &str, out: &mut String) {
    let start = out.len();
    json::write_string(text, out);
    if !text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return;
    }
    let plain = out.split_off(start);
    for it in plain.chars() {
        match it {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            _ => out.push(it),
        }
    }
}
