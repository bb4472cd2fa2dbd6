//! Sorting in place what becomes a set or an object. Small on purpose: the standard library's sort would be the largest
//! part of most modules.

use std::cmp::Ordering;

use palisade_value::Entry;

use crate::bytes;
use crate::order::{compare, equal};
use crate::word::{Word, equal_strings};

/// Up to this many elements are sorted by insertion.
const INSERTION_MAX: usize = 12;

/// Sorts members; of equal ones the first stays. Returns how many are left.
pub fn members(items: &mut [Word]) -> usize {
    if is_ascending(items, |a, b| compare(*a, *b)) {
        return items.len();
    }
    sort(items, |a, b| compare(*a, *b));
    keep_first(items, |a, b| equal(*a, *b))
}

/// Sorts entries by key, equal keys in their order.
pub fn by_key(items: &mut [Entry<Word>]) {
    sort(items, |a, b| compare(a.key, b.key));
}

/// Drops entries whose key is that of the entry before. The entries are sorted. Returns how many are left.
pub fn keep_first_entries(items: &mut [Entry<Word>]) -> usize {
    keep_first(items, |a, b| equal(a.key, b.key))
}

/// Sorts entries by key; of equal keys the last one wins. Returns how many are left.
pub fn entries(items: &mut [Entry<Word>]) -> usize {
    if is_ascending(items, |a, b| compare(a.key, b.key)) {
        return items.len();
    }
    sort(items, |a, b| compare(a.key, b.key));
    keep_last(items, |a, b| equal(a.key, b.key))
}

/// [`entries`] for keys that are all strings, as those of JSON text are.
pub fn string_entries(items: &mut [Entry<Word>]) -> usize {
    let compare = |a: &Entry<Word>, b: &Entry<Word>| bytes::compare(a.key.bytes(), b.key.bytes());
    if is_ascending(items, compare) {
        return items.len();
    }
    sort(items, compare);
    keep_last(items, |a, b| equal_strings(a.key, b.key))
}

#[inline(always)]
fn is_ascending<T>(items: &[T], compare: impl Fn(&T, &T) -> Ordering) -> bool {
    items.windows(2).all(|pair| compare(&pair[0], &pair[1]).is_lt())
}

/// Keeps the first one of each run of equal elements.
#[inline(always)]
fn keep_first<T: Copy>(items: &mut [T], equal: impl Fn(&T, &T) -> bool) -> usize {
    let mut kept = 0;
    for at in 0..items.len() {
        if kept == 0 || !equal(&items[kept - 1], &items[at]) {
            items[kept] = items[at];
            kept += 1;
        }
    }
    kept
}

/// Keeps the last one of each run of equal elements.
#[inline(always)]
fn keep_last<T: Copy>(items: &mut [T], equal: impl Fn(&T, &T) -> bool) -> usize {
    let mut kept = 0;
    for at in 0..items.len() {
        let is_last = at + 1 == items.len() || !equal(&items[at], &items[at + 1]);
        if is_last {
            items[kept] = items[at];
            kept += 1;
        }
    }
    kept
}

/// Sorts, keeping equal elements in their order.
pub fn sort<T: Copy>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering + Copy) {
    if items.len() <= INSERTION_MAX {
        return insert_all(items, compare);
    }
    let mut buffer = items.to_vec();
    merge_sort(items, &mut buffer, compare);
}

fn insert_all<T: Copy>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    for next in 1..items.len() {
        let item = items[next];
        let mut at = next;
        while at > 0 && compare(&items[at - 1], &item).is_gt() {
            items[at] = items[at - 1];
            at -= 1;
        }
        items[at] = item;
    }
}

fn merge_sort<T: Copy>(
    items: &mut [T],
    buffer: &mut [T],
    compare: impl Fn(&T, &T) -> Ordering + Copy,
) {
    if items.len() <= INSERTION_MAX {
        return insert_all(items, compare);
    }
    let middle = items.len() / 2;
    merge_sort(&mut items[..middle], &mut buffer[..middle], compare);
    merge_sort(&mut items[middle..], &mut buffer[middle..], compare);
    if compare(&items[middle - 1], &items[middle]).is_le() {
        return;
    }
    buffer.copy_from_slice(items);
    let (mut left, mut right) = (0, middle);
    for item in items {
        let takes_left = right == buffer.len()
            || left < middle && compare(&buffer[left], &buffer[right]).is_le();
        let from = if takes_left { &mut left } else { &mut right };
        *item = buffer[*from];
        *from += 1;
    }
}
