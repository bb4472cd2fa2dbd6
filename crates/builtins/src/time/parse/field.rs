//! Reading one element of a layout from the text.

use std::ops::RangeInclusive;

use crate::time::calendar::SECOND_NS;
use crate::time::layout::Fill;

/// Why the text doesn't go with an element.
pub(super) enum Mismatch {
    /// It doesn't look like it.
    Text,
    /// The number, named here, is out of range.
    Range(&'static str),
}

/// The text that is left, and the layout behind the element.
pub(super) struct Field<'a> {
    pub(super) rest: &'a str,
    pub(super) layout: &'a str,
}

/// Steps over the literal text of a layout. Any number of spaces goes with any number of spaces. Fails with the text
/// from where it differs.
pub(super) fn skip<'a>(text: &'a str, literal: &str) -> Result<&'a str, &'a str> {
    let (mut text, mut literal) = (text, literal);
    while let Some(it) = literal.chars().next() {
        if it == ' ' {
            if !text.is_empty() && !text.starts_with(' ') {
                return Err(text);
            }
            (text, literal) = (text.trim_start_matches(' '), literal.trim_start_matches(' '));
        } else {
            text = text.strip_prefix(it).ok_or(text)?;
            literal = literal.strip_prefix(it).unwrap_or("");
        }
    }
    Ok(text)
}

impl Field<'_> {
    pub(super) fn eat(&mut self, it: char) -> bool {
        let rest = self.rest.strip_prefix(it);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub(super) fn take(&mut self) -> Option<char> {
        let it = self.rest.chars().next()?;
        self.eat(it);
        Some(it)
    }

    fn digit(&self, at: usize) -> Option<i64> {
        self.rest.as_bytes().get(at).filter(|it| it.is_ascii_digit()).map(|it| i64::from(it - b'0'))
    }

    fn skip_bytes(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or("");
    }

    /// Exactly so many digits.
    pub(super) fn digits(&mut self, n: usize) -> Result<i64, Mismatch> {
        let mut value = 0;
        for at in 0..n {
            value = value * 10 + self.digit(at).ok_or(Mismatch::Text)?;
        }
        self.skip_bytes(n);
        Ok(value)
    }

    /// One or two digits, two if zeros fill.
    pub(super) fn number(
        &mut self,
        fill: Fill,
        range: RangeInclusive<i64>,
        what: &'static str,
    ) -> Result<i64, Mismatch> {
        let n_digits = if fill != Fill::Zero && self.digit(1).is_none() { 1 } else { 2 };
        let value = self.digits(n_digits)?;
        if range.contains(&value) { Ok(value) } else { Err(Mismatch::Range(what)) }
    }

    /// One to three digits, three if `fixed`.
    pub(super) fn up_to_three(&mut self, fixed: bool) -> Result<i64, Mismatch> {
        let n_digits = (0..3).take_while(|at| self.digit(*at).is_some()).count();
        if n_digits == 0 || fixed && n_digits < 3 {
            return Err(Mismatch::Text);
        }
        self.digits(n_digits)
    }

    pub(super) fn skip_spaces(&mut self, fill: Fill, max: usize) {
        for _ in 0..max {
            if fill == Fill::Space {
                self.eat(' ');
            }
        }
    }

    /// Which of the names this is, in any case.
    pub(super) fn name(&mut self, names: &[&str], long: bool) -> Result<i64, Mismatch> {
        for (at, name) in names.iter().enumerate() {
            let name = if long { name } else { name.get(..3).unwrap_or(name) };
            if self.rest.get(..name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name)) {
                self.skip_bytes(name.len());
                return Ok(at as i64);
            }
        }
        Err(Mismatch::Text)
    }

    /// Whether the time is after noon.
    pub(super) fn half(&mut self, upper: bool) -> Result<bool, Mismatch> {
        let is_afternoon = match (self.rest.get(..2), upper) {
            (Some("PM"), true) | (Some("pm"), false) => true,
            (Some("AM"), true) | (Some("am"), false) => false,
            _ => return Err(Mismatch::Text),
        };
        self.skip_bytes(2);
        Ok(is_afternoon)
    }

    /// A separator and exactly so many digits, as nanoseconds.
    pub(super) fn fraction(&mut self, n_digits: usize) -> Result<i64, Mismatch> {
        if !self.rest.starts_with(['.', ',']) || (1..=n_digits).any(|at| self.digit(at).is_none()) {
            return Err(Mismatch::Text);
        }
        // Digits beyond nanoseconds are cut off.
        let mut value = 0;
        let mut unit = SECOND_NS;
        for at in 1..=n_digits.min(9) {
            unit /= 10;
            value += self.digit(at).unwrap_or(0) * unit;
        }
        self.skip_bytes(1 + n_digits);
        Ok(value)
    }

    /// A separator and all digits that follow, if there are any.
    pub(super) fn optional_fraction(&mut self) -> Result<Option<i64>, Mismatch> {
        let n_digits = self.rest.bytes().skip(1).take_while(u8::is_ascii_digit).count();
        if n_digits == 0 || !self.rest.starts_with(['.', ',']) {
            return Ok(None);
        }
        self.fraction(n_digits).map(Some)
    }

    /// Steps over what looks like the name of a zone.
    pub(super) fn zone_name(&mut self) -> Result<(), Mismatch> {
        let length = zone_name_length(self.rest).ok_or(Mismatch::Text)?;
        self.skip_bytes(length);
        Ok(())
    }
}

/// `UTC`, `CEST`, `+03`, `GMT-8`: three letters, four or five that end in `T`, or a number of hours.
fn zone_name_length(text: &str) -> Option<usize> {
    let first = text.get(..4).unwrap_or(text);
    match text.as_bytes() {
        [b'U', b'T', b'C', ..] => return Some(3),
        [b'G', b'M', b'T', ..] => return Some(3 + hours_length(text.get(3..)?).unwrap_or(0)),
        [b'+' | b'-', ..] => return hours_length(text),
        _ if matches!(first, "ChST" | "MeST" | "WITA") => return Some(4),
        _ => {}
    }
    let letters = text.as_bytes();
    match letters.iter().take(6).take_while(|it| it.is_ascii_uppercase()).count() {
        3 => Some(3),
        n @ (4 | 5) if letters.get(n - 1) == Some(&b'T') => Some(n),
        _ => None,
    }
}

fn hours_length(text: &str) -> Option<usize> {
    let digits = text.strip_prefix(['+', '-'])?;
    let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    let hours: u64 = digits.get(..n_digits)?.parse().ok()?;
    (hours <= 23).then_some(1 + n_digits)
}
