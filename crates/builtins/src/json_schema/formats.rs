//! `format`: what a string has to look like.

use std::net::IpAddr;

use super::mail;
use crate::regexes;
use crate::time::calendar::days_in_month;
use crate::uri::parts::Uri;

/// Whether the text has the format. Everything has a format that isn't known.
pub(super) fn fits(format: &str, text: &str) -> bool {
    match format {
        "date" => is_date(text),
        "time" => is_time(text),
        "date-time" => is_time(text) || is_date(text) || is_date_time(text),
        "hostname" => text.len() < 256 && text.split('.').all(is_label),
        "email" | "idn-email" => mail::is_address(text),
        "ipv4" => text.contains('.') && is_address(text),
        "ipv6" => text.contains(':') && is_address(text),
        "uri" | "iri" => uri(text).is_some_and(|it| !it.scheme.is_empty()),
        "uri-reference" | "iri-reference" => uri(text).is_some(),
        "uri-template" => uri(text).is_some_and(|it| is_template(&it.path)),
        "uuid" => is_uuid(text),
        "regex" => regexes::is_regex(text),
        "json-pointer" => is_pointer(text),
        "relative-json-pointer" => is_relative_pointer(text),
        _ => true,
    }
}

fn is_address(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

fn uri(text: &str) -> Option<Uri> {
    Uri::parse(text).ok().filter(|_| !text.contains('\\'))
}

/// A number of so many digits within limits.
fn number(text: &str, n_digits: usize, least: i64, most: i64) -> Option<i64> {
    let all_digits = text.bytes().all(|it| it.is_ascii_digit());
    let number = if text.len() == n_digits && all_digits { text.parse().ok() } else { None };
    number.filter(|it| (least..=most).contains(it))
}

fn is_date(text: &str) -> bool {
    let date = || {
        let mut parts = text.split('-');
        let year = number(parts.next()?, 4, 0, 9999)?;
        let month = number(parts.next()?, 2, 1, 12)?;
        number(parts.next()?, 2, 1, days_in_month(year, month))?;
        parts.next().is_none().then_some(())
    };
    date().is_some()
}

/// With an offset from UTC or without.
fn is_time(text: &str) -> bool {
    is_clock(text) || without_zone(text).is_some_and(is_clock)
}

fn is_date_time(text: &str) -> bool {
    let parts = text.split_once('T').and_then(|(date, time)| Some((date, without_zone(time)?)));
    parts.is_some_and(|(date, clock)| is_date(date) && is_clock(clock))
}

/// Hours may have one digit only, seconds any fraction: that is how Go reads them.
fn is_clock(text: &str) -> bool {
    let clock = || {
        let mut parts = text.split(':');
        let hours = parts.next()?;
        number(hours, hours.len().clamp(1, 2), 0, 23)?;
        number(parts.next()?, 2, 0, 59)?;
        let seconds = parts.next()?;
        let (seconds, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
        number(seconds, 2, 0, 59)?;
        let is_fraction = !fraction.is_empty() && fraction.bytes().all(|it| it.is_ascii_digit());
        (is_fraction && parts.next().is_none()).then_some(())
    };
    clock().is_some()
}

fn without_zone(time: &str) -> Option<&str> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some(clock);
    }
    let (clock, zone) = time.split_at_checked(time.len().checked_sub(6)?)?;
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    number(hours, 2, 0, 24)?;
    number(minutes, 2, 0, 60)?;
    Some(clock)
}

fn is_label(it: &str) -> bool {
    let is_inner = |it: u8| it == b'-' || it.is_ascii_alphanumeric();
    (1..=63).contains(&it.len())
        && it.bytes().all(is_inner)
        && !it.starts_with('-')
        && !it.ends_with('-')
}

/// Whether every brace that opens closes before the next one; one that closes more is nothing special.
fn is_template(path: &str) -> bool {
    let mut is_open = false;
    for it in path.chars() {
        match it {
            // Inside of braces everything may stand, even a brace that opens.
            '{' => is_open = true,
            '}' => is_open = false,
            _ => {}
        }
    }
    !is_open
}

fn is_uuid(text: &str) -> bool {
    let mut parts = text.split('-');
    let lengths = [8, 4, 4, 4, 12];
    let is_part = |n: usize| {
        parts.next().is_some_and(|it| it.len() == n && it.bytes().all(|it| it.is_ascii_hexdigit()))
    };
    lengths.into_iter().all(is_part) && parts.next().is_none()
}

fn is_pointer(text: &str) -> bool {
    let after_tilde = |it: &str| it.starts_with(['0', '1']);
    (text.is_empty() || text.starts_with('/')) && text.split('~').skip(1).all(after_tilde)
}

fn is_relative_pointer(text: &str) -> bool {
    let n_digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at(n_digits);
    let is_number = n_digits == 1 || n_digits > 1 && !digits.starts_with('0');
    is_number && (rest == "#" || is_pointer(rest))
}
