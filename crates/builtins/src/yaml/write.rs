//! A value to YAML text, laid out as Go's YAML does it.

use std::borrow::Cow;
use std::cmp::Ordering;

use palisade_value::{AnyValue, Entry, View, json};

use super::read::check_characters;
use super::scalar::{Scalar, go_float, is_base_60, resolve};
use crate::failure::Failure;
use crate::strings::check_length;

mod text;

use text::Analysis;

/// Spaces a level.
const INDENT: usize = 2;

/// Lines are broken at the first space behind this column.
const WIDTH: usize = 80;

/// How deep lists and mappings may nest.
const DEPTH_MAX: usize = 400;

/// The longest key that stands before its colon without a question mark, in bytes.
const SIMPLE_KEY_MAX: usize = 128;

/// The document that describes the value.
pub(super) fn document<V: AnyValue>(value: &V) -> Result<String, Failure> {
    let mut writer = Writer {
        out: String::new(),
        column: 0,
        indent: None,
        after_space: true,
        after_indent: true,
        depth: 0,
    };
    writer.node(value, false)?;
    writer.indent_line();
    Ok(writer.out)
}

/// The text so far and where it stands.
struct Writer {
    out: String,
    column: usize,
    /// `None` outside of every collection.
    indent: Option<usize>,
    /// Whether a scalar can follow without a space.
    after_space: bool,
    /// Whether nothing but indentation and indicators stand on the line.
    after_indent: bool,
    depth: usize,
}

impl Writer {
    fn node<V: AnyValue>(&mut self, value: &V, in_mapping: bool) -> Result<(), Failure> {
        check_length(&self.out)?;
        match value.view() {
            View::Array([]) | View::Set([]) => {
                self.indicator("[", true, true, false);
                self.indicator("]", false, false, false);
            }
            View::Object([]) => {
                self.indicator("{", true, true, false);
                self.indicator("}", false, false, false);
            }
            _ if self.depth >= DEPTH_MAX => {
                return Err(Failure::error("yaml: value is nested too deeply"));
            }
            View::Array(items) | View::Set(items) => {
                self.depth += 1;
                self.sequence(items, in_mapping)?;
                self.depth -= 1;
            }
            View::Object(entries) => {
                self.depth += 1;
                self.mapping(entries)?;
                self.depth -= 1;
            }
            View::String(it) => {
                let it = through_json(it)?;
                let analysis = Analysis::of(&it);
                self.string(&it, &analysis, false);
            }
            View::Number(it) => self.plain_word(&number(&it.to_text())),
            View::Null | View::Boolean(_) => self.plain_word(&json::to_json(value)),
        }
        Ok(())
    }

    fn plain_word(&mut self, text: &str) {
        self.plain(text, false);
    }

    fn sequence<V: AnyValue>(&mut self, items: &[V], in_mapping: bool) -> Result<(), Failure> {
        let outer = self.indent;
        // The dashes of a list that is a key's value stand below the key.
        let is_indentless = in_mapping && !self.after_indent;
        self.indent = Some(match outer {
            None => 0,
            Some(it) if is_indentless => it,
            Some(it) => it + INDENT,
        });
        for item in items {
            self.indent_line();
            self.indicator("-", true, false, true);
            self.node(item, false)?;
        }
        self.indent = outer;
        Ok(())
    }

    fn mapping<V: AnyValue>(&mut self, entries: &[Entry<V>]) -> Result<(), Failure> {
        let outer = self.indent;
        self.indent = Some(outer.map_or(0, |it| it + INDENT));
        for (key, value) in by_key(entries)? {
            self.indent_line();
            let analysis = Analysis::of(&key);
            if analysis.is_multiline || key.len() > SIMPLE_KEY_MAX {
                self.indicator("?", true, false, true);
                self.string(&key, &analysis, false);
                self.indent_line();
                self.indicator(":", true, false, true);
            } else {
                self.string(&key, &analysis, true);
                self.indicator(":", false, false, false);
            }
            self.node(value, true)?;
        }
        self.indent = outer;
        Ok(())
    }

    /// A string in the plainest style in which it can be read back.
    fn string(&mut self, text: &str, analysis: &Analysis, is_key: bool) {
        let outer = self.indent;
        self.indent = Some(outer.map_or(INDENT, |it| it + INDENT));
        let may_break = !is_key;
        let is_plain = resolve(text) == Scalar::Text && !is_base_60(text);
        if text.contains('\n') {
            if analysis.may_be_block && !is_key {
                self.literal(text);
            } else {
                self.double_quoted(text, may_break);
            }
        } else if !is_plain {
            self.double_quoted(text, may_break);
        } else if analysis.may_be_plain {
            self.plain(text, may_break);
        } else if analysis.may_be_single_quoted && !(is_key && analysis.is_multiline) {
            self.single_quoted(text, may_break);
        } else {
            self.double_quoted(text, may_break);
        }
        self.indent = outer;
    }

