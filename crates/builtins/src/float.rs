//! A binary floating-point number with a 64-bit mantissa: what Rego's arithmetic computes in when a number has a
//! fraction.
//!
//! Every operation rounds to nearest, ties to even, and printing gives the shortest text that reads back as the same
//! number. That is Go's `big.Float` at its default precision, and so OPA's results digit for digit.

use num_bigint::BigUint;
use palisade_value::Num;
use palisade_value::number::{DIGITS_MAX, Decimal, EXPONENT_MAX, INT_TEXT_MAX, OwnedNum};

mod shortest;

/// `±mantissa × 2^exponent`. The mantissa's top bit is set unless the number is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Float {
    negative: bool,
    mantissa: u64,
    exponent: i64,
}

/// Powers of five that fit 63 bits: enough for every decimal with few digits.
const FIVES_MAX: i64 = 27;

impl Float {
    /// One half.
    pub const HALF: Float = Float { negative: false, mantissa: 1 << 63, exponent: -64 };

    const fn zero(negative: bool) -> Float {
        Float { negative, mantissa: 0, exponent: 0 }
    }

    /// The nearest number of this precision. `None` beyond the limits of exponents and digits.
    pub fn new(it: &Num<'_>) -> Option<Float> {
        if let Num::Int(it) = it {
            return Some(round(u128::from(it.unsigned_abs()), false, 0).with_sign(*it < 0));
        }
        let mut space = [0; INT_TEXT_MAX];
        let decimal = it.decimal(&mut space);
        if decimal.exponent().abs() > EXPONENT_MAX || decimal.n_digits() > DIGITS_MAX {
            return None;
        }
        let magnitude = if decimal.is_zero() {
            Float::zero(false)
        } else if decimal.n_digits() < 19 && decimal.exponent().abs() <= FIVES_MAX {
            from_short_decimal(&decimal)
        } else {
            from_long_decimal(&decimal)?
        };
        Some(magnitude.with_sign(decimal.is_negative()))
    }

    fn with_sign(self, negative: bool) -> Float {
        Float { negative, ..self }
    }

    /// Whether this is zero, of either sign.
    pub fn is_zero(&self) -> bool {
        self.mantissa == 0
    }

    /// Whether there is no fraction.
    pub fn is_integer(&self) -> bool {
        self.is_zero()
            || self.exponent >= 0
            || i64::from(self.mantissa.trailing_zeros()) >= -self.exponent
    }

    /// Whether this is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative && !self.is_zero()
    }

    /// Without the sign.
    pub fn abs(self) -> Float {
        self.with_sign(false)
    }

    /// With the other sign.
    pub fn negate(self) -> Float {
        self.with_sign(!self.negative)
    }

    /// The sum.
    pub fn add(self, other: Float) -> Float {
        if self.is_zero() && other.is_zero() {
            return Float::zero(self.negative && other.negative);
        }
        if other.is_zero() {
            return self;
        }
        if self.is_zero() {
            return other;
        }
        let self_is_larger = (self.exponent, self.mantissa) >= (other.exponent, other.mantissa);
        let (large, small) = if self_is_larger { (self, other) } else { (other, self) };
        // One bit stays free on top for the carry.
        let high = u128::from(large.mantissa) << 63;
        let (low, lost) =
            shift_right(u128::from(small.mantissa) << 63, large.exponent.abs_diff(small.exponent));
        let sum = if large.negative == small.negative {
            high + low
        } else {
            high - low - u128::from(lost)
        };
        if sum == 0 {
            return Float::zero(false);
        }
        round(sum, lost, large.exponent - 63).with_sign(large.negative)
    }

    /// The product.
    pub fn multiply(self, other: Float) -> Float {
        let negative = self.negative != other.negative;
        if self.is_zero() || other.is_zero() {
            return Float::zero(negative);
        }
        let product = u128::from(self.mantissa) * u128::from(other.mantissa);
        round(product, false, self.exponent + other.exponent).with_sign(negative)
    }

    /// The quotient. `None` when `other` is zero.
    pub fn divide(self, other: Float) -> Option<Float> {
        let negative = self.negative != other.negative;
        if other.is_zero() {
            return None;
        }
        if self.is_zero() {
            return Some(Float::zero(negative));
        }
        let (dividend, divisor) = (u128::from(self.mantissa) << 64, u128::from(other.mantissa));
        let (quotient, rest) = (dividend / divisor, (dividend % divisor) << 1);
        // The quotient has 64 or 65 bits; one more makes sure that there is one to round by.
        let next_bit = rest >= divisor;
        let quotient = quotient << 1 | u128::from(next_bit);
        let lost = rest != 0 && rest != divisor;
        Some(round(quotient, lost, self.exponent - other.exponent - 65).with_sign(negative))
    }

    /// The integer part and whether a fraction was cut off.
    pub fn truncate(self) -> (num_bigint::BigInt, bool) {
        let mantissa = BigUint::from(self.mantissa);
        let magnitude = match u64::try_from(self.exponent) {
            Ok(left) => mantissa << left,
            Err(_) => mantissa >> self.exponent.unsigned_abs(),
        };
        let whole = num_bigint::BigInt::from(magnitude);
        (if self.negative { -whole } else { whole }, !self.is_integer())
    }

    /// The shortest text that reads back as this number.
    pub fn to_number(self) -> OwnedNum {
        if self.is_zero() {
            return if self.negative {
                OwnedNum::Decimal("-0".to_owned())
            } else {
                OwnedNum::Int(0)
            };
        }
        OwnedNum::Decimal(shortest::text(self))
    }
}

