//! Reading a time in a layout.

use super::calendar::{Civil, MONTHS, SECOND_NS, WEEKDAYS, days_in_month, is_leap};
use super::layout::{Element, Fill, Offset, split};
use super::{OUT_OF_RANGE, calendar};
use crate::failure::Failure;

mod field;

use field::{Field, Mismatch};

/// The nanoseconds since 1970 at the time that the text describes in the layout; without an offset, in universal time.
pub(super) fn parse(layout: &str, text: &str) -> Result<i64, Failure> {
    let describe = |what: &[&str]| {
        Failure::Error((["parsing time \"", text, "\""].concat() + &what.concat()).into())
    };
    let unlike = |rest: &str, element: &str| {
        describe(&[" as \"", layout, "\": cannot parse \"", rest, "\" as \"", element, "\""])
    };
    let mut parts = Parts::default();
    let (mut rest_layout, mut rest) = (layout, text);
    loop {
        let found = split(rest_layout);
        let (before, after) =
            found.map_or((rest_layout, ""), |(before, _, _, after)| (before, after));
        rest = field::skip(rest, before).map_err(|left| unlike(left, before))?;
        let Some((_, element, name, _)) = found else { break };
        let mut field = Field { rest, layout: after };
        parts.read(element, &mut field).map_err(|it| match it {
            Mismatch::Text => unlike(rest, name),
            Mismatch::Range(what) => describe(&[": ", what, " out of range"]),
        })?;
        (rest_layout, rest) = (after, field.rest);
    }
    if !rest.is_empty() {
        return Err(describe(&[": extra text: \"", rest, "\""]));
    }
    let civil = parts.civil().map_err(|what| describe(&[": ", what]))?;
    let seconds = civil.seconds() - parts.offset.unwrap_or(0);
    let ns = i128::from(seconds) * i128::from(SECOND_NS) + i128::from(civil.nanosecond);
    i64::try_from(ns).map_err(|_| OUT_OF_RANGE)
}

/// What has been read so far.
#[derive(Default)]
struct Parts {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    is_afternoon: Option<bool>,
    offset: Option<i64>,
}

impl Parts {
    fn read(&mut self, element: Element, field: &mut Field<'_>) -> Result<(), Mismatch> {
        match element {
            Element::Year { long: true } => self.year = field.digits(4)?,
            Element::Year { long: false } => {
                let year = field.digits(2)?;
                self.year = if year >= 69 { 1900 + year } else { 2000 + year };
            }
            Element::MonthName { long } => self.month = Some(field.name(&MONTHS, long)? + 1),
            Element::Month(fill) => self.month = Some(field.number(fill, 1..=12, "month")?),
            // The weekday must be one; that it goes with the date isn't checked.
            Element::Weekday { long } => _ = field.name(&WEEKDAYS, long)?,
            Element::Day(fill) => {
                field.skip_spaces(fill, 1);
                self.day = Some(field.number(fill, 0..=99, "day")?);
            }
            Element::DayOfYear(fill) => {
                field.skip_spaces(fill, 2);
                self.day_of_year = Some(field.up_to_three(fill == Fill::Zero)?);
            }
            Element::Hour => self.hour = field.number(Fill::None, 0..=23, "hour")?,
            Element::Hour12(fill) => self.hour = field.number(fill, 0..=12, "hour")?,
            Element::Minute(fill) => self.minute = field.number(fill, 0..=59, "minute")?,
            Element::Second(fill) => {
                self.second = field.number(fill, 0..=59, "second")?;
                // A fraction may follow the seconds even if the layout has none.
                if !matches!(split(field.layout), Some((_, Element::Fraction { .. }, _, _))) {
                    self.nanosecond = field.optional_fraction()?.unwrap_or(self.nanosecond);
                }
            }
            Element::Half { upper } => self.is_afternoon = Some(field.half(upper)?),
            Element::Offset(form) => self.offset = Some(read_offset(form, field)?),
            // The name alone says nothing about the offset.
            Element::ZoneName => field.zone_name()?,
            Element::Fraction { n_digits, trim: false, .. } => {
                self.nanosecond = field.fraction(n_digits)?
            }
            Element::Fraction { .. } => {
                self.nanosecond = field.optional_fraction()?.unwrap_or(self.nanosecond)
            }
        }
        Ok(())
    }

    /// The whole, if its parts go together.
    fn civil(&self) -> Result<Civil, &'static str> {
        let (month, day) = match self.day_of_year {
            Some(day_of_year) => self.month_and_day(day_of_year)?,
            None => (self.month.unwrap_or(1), self.day.unwrap_or(1)),
        };
        if day < 1 || day > days_in_month(self.year, month) {
            return Err("day out of range");
        }
        let hour = match self.is_afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        let (year, minute, second, nanosecond) =
            (self.year, self.minute, self.second, self.nanosecond);
        Ok(Civil { year, month, day, hour, minute, second, nanosecond })
    }

    fn month_and_day(&self, day_of_year: i64) -> Result<(i64, i64), &'static str> {
        if day_of_year < 1 || day_of_year > 365 + i64::from(is_leap(self.year)) {
            return Err("day-of-year out of range");
        }
        let noon = Civil {
            year: self.year,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            nanosecond: 0,
        };
        let date =
            calendar::shifted(&noon, 0, 0, day_of_year - 1).ok_or("day-of-year out of range")?;
        if self.month.is_some_and(|it| it != date.month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|it| it != date.day) {
            return Err("day-of-year does not match day");
        }
        Ok((date.month, date.day))
    }
}

/// `+hh`, `+hhmm` or `+hh:mm`, perhaps with seconds. Some people write 24 hours and 60 minutes; Go lets them.
fn read_offset(form: Offset, field: &mut Field<'_>) -> Result<i64, Mismatch> {
    if form.z && field.eat('Z') {
        return Ok(0);
    }
    let sign = match field.take() {
        Some('+') => 1,
        Some('-') => -1,
        _ => return Err(Mismatch::Text),
    };
    let hours = field.number(Fill::Zero, 0..=24, "time zone offset hour")?;
    let colon = |field: &mut Field<'_>| {
        if form.colon && !field.eat(':') { Err(Mismatch::Text) } else { Ok(()) }
    };
    let (mut minutes, mut seconds) = (0, 0);
    if form.minutes {
        colon(field)?;
        minutes = field.number(Fill::Zero, 0..=60, "time zone offset minute")?;
    }
    if form.seconds {
        colon(field)?;
        seconds = field.number(Fill::Zero, 0..=60, "time zone offset second")?;
    }
    Ok(sign * (hours * 3600 + minutes * 60 + seconds))
}
