//! Whether two JSON texts are the same value, their numbers compared exactly or as doubles.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// For fields that may be missing: `null` is a value like any other.
///
/// # Errors
/// Those of the format.
pub fn present<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::<RawValue>::deserialize(from).map(Some)
}

/// How exactly a language's JSON reader keeps numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Every digit.
    Exact,
    /// As much as fits a double.
    Double,
}

/// Whether two texts are the same JSON value.
///
/// # Errors
/// When one of them is no JSON.
pub fn are_equal(left: &str, right: &str, precision: Precision) -> serde_json::Result<bool> {
    let kind = |text: &str| text.trim_start().bytes().next().unwrap_or(b' ');
    match (kind(left), kind(right)) {
        (b'{', b'{') => {
            let left: BTreeMap<String, &RawValue> = serde_json::from_str(left)?;
            let right: BTreeMap<String, &RawValue> = serde_json::from_str(right)?;
            if !left.keys().eq(right.keys()) {
                return Ok(false);
            }
            all_equal(left.values().copied().zip(right.values().copied()), precision)
        }
        (b'[', b'[') => {
            let left: Vec<&RawValue> = serde_json::from_str(left)?;
            let right: Vec<&RawValue> = serde_json::from_str(right)?;
            if left.len() != right.len() {
                return Ok(false);
            }
            all_equal(left.into_iter().zip(right), precision)
        }
        (b'"', b'"') => {
            let left: String = serde_json::from_str(left)?;
            let right: String = serde_json::from_str(right)?;
            Ok(left == right)
        }
        (b'-' | b'0'..=b'9', b'-' | b'0'..=b'9') if precision == Precision::Double => {
            Ok(left.trim().parse::<f64>().ok() == right.trim().parse::<f64>().ok())
        }
        (b'-' | b'0'..=b'9', b'-' | b'0'..=b'9') => Ok(Decimal::of(left) == Decimal::of(right)),
        _ => Ok(left.trim() == right.trim()),
    }
}

fn all_equal<'a>(
    pairs: impl Iterator<Item = (&'a RawValue, &'a RawValue)>,
    precision: Precision,
) -> serde_json::Result<bool> {
    for (left, right) in pairs {
        if !are_equal(left.get(), right.get(), precision)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// A number as digits without zeros at either end, and a power of ten. Equal numbers have one form only.
#[derive(PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn of(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (is_negative, text) = text.strip_prefix('-').map_or((false, text), |it| (true, it));
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let significant = digits.trim_end_matches('0');
        let n_zeros = digits.len() - significant.len();
        let exponent = exponent.parse::<i64>().ok()? - fraction.len() as i64 + n_zeros as i64;
        let significant = significant.trim_start_matches('0');
        if significant.is_empty() {
            return Some(Decimal { is_negative: false, digits: String::new(), exponent: 0 });
        }
        Some(Decimal { is_negative, digits: significant.to_owned(), exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::{Precision, are_equal};

    #[track_caller]
    fn check(left: &str, right: &str, exact: bool, double: bool) {
        let equal = |precision| are_equal(left, right, precision).expect("JSON");
        assert_eq!((equal(Precision::Exact), equal(Precision::Double)), (exact, double));
    }

    #[test]
    fn values_are_compared_not_texts() {
        check(r#"{"a": [1, null], "b": "\u00e9"}"#, r#"{"b":"é","a":[1.0,null]}"#, true, true);
        check(r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, false, false);
        check("[1, 2]", "[2, 1]", false, false);
        check("true", "false", false, false);
        check("\"1\"", "1", false, false);
    }

    #[test]
    fn numbers_are_exact_where_they_can_be() {
        check("9007199254740993", "9007199254740992", false, true);
        check("100", "1e2", true, true);
        check("-0.50", "-5E-1", true, true);
        check("0", "-0.0", true, true);
        check("1", "-1", false, false);
        check("0.1", "0.10000000000000000001", false, true);
    }
}
