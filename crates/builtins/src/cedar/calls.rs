//! Functions of extensions by their names, for values in JSON.

use palisade_value::AnyValue;

use super::faults::{Fault, saying};
use super::{datetime, decimal, duration, ipaddr, text};

/// The types of the operands of a function, in the words of schemas: an extension, or `String`.
pub(super) fn operands(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "ip" | "decimal" | "datetime" | "duration" => &["String"],
        "isIpv4" | "isIpv6" | "isLoopback" | "isMulticast" => &["ipaddr"],
        "isInRange" => &["ipaddr", "ipaddr"],
        "lessThan" | "lessThanOrEqual" | "greaterThan" | "greaterThanOrEqual" => {
            &["decimal", "decimal"]
        }
        "offset" => &["datetime", "duration"],
        "durationSince" => &["datetime", "datetime"],
        "toDate" | "toTime" => &["datetime"],
        "toMilliseconds" | "toSeconds" | "toMinutes" | "toHours" | "toDays" => &["duration"],
        _ => return None,
    })
}

/// The function that makes values of an extension from strings.
pub(super) fn constructor(extension: &str) -> &str {
    match extension {
        "ipaddr" => "ip",
        it => it,
    }
}

/// The result of a call.
pub(super) fn call<V: AnyValue>(name: &str, arguments: &[V]) -> Result<V, Fault> {
    let Some(expected) = operands(name) else { return Err(does_not_exist(name)) };
    match arguments {
        [a] if expected.len() == 1 => unary(name, a),
        [a, b] if expected.len() == 2 => binary(name, a, b),
        _ => Err(wrong_number(name, expected.len(), arguments.len())),
    }
}

fn unary<V: AnyValue>(name: &str, a: &V) -> Result<V, Fault> {
    match name {
        "ip" => ipaddr::make(a),
        "decimal" => decimal::make(a),
        "datetime" => datetime::make(a),
        "duration" => duration::make(a),
        "toDate" => datetime::date(a),
        "toTime" => datetime::time(a),
        "toMilliseconds" => duration::in_units(a, 1),
        "toSeconds" => duration::in_units(a, duration::SECOND),
        "toMinutes" => duration::in_units(a, duration::MINUTE),
        "toHours" => duration::in_units(a, duration::HOUR),
        "toDays" => duration::in_units(a, duration::DAY),
        _ => ipaddr::test_by_name(name, a).unwrap_or_else(|| Err(does_not_exist(name))),
    }
}

fn binary<V: AnyValue>(name: &str, a: &V, b: &V) -> Result<V, Fault> {
    match name {
        "isInRange" => ipaddr::lies_in(a, b),
        "lessThan" => decimal::compare(a, b, |a, b| a < b),
        "lessThanOrEqual" => decimal::compare(a, b, |a, b| a <= b),
        "greaterThan" => decimal::compare(a, b, |a, b| a > b),
        "greaterThanOrEqual" => decimal::compare(a, b, |a, b| a >= b),
        "offset" => datetime::move_by(a, b),
        "durationSince" => datetime::difference(a, b),
        _ => Err(does_not_exist(name)),
    }
}

#[cold]
#[inline(never)]
fn does_not_exist(name: &str) -> Fault {
    saying(&["extension function `", name, "` does not exist"])
}

#[cold]
#[inline(never)]
fn wrong_number(name: &str, expected: usize, actual: usize) -> Fault {
    let (expected, actual) = (text::number_text(expected as i64), text::number_text(actual as i64));
    saying(&[
        "wrong number of arguments provided to extension function `",
        name,
        "`: expected ",
        &expected,
        ", got ",
        &actual,
    ])
}
