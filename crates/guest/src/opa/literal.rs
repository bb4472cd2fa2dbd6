//! Rego literals without variables, as OPA's hosts write and read values: JSON with sets, and with any value as a key.

use palisade_abi::image::tag;
use palisade_value::{AnyValue, Entry};

use crate::json::cursor::{Bad, Cursor};
use crate::json::tree;
use crate::json::write::Out;
use crate::opa::quoted;
use crate::word::Word;

/// Reads the value that is next.
pub fn value(cursor: &mut Cursor) -> Result<Word, Bad> {
    match cursor.peek() {
        b'{' => braces(cursor),
        b'[' => {
            cursor.enter()?;
            let items = items(cursor, b']', Bad::ArrayEnd)?;
            Ok(Word::array(items))
        }
        b's' => {
            cursor.literal(b"set(")?;
            cursor.skip_space();
            cursor.literal(b")")?;
            Ok(Word::set(Vec::new()))
        }
        b'"' => string(cursor),
        _ => tree::scalar(cursor),
    }
}

/// A string of JSON or, if it has other escapes, of Go.
fn string(cursor: &mut Cursor) -> Result<Word, Bad> {
    let start = cursor.clone();
    match cursor.string() {
        Ok(text) => Ok(tree::string(text)),
        Err(Bad::Escape) => {
            *cursor = start;
            quoted::string(cursor)
        }
        Err(bad) => Err(bad),
    }
}

/// The values up to the bracket that ends them.
fn items(cursor: &mut Cursor, end: u8, bad: Bad) -> Result<Vec<Word>, Bad> {
    let mut items = Vec::new();
    while cursor.peek() != end {
        items.push(value(cursor)?);
        separator(cursor, end, bad)?;
    }
    cursor.leave();
    Ok(items)
}

/// Goes behind a comma, or up to the bracket that ends the collection.
fn separator(cursor: &mut Cursor, end: u8, bad: Bad) -> Result<(), Bad> {
    cursor.skip_space();
    match cursor.peek() {
        b',' => cursor.step(),
        it if it == end => {}
        _ => return Err(bad),
    }
    cursor.skip_space();
    Ok(())
}

/// An object, or a set: the first element tells.
fn braces(cursor: &mut Cursor) -> Result<Word, Bad> {
    cursor.enter()?;
    if cursor.peek() == b'}' {
        cursor.leave();
        return Ok(Word::object(Vec::new()));
    }
    let first = value(cursor)?;
    cursor.skip_space();
    if cursor.peek() != b':' {
        separator(cursor, b'}', Bad::ObjectEnd)?;
        let mut members = items(cursor, b'}', Bad::ObjectEnd)?;
        members.push(first);
        return Ok(Word::set(members));
    }
    let mut entries = Vec::new();
    let mut key = first;
    loop {
        cursor.skip_space();
        if cursor.peek() != b':' {
            return Err(Bad::Colon);
        }
        cursor.step();
        cursor.skip_space();
        entries.push(Entry { key, value: value(cursor)? });
        separator(cursor, b'}', Bad::ObjectEnd)?;
        if cursor.peek() == b'}' {
            break;
        }
        key = value(cursor)?;
    }
    cursor.leave();
    Ok(Word::object(entries))
}

/// Writes a value.
pub fn write(out: &mut Out, value: Word) {
    if value.is_small() {
        return out.value(value);
    }
    match value.tag() {
        tag::ARRAY => sequence(out, b"[", value.items(), b"]"),
        tag::SET if value.length() == 0 => out.raw(b"set()"),
        tag::SET => sequence(out, b"{", value.items(), b"}"),
        tag::OBJECT => {
            out.raw(b"{");
            let mut is_first = true;
            for entry in value.entries() {
                out.comma(&mut is_first);
                write(out, entry.key);
                out.raw(b":");
                write(out, entry.value);
            }
            out.raw(b"}");
        }
        _ => out.value(value),
    }
}

fn sequence(out: &mut Out, open: &[u8], items: &[Word], close: &[u8]) {
    out.raw(open);
    let mut is_first = true;
    for item in items {
        out.comma(&mut is_first);
        write(out, *item);
    }
    out.raw(close);
}
