//! Exact numbers: 64-bit integers on the fast path, decimal text beside it.
//!
//! A number read from JSON or source is kept as written unless it is a 64-bit integer, so that documents go through
//! without loss. Order and equality are by exact value and look at the text only: no big integers are made for them.

use std::cmp::Ordering;

use num_bigint::BigInt;

/// The largest power of ten that integer conversion expands: a guard against `1e999999999`.
pub const EXPONENT_MAX: i64 = 20_000;

/// The most digits that are turned into a big integer. The conversion is quadratic, so it needs a limit.
pub const DIGITS_MAX: usize = 20_000;

/// A borrowed number.
#[derive(Clone, Copy, Debug)]
pub enum Num<'a> {
    /// A 64-bit integer.
    Int(i64),
    /// Decimal text in JSON's number syntax.
    Decimal(&'a str),
}

/// A number that owns its text.
#[derive(Clone, Debug)]
pub enum OwnedNum {
    /// A 64-bit integer.
    Int(i64),
    /// Decimal text in JSON's number syntax.
    Decimal(String),
}

impl From<i64> for OwnedNum {
    fn from(it: i64) -> OwnedNum {
        OwnedNum::Int(it)
    }
}

impl<'a> Num<'a> {
    /// Reads plain integer text (no fraction, no exponent, no `-0`) that fits 64 bits.
    pub fn parse_int(text: &str) -> Option<i64> {
        if text == "-0" { None } else { text.parse().ok() }
    }

    /// The number, if it is written as an integer that fits 64 bits: `3`, but not `3.0`. Representations differ in which
    /// of those are [`Num::Int`].
    pub fn plain_int(&self) -> Option<i64> {
        match self {
            Num::Int(it) => Some(*it),
            Num::Decimal(text) => Num::parse_int(text),
        }
    }

    /// The number as a 64-bit integer, if it is one: `3`, `3.0` and `30e-1` alike.
    pub fn to_i64(&self) -> Option<i64> {
        match self {
            Num::Int(it) => Some(*it),
            Num::Decimal(text) => Decimal::parse(text)?.to_i64(),
        }
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        match self {
            Num::Int(it) => *it as f64,
            Num::Decimal(text) => text.parse().unwrap_or(f64::NAN),
        }
    }

    /// Whether the number has no fraction.
    pub fn is_integer(&self) -> bool {
        match self {
            Num::Int(_) => true,
            Num::Decimal(text) => Decimal::parse(text).is_some_and(|it| it.exponent() >= 0),
        }
    }

    /// The number as an integer of any size, if it is one within [`EXPONENT_MAX`] and [`DIGITS_MAX`].
    pub fn to_big_int(&self) -> Option<BigInt> {
        match self {
            Num::Int(it) => Some(BigInt::from(*it)),
            Num::Decimal(text) => Decimal::parse(text)?.to_big_int(),
        }
    }

    /// Compares by exact value.
    pub fn compare(&self, other: &Num<'_>) -> Ordering {
        if let (Num::Int(a), Num::Int(b)) = (self, other) {
            return a.cmp(b);
        }
        let (mut space_a, mut space_b) = ([0; INT_TEXT_MAX], [0; INT_TEXT_MAX]);
        self.decimal(&mut space_a).compare(&other.decimal(&mut space_b))
    }

    /// The text of the number as JSON prints it.
    pub fn to_text(&self) -> String {
        match self {
            Num::Int(it) => it.to_string(),
            Num::Decimal(text) => (*text).to_owned(),
        }
    }

    /// An owned copy.
    pub fn to_owned(&self) -> OwnedNum {
        match self {
            Num::Int(it) => OwnedNum::Int(*it),
            Num::Decimal(text) => OwnedNum::Decimal((*text).to_owned()),
        }
    }

    /// The number's digits and exponent; an integer's digits are written into `space`.
    /// Text that is no number counts as zero.
    pub fn decimal<'s>(&'s self, space: &'s mut [u8; INT_TEXT_MAX]) -> Decimal<'s> {
        match self {
            Num::Int(it) => Decimal::of_int(*it, space),
            Num::Decimal(text) => Decimal::parse(text).unwrap_or(Decimal::ZERO),
        }
    }
}

