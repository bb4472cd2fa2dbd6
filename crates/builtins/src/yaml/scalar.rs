//! What an unquoted scalar stands for.

use palisade_value::AnyValue;

use crate::json::write::double;
use crate::sprintf::float::shortest;
use crate::time::calendar::days_in_month;

/// A scalar's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar {
    /// No value.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A signed 64-bit integer.
    Integer(i64),
    /// An integer above the signed ones.
    Unsigned(u64),
    /// A double, infinities and NaN included.
    Float(f64),
    /// A date or a point in time: for a reader a text, for a writer a text that needs quotes.
    Timestamp,
    /// The text itself.
    Text,
}

/// The prefix of the tags that YAML itself defines.
pub(super) const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// What a plain scalar without tag stands for.
pub(super) fn resolve(text: &str) -> Scalar {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Scalar::Boolean(true);
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Scalar::Boolean(false);
        }
        ".nan" | ".NaN" | ".NAN" => return Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => {
            return Scalar::Float(f64::INFINITY);
        }
        "-.inf" | "-.Inf" | "-.INF" => return Scalar::Float(f64::NEG_INFINITY),
        _ => {}
    }
    match text.as_bytes().first() {
        Some(b'.') => float(text).map_or(Scalar::Text, Scalar::Float),
        Some(b'+' | b'-' | b'0'..=b'9') if is_timestamp(text) => Scalar::Timestamp,
        Some(b'+' | b'-' | b'0'..=b'9') => number(&text.replace('_', "")),
        _ => Scalar::Text,
    }
}

fn number(text: &str) -> Scalar {
    let unsigned = text.strip_prefix(['+', '-']);
    let magnitude = magnitude(unsigned.unwrap_or(text));
    let signed = magnitude.and_then(|it| {
        let it = i128::from(it);
        i64::try_from(if text.starts_with('-') { -it } else { it }).ok()
    });
    match (signed, magnitude) {
        (Some(it), _) => Scalar::Integer(it),
        (None, Some(it)) if unsigned.is_none() => Scalar::Unsigned(it),
        _ => float(text).map_or(Scalar::Text, Scalar::Float),
    }
}

/// An integer without sign: decimal, or hexadecimal, octal or binary with the prefixes that Go has.
fn magnitude(text: &str) -> Option<u64> {
    let radix = |digits: &str, radix| {
        let all_digits = !digits.is_empty() && digits.chars().all(|it| it.is_digit(radix));
        if all_digits { u64::from_str_radix(digits, radix).ok() } else { None }
    };
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => radix(text.get(2..)?, 16),
        [b'0', b'o' | b'O', ..] => radix(text.get(2..)?, 8),
        [b'0', b'b' | b'B', ..] => radix(text.get(2..)?, 2),
        [b'0', _, ..] => radix(text.get(1..)?, 8),
        _ => radix(text, 10),
    }
}

/// A finite decimal number: `1`, `1.`, `.5`, `1e3`, with a sign before it or without.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (unsigned.get(..at)?, unsigned.get(at + 1..)),
        None => (unsigned, None),
    };
    let is_digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let is_exponent = |it: &str| is_digits(it.strip_prefix(['+', '-']).unwrap_or(it));
    let is_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    if !is_mantissa || !exponent.is_none_or(is_exponent) {
        return None;
    }
    text.parse().ok().filter(|it: &f64| it.is_finite())
}

/// `2001-12-14`, `2001-12-14 21:59:43.10` or `2001-12-14t21:59:43.10-05:00`.
pub(super) fn is_timestamp(text: &str) -> bool {
    read_timestamp(text).is_some()
}

