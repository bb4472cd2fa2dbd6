//! Values in messages, as Cedar prints them.

use palisade_value::{AnyValue, Entry};

use super::names;
use super::values::{Extension, Shape, Uid, integer};

/// How a value is printed.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// How many elements of each set and record are shown.
    pub(super) most: usize,
    /// Whether the keys of a record stand in quotes, also those that need none. Not those of records inside.
    pub(super) quotes_keys: bool,
}

/// The name of the type of a value.
pub(super) fn type_of<V: AnyValue>(value: &V, out: &mut String) {
    match Shape::of(value) {
        Shape::Boolean(_) => out.push_str("bool"),
        Shape::Long(_) => out.push_str("long"),
        Shape::String(_) => out.push_str("string"),
        Shape::Set(_) => out.push_str("set"),
        Shape::Record(_) => out.push_str("record"),
        Shape::Extension(it) => out.push_str(it.ty),
        Shape::Entity(it) => {
            out.push_str("(entity of type `");
            out.push_str(it.ty);
            out.push_str("`)");
        }
        Shape::Other => out.push_str("unknown"),
    }
}

/// `User::"alice"`
pub(super) fn uid(it: Uid<'_>, out: &mut String) {
    out.push_str(it.ty);
    out.push_str("::");
    quoted(it.id, out);
}

/// The name of an entity by itself.
pub(super) fn uid_text(it: Uid<'_>) -> String {
    let mut out = String::new();
    uid(it, &mut out);
    out
}

/// The name of the entity that a value is.
pub(super) fn entity<V: AnyValue>(value: &V) -> String {
    match Shape::of(value) {
        Shape::Entity(it) => uid_text(it),
        _ => String::new(),
    }
}

/// A string in quotes.
pub(super) fn quoted(text: &str, out: &mut String) {
    out.push('"');
    out.extend(text.escape_debug());
    out.push('"');
}

/// An integer.
pub(super) fn number(it: i64, out: &mut String) {
    if it < 0 {
        out.push('-');
    }
    digits(it.unsigned_abs(), 1, out);
}

/// An integer by itself.
pub(super) fn number_text(it: i64) -> String {
    let mut out = String::new();
    number(it, &mut out);
    out
}

/// At least so many digits.
fn digits(it: u64, least: usize, out: &mut String) {
    if it > 9 || least > 1 {
        digits(it / 10, least.saturating_sub(1), out);
    }
    out.push(char::from(b'0' + (it % 10) as u8));
}

/// A value.
pub(super) fn value<V: AnyValue>(value: &V, style: Style, out: &mut String) {
    match Shape::of(value) {
        Shape::Boolean(it) => out.push_str(if it { "true" } else { "false" }),
        Shape::Long(it) => number(it, out),
        Shape::String(it) => quoted(it, out),
        Shape::Entity(it) => uid(it, out),
        Shape::Extension(it) => extension(&it, out),
        Shape::Set(members) => set(members, style, out),
        Shape::Record(entries) => record(entries, style, out),
        Shape::Other => out.push_str("unknown"),
    }
}

fn set<V: AnyValue>(members: &[V], style: Style, out: &mut String) {
    out.push('[');
    for (at, member) in members.iter().take(style.most).enumerate() {
        value(member, style, out);
        if at + 1 < members.len() {
            out.push_str(", ");
        }
    }
    out.push_str(if members.len() > style.most { ".. ]" } else { "]" });
}

fn record<V: AnyValue>(entries: &[Entry<V>], style: Style, out: &mut String) {
    let inside = Style { quotes_keys: false, ..style };
    out.push('{');
    for (at, entry) in entries.iter().take(style.most).enumerate() {
        let key = entry.key.as_str().unwrap_or_default();
        if style.quotes_keys || !names::is_identifier(key) {
            quoted(key, out);
        } else {
            out.push_str(key);
        }
        out.push_str(": ");
        value(&entry.value, inside, out);
        if at + 1 < entries.len() {
            out.push_str(", ");
        }
    }
    out.push_str(if entries.len() > style.most { ".. }" } else { "}" });
}

/// A call that makes the value: not always the one that did.
fn extension<V: AnyValue>(it: &Extension<'_, V>, out: &mut String) {
    match it.ty {
        "decimal" => decimal(it.number(), out),
        "datetime" => datetime(it.number(), out),
        "duration" => {
            out.push_str("duration(\"");
            number(it.number(), out);
            out.push_str("ms\")");
        }
        _ => address(it, out),
    }
}

/// `datetime("1970-01-01").offset(duration("1ms"))`
pub(super) fn datetime(milliseconds: i64, out: &mut String) {
    out.push_str("datetime(\"1970-01-01\").offset(duration(\"");
    number(milliseconds, out);
    out.push_str("ms\"))");
}

fn decimal(it: i64, out: &mut String) {
    out.push_str(if it < 0 { "decimal(\"-" } else { "decimal(\"" });
    let it = it.unsigned_abs();
    digits(it / 10_000, 1, out);
    out.push('.');
    let mut fraction = String::new();
    digits(it % 10_000, 4, &mut fraction);
    match fraction.trim_end_matches('0') {
        "" => out.push('0'),
        it => out.push_str(it),
    }
    out.push_str("\")");
}

fn address<V: AnyValue>(it: &Extension<'_, V>, out: &mut String) {
    let hex = it.first.as_str().unwrap_or_default().as_bytes();
    let (size, separator) = if hex.len() == 8 { (2, '.') } else { (4, ':') };
    out.push_str("ip(\"");
    for (at, part) in hex.chunks(size).enumerate() {
        if at > 0 {
            out.push(separator);
        }
        let text = std::str::from_utf8(part).unwrap_or_default();
        if size == 2 {
            digits(u64::from_str_radix(text, 16).unwrap_or(0), 1, out);
        } else {
            match text.trim_start_matches('0') {
                "" => out.push('0'),
                it => out.push_str(it),
            }
        }
    }
    let prefix = integer(it.second).unwrap_or(0);
    if prefix != 4 * hex.len() as i64 {
        out.push('/');
        number(prefix, out);
    }
    out.push_str("\")");
}
