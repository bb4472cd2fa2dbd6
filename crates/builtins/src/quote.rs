//! Strings in quotes and values as Rego terms, the way Go quotes.

use palisade_value::{AnyValue, Entry, View, json};

/// Writes the value as a Rego term: `{1, "a"}`, `set()`, `{"a": [1, 2]}`.
pub(crate) fn write_term<V: AnyValue>(value: &V, out: &mut String) {
    match value.view() {
        View::String(text) => quote(text, '"', false, out),
        View::Array(items) => list("[", items, "]", out),
        View::Set([]) => out.push_str("set()"),
        View::Set(members) => list("{", members, "}", out),
        View::Object(entries) => {
            out.push('{');
            for (at, Entry { key, value }) in entries.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                write_term(key, out);
                out.push_str(": ");
                write_term(value, out);
            }
            out.push('}');
        }
        View::Null | View::Boolean(_) | View::Number(_) => json::write_json(value, out),
    }
}

fn list<V: AnyValue>(open: &str, items: &[V], close: &str, out: &mut String) {
    out.push_str(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_term(item, out);
    }
    out.push_str(close);
}

/// Writes the text between quotes; what doesn't print is escaped, and everything beyond ASCII if asked for.
pub(crate) fn quote(text: &str, mark: char, ascii_only: bool, out: &mut String) {
    out.push(mark);
    for it in text.chars() {
        escape(it, mark, ascii_only, out);
    }
    out.push(mark);
}

fn escape(it: char, mark: char, ascii_only: bool, out: &mut String) {
    match it {
        '\\' => out.push_str("\\\\"),
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        _ if it == mark => {
            out.push('\\');
            out.push(it);
        }
        ' '..='~' => out.push(it),
        '\0'..='\u{7f}' => hex("\\x", it, 2, out),
        _ if !ascii_only && prints(it) => out.push(it),
        '\u{80}'..='\u{ffff}' => hex("\\u", it, 4, out),
        _ => hex("\\U", it, 8, out),
    }
}

fn hex(prefix: &str, it: char, n_digits: usize, out: &mut String) {
    out.push_str(prefix);
    for at in (0..n_digits).rev() {
        let digit = (u32::from(it) >> (4 * at)) & 15;
        out.push(char::from_digit(digit, 16).unwrap_or('0'));
    }
}

/// Whether the character is visible by itself: no control, no format character, no space but the ASCII one.
pub(crate) fn prints(it: char) -> bool {
    // A letter goes before, because a mark that extends a character is only escaped where it has none to extend.
    let mut text = String::from("a");
    text.push(it);
    matches!(it, '"' | '\'' | '\\') || text.escape_debug().count() == 2
}
