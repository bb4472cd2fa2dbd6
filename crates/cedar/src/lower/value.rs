//! Values, in the form that `palisade_builtins::cedar` documents.

use std::net::IpAddr;
use std::sync::Arc;

use cedar_policy_core::ast::{
    self, ExprKind, Literal, Name, PartialValue, RepresentableExtensionValue, RestrictedExpr,
    ValueKind,
};
use cedar_policy_core::extensions::Extensions;
use palisade_value::{AnyValue, Value};

use super::uid;

/// The value as compiled policies know it; none of an extension that they don't know.
pub(crate) fn lower(value: &ast::Value) -> Option<Value> {
    Some(match &value.value {
        ValueKind::Lit(it) => literal(it),
        ValueKind::Set(set) => Value::set(set.iter().map(lower).collect::<Option<_>>()?),
        ValueKind::Record(members) => {
            let members = members.iter().map(|(name, it)| Some((name, lower(it)?)));
            Value::object_of(members.collect::<Option<Vec<_>>>()?)
        }
        ValueKind::ExtensionValue(it) => extension(value, it)?,
    })
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Bool(it) => Value::from(*it),
        Literal::Long(it) => Value::from(*it),
        Literal::String(it) => Value::from(it.as_str()),
        Literal::EntityUID(it) => {
            let uid = uid(it);
            Value::array(vec![Value::from(uid.ty.as_str()), Value::from(uid.id.as_str())])
        }
    }
}

/// The official crates keep what is inside such a value to themselves; but they say how it can be written, and compute
/// with it.
fn extension(value: &ast::Value, extension: &Arc<RepresentableExtensionValue>) -> Option<Value> {
    let ty = extension.typename().to_string();
    let (first, second) = match ty.as_str() {
        "ipaddr" => {
            let (address, prefix) = address(&argument(extension)?)?;
            (Value::from(address.as_str()), Value::from(prefix))
        }
        "decimal" => (Value::from(ten_thousandths(&argument(extension)?)?), Value::null()),
        "datetime" => (Value::from(since_epoch(value)?), Value::null()),
        "duration" => (Value::from(milliseconds(value.clone())?), Value::null()),
        _ => return None,
    };
    Some(Value::array(vec![Value::from(ty.as_str()), first, second]))
}

/// The text that a value is made from: `10.0.0.0/8`.
fn argument(extension: &Arc<RepresentableExtensionValue>) -> Option<String> {
    let call = RestrictedExpr::from(extension.as_ref().clone());
    let ExprKind::ExtensionFunctionApp { args, .. } = call.expr_kind() else { return None };
    match args.first()?.expr_kind() {
        ExprKind::Lit(Literal::String(text)) => Some(text.to_string()),
        _ => None,
    }
}

/// The digits of an address and its prefix. Without a prefix, it is the address itself.
fn address(text: &str) -> Option<(String, i64)> {
    let (address, prefix) = match text.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (text, None),
    };
    let (digits, whole) = match address.parse().ok()? {
        IpAddr::V4(it) => (format!("{:08x}", it.to_bits()), 32),
        IpAddr::V6(it) => (format!("{:032x}", it.to_bits()), 128),
    };
    let prefix = prefix.map_or(Some(whole), |it| it.parse().ok())?;
    Some((digits, prefix))
}

/// `1.5` → 15000
fn ten_thousandths(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.')?;
    format!("{whole}{fraction:0<4}").parse().ok()
}

fn since_epoch(datetime: &ast::Value) -> Option<i64> {
    let epoch = call("datetime", &[ast::Value::from("1970-01-01")])?;
    milliseconds(call("durationSince", &[datetime.clone(), epoch])?)
}

fn milliseconds(duration: ast::Value) -> Option<i64> {
    match call("toMilliseconds", &[duration])?.value {
        ValueKind::Lit(Literal::Long(it)) => Some(it),
        _ => None,
    }
}

fn call(function: &str, args: &[ast::Value]) -> Option<ast::Value> {
    let name = Name::parse_unqualified_name(function).ok()?;
    match Extensions::all_available().func(&name).ok()?.call(args).ok()? {
        PartialValue::Value(it) => Some(it),
        PartialValue::Residual(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(function: &str, argument: &str) -> String {
        lower(&call(function, &[ast::Value::from(argument)]).unwrap()).unwrap().to_string()
    }

    #[test]
    fn addresses_are_digits_and_a_prefix() {
        assert_eq!(made("ip", "10.0.0.1"), r#"["ipaddr", "0a000001", 32]"#);
        assert_eq!(made("ip", "10.0.0.1/0"), r#"["ipaddr", "0a000001", 0]"#);
        let digits = "000000000000000000000000000000ff";
        assert_eq!(made("ip", "::ff"), format!(r#"["ipaddr", "{digits}", 128]"#));
        assert_eq!(made("ip", "::ff/8"), format!(r#"["ipaddr", "{digits}", 8]"#));
    }

    #[test]
    fn decimals_are_counted_in_ten_thousandths() {
        for (text, n) in [
            ("1.5", "15000"),
            ("-0.0001", "-1"),
            ("-0.5", "-5000"),
            ("00.10", "1000"),
            ("922337203685477.5807", "9223372036854775807"),
            ("-922337203685477.5808", "-9223372036854775808"),
        ] {
            assert_eq!(made("decimal", text), format!(r#"["decimal", {n}, null]"#));
        }
    }

    #[test]
    fn times_are_counted_in_milliseconds() {
        let datetime = |n: i64| format!(r#"["datetime", {n}, null]"#);
        assert_eq!(made("datetime", "1970-01-01"), datetime(0));
        assert_eq!(made("datetime", "1969-12-31T23:59:59.999Z"), datetime(-1));
        assert_eq!(made("datetime", "2024-10-15T11:38:02+0100"), datetime(1_728_988_682_000));
        let duration = |n: i64| format!(r#"["duration", {n}, null]"#);
        assert_eq!(made("duration", "-1d2h3m4s5ms"), duration(-93_784_005));
        assert_eq!(made("duration", "-9223372036854775808ms"), duration(i64::MIN));
    }

    #[test]
    fn a_computed_value_is_as_good_as_a_written_one() {
        let zero = call("datetime", &[ast::Value::from("1970-01-02")]).unwrap();
        let day = call("duration", &[ast::Value::from("-1d")]).unwrap();
        let offset = call("offset", &[zero, day]).unwrap();
        assert_eq!(lower(&offset).unwrap().to_string(), r#"["datetime", 0, null]"#);
    }
}
