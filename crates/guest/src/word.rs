//! The value word: what a Rego value is in a module. Its layout is described in `palisade_abi::image`.

use palisade_abi::image::{self, INTEGER_RANGE, LENGTH_MAX, tag};
use palisade_value::number::Num;
use palisade_value::{AnyValue, Entry, Kind, View};

use crate::digits::integer_text;
use crate::{arena, bytes, order, sort};

/// A value, or undefined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(transparent)]
pub struct Word(pub u64);

/// The room before an object's first entry, which holds the place of its hash index.
const HEADER: u32 = 8;

impl Word {
    /// No value.
    pub const UNDEFINED: Word = Word(image::UNDEFINED);
    /// `null`
    pub const NULL: Word = Word(image::NULL);
    /// `false`
    pub const FALSE: Word = Word(image::FALSE);
    /// `true`
    pub const TRUE: Word = Word(image::TRUE);

    /// Packs a tag, an address and a length.
    #[inline(always)]
    pub fn pack(tag: u64, address: u32, length: usize) -> Word {
        if length > LENGTH_MAX {
            arena::exhausted();
        }
        Word(image::pack(tag, address, length))
    }

    /// A boolean.
    #[inline(always)]
    pub fn truth(it: bool) -> Word {
        if it { Word::TRUE } else { Word::FALSE }
    }

    /// An integer that is known to fit 63 bits.
    #[inline(always)]
    pub const fn small(it: i64) -> Word {
        Word((it as u64) << 1 | 1)
    }

    /// Whether this is an inline integer.
    #[inline(always)]
    pub const fn is_small(self) -> bool {
        self.0 & 1 == 1
    }

    /// The inline integer.
    #[inline(always)]
    pub const fn to_small(self) -> i64 {
        self.0 as i64 >> 1
    }

    /// Whether there is a value.
    #[inline(always)]
    pub const fn is_defined(self) -> bool {
        self.0 != image::UNDEFINED
    }

    /// The tag; of no use for inline integers.
    #[inline(always)]
    pub const fn tag(self) -> u64 {
        self.0 & tag::MASK
    }

    /// Whether the value has that tag, which never is that of specials.
    #[inline(always)]
    pub const fn is(self, tag: u64) -> bool {
        self.0 & tag::MASK == tag
    }

    /// The length in elements.
    #[inline(always)]
    pub const fn length(self) -> usize {
        (self.0 as u32 >> 4) as usize
    }

    /// The address of the contents.
    #[inline(always)]
    pub const fn address(self) -> u32 {
        (self.0 >> 32) as u32
    }

    #[inline(always)]
    fn start<T>(self) -> *const T {
        std::ptr::with_exposed_provenance(self.address() as usize)
    }

    /// `length` things of type `T` at the address.
    #[inline(always)]
    fn slice<T>(self) -> &'static [T] {
        if self.length() == 0 {
            return &[];
        }
        // SAFETY: words are made by this library and the code generator only, and point to as many elements as they
        // say. Nothing is freed before the evaluation ends, and what a word points to is never written again.
        unsafe { std::slice::from_raw_parts(self.start::<T>(), self.length()) }
    }

    /// The bytes of a string, of a decimal or of raw JSON text.
    #[inline(always)]
    pub fn bytes(self) -> &'static [u8] {
        self.slice()
    }

    /// The text of a string, of a decimal or of raw JSON text.
    #[inline(always)]
    pub fn text(self) -> &'static str {
        // SAFETY: input is checked to be UTF-8 before any word points into it, everything else comes from `str`s.
        unsafe { std::str::from_utf8_unchecked(self.slice()) }
    }

    /// The elements of an array or the members of a set.
    #[inline(always)]
    pub fn items(self) -> &'static [Word] {
        self.slice()
    }

    /// The entries of an object.
    #[inline(always)]
    pub fn entries(self) -> &'static [Entry<Word>] {
        self.slice()
    }

    /// Where the hash index of a non-empty object is; `None` if it has none.
    #[inline(always)]
    pub fn index(self) -> Option<(u32, u32)> {
        let header = self.address() - HEADER;
        let cells = crate::image::read_u32(header);
        if cells == 0 { None } else { Some((cells, crate::image::read_u32(header + 4))) }
    }

    /// Gives a non-empty object a hash index.
    pub fn set_index(self, cells: u32, mask: u32) {
        crate::image::write_word(
            self.address() - HEADER,
            0,
            Word(u64::from(mask) << 32 | u64::from(cells)),
        );
    }

    /// A string, whose bytes stay where they are.
    #[inline(always)]
    pub fn string_at(bytes: &'static [u8]) -> Word {
        Word::pack(tag::STRING, bytes.as_ptr().expose_provenance() as u32, bytes.len())
    }

    /// A number that is no 63-bit integer, whose text stays where it is.
    #[inline(always)]
    pub fn decimal_at(bytes: &'static [u8]) -> Word {
        Word::pack(tag::DECIMAL, bytes.as_ptr().expose_provenance() as u32, bytes.len())
    }

    /// An array over a block of words that nothing else uses.
    #[inline(always)]
    pub fn array_at(address: u32, length: usize) -> Word {
        Word::pack(tag::ARRAY, address, length)
    }

    /// A set of the words in a block that nothing else uses: they are sorted there.
    pub fn set_at(address: u32, length: usize) -> Word {
        let length = sort::members(block(address, length));
        Word::pack(tag::SET, address, length)
    }

    /// An object of the entries in a block got from [`entries_block`]: they are sorted there, the last one of equal keys
    /// wins.
    pub fn object_at(address: u32, length: usize) -> Word {
        let length = sort::entries(block(address, length));
        Word::pack(tag::OBJECT, address, length)
    }
}

