//! Documents with something put into them, or laid over each other.

use palisade_abi::image::tag;
use palisade_value::{AnyValue, Entry};

use crate::order;
use crate::rt::lookup::{self, search};
use crate::word::{self, Word};

/// `base` with `value` at the path of `len` key words at `path`: parents that are missing or no objects become objects.
/// An undefined value changes nothing.
#[unsafe(no_mangle)]
pub extern "C" fn rt_put(base: u64, path: u32, len: u32, value: u64) -> u64 {
    if value == Word::UNDEFINED.0 {
        return base;
    }
    // A path is an array's contents.
    put(Word(base), Word::array_at(path, len as usize).items(), Word(value)).0
}

/// See [`rt_put`].
pub fn put(base: Word, path: &[Word], value: Word) -> Word {
    let Some((key, below)) = path.split_first() else { return value };
    let entries = entries_of(base);
    match search(entries, |it| order::compare(it.key, *key)) {
        Ok(at) => {
            let value = put(entries[at].value, below, value);
            spliced(&entries[..at], Entry { key: *key, value }, &entries[at + 1..])
        }
        Err(at) => {
            let value = put(Word::UNDEFINED, below, value);
            spliced(&entries[..at], Entry { key: *key, value }, &entries[at..])
        }
    }
}

/// Puts a value at a path of strings in place of what is there, without moving anything. Whether something was there;
/// if not, nothing happens. Only for documents of which nothing else holds a part.
pub fn replace(document: Word, path: &[Word], value: Word) -> bool {
    let entries = entries_of(document);
    let Some((key, below)) = path.split_first() else { return false };
    let Ok(at) = search(entries, |it| order::compare(it.key, *key)) else { return false };
    if !below.is_empty() {
        return replace(entries[at].value, below, value);
    }
    word::block::<Entry<Word>>(document.address(), entries.len())[at].value = value;
    true
}

/// Whether something can be put below the path: what is there on the way are objects, or there is nothing.
pub fn is_open(document: Word, path: &[Word]) -> bool {
    let is_object = |it: Word| !it.is_small() && it.is(tag::OBJECT);
    let mut value = document;
    for key in path {
        if !is_object(value) {
            break;
        }
        value = lookup::get_string(value, key.bytes());
    }
    !value.is_defined() || is_object(value)
}

/// `base` without what stands at the path; `None` if nothing does.
pub fn without(base: Word, path: &[Word]) -> Option<Word> {
    let (key, below) = path.split_first()?;
    let entries = entries_of(base);
    let at = search(entries, |it| order::compare(it.key, *key)).ok()?;
    if below.is_empty() {
        let rest = entries[..at].iter().chain(&entries[at + 1..]).copied();
        return Some(Word::object_from_sorted(rest.collect()));
    }
    let value = without(entries[at].value, below)?;
    Some(spliced(&entries[..at], Entry { key: *key, value }, &entries[at + 1..]))
}

/// The entries of an object, none of anything else.
fn entries_of(value: Word) -> &'static [Entry<Word>] {
    if !value.is_small() && value.is(tag::OBJECT) { value.entries() } else { &[] }
}

fn spliced(before: &[Entry<Word>], entry: Entry<Word>, after: &[Entry<Word>]) -> Word {
    let len = before.len() + 1 + after.len();
    let address = word::entries_block(len);
    let block = word::block(address, len);
    block[..before.len()].copy_from_slice(before);
    block[before.len()] = entry;
    block[before.len() + 1..].copy_from_slice(after);
    Word::pack(tag::OBJECT, address, len)
}

/// Two documents as one: objects entry by entry, deeply; of anything else `under` has precedence.
#[unsafe(no_mangle)]
pub extern "C" fn rt_merge(under: u64, over: u64) -> u64 {
    merge(Word(under), Word(over)).0
}

fn merge(under: Word, over: Word) -> Word {
    if !under.is_defined() {
        return over;
    }
    if under.is_small() || over.is_small() || !under.is(tag::OBJECT) || !over.is(tag::OBJECT) {
        return under;
    }
    let (mut left, mut right) = (under.entries(), over.entries());
    let mut merged = Vec::with_capacity(left.len() + right.len());
    while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
        let order = order::compare(a.key, b.key);
        merged.push(match order {
            std::cmp::Ordering::Less => *a,
            std::cmp::Ordering::Greater => *b,
            std::cmp::Ordering::Equal => Entry { key: a.key, value: merge(a.value, b.value) },
        });
        if order.is_le() {
            left = left_rest;
        }
        if order.is_ge() {
            right = right_rest;
        }
    }
    merged.extend_from_slice(left);
    merged.extend_from_slice(right);
    Word::object_from_sorted(merged)
}
