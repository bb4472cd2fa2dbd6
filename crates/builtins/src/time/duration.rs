//! Durations: `-1.5h`, `2d12h`.

use crate::failure::Failure;

/// The nanoseconds in a duration.
pub(super) fn parse(text: &str) -> Result<i64, Failure> {
    let invalid =
        |why: &str| Failure::Error(["time: ", why, " duration \"", text, "\""].concat().into());
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if unsigned == "0" {
        return Ok(0);
    }
    if unsigned.is_empty() {
        return Err(invalid("invalid"));
    }
    let mut total = 0_u64;
    let mut rest = unsigned;
    while !rest.is_empty() {
        let (number, behind) = cut(rest, |it| it.is_ascii_digit() || it == '.');
        let (unit, behind) = cut(behind, |it| it != '.' && !it.is_ascii_digit());
        rest = behind;
        if number.trim_matches('.').is_empty() || number.matches('.').count() > 1 {
            return Err(invalid("invalid"));
        }
        let (number, unit) = match (unit, hours_in(unit)) {
            ("", _) => return Err(invalid("missing unit in")),
            (_, Some(hours)) => {
                (in_hours(number, hours).ok_or_else(|| invalid("invalid"))?, HOUR_NS)
            }
            _ => {
                let unit = unit_ns(unit)
                    .ok_or_else(|| invalid(&["unknown unit \"", unit, "\" in"].concat()))?;
                (number.to_owned(), unit)
            }
        };
        let ns = nanoseconds(&number, unit).ok_or_else(|| invalid("invalid"))?;
        total =
            total.checked_add(ns).filter(|it| *it <= 1 << 63).ok_or_else(|| invalid("invalid"))?;
    }
    let total =
        if negative { 0_i64.checked_sub_unsigned(total) } else { i64::try_from(total).ok() };
    total.ok_or_else(|| invalid("invalid"))
}

const HOUR_NS: u64 = 3_600_000_000_000;

fn cut(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at_checked(text.find(|it| !belongs(it)).unwrap_or(text.len())).unwrap_or((text, ""))
}

fn unit_ns(unit: &str) -> Option<u64> {
    Some(match unit {
        "ns" => 1,
        // The micro sign and the Greek letter look the same.
        "us" | "\u{b5}s" | "\u{3bc}s" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => HOUR_NS,
        _ => return None,
    })
}

fn hours_in(unit: &str) -> Option<f64> {
    match unit {
        "d" => Some(24.0),
        "w" => Some(7.0 * 24.0),
        "y" => Some(365.0 * 24.0),
        _ => None,
    }
}

/// OPA turns days, weeks and years into a number of hours first, and reads its decimal text.
fn in_hours(number: &str, hours: f64) -> Option<String> {
    Some((number.parse::<f64>().ok()? * hours).to_string())
}

/// The whole part exactly, the fraction as precisely as a double has it.
fn nanoseconds(number: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    let whole = whole.checked_mul(unit).filter(|it| *it <= 1 << 63)?;
    // Nineteen digits are more than any unit has nanoseconds for.
    let fraction = fraction.get(..19.min(fraction.len())).unwrap_or("");
    if fraction.is_empty() {
        return Some(whole);
    }
    let scale = 10_f64.powi(fraction.len() as i32);
    let part = fraction.parse::<u64>().ok()? as f64 * (unit as f64 / scale);
    whole.checked_add(part as u64).filter(|it| *it <= 1 << 63)
}