fn read_timestamp(text: &str) -> Option<()> {
    let (year, rest) = (text.get(..4)?, text.get(4..)?.strip_prefix('-')?);
    let year = number_within(year, 4, 0..=9999)?;
    let (month, rest) = rest.split_once('-')?;
    let month = number_within(month, 2, 1..=12)?;
    let (day, time) = match rest.find(['T', 't', ' ']) {
        Some(at) => (rest.get(..at)?, Some(rest.get(at..)?)),
        None => (rest, None),
    };
    number_within(day, 2, 1..=days_in_month(year, month))?;
    let Some(time) = time else { return Some(()) };
    let clock = match time.strip_prefix(' ') {
        Some(clock) => clock,
        None => without_zone(time.get(1..)?)?,
    };
    let mut parts = clock.split(':');
    number_within(parts.next()?, 2, 0..=23)?;
    number_within(parts.next()?, 2, 0..=59)?;
    let seconds = parts.next()?;
    let (seconds, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
    number_within(seconds, 2, 0..=59)?;
    let is_fraction = !fraction.is_empty() && fraction.bytes().all(|it| it.is_ascii_digit());
    (is_fraction && parts.next().is_none()).then_some(())
}

fn without_zone(time: &str) -> Option<&str> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some(clock);
    }
    let at = time.len().checked_sub(6)?;
    let (clock, zone) = (time.get(..at)?, time.get(at..)?);
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    number_within(hours, 2, 0..=24)?;
    number_within(minutes, 2, 0..=60)?;
    Some(clock)
}

fn number_within(
    text: &str,
    n_digits_max: usize,
    range: std::ops::RangeInclusive<i64>,
) -> Option<i64> {
    let is_number = (1..=n_digits_max).contains(&text.len());
    let all_digits = text.bytes().all(|it| it.is_ascii_digit());
    text.parse().ok().filter(|it| is_number && all_digits && range.contains(it))
}

/// Whether YAML 1.1 would read a number in base 60: `1:30`.
pub(super) fn is_base_60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_digit_or_gap = |it: u8| it == b'_' || it.is_ascii_digit();
    let mut parts = whole.split(':');
    let first = parts.next().unwrap_or("");
    let mut n_rest = 0;
    let is_sexagesimal =
        |it: &str| matches!(it.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    let rest_fits = parts.inspect(|_| n_rest += 1).all(is_sexagesimal);
    first.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && first.bytes().all(is_digit_or_gap)
        && rest_fits
        && n_rest > 0
        && fraction.bytes().all(is_digit_or_gap)
}

impl Scalar {
    /// The value, `Err` with what JSON has no number for. `text` is the scalar's own text.
    pub(super) fn to_value<V: AnyValue>(&self, text: &str) -> Result<V, String> {
        Ok(match self {
            Scalar::Null => V::null(),
            Scalar::Boolean(it) => V::boolean(*it),
            Scalar::Integer(it) => V::integer(*it),
            Scalar::Unsigned(it) => V::decimal(&it.to_string()),
            Scalar::Float(it) if !it.is_finite() => {
                let name = if it.is_nan() { "NaN".to_owned() } else { signed(*it, "Inf") };
                return Err(["json: unsupported value: ", &name].concat());
            }
            Scalar::Float(it) => V::decimal(&double(*it)),
            Scalar::Timestamp | Scalar::Text => V::text(text),
        })
    }

    /// The text of a scalar that is a key, `None` where a document can't have such a key.
    pub(super) fn to_key(&self, text: &str) -> Option<String> {
        match self {
            Scalar::Null | Scalar::Unsigned(_) => None,
            Scalar::Boolean(it) => Some(it.to_string()),
            Scalar::Integer(it) => Some(it.to_string()),
            // Keys are rounded to single precision: the shortest digits of it, as a double.
            Scalar::Float(it) => {
                let rounded = format!("{:e}", *it as f32).parse().unwrap_or(*it);
                Some(go_float(if it.is_finite() { rounded } else { *it }))
            }
            Scalar::Timestamp | Scalar::Text => Some(text.to_owned()),
        }
    }

    /// The name of its type in YAML.
    pub(super) fn tag(&self) -> &'static str {
        match self {
            Scalar::Null => "null",
            Scalar::Boolean(_) => "bool",
            Scalar::Integer(_) | Scalar::Unsigned(_) => "int",
            Scalar::Float(_) => "float",
            Scalar::Timestamp => "timestamp",
            Scalar::Text => "str",
        }
    }
}

fn signed(it: f64, name: &str) -> String {
    [if it < 0.0 { "-" } else { "+" }, name].concat()
}

/// A double as Go's YAML writes it.
pub(super) fn go_float(it: f64) -> String {
    if it.is_nan() {
        ".nan".to_owned()
    } else if it.is_infinite() {
        if it < 0.0 { "-.inf".to_owned() } else { ".inf".to_owned() }
    } else {
        shortest(it)
    }
}
