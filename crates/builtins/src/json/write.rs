//! JSON text as Go's encoder writes it.

use std::borrow::Cow;

use palisade_value::{AnyValue, Entry, View, json};

use crate::failure::Failure;
use crate::limits::STRING_BYTES_MAX;
use crate::strings::check_length;

/// On one line, without spaces. Keys in keys double their escapes each time, so a small value may have an endless text:
/// its length is looked at on the way.
pub(crate) fn compact<V: AnyValue>(value: &V, out: &mut String) -> Result<(), Failure> {
    check_length(out)?;
    match value.view() {
        View::Array(items) | View::Set(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                compact(item, out)?;
            }
            out.push(']');
        }
        View::Object(entries) => {
            out.push('{');
            for (at, (key, value)) in by_key(entries)?.into_iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                string(&key, out);
                out.push(':');
                compact(value, out)?;
            }
            out.push('}');
        }
        _ => scalar(value, out),
    }
    check_length(out)
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
                for (at, (key, value)) in by_key(entries)?.into_iter().enumerate() {
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

/// A key's text and the value under it.
pub(crate) type Pair<'v, V> = (Cow<'v, str>, &'v V);

/// The entries sorted by the text of their keys; a key that is no string is its own JSON text.
pub(crate) fn by_key<V: AnyValue>(entries: &[Entry<V>]) -> Result<Vec<Pair<'_, V>>, Failure> {
    let mut pairs = Vec::with_capacity(entries.len());
    let mut made = 0;
    for entry in entries {
        let key = match entry.key.as_str() {
            Some(key) => Cow::Borrowed(key),
            None => {
                let mut text = String::new();
                compact(&entry.key, &mut text)?;
                made += text.len();
                Cow::Owned(text)
            }
        };
        if made > STRING_BYTES_MAX {
            return Err(Failure::too_large());
        }
        pairs.push((key, &entry.value));
    }
    pairs.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    Ok(pairs)
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