/// Rounds `magnitude × 2^exponent` to 64 bits. `lost` says that more, less than one unit, stood behind the magnitude,
/// which then must have at least 65 bits.
fn round(magnitude: u128, lost: bool, exponent: i64) -> Float {
    if magnitude == 0 {
        return Float::zero(false);
    }
    let n_zeros = magnitude.leading_zeros();
    let normal = magnitude << n_zeros;
    let (high, low) = ((normal >> 64) as u64, normal as u64);
    let exponent = exponent - i64::from(n_zeros) + 64;
    let half = 1 << 63;
    let up = low > half || low == half && (lost || high & 1 == 1);
    match high.checked_add(u64::from(up)) {
        Some(mantissa) => Float { negative: false, mantissa, exponent },
        None => Float { negative: false, mantissa: half, exponent: exponent + 1 },
    }
}

/// Shifts and says whether ones fell out.
fn shift_right(bits: u128, by: u64) -> (u128, bool) {
    match u32::try_from(by) {
        Ok(by) if by < 128 => (bits >> by, bits.trailing_zeros() < by),
        _ => (0, bits != 0),
    }
}

/// A decimal of at most 18 digits and a small exponent, with 128-bit integers only.
fn from_short_decimal(decimal: &Decimal<'_>) -> Float {
    let digits = decimal.digits().fold(0_u128, |sum, digit| sum * 10 + u128::from(digit - b'0'));
    let power = 5_u128.pow(decimal.exponent().unsigned_abs() as u32);
    if decimal.exponent() >= 0 {
        return round(digits * power, false, decimal.exponent());
    }
    // 10^-n = 5^-n × 2^-n; the dividend's top bit is set, so the quotient has at least 65 bits.
    let n_zeros = digits.leading_zeros();
    let dividend = digits << n_zeros;
    round(dividend / power, dividend % power != 0, decimal.exponent() - i64::from(n_zeros))
}

fn from_long_decimal(decimal: &Decimal<'_>) -> Option<Float> {
    let digits: Vec<u8> = decimal.digits().collect();
    let digits = BigUint::parse_bytes(&digits, 10)?;
    let power = BigUint::from(5_u8).pow(u32::try_from(decimal.exponent().unsigned_abs()).ok()?);
    if decimal.exponent() >= 0 {
        return Some(round_big(&(digits * power), false, decimal.exponent()));
    }
    let n_extra = (power.bits() + 66).saturating_sub(digits.bits());
    let dividend = digits << n_extra;
    let quotient = &dividend / &power;
    let lost = &quotient * &power != dividend;
    Some(round_big(&quotient, lost, decimal.exponent() - i64::try_from(n_extra).ok()?))
}

fn round_big(magnitude: &BigUint, lost: bool, exponent: i64) -> Float {
    let n_over = magnitude.bits().saturating_sub(128);
    let top = magnitude >> n_over;
    let lost = lost || magnitude.trailing_zeros().is_some_and(|it| it < n_over);
    round(u128::try_from(top).unwrap_or(u128::MAX), lost, exponent + n_over as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn float(text: &str) -> Float {
        Float::new(&Num::Decimal(text)).expect("a number within the limits")
    }

    fn text(it: Float) -> String {
        match it.to_number() {
            OwnedNum::Int(it) => it.to_string(),
            OwnedNum::Decimal(it) => it,
        }
    }

    #[test]
    fn reading_and_printing_gives_the_shortest_text() {
        let cases = [
            ("0.1", "0.1"),
            ("100", "100"),
            ("-2.5", "-2.5"),
            ("1234567.5", "1.2345675e+06"),
            ("0.0000001", "1e-07"),
            ("0.0001", "0.0001"),
            ("1e30", "1000000000000000000000000000000"),
            ("18446744073709551617", "18446744073709551616"),
            ("3.141592653589793238462643383279", "3.1415926535897932385"),
            ("1e-30", "1e-30"),
            ("1.5e-300", "1.5e-300"),
            ("-0.0", "-0"),
        ];
        for (given, expected) in cases {
            assert_eq!(text(float(given)), expected, "{given}");
        }
    }

    #[test]
    fn short_and_long_decimals_agree() {
        for (short, long) in
            [("0.3", "0.3000000000000000000000001"), ("7e20", "7.00000000000000000000001e20")]
        {
            assert_eq!(float(short), float(long), "{short}");
        }
    }

    #[test]
    fn arithmetic_rounds_to_even() {
        assert_eq!(text(float("0.1").add(float("0.2"))), "0.3");
        assert_eq!(text(float("3.14159").add(float("-3"))), "0.14158999999999999993");
        assert_eq!(
            text(float("1").divide(float("3")).expect("not zero")),
            "0.33333333333333333334"
        );
        assert_eq!(text(float("1e30").multiply(float("1.5"))), "1500000000000000000000000000000");
        assert_eq!(text(float("1e25").add(float("1e-25"))), "10000000000000000000000000");
        assert_eq!(text(float("1.5").add(float("-1.5"))), "0");
        assert_eq!(float("1").divide(float("0.0")), None);
    }
}
