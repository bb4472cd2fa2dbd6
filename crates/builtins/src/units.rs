//! `units.*`: amounts with SI and binary prefixes.

use std::borrow::Cow;

use num_bigint::BigInt;
use palisade_value::number::INT_TEXT_MAX;
use palisade_value::{AnyValue, Num};

use crate::casts;
use crate::context::Context;
use crate::failure::Failure;
use crate::numbers::{big, float};
use crate::operands::Operands;

/// More digits than this in an exponent are refused.
const EXPONENT_DIGITS_MAX: usize = 6;

/// A number of bytes; the case of the unit doesn't matter and what is left of a byte is cut off.
pub fn units_parse_bytes<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = args.string(0)?.to_lowercase().replace('"', "");
    let (number, unit) = split(&text, "no byte amount provided")?;
    let letters = unit.strip_suffix('b').unwrap_or(unit);
    let size = size(letters).filter(|_| unit != "b").ok_or_else(|| unknown("byte unit ", unit))?;
    let number =
        casts::parse(number).ok_or(Failure::error("could not parse byte amount to a number"))?;
    let amount = float(Num::Decimal(&number))?.multiply(float(Num::Int(size))?);
    big(amount.truncate().0)
}

/// An amount; `m` is a thousandth and `M` a million, of all other units the case doesn't matter.
pub fn units_parse<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = args.string(0)?.replace('"', "");
    let (number, unit) = split(&text, "no amount provided")?;
    let is_lower_mega = unit == "m";
    let size = size(&unit.to_lowercase()).filter(|_| !is_lower_mega);
    let number =
        || casts::parse(number).ok_or(Failure::error("could not parse amount to a number"));
    match size {
        Some(size) => Ratio::new(&number()?).times(BigInt::from(size), BigInt::from(1)).to_value(),
        // The double that is nearest to a thousandth, not quite a thousandth: `1000m` has a fraction.
        None if is_lower_mega => Ratio::new(&number()?)
            .times(BigInt::from(1_152_921_504_606_847_i64), BigInt::from(1_i64 << 60))
            .to_value(),
        None => Err(unknown("unit ", unit)),
    }
}

fn unknown(what: &'static str, unit: &str) -> Failure {
    Failure::Error([what, unit, " not recognized"].concat().into())
}

fn size(unit: &str) -> Option<i64> {
    Some(match unit {
        "" => 1,
        "k" => 1_000,
        "m" => 1_000_000,
        "g" => 1_000_000_000,
        "t" => 1_000_000_000_000,
        "p" => 1_000_000_000_000_000,
        "e" => 1_000_000_000_000_000_000,
        "ki" => 1 << 10,
        "mi" => 1 << 20,
        "gi" => 1 << 30,
        "ti" => 1 << 40,
        "pi" => 1 << 50,
        "ei" => 1 << 60,
        _ => return None,
    })
}

/// The number and the unit behind it. An `e` belongs to the number only if an exponent follows.
fn split<'a>(text: &'a str, missing: &'static str) -> Result<(&'a str, &'a str), Failure> {
    if text.contains(' ') {
        return Err(Failure::error("spaces not allowed in resource strings"));
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' | b'.' | b'+' | b'-' => at += 1,
            b'e' | b'E'
                if bytes.get(at + 1).is_some_and(|it| matches!(it, b'0'..=b'9' | b'+' | b'-')) =>
            {
                at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
                let n_digits = bytes.iter().skip(at).take_while(|it| it.is_ascii_digit()).count();
                if n_digits > EXPONENT_DIGITS_MAX {
                    return Err(Failure::error("exponent too large"));
                }
            }
            _ => break,
        }
    }
    match text.split_at_checked(at) {
        Some((number, unit)) if !number.is_empty() => Ok((number, unit)),
        _ => Err(Failure::error(missing)),
    }
}

/// An exact fraction.
struct Ratio {
    numerator: BigInt,
    denominator: BigInt,
}

impl Ratio {
    /// The value of decimal text whose exponent a double can have.
    fn new(text: &str) -> Ratio {
        let mut space = [0; INT_TEXT_MAX];
        let number = Num::Decimal(text);
        let decimal = number.decimal(&mut space);
        let digits: Vec<u8> = [b'0'].into_iter().chain(decimal.digits()).collect();
        let digits = BigInt::parse_bytes(&digits, 10).unwrap_or_default();
        let power =
            BigInt::from(10).pow(u32::try_from(decimal.exponent().unsigned_abs()).unwrap_or(0));
        let digits = if decimal.is_negative() { -digits } else { digits };
        match decimal.exponent() {
            0.. => Ratio { numerator: digits * power, denominator: BigInt::from(1) },
            _ => Ratio { numerator: digits, denominator: power },
        }
    }

    fn times(self, numerator: BigInt, denominator: BigInt) -> Ratio {
        Ratio { numerator: self.numerator * numerator, denominator: self.denominator * denominator }
    }

    /// An integer, or a number with ten decimals, rounded half away from zero.
    fn to_value<V: AnyValue>(&self) -> Result<V, Failure> {
        if &self.numerator % &self.denominator == BigInt::ZERO {
            return big(&self.numerator / &self.denominator);
        }
        let scaled = BigInt::from(self.numerator.magnitude().clone()) * 10_000_000_000_i64;
        let rounded: BigInt = (scaled * 2 + &self.denominator) / (&self.denominator * 2);
        let digits = rounded.to_string();
        let digits = ["0".repeat(11_usize.saturating_sub(digits.len())), digits].concat();
        let (whole, fraction) = digits.split_at_checked(digits.len() - 10).unwrap_or((&digits, ""));
        let sign = if self.numerator < BigInt::ZERO { "-" } else { "" };
        let text: Cow<'_, str> = [sign, whole, ".", fraction].concat().into();
        Ok(V::decimal(&text))
    }
}
