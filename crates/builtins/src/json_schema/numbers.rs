//! Numbers in schemas: exact, except where JSON text is compared.

use num_bigint::BigInt;
use palisade_value::number::{Decimal, INT_TEXT_MAX};
use palisade_value::{AnyValue, Num, View};

use crate::json::write::{double, string};

/// More zeros than this between two numbers, and one isn't taken for a multiple of the other.
const SCALE_MAX: i64 = 20_000;

/// Whether the number has no fraction.
pub(super) fn is_integer(it: &Num<'_>) -> bool {
    let mut space = [0; INT_TEXT_MAX];
    it.decimal(&mut space).exponent() >= 0
}

/// Whether the first number is the second, which isn't zero, so many times.
pub(super) fn is_multiple(it: &Num<'_>, of: &Num<'_>) -> bool {
    let (mut space_a, mut space_b) = ([0; INT_TEXT_MAX], [0; INT_TEXT_MAX]);
    let (a, b) = (it.decimal(&mut space_a), of.decimal(&mut space_b));
    if a.is_zero() {
        return true;
    }
    let least = a.exponent().min(b.exponent());
    match (scaled(&a, least), scaled(&b, least)) {
        (Some(a), Some(b)) if b != BigInt::ZERO => a % b == BigInt::ZERO,
        _ => false,
    }
}

fn scaled(it: &Decimal<'_>, least: i64) -> Option<BigInt> {
    let n_zeros = it.exponent().checked_sub(least).filter(|it| *it <= SCALE_MAX)?;
    let digits: Vec<u8> = it.digits().chain(std::iter::repeat_n(b'0', n_zeros as usize)).collect();
    BigInt::parse_bytes(&digits, 10)
}

/// The number as messages show it: all its digits, in scientific notation from a million on.
pub(super) fn shown(it: &Num<'_>) -> String {
    let mut space = [0; INT_TEXT_MAX];
    let decimal = it.decimal(&mut space);
    let digits: String = decimal.digits().map(char::from).collect();
    if digits.is_empty() {
        return "0".to_owned();
    }
    let sign = if decimal.is_negative() { "-" } else { "" };
    let point = decimal.exponent().saturating_add(digits.len() as i64);
    let text = match point {
        ..=-4 | 7.. => {
            let (first, rest) = digits.split_at_checked(1).unwrap_or(("0", ""));
            let dot = if rest.is_empty() { "" } else { "." };
            let power = point.saturating_sub(1);
            let power_sign = if power < 0 { '-' } else { '+' };
            format!("{first}{dot}{rest}e{power_sign}{:02}", power.unsigned_abs())
        }
        ..=0 => ["0.", &"0".repeat(point.unsigned_abs() as usize), &digits].concat(),
        _ => match digits.split_at_checked(point as usize) {
            Some((whole, "")) => whole.to_owned(),
            Some((whole, fraction)) => [whole, ".", fraction].concat(),
            None => [digits.as_str(), &"0".repeat(point as usize - digits.len())].concat(),
        },
    };
    [sign, &text].concat()
}

/// A JSON document as text in which equal numbers, as doubles, have equal text.
pub(super) fn canonical<V: AnyValue>(value: &V) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write<V: AnyValue>(value: &V, out: &mut String) {
    match value.view() {
        View::Null => out.push_str("null"),
        View::Boolean(it) => out.push_str(if it { "true" } else { "false" }),
        View::Number(it) => match it.to_f64() {
            number if number.is_finite() => out.push_str(&double(number)),
            _ => out.push_str(&it.to_text()),
        },
        View::String(it) => string(it, out),
        View::Array(items) | View::Set(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        View::Object(entries) => {
            out.push('{');
            for (at, entry) in entries.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                string(entry.key.as_str().unwrap_or_default(), out);
                out.push(':');
                write(&entry.value, out);
            }
            out.push('}');
        }
    }
}