/// Room for the digits of any 64-bit integer.
pub const INT_TEXT_MAX: usize = 20;

/// A decimal number taken apart but not copied: `whole` and `fraction` are its significant digits in order, without
/// leading zeros, trailing zeros or point; the number is `digits × 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    exponent: i64,
}

impl<'a> Decimal<'a> {
    const ZERO: Decimal<'static> =
        Decimal { negative: false, whole: b"", fraction: b"", exponent: 0 };

    /// Reads JSON's number syntax. `None` on anything else.
    pub fn parse(text: &'a str) -> Option<Decimal<'a>> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (text.get(..at)?, parse_exponent(text.get(at + 1..)?)?),
            None => (text, 0),
        };
        let unsigned = mantissa.strip_prefix('-');
        let (whole, fraction) = unsigned
            .unwrap_or(mantissa)
            .split_once('.')
            .unwrap_or((unsigned.unwrap_or(mantissa), ""));
        let all_digits = whole.bytes().chain(fraction.bytes()).all(|it| it.is_ascii_digit());
        if whole.is_empty() || !all_digits {
            return None;
        }
        Some(Decimal::new(unsigned.is_some(), whole.as_bytes(), fraction.as_bytes(), exponent))
    }

    /// Drops the zeros on both sides and moves them into the exponent.
    fn new(negative: bool, whole: &'a [u8], fraction: &'a [u8], exponent: i64) -> Decimal<'a> {
        let (mut whole, mut fraction) = (trim_start(whole), trim_end(fraction));
        let mut exponent = exponent.saturating_sub(length(fraction));
        if whole.is_empty() {
            fraction = trim_start(fraction);
        }
        if fraction.is_empty() {
            let kept = trim_end(whole);
            exponent = exponent.saturating_add(length(whole) - length(kept));
            whole = kept;
        }
        if whole.is_empty() && fraction.is_empty() {
            return Decimal { negative, ..Decimal::ZERO };
        }
        Decimal { negative, whole, fraction, exponent }
    }

    fn of_int(it: i64, space: &'a mut [u8; INT_TEXT_MAX]) -> Decimal<'a> {
        let mut rest = it.unsigned_abs();
        let mut start = INT_TEXT_MAX;
        for slot in space.iter_mut().rev() {
            if rest == 0 {
                break;
            }
            *slot = b'0' + (rest % 10) as u8;
            rest /= 10;
            start -= 1;
        }
        Decimal::new(it < 0, space.get(start..).unwrap_or(b""), b"", 0)
    }

    /// Whether a minus stands before it; `-0` has one too.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether the value is zero.
    pub fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.is_empty()
    }

    /// The power of ten with which the digits are multiplied. Negative exactly when there is a fraction.
    pub fn exponent(&self) -> i64 {
        self.exponent
    }

    /// How many significant digits there are.
    pub fn n_digits(&self) -> usize {
        self.whole.len() + self.fraction.len()
    }

    /// The significant digits as ASCII, most significant first.
    pub fn digits(&self) -> impl Iterator<Item = u8> + 'a {
        self.whole.iter().chain(self.fraction).copied()
    }

    /// The number as a 64-bit integer, if it is one.
    pub fn to_i64(&self) -> Option<i64> {
        let n_zeros = u32::try_from(self.exponent).ok()?;
        if self.n_digits() > INT_TEXT_MAX || n_zeros > INT_TEXT_MAX as u32 {
            return None;
        }
        let digits = self.digits().fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        let magnitude = digits.checked_mul(10_i128.checked_pow(n_zeros)?)?;
        i64::try_from(if self.negative { -magnitude } else { magnitude }).ok()
    }

    /// The integer this is, if it is one within [`EXPONENT_MAX`] and [`DIGITS_MAX`].
    pub fn to_big_int(&self) -> Option<BigInt> {
        let n_zeros =
            usize::try_from(self.exponent).ok().filter(|_| self.exponent <= EXPONENT_MAX)?;
        if self.n_digits() > DIGITS_MAX {
            return None;
        }
        let mut text = Vec::with_capacity(self.n_digits() + n_zeros + 1);
        text.push(b'0');
        text.extend(self.digits());
        text.resize(text.len() + n_zeros, b'0');
        let magnitude = BigInt::parse_bytes(&text, 10)?;
        Some(if self.negative { -magnitude } else { magnitude })
    }

    /// Compares by exact value.
    pub fn compare(&self, other: &Decimal<'_>) -> Ordering {
        let sign = |it: &Decimal<'_>| match (it.is_zero(), it.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let by_sign = sign(self).cmp(&sign(other));
        if by_sign.is_ne() || self.is_zero() {
            return by_sign;
        }
        // The place of the first digit decides; without trailing zeros the digits then compare like text.
        let place = |it: &Decimal<'_>| it.exponent.saturating_add(it.n_digits() as i64);
        let magnitude =
            place(self).cmp(&place(other)).then_with(|| self.digits().cmp(other.digits()));
        if self.negative { magnitude.reverse() } else { magnitude }
    }
}

