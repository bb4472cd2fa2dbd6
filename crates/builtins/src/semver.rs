//! `semver.*`

use std::cmp::Ordering;

use palisade_value::AnyValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;
use crate::quote;

/// -1, 0 or 1: whether the first version comes before, with or after the second.
pub fn semver_compare<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (a, b) = (args.string(0)?, args.string(1)?);
    let (a, b) = (version(a, "operand 1: string ")?, version(b, "operand 2: string ")?);
    Ok(V::integer(a.compare(&b) as i64))
}

/// Whether it is a semantic version.
pub fn semver_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0).is_ok_and(|it| Version::parse(it).is_some())))
}

fn version<'a>(text: &'a str, which: &'static str) -> Result<Version<'a>, Failure> {
    Version::parse(text).ok_or_else(|| {
        let mut message = which.to_owned();
        quote::quote(text, '"', false, &mut message);
        message.push_str(" is not a valid SemVer");
        Failure::Error(message.into())
    })
}

struct Version<'a> {
    numbers: [i64; 3],
    pre_release: &'a str,
}

impl<'a> Version<'a> {
    /// `[v]major.minor.patch[-pre.release][+meta.data]`
    fn parse(text: &'a str) -> Option<Version<'a>> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (text, metadata) = text.split_once('+').unwrap_or((text, ""));
        let (text, pre_release) = text.split_once('-').unwrap_or((text, ""));
        let is_identifiers = |it: &str| {
            let is_letter = |it: u8| it == b'-' || it.is_ascii_alphanumeric();
            let is_identifier = |it: &str| !it.is_empty() && it.bytes().all(is_letter);
            it.is_empty() || it.split('.').all(is_identifier)
        };
        if !is_identifiers(metadata) || !is_identifiers(pre_release) {
            return None;
        }
        let mut parts = text.split('.').map(|it| it.parse().ok());
        let numbers = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(Version { numbers, pre_release })
    }

    fn compare(&self, other: &Version<'_>) -> Ordering {
        let pre_release = || match (self.pre_release, other.pre_release) {
            ("", "") => Ordering::Equal,
            // A release comes after everything that precedes it.
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (a, b) => compare_identifiers(a, b),
        };
        self.numbers.cmp(&other.numbers).then_with(pre_release)
    }
}

/// Numbers by value and before names, names by their bytes; a longer list comes after its beginning.
fn compare_identifiers(a: &str, b: &str) -> Ordering {
    let number = |it: &str| {
        if it.bytes().all(|it| it.is_ascii_digit()) { it.parse::<u128>().ok() } else { None }
    };
    let one = |a: &str, b: &str| match (number(a), number(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    };
    let pairs = a.split('.').zip(b.split('.'));
    let first = pairs.map(|(a, b)| one(a, b)).find(|it| it.is_ne());
    first.unwrap_or_else(|| a.split('.').count().cmp(&b.split('.').count()))
}