    fn put(&mut self, it: char) {
        self.out.push(it);
        self.column = if text::is_break(it) { 0 } else { self.column + 1 };
    }

    fn put_all(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    /// Goes to the indentation of the level, on a new line unless already there.
    fn indent_line(&mut self) {
        let indent = self.indent.unwrap_or(0);
        let is_past = self.column > indent || self.column == indent && !self.after_space;
        if !self.after_indent || is_past {
            self.put('\n');
        }
        while self.column < indent {
            self.put(' ');
        }
        self.after_space = true;
        self.after_indent = true;
    }

    fn indicator(&mut self, text: &str, needs_space: bool, is_space: bool, keeps_indent: bool) {
        if needs_space && !self.after_space {
            self.put(' ');
        }
        self.put_all(text);
        self.after_space = is_space;
        self.after_indent &= keeps_indent;
    }
}

/// Marshalling goes through JSON text that is read as YAML; there, a line break of Unicode in a string is folded.
fn through_json(text: &str) -> Result<Cow<'_, str>, Failure> {
    // What JSON escapes is allowed.
    let is_escaped = |it: char| it < ' ';
    check_characters(&text.replace(is_escaped, "")).map_err(|it| Failure::Error(it.into()))?;
    if !text.contains('\u{85}') {
        return Ok(text.into());
    }
    let mut out = String::new();
    let mut n_breaks = 0;
    let n_parts = text.split('\u{85}').count();
    for (at, part) in text.split('\u{85}').enumerate() {
        let part = if at > 0 { part.trim_start_matches(' ') } else { part };
        let part = if at + 1 < n_parts { part.trim_end_matches(' ') } else { part };
        if !part.is_empty() || at + 1 == n_parts {
            fold(n_breaks, &mut out);
            n_breaks = 0;
            out.push_str(part);
        }
        n_breaks += 1;
    }
    Ok(out.into())
}

fn fold(n_breaks: usize, out: &mut String) {
    match n_breaks {
        0 => {}
        1 => out.push(' '),
        n => out.extend(std::iter::repeat_n('\n', n - 1)),
    }
}

/// A number as YAML reads and Go writes it.
fn number(text: &str) -> String {
    match resolve(text) {
        Scalar::Integer(it) => it.to_string(),
        Scalar::Unsigned(it) => it.to_string(),
        Scalar::Float(it) => go_float(it),
        _ => text.to_owned(),
    }
}

type Pair<'a, V> = (Cow<'a, str>, &'a V);

/// The entries in Go's order of keys: letters behind everything else, numbers in them by value.
fn by_key<V: AnyValue>(entries: &[Entry<V>]) -> Result<Vec<Pair<'_, V>>, Failure> {
    let mut pairs = Vec::with_capacity(entries.len());
    for Entry { key, value } in entries {
        let key = match key.as_str() {
            Some(key) => through_json(key)?,
            None => Cow::Owned(json::to_json(key)),
        };
        pairs.push((key, value));
    }
    let mut pairs = sorted(pairs);
    // Of keys that become equal as text the last one wins.
    pairs.reverse();
    pairs.dedup_by(|a, b| a.0 == b.0);
    pairs.reverse();
    Ok(pairs)
}

/// Merge sort, because the order isn't one: it isn't transitive among digits with leading zeros.
fn sorted<V>(mut pairs: Vec<Pair<'_, V>>) -> Vec<Pair<'_, V>> {
    if pairs.len() < 2 {
        return pairs;
    }
    let right = sorted(pairs.split_off(pairs.len() / 2));
    let left = sorted(pairs);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let from = if compare_keys(&b.0, &a.0).is_lt() { &mut right } else { &mut left };
        merged.extend(from.next());
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

fn compare_keys(a: &str, b: &str) -> Ordering {
    let same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).map(|(it, _)| it.len_utf8());
    let at: usize = same.sum();
    let (rest_a, rest_b) = (a.get(at..).unwrap_or(""), b.get(at..).unwrap_or(""));
    let (Some(first_a), Some(first_b)) = (rest_a.chars().next(), rest_b.chars().next()) else {
        return rest_a.len().cmp(&rest_b.len());
    };
    match (first_a.is_alphabetic(), first_b.is_alphabetic()) {
        (true, true) => return first_a.cmp(&first_b),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A zero that follows another digit belongs to the number that has begun.
    let before = a.get(..at).unwrap_or("").bytes().rev().take_while(u8::is_ascii_digit);
    let has_zero = first_a == '0' || first_b == '0';
    let start = i64::from(has_zero && before.into_iter().any(|it| it != b'0'));
    let (number_a, number_b) = (leading_number(rest_a, start), leading_number(rest_b, start));
    number_a.cmp(&number_b).then(first_a.cmp(&first_b))
}

/// The value and the length of the digits at the beginning.
fn leading_number(text: &str, start: i64) -> (i64, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit);
    digits.fold((start, 0), |(value, n), it| {
        (value.wrapping_mul(10).wrapping_add(i64::from(it - b'0')), n + 1)
    })
}
