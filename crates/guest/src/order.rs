//! Equality and Rego's total order of words. Same as `palisade_value::order`, with the shortcuts that words allow.

use std::cmp::Ordering;

use palisade_abi::image::tag;
use palisade_value::{Entry, Kind, Num};

use crate::bytes;
use crate::word::{Word, equal_strings};

/// The kind of a defined value.
#[inline(always)]
pub fn kind(word: Word) -> Kind {
    if word.is_small() {
        return Kind::Number;
    }
    match word.tag() {
        tag::STRING => Kind::String,
        tag::DECIMAL => Kind::Number,
        tag::ARRAY => Kind::Array,
        tag::OBJECT => Kind::Object,
        tag::SET => Kind::Set,
        _ if word == Word::NULL => Kind::Null,
        _ => Kind::Boolean,
    }
}

/// Whether two defined values are the same value.
#[inline(always)]
pub fn equal(a: Word, b: Word) -> bool {
    if a == b {
        return true;
    }
    if a.is_small() && b.is_small() {
        return false;
    }
    if a.is(tag::STRING) {
        return b.is(tag::STRING) && equal_strings(a, b);
    }
    equal_slowly(a, b)
}

/// What is left for [`equal`]: decimals and collections.
fn equal_slowly(a: Word, b: Word) -> bool {
    if a.is(tag::DECIMAL) || b.is(tag::DECIMAL) {
        return kind(a) == kind(b) && compare_numbers(a, b).is_eq();
    }
    // Specials and inline integers are equal only if their bits are; of collections tag and length must be equal.
    if a.is_small() || a.tag() == tag::SPECIAL || a.0 as u32 != b.0 as u32 {
        return false;
    }
    if a.is(tag::OBJECT) {
        let pairs = a.entries().iter().zip(b.entries());
        return all(pairs, |(a, b)| equal(a.key, b.key) && equal(a.value, b.value));
    }
    all(a.items().iter().zip(b.items()), |(a, b)| equal(*a, *b))
}

#[inline(always)]
fn all<T>(items: impl Iterator<Item = T>, holds: impl Fn(T) -> bool) -> bool {
    for item in items {
        if !holds(item) {
            return false;
        }
    }
    true
}

/// Compares two defined values.
pub fn compare(a: Word, b: Word) -> Ordering {
    if a.is_small() && b.is_small() {
        return a.to_small().cmp(&b.to_small());
    }
    let kinds = kind(a).cmp(&kind(b));
    if kinds.is_ne() || a == b {
        return kinds;
    }
    match kind(a) {
        Kind::String => bytes::compare(a.bytes(), b.bytes()),
        Kind::Number => compare_numbers(a, b),
        Kind::Array | Kind::Set => compare_items(a.items(), b.items()),
        Kind::Object => compare_entries(a.entries(), b.entries()),
        // Two different booleans: `false` has the smaller bits.
        Kind::Null | Kind::Boolean => a.0.cmp(&b.0),
    }
}

#[cold]
fn compare_numbers(a: Word, b: Word) -> Ordering {
    number(a).compare(&number(b))
}

fn number(word: Word) -> Num<'static> {
    if word.is_small() { Num::Int(word.to_small()) } else { Num::Decimal(word.text()) }
}

fn compare_items(a: &[Word], b: &[Word]) -> Ordering {
    for (a, b) in a.iter().zip(b) {
        let order = compare(*a, *b);
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len())
}

fn compare_entries(a: &[Entry<Word>], b: &[Entry<Word>]) -> Ordering {
    for (a, b) in a.iter().zip(b) {
        let order = compare(a.key, b.key).then_with(|| compare(a.value, b.value));
        if order.is_ne() {
            return order;
        }
    }
    a.len().cmp(&b.len())
}
