//! `replace` and `strings.replace_n`: one pass from left to right, replaced text isn't looked at again.

use palisade_value::AnyValue;

use super::{check_length, pattern};
use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// Every occurrence of a string replaced by another.
pub fn replace<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, old, new) = (args.string(0)?, args.string(1)?, args.string(2)?);
    replace_all(text, &[(old, new)]).map(V::string)
}

/// Every occurrence of an object's keys replaced by their values. Where several keys match the smallest one wins.
pub fn strings_replace_n<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (entries, text) = (args.object(0)?, args.string(1)?);
    let mut pairs = Vec::with_capacity(entries.len());
    for entry in entries {
        let old =
            entry.key.as_str().ok_or_else(|| pattern("non-string key found in pattern object"))?;
        let new = entry
            .value
            .as_str()
            .ok_or_else(|| pattern("non-string value found in pattern object"))?;
        pairs.push((old, new));
    }
    replace_all(text, &pairs).map(V::string)
}

/// The empty string matches between any two characters and at both ends, but not twice at one place.
fn replace_all(text: &str, pairs: &[(&str, &str)]) -> Result<String, Failure> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut was_empty = false;
    loop {
        let found =
            pairs.iter().find(|(old, _)| !(was_empty && old.is_empty()) && rest.starts_with(old));
        was_empty = found.is_some_and(|(old, _)| old.is_empty());
        if let Some((old, new)) = found {
            out.push_str(new);
            check_length(&out)?;
            rest = rest.get(old.len()..).unwrap_or("");
            continue;
        }
        let mut characters = rest.chars();
        let Some(it) = characters.next() else { return Ok(out) };
        out.push(it);
        rest = characters.as_str();
    }
}
