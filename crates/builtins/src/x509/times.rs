//! Points in time as certificates write them.

use crate::der::{GENERALIZED_TIME, Reader, Result, UTC_TIME};
use crate::failure::Failure;
use crate::time::calendar::{self, Civil};

/// A point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    /// Seconds since 1970.
    pub(crate) seconds: i64,
    /// Seconds that the clock it was written by is ahead of Greenwich.
    pub(crate) offset: i64,
}

const MALFORMED: Failure = Failure::error("x509: malformed UTCTime or GeneralizedTime");

impl Time {
    /// The next element as a point in time.
    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Time> {
        let element = from.any().ok_or(MALFORMED)?;
        let text = std::str::from_utf8(element.content).map_err(|_| MALFORMED)?;
        let time = match element.tag {
            UTC_TIME => Time::parse(text, 2),
            GENERALIZED_TIME => Time::parse(text, 4),
            _ => return Err(Failure::error("x509: unsupported time format")),
        };
        time.ok_or(MALFORMED)
    }

    /// `[yy]yymmddhhmm[ss](Z|±hhmm)`, the seconds only dispensable where the year has two digits.
    fn parse(text: &str, n_year_digits: usize) -> Option<Time> {
        let zone = text.find(['Z', '+', '-'])?;
        let (digits, zone) = text.split_at_checked(zone)?;
        if !digits.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let (year, rest) = digits.split_at_checked(n_year_digits)?;
        if !(rest.len() == 10 || rest.len() == 8 && n_year_digits == 2) {
            return None;
        }
        let year: i64 = year.parse().ok()?;
        let field = |at: usize| match rest.get(2 * at..2 * at + 2) {
            Some(digits) => digits.parse::<i64>().ok(),
            None => Some(0),
        };
        let civil = Civil {
            year: match n_year_digits {
                2 if year < 50 => 2000 + year,
                2 => 1900 + year,
                _ => year,
            },
            month: field(0)?,
            day: field(1)?,
            hour: field(2)?,
            minute: field(3)?,
            second: field(4)?,
            nanosecond: 0,
        };
        let is_real = (1..=12).contains(&civil.month)
            && (1..=calendar::days_in_month(civil.year, civil.month)).contains(&civil.day)
            && civil.hour < 24
            && civil.minute < 60
            && civil.second < 60;
        let offset = offset(zone)?;
        is_real.then(|| Time { seconds: civil.seconds() - offset, offset })
    }

    /// As JSON has it: RFC 3339.
    pub(crate) fn to_text(self) -> String {
        let local = Civil::from_ns(i128::from(self.seconds + self.offset) * 1_000_000_000);
        let two =
            |it: i64| [char::from(b'0' + (it / 10 % 10) as u8), char::from(b'0' + (it % 10) as u8)];
        let mut text = String::new();
        text.extend(two(local.year / 100));
        text.extend(two(local.year % 100));
        for (mark, field) in [
            ('-', local.month),
            ('-', local.day),
            ('T', local.hour),
            (':', local.minute),
            (':', local.second),
        ] {
            text.push(mark);
            text.extend(two(field));
        }
        if self.offset == 0 {
            text.push('Z');
        } else {
            text.push(if self.offset < 0 { '-' } else { '+' });
            let minutes = self.offset.abs() / 60;
            text.extend(two(minutes / 60));
            text.push(':');
            text.extend(two(minutes % 60));
        }
        text
    }
}

/// The seconds of a zone; that of Greenwich is only written `Z`.
fn offset(zone: &str) -> Option<i64> {
    let (sign, digits) = match zone.split_at_checked(1)? {
        ("Z", "") => return Some(0),
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    if digits.len() != 4 || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let (hours, minutes) = (number / 100, number % 100);
    let is_real = number != 0 && hours <= 24 && minutes < 60;
    is_real.then_some(sign * (hours * 60 + minutes) * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u8, text: &str) -> Option<String> {
        let element = [&[tag, u8::try_from(text.len()).expect("short")], text.as_bytes()].concat();
        Time::read(&mut Reader::new(&element)).ok().map(Time::to_text)
    }

    #[test]
    fn times_are_those_of_a_calendar() {
        for (tag, text, expected) in [
            (UTC_TIME, "491231235959Z", "2049-12-31T23:59:59Z"),
            (UTC_TIME, "500101000000Z", "1950-01-01T00:00:00Z"),
            (UTC_TIME, "2402290000Z", "2024-02-29T00:00:00Z"),
            (UTC_TIME, "240229000000+0130", "2024-02-29T00:00:00+01:30"),
            (GENERALIZED_TIME, "20500101000000Z", "2050-01-01T00:00:00Z"),
            (GENERALIZED_TIME, "00010101000000Z", "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(read(tag, text).as_deref(), Some(expected), "{text}");
        }
        for (tag, text) in [
            (UTC_TIME, "230229000000Z"),
            (UTC_TIME, "240101240000Z"),
            (UTC_TIME, "240101000060Z"),
            (UTC_TIME, "240101000000"),
            (UTC_TIME, "240101000000+0000"),
            (GENERALIZED_TIME, "202401010000Z"),
            (GENERALIZED_TIME, "20240101000000.5Z"),
        ] {
            assert_eq!(read(tag, text), None, "{text}");
        }
    }
}
