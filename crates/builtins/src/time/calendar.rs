//! Days and dates of the proleptic Gregorian calendar.

/// Nanoseconds in a second.
pub(crate) const SECOND_NS: i64 = 1_000_000_000;

/// Seconds in a day.
pub(crate) const DAY_S: i64 = 86_400;

pub(crate) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

pub(crate) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What a calendar and a clock on the wall show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    pub(crate) nanosecond: i64,
}

impl Civil {
    /// What is shown this many nanoseconds after the start of 1970.
    pub(crate) fn from_ns(ns: i128) -> Civil {
        let second_ns = i128::from(SECOND_NS);
        let (seconds, nanosecond) =
            (ns.div_euclid(second_ns) as i64, ns.rem_euclid(second_ns) as i64);
        let (days, rest) = (seconds.div_euclid(DAY_S), seconds.rem_euclid(DAY_S));
        let (year, month, day) = date(days);
        Civil {
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            nanosecond,
        }
    }

    /// Seconds since the start of 1970.
    pub(crate) fn seconds(&self) -> i64 {
        let days = days(self.year, self.month, self.day);
        days * DAY_S + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// From 0 for Sunday.
    pub(crate) fn weekday(&self) -> usize {
        // The first of January 1970 was a Thursday.
        (days(self.year, self.month, self.day) + 4).rem_euclid(7) as usize
    }

    /// From 1.
    pub(crate) fn day_of_year(&self) -> i64 {
        days(self.year, self.month, self.day) - days(self.year, 1, 1) + 1
    }
}

/// Years beyond this are beyond every moment that nanoseconds reach, by far.
const YEARS_MAX: i64 = 1_000_000;

/// The same clock on another date. `None` far outside of all that nanoseconds can say.
pub(crate) fn shifted(it: &Civil, years: i64, months: i64, days_more: i64) -> Option<Civil> {
    let months = years.checked_mul(12)?.checked_add(months)?.checked_add(it.month - 1)?;
    let (year, month) = (it.year.checked_add(months.div_euclid(12))?, months.rem_euclid(12) + 1);
    let is_beyond = |it: i64, max: i64| it.unsigned_abs() > max.unsigned_abs();
    if is_beyond(year, YEARS_MAX) || is_beyond(days_more, YEARS_MAX * 366) {
        return None;
    }
    let (year, month, day) = date(days(year, month, it.day) + days_more);
    Some(Civil { year, month, day, ..it.clone() })
}

/// Whether the year has a 29th of February.
pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(crate) fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since the start of 1970; the day may lie outside of its month.
///
/// Years are counted from March, so that the leap day comes last; 400 of them always have the same length.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day; the inverse of [`days`].
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * from_march + 2) / 5 + 1, (from_march + 2) % 12 + 1);
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_inverse() {
        for day in (-1_000_000..1_000_000).step_by(137) {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), day);
            assert!(
                (1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&of_month)
            );
        }
        assert_eq!(date(0), (1970, 1, 1));
        assert_eq!(date(11_016), (2000, 2, 29));
        assert_eq!(date(-719_528), (0, 1, 1));
    }
}
