//! Layouts: a time written as the reference time `Mon Jan 2 15:04:05 MST 2006` would be.

pub(super) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";
pub(super) const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

/// A layout, which may also be given by its name.
pub(super) fn named(layout: &str) -> &str {
    match layout {
        "ANSIC" => "Mon Jan _2 15:04:05 2006",
        "UnixDate" => "Mon Jan _2 15:04:05 MST 2006",
        "RubyDate" => "Mon Jan 02 15:04:05 -0700 2006",
        "RFC822" => "02 Jan 06 15:04 MST",
        "RFC822Z" => "02 Jan 06 15:04 -0700",
        "RFC850" => "Monday, 02-Jan-06 15:04:05 MST",
        "RFC1123" => "Mon, 02 Jan 2006 15:04:05 MST",
        "RFC1123Z" => "Mon, 02 Jan 2006 15:04:05 -0700",
        "RFC3339" => RFC3339,
        "RFC3339Nano" => RFC3339_NANO,
        other => other,
    }
}

/// How a number is written that may be shorter than its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    /// As short as it is.
    None,
    /// With spaces before it.
    Space,
    /// With zeros before it.
    Zero,
}

/// An offset from universal time: `-07:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Offset {
    /// `Z` stands for no offset.
    pub(super) z: bool,
    pub(super) colon: bool,
    pub(super) minutes: bool,
    pub(super) seconds: bool,
}

/// One element of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Year {
        long: bool,
    },
    MonthName {
        long: bool,
    },
    Month(Fill),
    Weekday {
        long: bool,
    },
    Day(Fill),
    DayOfYear(Fill),
    Hour,
    Hour12(Fill),
    Minute(Fill),
    Second(Fill),
    /// `PM`, or `pm`
    Half {
        upper: bool,
    },
    Offset(Offset),
    /// `MST`
    ZoneName,
    /// A separator and so many digits; with `trim`, zeros at the end aren't written.
    Fraction {
        n_digits: usize,
        separator: char,
        trim: bool,
    },
}

/// Splits a layout at its first element: what stands before it, the element with its text, the rest.
pub(super) fn split(layout: &str) -> Option<(&str, Element, &str, &str)> {
    for (at, _) in layout.char_indices() {
        let (before, here) = layout.split_at_checked(at)?;
        if let Some((n_skipped, element, length)) = element(here) {
            let (before, rest) = layout.split_at_checked(before.len() + n_skipped)?;
            let (text, rest) = rest.split_at_checked(length)?;
            return Some((before, element, text, rest));
        }
    }
    None
}

/// The element at the start: after how many bytes, which, and how long.
fn element(here: &str) -> Option<(usize, Element, usize)> {
    use Element as E;
    let found = |element: Element, length: usize| Some((0, element, length));
    let starts = |text: &str| here.starts_with(text);
    let followed_by_lower = |at: usize| here.as_bytes().get(at).is_some_and(u8::is_ascii_lowercase);
    match here.as_bytes().first()? {
        b'J' if starts("January") => found(E::MonthName { long: true }, 7),
        b'J' if starts("Jan") && !followed_by_lower(3) => found(E::MonthName { long: false }, 3),
        b'M' if starts("Monday") => found(E::Weekday { long: true }, 6),
        b'M' if starts("Mon") && !followed_by_lower(3) => found(E::Weekday { long: false }, 3),
        b'M' if starts("MST") => found(E::ZoneName, 3),
        b'0' if starts("002") => found(E::DayOfYear(Fill::Zero), 3),
        b'0' if starts("01") => found(E::Month(Fill::Zero), 2),
        b'0' if starts("02") => found(E::Day(Fill::Zero), 2),
        b'0' if starts("03") => found(E::Hour12(Fill::Zero), 2),
        b'0' if starts("04") => found(E::Minute(Fill::Zero), 2),
        b'0' if starts("05") => found(E::Second(Fill::Zero), 2),
        b'0' if starts("06") => found(E::Year { long: false }, 2),
        b'1' if starts("15") => found(E::Hour, 2),
        b'1' => found(E::Month(Fill::None), 1),
        b'2' if starts("2006") => found(E::Year { long: true }, 4),
        b'2' => found(E::Day(Fill::None), 1),
        // An underscore before a whole year is only an underscore.
        b'_' if starts("_2006") => Some((1, E::Year { long: true }, 4)),
        b'_' if starts("_2") => found(E::Day(Fill::Space), 2),
        b'_' if starts("__2") => found(E::DayOfYear(Fill::Space), 3),
        b'3' => found(E::Hour12(Fill::None), 1),
        b'4' => found(E::Minute(Fill::None), 1),
        b'5' => found(E::Second(Fill::None), 1),
        b'P' if starts("PM") => found(E::Half { upper: true }, 2),
        b'p' if starts("pm") => found(E::Half { upper: false }, 2),
        b'-' | b'Z' => offset(here),
        b'.' | b',' => fraction(here),
        _ => None,
    }
}

fn offset(here: &str) -> Option<(usize, Element, usize)> {
    let z = here.starts_with('Z');
    let rest = here.get(1..)?;
    let forms = [
        ("070000", false, true, true),
        ("07:00:00", true, true, true),
        ("0700", false, true, false),
        ("07:00", true, true, false),
        ("07", false, false, false),
    ];
    let (text, colon, minutes, seconds) =
        forms.into_iter().find(|(text, ..)| rest.starts_with(text))?;
    Some((0, Element::Offset(Offset { z, colon, minutes, seconds }), 1 + text.len()))
}

/// A point or comma with only zeros, or only nines, behind it.
fn fraction(here: &str) -> Option<(usize, Element, usize)> {
    let separator = here.chars().next()?;
    let digits = here.as_bytes().get(1..)?;
    let first = *digits.first().filter(|it| matches!(it, b'0' | b'9'))?;
    let n_digits = digits.iter().take_while(|it| **it == first).count();
    if digits.get(n_digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    Some((0, Element::Fraction { n_digits, separator, trim: first == b'9' }, 1 + n_digits))
}
