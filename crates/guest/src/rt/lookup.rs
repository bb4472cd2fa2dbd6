//! What stands in a collection under a key, equality and order.

use std::cmp::Ordering;

use palisade_abi::image::{hash_string, tag};
use palisade_value::Entry;

use crate::image::read_u32;
use crate::word::{Word, equal_strings};
use crate::{bytes, order};

/// Up to this many entries or members are looked through one by one.
pub const LINEAR_MAX: usize = 8;

/// What stands in `collection` under `key`; 0 if nothing does. Sets have their members as keys.
#[unsafe(no_mangle)]
pub extern "C" fn rt_get(collection: u64, key: u64) -> u64 {
    get(Word(collection), Word(key)).0
}

/// Whether two values are equal.
#[unsafe(no_mangle)]
pub extern "C" fn rt_equal(a: u64, b: u64) -> u32 {
    u32::from(order::equal(Word(a), Word(b)))
}

/// Compares two values: negative, 0, positive.
#[unsafe(no_mangle)]
pub extern "C" fn rt_compare(a: u64, b: u64) -> i32 {
    order::compare(Word(a), Word(b)) as i32
}

/// [`rt_get`] for words.
#[inline(always)]
pub fn get(collection: Word, key: Word) -> Word {
    if collection.is_small() {
        return Word::UNDEFINED;
    }
    match collection.tag() {
        tag::OBJECT => get_entry(collection, key),
        tag::ARRAY => get_item(collection, key),
        tag::SET => get_member(collection, key),
        _ => Word::UNDEFINED,
    }
}

#[inline(always)]
fn get_item(array: Word, key: Word) -> Word {
    // Larger integers are beyond every array; what is written with a fraction or an exponent is no position.
    let at = if key.is_small() { key.to_small() } else { -1 };
    let at = usize::try_from(at).unwrap_or(usize::MAX);
    array.items().get(at).copied().unwrap_or(Word::UNDEFINED)
}

#[inline(always)]
fn get_entry(object: Word, key: Word) -> Word {
    if key.is_small() || !key.is(tag::STRING) {
        return search_entry(object.entries(), |it| order::compare(it, key));
    }
    let entries = object.entries();
    if entries.len() > LINEAR_MAX {
        return get_string(object, key.bytes());
    }
    for entry in entries {
        if entry.key == key || equal_strings(entry.key, key) {
            return entry.value;
        }
    }
    Word::UNDEFINED
}

/// What stands in an object under a string.
pub fn get_string(object: Word, key: &[u8]) -> Word {
    let entries = object.entries();
    if entries.len() > LINEAR_MAX
        && let Some((cells, mask)) = object.index()
    {
        let found = probe(cells, mask, key, |at| entries.get(at as usize).map(|it| it.key));
        return found
            .and_then(|at| entries.get(at as usize))
            .map_or(Word::UNDEFINED, |it| it.value);
    }
    search_entry(entries, |it| compare_to_string(it, key))
}

/// Looks a string up in a hash index; `key_at` gives the key with a number.
#[inline(always)]
pub fn probe(
    cells: u32,
    mask: u32,
    key: &[u8],
    key_at: impl Fn(u32) -> Option<Word>,
) -> Option<u32> {
    let mut cell = hash_string(key) & mask;
    loop {
        let entry = read_u32(cells + 4 * cell);
        if entry == 0 {
            return None;
        }
        if bytes::equal(key_at(entry - 1)?.bytes(), key) {
            return Some(entry - 1);
        }
        cell = (cell + 1) & mask;
    }
}

/// Compares a value with a string.
#[inline(always)]
pub fn compare_to_string(word: Word, text: &[u8]) -> Ordering {
    if !word.is_small() && word.is(tag::STRING) {
        return bytes::compare(word.bytes(), text);
    }
    order::kind(word).cmp(&palisade_value::Kind::String)
}

#[inline(always)]
fn search_entry(entries: &[Entry<Word>], compare: impl Fn(Word) -> Ordering) -> Word {
    match search(entries, |it| compare(it.key)) {
        Ok(at) => entries.get(at).map_or(Word::UNDEFINED, |it| it.value),
        Err(_) => Word::UNDEFINED,
    }
}

/// Binary search: where the element is, or where it would be.
#[inline(always)]
pub fn search<T>(items: &[T], compare: impl Fn(&T) -> Ordering) -> Result<usize, usize> {
    let (mut low, mut high) = (0, items.len());
    while low < high {
        let middle = (low + high) / 2;
        match compare(&items[middle]) {
            Ordering::Less => low = middle + 1,
            Ordering::Greater => high = middle,
            Ordering::Equal => return Ok(middle),
        }
    }
    Err(low)
}

/// A set's member that equals the key.
fn get_member(set: Word, key: Word) -> Word {
    let members = set.items();
    if members.len() <= LINEAR_MAX {
        return members
            .iter()
            .copied()
            .find(|it| order::equal(*it, key))
            .unwrap_or(Word::UNDEFINED);
    }
    match search(members, |it| order::compare(*it, key)) {
        Ok(at) => members.get(at).copied().unwrap_or(Word::UNDEFINED),
        Err(_) => Word::UNDEFINED,
    }
}