/// The exponent's value; one that no 64-bit integer holds is as good as infinite.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let limit = if text.starts_with('-') { i64::MIN / 2 } else { i64::MAX / 2 };
    Some(text.parse::<i64>().map_or(limit, |it| it.clamp(i64::MIN / 2, i64::MAX / 2)))
}

fn trim_start(digits: &[u8]) -> &[u8] {
    let n_zeros = digits.iter().take_while(|it| **it == b'0').count();
    digits.get(n_zeros..).unwrap_or(b"")
}

fn trim_end(digits: &[u8]) -> &[u8] {
    let n_zeros = digits.iter().rev().take_while(|it| **it == b'0').count();
    digits.get(..digits.len() - n_zeros).unwrap_or(b"")
}

fn length(digits: &[u8]) -> i64 {
    i64::try_from(digits.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(a: &str, b: &str) -> Ordering {
        Num::Decimal(a).compare(&Num::Decimal(b))
    }

    #[test]
    fn numbers_compare_by_value() {
        assert_eq!(compare("1.0", "1"), Ordering::Equal);
        assert_eq!(compare("1e3", "1000"), Ordering::Equal);
        assert_eq!(compare("-0", "0"), Ordering::Equal);
        assert_eq!(compare("0.1", "0.10000000000000000001"), Ordering::Less);
        assert_eq!(compare("-2", "-10"), Ordering::Greater);
        assert_eq!(compare("9", "10"), Ordering::Less);
        assert_eq!(compare("1e400", "1e399"), Ordering::Greater);
        assert_eq!(compare("1e999999999", "1"), Ordering::Greater);
        assert_eq!(compare("1e99999999999999999999", "1e9999"), Ordering::Greater);
        assert_eq!(compare("0.01", "1e-2"), Ordering::Equal);
        assert_eq!(compare("0.010", "0.02"), Ordering::Less);
        assert_eq!(compare("-1e-99999999999999999999", "0"), Ordering::Less);
    }

    #[test]
    fn integers_compare_with_decimals() {
        let check = |a: i64, b: &str| Num::Int(a).compare(&Num::Decimal(b));
        assert_eq!(check(10, "10.0"), Ordering::Equal);
        assert_eq!(check(0, "-0"), Ordering::Equal);
        assert_eq!(check(i64::MIN, "-9223372036854775808.0"), Ordering::Equal);
        assert_eq!(check(i64::MAX, "9223372036854775808"), Ordering::Less);
        assert_eq!(check(-3, "-3.5"), Ordering::Greater);
    }

    #[test]
    fn integers_are_recognised_in_any_spelling() {
        assert_eq!(Num::Decimal("30e-1").to_i64(), Some(3));
        assert_eq!(Num::Decimal("3.50").to_i64(), None);
        assert_eq!(Num::Decimal("-9223372036854775808.0").to_i64(), Some(i64::MIN));
        assert_eq!(Num::Decimal("18446744073709551616").to_i64(), None);
        assert_eq!(Num::Decimal("1e3").to_big_int(), Some(BigInt::from(1000)));
        assert_eq!(Num::Decimal("-0.0").to_big_int(), Some(BigInt::ZERO));
        assert_eq!(Num::Decimal("1e20001").to_big_int(), None);
    }

    #[test]
    fn text_that_is_no_number_is_refused() {
        for text in ["", "-", "1e", "1e+", "x", "1.2.3", "--1", ".5"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }
}
