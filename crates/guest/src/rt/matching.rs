//! Choosing a case by a constant: the rule index.

use palisade_abi::image::{MATCH_ENTRY, tag};

use crate::image::{read_u32, read_word};
use crate::order;
use crate::rt::lookup::{compare_to_string, probe};
use crate::word::Word;

/// A match table, by its address. Behind the number of constants it may have the address of a hash index over those
/// that are strings: the mask and then the cells, as objects have them.
#[derive(Clone, Copy)]
struct Table(u32);

impl Table {
    fn len(self) -> u32 {
        read_u32(self.0)
    }

    fn index(self) -> u32 {
        read_u32(self.0 + 4)
    }

    #[inline(always)]
    fn constant(self, at: u32) -> Word {
        read_word(self.0 + 8 + MATCH_ENTRY * at, 0)
    }

    fn case(self, at: u32) -> i32 {
        read_u32(self.0 + 16 + MATCH_ENTRY * at) as i32
    }
}

/// The number of the case whose constant equals the subject, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn rt_match(subject: u64, table: u32) -> i32 {
    let (subject, table) = (Word(subject), Table(table));
    find(subject, table).map_or(-1, |at| table.case(at))
}

#[inline(always)]
fn find(subject: Word, table: Table) -> Option<u32> {
    if subject.is_small() || !subject.is(tag::STRING) {
        return search(table, |it| order::compare(it, subject));
    }
    let text = subject.bytes();
    match table.index() {
        0 => search(table, |it| compare_to_string(it, text)),
        index => probe(index + 4, read_u32(index), text, |at| Some(table.constant(at))),
    }
}

#[inline(always)]
fn search(table: Table, compare: impl Fn(Word) -> std::cmp::Ordering) -> Option<u32> {
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = (low + high) / 2;
        match compare(table.constant(middle)) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
            std::cmp::Ordering::Equal => return Some(middle),
        }
    }
    None
}
