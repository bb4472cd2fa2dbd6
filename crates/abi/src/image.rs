//! The memory image: the layout that the guest and the code generator share.
//!
//! Not part of the module's contract with its host; it may change from one compiler version to the next.
//!
//! # Words
//!
//! A value is one 64-bit word, so that it lives in a Wasm local and costs nothing to pass:
//!
//! | bits | meaning |
//! |---|---|
//! | bit 0 = 1 | a 63-bit signed integer in bits 1–63 |
//! | bits 0–3 | else the tag, see [`tag`] |
//! | bits 4–31 | length in elements (28 bits): bytes, items, entries |
//! | bits 32–63 | address |
//!
//! - [`tag::SPECIAL`]: undefined is 0, then [`NULL`], [`FALSE`], [`TRUE`].
//! - [`tag::STRING`]: UTF-8 bytes anywhere in memory, the input buffer included.
//! - [`tag::DECIMAL`]: a number that is no 63-bit integer, as its JSON text. A whole number within the 63 bits is always
//!   written inline, whatever its spelling was (`1.0` keeps its text: equality then takes the slow way).
//! - [`tag::ARRAY`], [`tag::SET`]: 8-byte aligned words one after the other, sets sorted and distinct.
//! - [`tag::OBJECT`]: 16-byte entries (key word, value word), sorted by key. Eight bytes before the first entry lies the
//!   header: the address of the hash index or 0 (`u32`), and the index's mask (`u32`).
//! - [`tag::RAW`]: validated JSON text of an array or object that nobody has looked at yet. Only in input slots.
//!
//! Empty composites may have any address.
//!
//! # Hash index
//!
//! `mask + 1` (a power of two, at least twice the number of entries) `u32` cells: 0 for empty, else entry number + 1; linear probing from
//! [`hash_string`] of the key. Only objects whose keys are all strings have one.

/// The tags of words.
pub mod tag {
    /// Undefined, null, booleans.
    pub const SPECIAL: u64 = 0;
    /// A string.
    pub const STRING: u64 = 2;
    /// A number kept as text.
    pub const DECIMAL: u64 = 4;
    /// An array.
    pub const ARRAY: u64 = 6;
    /// An object.
    pub const OBJECT: u64 = 8;
    /// A set.
    pub const SET: u64 = 10;
    /// JSON text of a container, validated, not yet read.
    pub const RAW: u64 = 12;
    /// The bits that hold the tag.
    pub const MASK: u64 = 15;
}

/// No value.
pub const UNDEFINED: u64 = 0;
/// `null`
pub const NULL: u64 = 0x10;
/// `false`
pub const FALSE: u64 = 0x20;
/// `true`
pub const TRUE: u64 = 0x30;
/// In a memo cell: computed, and undefined. An empty cell is 0.
pub const MEMO_UNDEFINED: u64 = 0x40;

/// The largest length of a string, array, object or set.
pub const LENGTH_MAX: usize = (1 << 28) - 1;

/// The smallest and largest integer that fit a word.
pub const INTEGER_RANGE: std::ops::RangeInclusive<i64> = -(1 << 62)..=(1 << 62) - 1;

/// Packs tag, length and address.
pub const fn pack(tag: u64, address: u32, length: usize) -> u64 {
    (address as u64) << 32 | (length as u64) << 4 | tag
}

/// The name of the guest's exported data symbol that holds the [`Image`].
pub const IMAGE_SYMBOL: &str = "PALISADE_IMAGE";

/// What the code generator tells the guest; little-endian `u32` fields in this order. Addresses are in linear memory.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct Image {
    /// Where the arena starts: behind everything static. 8-byte aligned.
    pub arena_start: u32,
    /// The shape of the input ([`Shape`]), 0 if the policy reads no input.
    pub input_shape: u32,
    /// The slots that the input is captured into, and the replacement of the whole input behind them.
    pub input_slots: u32,
    /// How many input slots there are.
    pub n_input_slots: u32,
    /// The slots with the values of base data at the paths that the policy reads. Filled at build time.
    pub data_slots: u32,
    /// How many data slots there are.
    pub n_data_slots: u32,
    /// For [`Image::n_data_slots`] paths one after the other: a word, the array of keys.
    pub data_paths: u32,
    /// Memo cells, a word each.
    pub memos: u32,
    /// How many memo cells there are.
    pub n_memos: u32,
    /// Replacement slots, a word each; slot 0 is `input`.
    pub slots: u32,
    /// How many replacement slots there are.
    pub n_slots: u32,
    /// One byte for each rule: whether it held.
    pub held: u32,
    /// How many rules there are.
    pub n_held: u32,
    /// For each rule a word: the string that is its entry in the decision document's `rules`, as JSON text.
    pub rule_texts: u32,
}

/// How many `u32` fields an [`Image`] has.
pub const IMAGE_FIELDS: usize = 14;

/// A node of the input's shape, as `u32` fields: which parts of the input the policy reads.
///
/// ```text
/// capture   slot number + 1 if the value here is captured, else 0
/// n         number of members below
/// members   n × (key word: u64, address of the member's shape: u32, unused: u32), sorted by key bytes; 8-byte aligned
/// ```
///
/// A member list of its own: `capture`, `n` at +0 and +4, the members from +8.
/// Where `capture` is set and members exist too, both happen.
pub const SHAPE_MEMBERS: u32 = 8;
/// The size of a member of a shape.
pub const SHAPE_MEMBER: u32 = 16;

/// An error record: four words, the JSON texts of `code`, `message` and `location` as strings, and 0.
pub const ERROR_RECORD: u32 = 32;

/// A match table: `n` (`u32`), the address of its hash index or 0 (`u32`), then `n` × (constant word: u64, case number:
/// u32, unused: u32) in Rego's order of the constants.
///
/// The hash index is over the constants that are strings: the mask (`u32`), then cells as in the index of an object.
pub const MATCH_ENTRY: u32 = 16;

/// FNV-1a over the bytes with a final mix: the hash of string keys in hash indexes.
pub const fn hash_string(text: &[u8]) -> u32 {
    let mut hash: u32 = 0x811c_9dc5;
    let mut at = 0;
    while at < text.len() {
        hash = (hash ^ text[at] as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x2c1b_3c6d);
    hash ^ hash >> 12
}
