//! `urlquery.*`: percent encoding as in the query of a URL.

use std::collections::BTreeMap;

use palisade_value::{AnyValue, Entry, View, json};

use crate::context::Context;
use crate::failure::{Failure, Problem};
use crate::hex;
use crate::operands::Operands;
use crate::strings::check_length;

/// The string with everything escaped that has a meaning in a query.
pub fn urlquery_encode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::string(escaped(args.string(0)?)))
}

/// The string without escapes.
pub fn urlquery_decode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    unescaped(args.string(0)?).map(V::string)
}

/// An object of strings, or of arrays or sets of strings, as a query: `a=1&b=2&b=3`.
pub fn urlquery_encode_object<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let not_strings = || {
        Failure::Operand(
            1,
            Problem::Other("values must be string, array[string], or set[string]".into()),
        )
    };
    let mut fields: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for entry in args.object(0)? {
        let key = entry.key.as_str().map_or_else(|| json::to_json(&entry.key), str::to_owned);
        let values = match entry.value.view() {
            View::String(it) => vec![it],
            View::Array(items) | View::Set(items) => items
                .iter()
                .map(|it| it.as_str().ok_or_else(not_strings))
                .collect::<Result<_, _>>()?,
            _ => return Err(not_strings()),
        };
        fields.insert(key, values);
    }
    let mut query = String::new();
    for (key, value) in
        fields.iter().flat_map(|(key, values)| values.iter().map(move |it| (key, it)))
    {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&[&escaped(key), "=", &escaped(value)].concat());
        check_length(&query)?;
    }
    Ok(V::string(query))
}

/// A query as an object of arrays of strings.
pub fn urlquery_decode_object<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut fields: BTreeMap<String, Vec<V>> = BTreeMap::new();
    for field in args.string(0)?.split('&').filter(|it| !it.is_empty()) {
        if field.contains(';') {
            return Err(Failure::error("invalid semicolon separator in query"));
        }
        let (key, value) = field.split_once('=').unwrap_or((field, ""));
        fields.entry(unescaped(key)?).or_default().push(V::string(unescaped(value)?));
    }
    let entry = |(key, values)| Entry { key: V::string(key), value: V::array(values) };
    Ok(V::object(fields.into_iter().map(entry).collect()))
}

pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte))
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                out.push_str(&hex::encode(&[byte]).to_ascii_uppercase());
            }
        }
    }
    out
}

fn unescaped(text: &str) -> Result<String, Failure> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        match (first, behind) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                let digit = |it: u8| char::from(it).to_digit(16).unwrap_or(0) as u8;
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = after;
            }
            (b'%', _) => {
                let shown = String::from_utf8_lossy(behind.get(..2).unwrap_or(behind)).into_owned();
                return Err(Failure::Error(
                    ["invalid URL escape \"%", &shown, "\""].concat().into(),
                ));
            }
            _ => bytes.push(*first),
        }
    }
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()))
}
