//! The functions of `regex.*` with a pattern that is at hand in whatever form: the code behind both the built-ins and
//! calls whose pattern was known when the module was built.
//!
//! The operands are those of the built-in of the same name, the pattern's text among them.

use palisade_value::AnyValue;

use super::at_most;
use super::search::{Search, matches};
use crate::failure::Failure;
use crate::operands::Operands;
use crate::strings::check_length;

/// `regex.match`.
pub fn regex_match<V: AnyValue>(search: &impl Search, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(search.is_match(args.string(1)?)))
}

/// `regex.find_n`.
pub fn regex_find_n<V: AnyValue>(search: &impl Search, args: &[V]) -> Result<V, Failure> {
    let (text, n) = (args.string(1)?, args.integer(2)?);
    let found = matches(search, text).take(at_most(n));
    Ok(V::array(found.map(|it| V::text(text.get(it).unwrap_or(""))).collect()))
}

/// `regex.find_all_string_submatch_n` for a pattern without groups.
pub fn regex_find_all_string_submatch_n<V: AnyValue>(
    search: &impl Search,
    args: &[V],
) -> Result<V, Failure> {
    let (text, n) = (args.string(1)?, args.integer(2)?);
    let found = matches(search, text).take(at_most(n));
    Ok(V::array(found.map(|it| V::array(vec![V::text(text.get(it).unwrap_or(""))])).collect()))
}

/// `regex.split`.
pub fn regex_split<V: AnyValue>(search: &impl Search, args: &[V]) -> Result<V, Failure> {
    let (pattern, text) = (args.string(0)?, args.string(1)?);
    if text.is_empty() && !pattern.is_empty() {
        return Ok(V::array(vec![V::text("")]));
    }
    let mut pieces = Vec::new();
    let (mut start, mut last) = (0, 0);
    for found in matches(search, text) {
        last = found.start;
        if found.end != 0 {
            pieces.push(V::text(text.get(start..last).unwrap_or("")));
        }
        start = found.end;
    }
    if last != text.len() {
        pieces.push(V::text(text.get(start..).unwrap_or("")));
    }
    Ok(V::array(pieces))
}

/// `regex.replace` with a replacement that names no group.
pub fn regex_replace<V: AnyValue>(search: &impl Search, args: &[V]) -> Result<V, Failure> {
    let (text, replacement) = (args.string(0)?, args.string(2)?);
    let mut out = String::with_capacity(text.len());
    let mut start = 0;
    for found in matches(search, text) {
        out.push_str(text.get(start..found.start).unwrap_or(""));
        out.push_str(replacement);
        check_length(&out)?;
        start = found.end;
    }
    out.push_str(text.get(start..).unwrap_or(""));
    Ok(V::string(out))
}
