//! Whether two simple patterns have a string in common that is not empty.
//!
//! Each pattern is a row of character sets with a repetition, so the pair of them is an automaton whose states are
//! pairs of positions, with whether a character has been matched; the question is whether its end can be reached.

use crate::failure::Failure;
use crate::limits::ITEMS_MAX;

/// A set of characters and how often it may occur.
pub(super) struct Token {
    ranges: Vec<(char, char)>,
    may_be_absent: bool,
    may_repeat: bool,
}

const INVALID: Failure = Failure::error("the input provided is invalid");

/// Reads a pattern.
pub(super) fn parse(pattern: &str) -> Result<Vec<Token>, Failure> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut characters = pattern.chars();
    let mut can_repeat = false;
    while let Some(it) = characters.next() {
        if matches!(it, '*' | '+') {
            let token = tokens.last_mut().filter(|_| can_repeat).ok_or(INVALID)?;
            (token.may_be_absent, token.may_repeat, can_repeat) = (it == '*', true, false);
            continue;
        }
        let ranges = match it {
            '.' => vec![('\0', char::MAX)],
            '[' => class(&mut characters)?,
            ']' => return Err(INVALID),
            '\\' => {
                let escaped = characters.next().ok_or(INVALID)?;
                vec![(escaped, escaped)]
            }
            _ => vec![(it, it)],
        };
        tokens.push(Token { ranges, may_be_absent: false, may_repeat: false });
        can_repeat = true;
    }
    Ok(tokens)
}

/// What stands between brackets: characters and ranges. A hyphen always makes a range.
fn class(characters: &mut std::str::Chars<'_>) -> Result<Vec<(char, char)>, Failure> {
    let mut ranges = Vec::new();
    let mut low = None;
    loop {
        let it = match characters.next().ok_or(INVALID)? {
            ']' if ranges.is_empty() => return Err(INVALID),
            ']' => return Ok(ranges),
            '-' => {
                let low = low.take().ok_or(INVALID)?;
                let high = member(characters).filter(|high| low <= *high).ok_or(INVALID)?;
                ranges.pop();
                ranges.push((low, high));
                continue;
            }
            '\\' => characters.next().ok_or(INVALID)?,
            it => it,
        };
        low = Some(it);
        ranges.push((it, it));
    }
}

/// The upper end of a range.
fn member(characters: &mut std::str::Chars<'_>) -> Option<char> {
    match characters.next()? {
        ']' | '-' => None,
        '\\' => characters.next(),
        it => Some(it),
    }
}

/// Whether some string that is not empty matches both.
pub(super) fn is_inhabited(a: &[Token], b: &[Token]) -> Result<bool, Failure> {
    let width = b.len() + 1;
    let n_states = (a.len() + 1)
        .checked_mul(width)
        .and_then(|it| it.checked_mul(2))
        .filter(|it| *it <= ITEMS_MAX)
        .ok_or(Failure::too_large())?;
    let mut is_reached = vec![false; n_states];
    let mut pending = vec![(0, 0, false)];
    while let Some((at_a, at_b, has_matched)) = pending.pop() {
        match is_reached.get_mut((at_a * width + at_b) * 2 + usize::from(has_matched)) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        let (x, y) = (a.get(at_a), b.get(at_b));
        if has_matched && x.is_none() && y.is_none() {
            return Ok(true);
        }
        // A repeated set that has matched once may be left; one that may be absent need not match at all.
        if x.is_some_and(|it| it.may_be_absent) {
            pending.push((at_a + 1, at_b, has_matched));
        }
        if y.is_some_and(|it| it.may_be_absent) {
            pending.push((at_a, at_b + 1, has_matched));
        }
        if let (Some(x), Some(y)) = (x, y)
            && overlap(x, y)
        {
            pending.push((at_a + 1, at_b + 1, true));
            if x.may_repeat {
                pending.push((at_a, at_b + 1, true));
            }
            if y.may_repeat {
                pending.push((at_a + 1, at_b, true));
            }
        }
    }
    Ok(false)
}

fn overlap(x: &Token, y: &Token) -> bool {
    x.ranges.iter().any(|(low, high)| y.ranges.iter().any(|(from, to)| low <= to && from <= high))
}
