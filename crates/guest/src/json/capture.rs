//! Reads the input document in one pass: all of it is validated, and what the policy asks for goes into slots.
//!
//! What it asks for is a shape, a tree of string keys that the code generator left in memory (`palisade_abi::image`).

use palisade_abi::image::{SHAPE_MEMBER, SHAPE_MEMBERS, tag};

use crate::bytes;
use crate::image::{read_u32, read_word, write_word};
use crate::json::cursor::{Bad, Cursor};
use crate::json::tree;
use crate::rt::lookup;
use crate::word::Word;

/// Up to this many members are looked through one by one.
const LINEAR_MAX: u32 = 8;

/// A node of the shape, by its address; 0 where nothing is asked for.
#[derive(Clone, Copy)]
struct Shape(u32);

impl Shape {
    #[inline(always)]
    fn is_asked(self) -> bool {
        self.0 != 0
    }

    /// The slot of this value plus one, or 0.
    #[inline(always)]
    fn capture(self) -> u32 {
        read_u32(self.0)
    }

    #[inline(always)]
    fn len(self) -> u32 {
        read_u32(self.0 + 4)
    }

    #[inline(always)]
    fn key(self, at: u32) -> Word {
        read_word(self.0 + SHAPE_MEMBERS + SHAPE_MEMBER * at, 0)
    }

    #[inline(always)]
    fn below(self, at: u32) -> Shape {
        Shape(read_u32(self.0 + SHAPE_MEMBERS + SHAPE_MEMBER * at + 8))
    }

    /// The number of the member with that key.
    #[inline(always)]
    fn find(self, key: &[u8]) -> Option<u32> {
        let len = self.len();
        if len > LINEAR_MAX {
            return self.search(key, len);
        }
        (0..len).find(|at| bytes::equal(self.key(*at).bytes(), key))
    }

    fn search(self, key: &[u8], len: u32) -> Option<u32> {
        let (mut low, mut high) = (0, len);
        while low < high {
            let middle = (low + high) / 2;
            match bytes::compare(self.key(middle).bytes(), key) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(middle),
            }
        }
        None
    }
}

/// Reads the whole document into the slots at `slots`, which are all undefined before.
///
/// # Errors
/// When the text is no JSON document; the slots then hold whatever was read before.
pub fn document(cursor: &mut Cursor, shape: u32, slots: u32) -> Result<(), Bad> {
    cursor.skip_space();
    let shape = Shape(shape);
    match cursor.peek() {
        b'{' | b'[' if !shape.is_asked() => cursor.skip_container()?,
        b'{' => Reader { cursor, slots }.container(shape, true)?,
        b'[' => Reader { cursor, slots }.container(shape, false)?,
        _ => scalar(cursor, shape, slots)?,
    }
    cursor.finish()
}

/// Puts the parts of a value that are asked for into their slots.
pub fn known(value: Word, shape: u32, slots: u32) {
    let shape = Shape(shape);
    if !shape.is_asked() || !value.is_defined() {
        return;
    }
    if shape.capture() != 0 {
        write_word(slots, shape.capture() - 1, value);
    }
    if value.is_small() || !value.is(tag::OBJECT) {
        return;
    }
    for at in 0..shape.len() {
        let below = lookup::get_string(value, shape.key(at).bytes());
        known(below, shape.below(at).0, slots);
    }
}

/// Reads a document that is no container.
#[cold]
fn scalar(cursor: &mut Cursor, shape: Shape, slots: u32) -> Result<(), Bad> {
    let word = tree::value(cursor)?;
    if shape.is_asked() && shape.capture() != 0 {
        write_word(slots, shape.capture() - 1, word);
    }
    Ok(())
}

struct Reader<'a> {
    cursor: &'a mut Cursor,
    slots: u32,
}

impl Reader<'_> {
    #[inline(always)]
    fn value(&mut self, shape: Shape) -> Result<(), Bad> {
        if !shape.is_asked() {
            return self.cursor.skip();
        }
        let capture = shape.capture();
        let next = self.cursor.peek();
        if next == b'{' || next == b'[' {
            return self.container(shape, next == b'{');
        }
        if capture == 0 {
            return self.cursor.skip();
        }
        let word = tree::scalar(self.cursor)?;
        write_word(self.slots, capture - 1, word);
        Ok(())
    }

    fn container(&mut self, shape: Shape, is_object: bool) -> Result<(), Bad> {
        let start = self.cursor.address();
        if is_object && shape.len() > 0 {
            self.object(shape)?;
        } else {
            self.cursor.skip_container()?;
        }
        let capture = shape.capture();
        if capture != 0 {
            let text = self.cursor.since(start);
            write_word(self.slots, capture - 1, Word::pack(tag::RAW, start, text.len()));
        }
        Ok(())
    }

    fn object(&mut self, shape: Shape) -> Result<(), Bad> {
        self.cursor.enter()?;
        if self.cursor.peek() != b'}' {
            let mut seen = 0u64;
            loop {
                self.member(shape, &mut seen)?;
                self.cursor.skip_space();
                match self.cursor.peek() {
                    b',' => self.cursor.step(),
                    b'}' => break,
                    _ => return Err(Bad::ObjectEnd),
                }
                self.cursor.skip_space();
            }
        }
        self.cursor.leave();
        Ok(())
    }

    /// Reads one entry. Of equal keys the last one wins, so that a key seen before empties its slots.
    #[inline(always)]
    fn member(&mut self, shape: Shape, seen: &mut u64) -> Result<(), Bad> {
        let key = self.cursor.key()?;
        let key = if key.is_escaped { tree::unescape(key.text).bytes() } else { key.text };
        let Some(at) = shape.find(key) else { return self.cursor.skip() };
        let below = shape.below(at);
        // Members beyond the bits share the last one, and are emptied more often than needed.
        let bit = 1 << at.min(63);
        if *seen & bit != 0 {
            self.forget(below);
        }
        *seen |= bit;
        self.value(below)
    }

    /// Empties the slots of a value and of everything in it.
    #[cold]
    fn forget(&self, shape: Shape) {
        if !shape.is_asked() {
            return;
        }
        if shape.capture() != 0 {
            write_word(self.slots, shape.capture() - 1, Word::UNDEFINED);
        }
        for at in 0..shape.len() {
            self.forget(shape.below(at));
        }
    }
}
