//! Writing a time in a layout.

use super::calendar::{MONTHS, WEEKDAYS};
use super::layout::{Element, Fill, Offset, split};
use super::zone::Local;
use crate::failure::Failure;
use crate::strings::check_length;

/// The time in the layout.
pub(super) fn format(time: &Local, layout: &str) -> Result<String, Failure> {
    let mut out = String::with_capacity(layout.len() + 8);
    let mut rest = layout;
    while let Some((before, element, _, after)) = split(rest) {
        out.push_str(before);
        write(time, element, &mut out);
        check_length(&out)?;
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

fn write(time: &Local, element: Element, out: &mut String) {
    let civil = &time.civil;
    match element {
        Element::Year { long: true } => signed(civil.year, 4, out),
        Element::Year { long: false } => number(civil.year.max(0) % 100, 2, '0', out),
        Element::MonthName { long } => name(&MONTHS, civil.month as usize - 1, long, out),
        Element::Month(fill) => filled(civil.month, 2, fill, out),
        Element::Weekday { long } => name(&WEEKDAYS, civil.weekday(), long, out),
        Element::Day(fill) => filled(civil.day, 2, fill, out),
        Element::DayOfYear(fill) => filled(civil.day_of_year(), 3, fill, out),
        Element::Hour => number(civil.hour, 2, '0', out),
        Element::Hour12(fill) => filled((civil.hour + 11) % 12 + 1, 2, fill, out),
        Element::Minute(fill) => filled(civil.minute, 2, fill, out),
        Element::Second(fill) => filled(civil.second, 2, fill, out),
        Element::Half { upper } => out.push_str(match (civil.hour >= 12, upper) {
            (true, true) => "PM",
            (true, false) => "pm",
            (false, true) => "AM",
            (false, false) => "am",
        }),
        Element::Offset(form) => offset(time.offset, form, out),
        Element::ZoneName => out.push_str(&time.abbreviation),
        Element::Fraction { n_digits, separator, trim } => {
            fraction(civil.nanosecond, n_digits, separator, trim, out);
        }
    }
}

fn name(names: &[&str], at: usize, long: bool, out: &mut String) {
    let name = names.get(at).copied().unwrap_or("");
    out.push_str(if long { name } else { name.get(..3).unwrap_or(name) });
}

fn filled(it: i64, width: usize, fill: Fill, out: &mut String) {
    match fill {
        Fill::None => number(it, 0, '0', out),
        Fill::Space => number(it, width, ' ', out),
        Fill::Zero => number(it, width, '0', out),
    }
}

fn number(it: i64, width: usize, fill: char, out: &mut String) {
    let digits = it.to_string();
    out.extend(std::iter::repeat_n(fill, width.saturating_sub(digits.len())));
    out.push_str(&digits);
}

fn signed(it: i64, width: usize, out: &mut String) {
    if it < 0 {
        out.push('-');
    }
    number(it.abs(), width, '0', out);
}

fn offset(seconds: i64, form: Offset, out: &mut String) {
    if form.z && seconds == 0 {
        out.push('Z');
        return;
    }
    // An offset of less than a minute has no sign of its own.
    out.push(if seconds / 60 < 0 { '-' } else { '+' });
    let colon = if form.colon { ":" } else { "" };
    let minutes = (seconds / 60).abs();
    number(minutes / 60, 2, '0', out);
    if form.minutes {
        out.push_str(colon);
        number(minutes % 60, 2, '0', out);
    }
    if form.seconds {
        out.push_str(colon);
        number(seconds.abs() % 60, 2, '0', out);
    }
}

fn fraction(nanosecond: i64, n_digits: usize, separator: char, trim: bool, out: &mut String) {
    let mut digits = String::new();
    number(nanosecond, 9, '0', &mut digits);
    digits.truncate(n_digits);
    if trim {
        digits.truncate(digits.trim_end_matches('0').len());
        if digits.is_empty() {
            return;
        }
    }
    out.push(separator);
    out.push_str(&digits);
}
