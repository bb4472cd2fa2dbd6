//! The frequent cases of frequent built-ins, done on words. `None` leaves a call to the built-in itself.

use palisade_abi::image::{INTEGER_RANGE, tag};

use crate::bytes;
use crate::order;
use crate::rt::lookup;
use crate::word::Word;

#[inline(always)]
fn integers(a: Word, b: Word, compute: impl Fn(i64, i64) -> Option<i64>) -> Option<Word> {
    if !(a.is_small() && b.is_small()) {
        return None;
    }
    let it = compute(a.to_small(), b.to_small())?;
    INTEGER_RANGE.contains(&it).then(|| Word::small(it))
}

/// The sum of two small integers.
#[inline(always)]
pub fn plus([a, b]: [Word; 2]) -> Option<Word> {
    integers(a, b, i64::checked_add)
}

/// The difference of two small integers.
#[inline(always)]
pub fn minus([a, b]: [Word; 2]) -> Option<Word> {
    integers(a, b, i64::checked_sub)
}

/// The product of two small integers.
#[inline(always)]
pub fn mul([a, b]: [Word; 2]) -> Option<Word> {
    integers(a, b, i64::checked_mul)
}

/// The remainder of two small integers, with the sign of the first.
#[inline(always)]
pub fn rem([a, b]: [Word; 2]) -> Option<Word> {
    integers(a, b, i64::checked_rem)
}

/// The number of elements of a collection.
#[inline(always)]
pub fn count([it]: [Word; 1]) -> Option<Word> {
    let is_collection = !it.is_small() && matches!(it.tag(), tag::ARRAY | tag::OBJECT | tag::SET);
    is_collection.then(|| Word::small(it.length() as i64))
}

#[inline(always)]
fn strings(a: Word, b: Word, holds: impl Fn(&[u8], &[u8]) -> bool) -> Option<Word> {
    let are_strings = !a.is_small() && !b.is_small() && a.is(tag::STRING) && b.is(tag::STRING);
    are_strings.then(|| Word::truth(holds(a.bytes(), b.bytes())))
}

/// Whether a string begins with another.
#[inline(always)]
pub fn startswith([text, start]: [Word; 2]) -> Option<Word> {
    strings(text, start, |text, start| {
        text.get(..start.len()).is_some_and(|it| bytes::equal(it, start))
    })
}

/// Whether a string ends with another.
#[inline(always)]
pub fn endswith([text, end]: [Word; 2]) -> Option<Word> {
    strings(text, end, |text, end| {
        let start = text.len().checked_sub(end.len());
        start.and_then(|start| text.get(start..)).is_some_and(|it| bytes::equal(it, end))
    })
}

/// Whether two values are equal.
#[inline(always)]
pub fn equal([a, b]: [Word; 2]) -> Option<Word> {
    Some(Word::truth(order::equal(a, b)))
}

/// Whether two values differ.
#[inline(always)]
pub fn neq([a, b]: [Word; 2]) -> Option<Word> {
    Some(Word::truth(!order::equal(a, b)))
}

/// Whether the first value is less.
#[inline(always)]
pub fn lt([a, b]: [Word; 2]) -> Option<Word> {
    Some(Word::truth(order::compare(a, b).is_lt()))
}

/// Whether the first value is not greater.
#[inline(always)]
pub fn lte([a, b]: [Word; 2]) -> Option<Word> {
    Some(Word::truth(order::compare(a, b).is_le()))
}

/// Whether the first value is greater.
#[inline(always)]
pub fn gt([a, b]: [Word; 2]) -> Option<Word> {
    Some(Word::truth(order::compare(a, b).is_gt()))
}

/// Whether the first value is not less.
#[inline(always)]
pub fn gte([a, b]: [Word; 2]) -> Option<Word> {
    Some(Word::truth(order::compare(a, b).is_ge()))
}

/// Whether a value is an element of an array or of a set, or a value of an object.
#[inline(always)]
pub fn internal_member_2([item, collection]: [Word; 2]) -> Option<Word> {
    if collection.is_small() {
        return None;
    }
    let found = match collection.tag() {
        tag::ARRAY => collection.items().iter().any(|it| order::equal(*it, item)),
        tag::SET => lookup::get(collection, item).is_defined(),
        tag::OBJECT => collection.entries().iter().any(|it| order::equal(it.value, item)),
        _ => return None,
    };
    Some(Word::truth(found))
}

/// What an object has under a string, or the value for none.
#[inline(always)]
pub fn object_get([object, key, otherwise]: [Word; 3]) -> Option<Word> {
    let is_plain =
        !object.is_small() && object.is(tag::OBJECT) && !key.is_small() && key.is(tag::STRING);
    if !is_plain {
        return None;
    }
    let found = lookup::get(object, key);
    Some(if found.is_defined() { found } else { otherwise })
}
