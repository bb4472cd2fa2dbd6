//! `to_number` and the deprecated `cast_*`.

use std::borrow::Cow;

use palisade_value::{AnyValue, Kind, View};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// A number from a number, a numeric string, a boolean or `null`.
pub fn to_number<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    match args.value(0)?.view() {
        View::Null => Ok(V::integer(0)),
        View::Boolean(it) => Ok(V::integer(i64::from(it))),
        View::Number(_) => Ok(args.value(0)?.clone()),
        View::String(text) if is_special(text) => Err(args.unlike(0, &["valid number string"])),
        View::String(text) => parse(text).map(|it| V::decimal(&it)).ok_or_else(|| invalid(text)),
        _ => Err(args.unlike(0, &["null", "boolean", "number", "string"])),
    }
}

/// Infinities and what is no number have names that JSON has no numbers for.
fn is_special(text: &str) -> bool {
    let name = text.trim_start_matches(['+', '-']);
    ["inf", "infinity", "nan"].iter().any(|it| name.eq_ignore_ascii_case(it))
}

fn invalid(text: &str) -> Failure {
    Failure::Error(Cow::Owned(
        ["strconv.ParseFloat: parsing \"", text, "\": invalid syntax"].concat(),
    ))
}

/// Go reads more spellings than JSON has (`+1`, `.5`, `007`); they become JSON's. Numbers beyond a double are refused.
pub(crate) fn parse(text: &str) -> Option<String> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => unsigned.split_at(at),
        None => (unsigned, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = whole.bytes().chain(fraction.bytes());
    if whole.len() + fraction.len() == 0 || !digits.clone().all(|it| it.is_ascii_digit()) {
        return None;
    }
    if !exponent.is_empty() {
        let value = exponent.get(1..)?;
        let value = value.strip_prefix(['+', '-']).unwrap_or(value);
        if value.is_empty() || !value.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
    }
    if unsigned.parse::<f64>().ok()?.is_infinite() {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    Some([sign, whole, point, fraction, exponent].concat())
}

/// An array from an array or set.
pub fn cast_array<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    collection(args).map(|items| V::array(items.to_vec()))
}

/// A set from an array or set.
pub fn cast_set<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    collection(args).map(|items| V::set(items.to_vec()))
}

/// The string itself.
pub fn cast_string<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    same(args, Kind::String, &["string"])
}

/// The boolean itself.
pub fn cast_boolean<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    same(args, Kind::Boolean, &["boolean"])
}

/// `null` itself.
pub fn cast_null<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    same(args, Kind::Null, &["null"])
}

/// The object itself.
pub fn cast_object<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    same(args, Kind::Object, &["object"])
}

fn collection<V: AnyValue>(args: &[V]) -> Result<&[V], Failure> {
    args.items(0).map_err(|_| args.unlike(0, &["array", "set"]))
}

fn same<V: AnyValue>(
    args: &[V],
    kind: Kind,
    expected: &'static [&'static str],
) -> Result<V, Failure> {
    let it = args.value(0)?;
    if it.kind() == kind { Ok(it.clone()) } else { Err(args.unlike(0, expected)) }
}
