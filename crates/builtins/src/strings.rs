//! Strings: searching, cutting, trimming, case. Positions and lengths count characters (Unicode code points).

use palisade_value::{AnyValue, View};

use crate::context::Context;
use crate::failure::{Failure, Problem};
use crate::limits::STRING_BYTES_MAX;
use crate::operands::{self, Operands, count};

mod case;
mod replace;
mod trim;

pub use case::{lower, upper};
pub use replace::{replace, strings_replace_n};
pub use trim::{trim, trim_left, trim_prefix, trim_right, trim_space, trim_suffix};

/// The strings of an array or set with a separator between them.
pub fn concat<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let separator = args.string(0)?;
    let mut text = String::new();
    for (at, item) in args.items(1)?.iter().enumerate() {
        let item = item.as_str().ok_or_else(|| operands::element(args, 1, item, &["string"]))?;
        if at > 0 {
            text.push_str(separator);
        }
        text.push_str(item);
        check_length(&text)?;
    }
    Ok(V::string(text))
}

/// Refuses a string that has grown past the limit.
pub(crate) fn check_length(text: &str) -> Result<(), Failure> {
    if text.len() > STRING_BYTES_MAX { Err(Failure::too_large()) } else { Ok(()) }
}

/// Whether the first string contains the second.
pub fn contains<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0)?.contains(args.string(1)?)))
}

/// Whether the first string begins with the second.
pub fn startswith<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0)?.starts_with(args.string(1)?)))
}

/// Whether the first string ends with the second.
pub fn endswith<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0)?.ends_with(args.string(1)?)))
}

/// Where the second string first occurs in the first, -1 if nowhere.
pub fn indexof<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, sought) = (args.string(0)?, sought(args)?);
    let at = text.find(sought).and_then(|at| text.get(..at));
    Ok(V::integer(at.map_or(-1, |before| before.chars().count() as i64)))
}

/// Everywhere the second string occurs in the first, overlapping occurrences included.
pub fn indexof_n<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, sought) = (args.string(0)?, sought(args)?);
    let starts = text.char_indices().enumerate();
    let found =
        starts.filter(|(_, (at, _))| text.get(*at..).is_some_and(|rest| rest.starts_with(sought)));
    Ok(V::array(found.map(|(at, _)| V::integer(at as i64)).collect()))
}

fn sought<V: AnyValue>(args: &[V]) -> Result<&str, Failure> {
    match args.string(1)? {
        "" => Err(Failure::error("empty search character")),
        it => Ok(it),
    }
}

/// How often the second string occurs in the first, not counting overlaps.
pub fn strings_count<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::integer(args.string(0)?.matches(args.string(1)?).count() as i64))
}

/// The characters from an offset, at most so many; all that follow if the length is negative.
pub fn substring<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, offset, length) = (args.string(0)?, args.integer(1)?, args.integer(2)?);
    if offset < 0 {
        return Err(Failure::error("negative offset"));
    }
    let rest = from(text, count(offset));
    if length < 0 {
        return Ok(V::text(rest));
    }
    Ok(V::text(rest.get(..rest.len() - from(rest, count(length)).len()).unwrap_or("")))
}

/// What follows the first `n` characters.
fn from(text: &str, n: usize) -> &str {
    if n == 0 {
        return text;
    }
    text.char_indices().nth(n).and_then(|(at, _)| text.get(at..)).unwrap_or("")
}

/// The pieces between the delimiters; the characters if the delimiter is empty.
pub fn split<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let pieces = pieces(args.string(0)?, args.string(1)?);
    Ok(V::array(pieces.into_iter().map(V::text).collect()))
}

/// The first `n` pieces between the delimiters, or the last ones if `n` is negative.
pub fn strings_split_n<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, delimiter, n) = (args.string(0)?, args.string(1)?, args.integer(2)?);
    let pieces = pieces(text, delimiter);
    let n_kept = count(n.saturating_abs()).min(pieces.len());
    let kept = if n < 0 { pieces.get(pieces.len() - n_kept..) } else { pieces.get(..n_kept) };
    Ok(V::array(kept.unwrap_or_default().iter().map(|it| V::text(it)).collect()))
}

fn pieces<'a>(text: &'a str, delimiter: &str) -> Vec<&'a str> {
    if !delimiter.is_empty() {
        return text.split(delimiter).collect();
    }
    text.char_indices().filter_map(|(at, it)| text.get(at..at + it.len_utf8())).collect()
}

/// The characters in the opposite order.
pub fn strings_reverse<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::string(args.string(0)?.chars().rev().collect()))
}

/// Whether any of the first strings begins with any of the second.
pub fn strings_any_prefix_match<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    any_match(args, |text, prefix| text.starts_with(prefix))
}

/// Whether any of the first strings ends with any of the second.
pub fn strings_any_suffix_match<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    any_match(args, |text, suffix| text.ends_with(suffix))
}

fn any_match<V: AnyValue>(args: &[V], matches: fn(&str, &str) -> bool) -> Result<V, Failure> {
    let (texts, ends) = (one_or_many(args, 0)?, one_or_many(args, 1)?);
    Ok(V::boolean(texts.iter().any(|text| ends.iter().any(|end| matches(text, end)))))
}

fn one_or_many<V: AnyValue>(args: &[V], at: usize) -> Result<Vec<&str>, Failure> {
    match args.value(at)?.view() {
        View::String(it) => Ok(vec![it]),
        View::Array(_) | View::Set(_) => operands::strings(args, at),
        _ => Err(args.unlike(at, &["string", "set", "array"])),
    }
}

/// A failure of operand `at` (counted from 0) that the patterns of a replacement can have.
fn pattern(text: &'static str) -> Failure {
    Failure::Operand(1, Problem::Other(text.into()))
}
