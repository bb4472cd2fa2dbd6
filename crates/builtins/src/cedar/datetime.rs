//! Points in time, in milliseconds since 1970.

use palisade_value::AnyValue;

use super::duration::{self, DAY, HOUR, MINUTE, SECOND};
use super::faults::{Fault, expected, noted, of_extension};
use super::operators::string;
use super::text;
use super::values::{Shape, exactly, numeric};
use crate::context::Context;
use crate::failure::Failure;

/// The name of the type.
const TYPE: &str = "datetime";

/// `datetime(text)`
pub fn datetime<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [text] = exactly(operands)?;
    noted(context, make(text))
}

pub(super) fn make<V: AnyValue>(text: &V) -> Result<V, Fault> {
    Ok(numeric(TYPE, parse(string(text)?)?))
}

/// `datetime.offset(duration)`
pub fn offset<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [datetime, duration] = exactly(operands)?;
    noted(context, move_by(datetime, duration))
}

pub(super) fn move_by<V: AnyValue>(datetime: &V, duration: &V) -> Result<V, Fault> {
    let (datetime, duration) = (read(datetime)?, duration::read(duration)?);
    match datetime.checked_add(duration) {
        Some(it) => Ok(numeric(TYPE, it)),
        None => Err(of_extension(
            "offset",
            &[
                "overflows when adding an offset: ",
                &shown(datetime),
                "+(",
                &text::number_text(duration),
                "ms)",
            ],
        )),
    }
}

/// `a.durationSince(b)`
pub fn duration_since<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [a, b] = exactly(operands)?;
    noted(context, difference(a, b))
}

pub(super) fn difference<V: AnyValue>(a: &V, b: &V) -> Result<V, Fault> {
    let (a, b) = (read(a)?, read(b)?);
    match a.checked_sub(b) {
        Some(it) => Ok(duration::value(it)),
        None => Err(of_extension(
            "durationSince",
            &["overflows when computing the duration between ", &shown(a), " and ", &shown(b)],
        )),
    }
}

/// `datetime.toDate()`: the beginning of the day.
pub fn to_date<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [datetime] = exactly(operands)?;
    noted(context, date(datetime))
}

pub(super) fn date<V: AnyValue>(datetime: &V) -> Result<V, Fault> {
    let datetime = read(datetime)?;
    match datetime.checked_sub(datetime.rem_euclid(DAY)) {
        Some(it) => Ok(numeric(TYPE, it)),
        None => Err(of_extension(
            "toDate",
            &["overflows when computing the date of ", &shown(datetime)],
        )),
    }
}

/// `datetime.toTime()`: the time since the beginning of the day.
pub fn to_time<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [datetime] = exactly(operands)?;
    noted(context, time(datetime))
}

pub(super) fn time<V: AnyValue>(datetime: &V) -> Result<V, Fault> {
    Ok(duration::value(read(datetime)?.rem_euclid(DAY)))
}

fn read<V: AnyValue>(value: &V) -> Result<i64, Fault> {
    match Shape::of(value) {
        Shape::Extension(it) if it.ty == TYPE => Ok(it.number()),
        _ => Err(expected(&[TYPE], value)),
    }
}

fn shown(milliseconds: i64) -> String {
    let mut out = String::new();
    text::datetime(milliseconds, &mut out);
    out
}

/// `2026-01-31`, `2026-01-31T23:59:59Z`, `2026-01-31T23:59:59.999+0100`. What a part looks like is checked of all parts
/// before what it says is.
fn parse(text: &str) -> Result<i64, Fault> {
    let fault = |parts: &[&str]| of_extension(TYPE, parts);
    let Some([year, month, day]) = numbers(text, "dddd-dd-dd") else {
        return Err(fault(&["invalid date pattern"]));
    };
    let (date, rest) = text.split_at(10);
    let days = || days(year, month, day).ok_or_else(|| fault(&["invalid date: ", date]));
    if rest.is_empty() {
        return Ok(days()? * DAY);
    }
    let Some([hour, minute, second]) = numbers(rest, "Tdd:dd:dd") else {
        return Err(fault(&["invalid hour/minute/second pattern"]));
    };
    let (time, rest) = rest.split_at(9);
    let Some((milliseconds, offset)) = end(rest) else {
        return Err(fault(&["invalid millisecond and/or offset pattern"]));
    };
    let days = days()?;
    if hour > 23 || minute > 59 || second > 59 {
        return Err(fault(&["invalid hour/minute/second: ", time.trim_start_matches('T')]));
    }
    let [sign, hours, minutes] = offset;
    if hours > 23 || minutes > 59 {
        let (hours, minutes) = (text::number_text(hours), text::number_text(minutes));
        return Err(fault(&["invalid offset range: ", &hours, &minutes]));
    }
    let time = hour * HOUR + minute * MINUTE + second * SECOND + milliseconds;
    Ok(days * DAY + time - sign * (hours * HOUR + minutes * MINUTE))
}

/// The milliseconds, and the offset from UTC: its sign, hours and minutes.
fn end(text: &str) -> Option<(i64, [i64; 3])> {
    let (milliseconds, rest) = match numbers(text, ".ddd") {
        Some([it]) => (it, text.get(4..)?),
        None => (0, text),
    };
    let sign = match rest {
        "Z" => return Some((milliseconds, [0; 3])),
        _ if rest.starts_with('+') => 1,
        _ if rest.starts_with('-') => -1,
        _ => return None,
    };
    let digits = rest.get(1..)?;
    let hours_and_minutes = numbers(digits, "dddd").filter(|_| digits.len() == 4);
    hours_and_minutes.map(|[it]| (milliseconds, [sign, it / 100, it % 100]))
}

/// The numbers that stand in the text where the pattern has `d`; the rest must be as it is. What follows is not looked at.
fn numbers<const N: usize>(text: &str, pattern: &str) -> Option<[i64; N]> {
    let start = text.as_bytes().get(..pattern.len())?;
    let mut numbers = [0; N];
    let mut at = 0;
    let mut is_inside = false;
    for (byte, sign) in start.iter().zip(pattern.bytes()) {
        if sign == b'd' && byte.is_ascii_digit() {
            let number = numbers.get_mut(at)?;
            *number = *number * 10 + i64::from(byte - b'0');
            is_inside = true;
        } else if *byte == sign && sign != b'd' {
            at += usize::from(is_inside);
            is_inside = false;
        } else {
            return None;
        }
    }
    Some(numbers)
}

/// The days since 1970 of a date of the Gregorian calendar, if there is such a date.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let n_days = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if day < 1 || day > n_days {
        return None;
    }
    // Years from March on, so that a leap day is the last one; days since 1 March of the year 0.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let since_march = (153 * month + 2) / 5 + day - 1;
    Some(365 * year + leap_days + since_march - 719_468)
}