/// A block of `length` words.
#[inline(always)]
pub fn words_block(length: usize) -> u32 {
    arena::allocate(size_of_words(length))
}

/// A block of `length` entries with a header before them that says "no hash index".
#[inline(always)]
pub fn entries_block(length: usize) -> u32 {
    let address = arena::allocate(HEADER.saturating_add(size_of_words(length.saturating_mul(2))));
    crate::image::write_word(address, 0, Word(0));
    address + HEADER
}

/// The size of that many words; more than memory has if there are too many.
#[inline(always)]
fn size_of_words(length: usize) -> u32 {
    (length as u32).checked_mul(8).unwrap_or(u32::MAX)
}

/// The elements of a block that nothing else uses.
#[inline(always)]
pub fn block<T>(address: u32, length: usize) -> &'static mut [T] {
    // SAFETY: the callers got the block from the arena and hold the only reference into it.
    unsafe {
        std::slice::from_raw_parts_mut(
            std::ptr::with_exposed_provenance_mut(address as usize),
            length,
        )
    }
}

/// The address and length of a vector's buffer, which is never freed.
#[inline(always)]
fn leak<T>(mut items: Vec<T>) -> (u32, usize) {
    items.shrink_to_fit();
    let items = items.leak();
    (items.as_ptr().expose_provenance() as u32, items.len())
}

impl AnyValue for Word {
    #[inline(always)]
    fn view(&self) -> View<'_, Word> {
        if self.is_small() {
            return View::Number(Num::Int(self.to_small()));
        }
        match self.tag() {
            tag::STRING => View::String(self.text()),
            tag::DECIMAL => View::Number(Num::Decimal(self.text())),
            tag::ARRAY => View::Array(self.items()),
            tag::OBJECT => View::Object(self.entries()),
            tag::SET => View::Set(self.items()),
            _ => match self.0 {
                image::TRUE => View::Boolean(true),
                image::FALSE => View::Boolean(false),
                _ => View::Null,
            },
        }
    }

    #[inline(always)]
    fn null() -> Word {
        Word::NULL
    }

    #[inline(always)]
    fn boolean(it: bool) -> Word {
        Word::truth(it)
    }

    #[inline(always)]
    fn integer(it: i64) -> Word {
        if INTEGER_RANGE.contains(&it) { Word::small(it) } else { large_integer(it) }
    }

    fn decimal(text: &str) -> Word {
        match Num::parse_int(text) {
            Some(it) if INTEGER_RANGE.contains(&it) => Word::small(it),
            _ => copied(tag::DECIMAL, text.as_bytes()),
        }
    }

    fn string(it: String) -> Word {
        let (address, length) = leak(it.into_bytes());
        Word::pack(tag::STRING, address, length)
    }

    fn array(items: Vec<Word>) -> Word {
        let (address, length) = leak(items);
        Word::pack(tag::ARRAY, address, length)
    }

    fn set_from_sorted(members: Vec<Word>) -> Word {
        let (address, length) = leak(members);
        Word::pack(tag::SET, address, length)
    }

    fn object_from_sorted(entries: Vec<Entry<Word>>) -> Word {
        let address = with_header(entries.as_slice());
        Word::pack(tag::OBJECT, address, entries.len())
    }

    fn text(it: &str) -> Word {
        copied(tag::STRING, it.as_bytes())
    }

    fn set(members: Vec<Word>) -> Word {
        let (address, length) = leak(members);
        Word::set_at(address, length)
    }

    fn object(entries: Vec<Entry<Word>>) -> Word {
        let address = with_header(entries.as_slice());
        Word::object_at(address, entries.len())
    }

    #[inline(always)]
    fn kind(&self) -> Kind {
        order::kind(*self)
    }

    #[inline(always)]
    fn as_str(&self) -> Option<&str> {
        if self.is(tag::STRING) { Some(self.text()) } else { None }
    }

    #[inline(always)]
    fn is_false(&self) -> bool {
        *self == Word::FALSE
    }

    fn get(&self, key: &Word) -> Option<Word> {
        let found = crate::rt::lookup::get(*self, *key);
        if found.is_defined() { Some(found) } else { None }
    }

    fn get_str(&self, key: &str) -> Option<Word> {
        if !self.is(tag::OBJECT) {
            return None;
        }
        let found = crate::rt::lookup::get_string(*self, key.as_bytes());
        if found.is_defined() { Some(found) } else { None }
    }
}

/// A copy of the text in the arena.
fn copied(tag: u64, text: &[u8]) -> Word {
    let address = arena::allocate(text.len() as u32);
    block(address, text.len()).copy_from_slice(text);
    Word::pack(tag, address, text.len())
}

/// A copy of the entries behind a header.
fn with_header(entries: &[Entry<Word>]) -> u32 {
    let address = entries_block(entries.len());
    block(address, entries.len()).copy_from_slice(entries);
    address
}

#[cold]
fn large_integer(it: i64) -> Word {
    copied(tag::DECIMAL, integer_text(it, &mut [0; 20]))
}

/// Whether two words, both strings, are the same text.
#[inline(always)]
pub fn equal_strings(a: Word, b: Word) -> bool {
    // Tag and length are the lower half.
    a.0 as u32 == b.0 as u32 && bytes::equal_at(a.start(), b.start(), a.length())
}
