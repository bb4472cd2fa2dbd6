//! A regular expression as tables: what modules carry for patterns that are known when they are built.
//!
//! A pattern is two deterministic automata over bytes. The forward one finds where the leftmost match ends; the reverse
//! one, run from there, finds where it starts. Either is, all numbers little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 0..256 | the class of each byte |
//! | 256..258 | the length of a row: the number of classes and one for the end of the text |
//! | 258..260 | the last matching state: 0 is dead, states from 1 to this one match |
//! | 260..270 | the start states, by what stands before the start, see [`Before`] |
//! | 270..272 | nothing |
//! | 272.. | the rows: each state's next state by class |
//!
//! A pattern begins with the length of its forward automaton and that of its reverse one (0 where nobody asks for
//! places), four bytes each.

use std::ops::Range;

use super::search::Search;

/// The length of what stands before an automaton's rows.
pub const HEADER: usize = 272;
/// Where an automaton's header has the length of its rows, and then the last matching state.
pub const STRIDE_AT: usize = 256;
/// Where an automaton's header has its start states.
pub const STARTS_AT: usize = 260;
/// The length of what stands before a pattern's automata.
pub const LENGTHS: usize = 8;

/// What stands before the place where an automaton starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Nothing,
    /// A line feed.
    LineFeed,
    /// A carriage return.
    Return,
    /// A letter, a digit or an underscore of ASCII.
    Word,
    /// Any other byte.
    Other,
}

impl Before {
    /// All of them, in the order of the start states.
    pub const ALL: [Before; 5] =
        [Before::Nothing, Before::LineFeed, Before::Return, Before::Word, Before::Other];

    /// The kind of a byte, or of none.
    #[inline(always)]
    fn of(byte: Option<u8>) -> Before {
        match byte {
            None => Before::Nothing,
            Some(b'\n') => Before::LineFeed,
            Some(b'\r') => Before::Return,
            Some(it) if it.is_ascii_alphanumeric() || it == b'_' => Before::Word,
            Some(_) => Before::Other,
        }
    }
}

/// A pattern's tables. Malformed ones match nothing.
#[derive(Clone, Copy, Debug)]
pub struct Tables<'a> {
    forward: Automaton<'a>,
    reverse: Automaton<'a>,
}

impl<'a> Tables<'a> {
    /// Reads the tables.
    #[inline(always)]
    pub fn new(bytes: &'a [u8]) -> Tables<'a> {
        let length = |at| u32_at(bytes, at) as usize;
        let forward = bytes.get(LENGTHS..LENGTHS + length(0)).unwrap_or(&[]);
        let reverse = bytes.get(LENGTHS + length(0)..).unwrap_or(&[]);
        Tables {
            forward: Automaton::new(forward),
            reverse: Automaton::new(reverse.get(..length(4)).unwrap_or(&[])),
        }
    }
}

impl Search for Tables<'_> {
    fn is_match(&self, text: &str) -> bool {
        self.forward.is_match(text.as_bytes())
    }

    fn find_from(&self, text: &str, mut start: usize) -> Option<Range<usize>> {
        let text_bytes = text.as_bytes();
        loop {
            let end = self.forward.end(text_bytes, start)?;
            if text.is_char_boundary(end) {
                let begin = self.reverse.begin(text_bytes, start, end);
                return Some(begin.unwrap_or(end)..end);
            }
            // A match of nothing inside a character is none.
            start += 1;
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Automaton<'a> {
    header: &'a [u8],
    rows: &'a [u8],
    stride: usize,
    last_match: usize,
}

impl<'a> Automaton<'a> {
    #[inline(always)]
    fn new(bytes: &'a [u8]) -> Automaton<'a> {
        let (header, rows) = bytes.split_at_checked(HEADER).unwrap_or((&[], &[]));
        Automaton {
            header,
            rows,
            stride: u16_at(header, STRIDE_AT),
            last_match: u16_at(header, STRIDE_AT + 2),
        }
    }

    #[inline(always)]
    fn start(&self, before: Option<u8>) -> usize {
        u16_at(self.header, STARTS_AT + 2 * Before::of(before) as usize)
    }

    #[inline(always)]
    fn next(&self, state: usize, byte: u8) -> usize {
        let class = self.header.get(usize::from(byte)).copied().unwrap_or(0);
        u16_at(self.rows, 2 * (state * self.stride + usize::from(class)))
    }

    /// The state behind the last byte, once the text has ended.
    #[inline(always)]
    fn at_end(&self, state: usize) -> usize {
        u16_at(self.rows, 2 * (state * self.stride + self.stride.saturating_sub(1)))
    }

    #[inline(always)]
    fn is_matching(&self, state: usize) -> bool {
        state != 0 && state <= self.last_match
    }

    fn is_match(&self, text: &[u8]) -> bool {
        let mut state = self.start(None);
        for byte in text {
            state = self.next(state, *byte);
            if state <= self.last_match {
                return state != 0;
            }
        }
        self.is_matching(self.at_end(state))
    }

    /// Where the leftmost match from `start` on ends. A state that matches says so one byte late.
    fn end(&self, text: &[u8], start: usize) -> Option<usize> {
        let mut state = self.start(start.checked_sub(1).and_then(|at| text.get(at).copied()));
        let mut found = None;
        for (at, byte) in text.iter().enumerate().skip(start) {
            state = self.next(state, *byte);
            if state == 0 {
                return found;
            }
            if state <= self.last_match {
                found = Some(at);
            }
        }
        if self.is_matching(self.at_end(state)) { Some(text.len()) } else { found }
    }

    /// Where the longest match that ends at `end` begins, not before `start`.
    fn begin(&self, text: &[u8], start: usize, end: usize) -> Option<usize> {
        let mut state = self.start(text.get(end).copied());
        let mut found = None;
        for at in (start..end).rev() {
            state = self.next(state, text.get(at).copied()?);
            if state == 0 {
                return found;
            }
            if state <= self.last_match {
                found = Some(at + 1);
            }
        }
        let last = match start.checked_sub(1).and_then(|at| text.get(at).copied()) {
            Some(byte) => self.next(state, byte),
            None => self.at_end(state),
        };
        if self.is_matching(last) { Some(start) } else { found }
    }
}

#[inline(always)]
fn u16_at(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..at + 2) {
        Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])),
        _ => 0,
    }
}

#[inline(always)]
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at + 4) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}
