//! `lower` and `upper`: letter by letter, so that a string keeps its number of characters.

use palisade_value::AnyValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// The string in lower case.
pub fn lower<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = args.string(0)?;
    Ok(V::string(if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        text.chars().map(lower_of).collect()
    }))
}

/// The string in upper case.
pub fn upper<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = args.string(0)?;
    Ok(V::string(if text.is_ascii() {
        text.to_ascii_uppercase()
    } else {
        text.chars().map(upper_of).collect()
    }))
}

/// The simple lower case. Only `İ` has a longer one, whose first letter is the simple one.
fn lower_of(it: char) -> char {
    it.to_lowercase().next().unwrap_or(it)
}

/// The simple upper case. Where the full one is longer there is none, except for Greek letters with a iota below,
/// whose simple upper case is the title case letter of the same block.
fn upper_of(it: char) -> char {
    let mut full = it.to_uppercase();
    if let (Some(one), None) = (full.next(), full.next()) {
        return one;
    }
    match it {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            shifted(it, 8)
        }
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shifted(it, 9),
        _ => it,
    }
}

fn shifted(it: char, by: u32) -> char {
    char::from_u32(it as u32 + by).unwrap_or(it)
}
