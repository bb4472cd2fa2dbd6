//! Everything static in the module's memory: constants, base data, tables.
//!
//! Values are written in the guest's own form (`palisade_abi::image`), so that nothing is parsed or hashed when the
//! module starts. Equal strings are stored once.

use std::collections::BTreeMap;

use palisade_abi::image::{self, hash_string, pack, tag};
use palisade_value::{AnyValue, Entry, Num, Value, View};

/// Objects with more entries than this get a hash index.
const INDEX_FROM: usize = 8;

/// A growing block of static memory.
pub struct Memory {
    base: u32,
    bytes: Vec<u8>,
    texts: BTreeMap<String, u64>,
    /// Composites already written, by the address of their elements: values that share memory share it here too.
    /// Only ever looked up, so the addresses don't reach the output.
    composites: BTreeMap<(usize, u64), u64>,
    /// Those composites, so that no other value comes to lie at their address.
    kept: Vec<Value>,
}

impl Memory {
    /// Empty memory that starts at an address.
    pub fn new(base: u32) -> Memory {
        Memory {
            base: base.next_multiple_of(16),
            bytes: Vec::new(),
            texts: BTreeMap::new(),
            composites: BTreeMap::new(),
            kept: Vec::new(),
        }
    }

    /// The address behind everything.
    pub fn end(&self) -> u32 {
        self.base + self.bytes.len() as u32
    }

    /// The address at which the bytes start, and the bytes.
    pub fn into_segment(self) -> (u32, Vec<u8>) {
        (self.base, self.bytes)
    }

    /// Goes on at a multiple of `alignment`.
    pub fn align(&mut self, alignment: usize) -> u32 {
        self.bytes.resize(self.bytes.len().next_multiple_of(alignment), 0);
        self.end()
    }

    /// Zeroed room for words.
    pub fn reserve_words(&mut self, n: usize) -> u32 {
        let address = self.align(8);
        self.bytes.resize(self.bytes.len() + n * 8, 0);
        address
    }

    /// Zeroed room for bytes.
    pub fn reserve_bytes(&mut self, n: usize) -> u32 {
        let address = self.align(8);
        self.bytes.resize(self.bytes.len() + n, 0);
        address
    }

    /// Writes bytes.
    pub fn block(&mut self, bytes: &[u8]) -> u32 {
        let address = self.align(8);
        self.bytes.extend_from_slice(bytes);
        address
    }

    /// Writes words.
    pub fn words(&mut self, words: impl IntoIterator<Item = u64>) -> u32 {
        let address = self.align(8);
        for word in words {
            self.bytes.extend_from_slice(&word.to_le_bytes());
        }
        address
    }

    /// Writes 32-bit fields.
    pub fn fields(&mut self, fields: impl IntoIterator<Item = u32>) -> u32 {
        let address = self.align(8);
        for field in fields {
            self.bytes.extend_from_slice(&field.to_le_bytes());
        }
        address
    }

    /// The word of a string.
    pub fn text(&mut self, text: &str) -> u64 {
        self.text_word(text, tag::STRING)
    }

    fn text_word(&mut self, text: &str, tag: u64) -> u64 {
        // The tag is part of the word only; the bytes are shared by strings and numbers of the same text.
        let word = match self.texts.get(text) {
            Some(word) => *word,
            None => {
                let word = pack(0, self.end(), text.len());
                self.bytes.extend_from_slice(text.as_bytes());
                self.texts.insert(text.to_owned(), word);
                word
            }
        };
        word | tag
    }

    /// The word of a value.
    pub fn value(&mut self, value: &Value) -> u64 {
        match value.view() {
            View::Null => image::NULL,
            View::Boolean(false) => image::FALSE,
            View::Boolean(true) => image::TRUE,
            View::Number(Num::Int(it)) if image::INTEGER_RANGE.contains(&it) => {
                (it << 1 | 1) as u64
            }
            View::Number(it) => self.text_word(&it.to_text(), tag::DECIMAL),
            View::String(it) => self.text(it),
            View::Array(items) => self.composite(items.as_ptr() as usize, tag::ARRAY, value),
            View::Set(items) => self.composite(items.as_ptr() as usize, tag::SET, value),
            View::Object(entries) => self.composite(entries.as_ptr() as usize, tag::OBJECT, value),
        }
    }

    fn composite(&mut self, elements: usize, tag: u64, value: &Value) -> u64 {
        if let Some(word) = self.composites.get(&(elements, tag)) {
            return *word;
        }
        let word = match value.view() {
            View::Object(entries) => self.object(value, entries),
            _ => {
                let words: Vec<u64> = value.items().iter().map(|item| self.value(item)).collect();
                let n = words.len();
                pack(tag, self.words(words), n)
            }
        };
        // Empty slices may share one dangling address with others.
        if word as u32 >> 4 > 0 {
            self.composites.insert((elements, tag), word);
            self.kept.push(value.clone());
        }
        word
    }

    fn object(&mut self, value: &Value, entries: &[Entry<Value>]) -> u64 {
        let words: Vec<u64> = entries
            .iter()
            .flat_map(|entry| [self.value(&entry.key), self.value(&entry.value)])
            .collect();
        let (index, mask) = self.hash_index(value);
        self.fields([index, mask]);
        pack(tag::OBJECT, self.words(words), entries.len())
    }

    /// The hash index of a large object with string keys: its address and mask, or zeros.
    fn hash_index(&mut self, object: &Value) -> (u32, u32) {
        let entries = object.entries();
        let keys: Option<Vec<&str>> = entries.iter().map(|entry| entry.key.as_str()).collect();
        let Some(keys) = keys.filter(|keys| keys.len() > INDEX_FROM) else { return (0, 0) };
        let size = (keys.len() * 2).next_power_of_two();
        let mask = size as u32 - 1;
        let mut cells = vec![0; size];
        for (at, key) in keys.iter().enumerate() {
            let mut cell = hash_string(key.as_bytes()) & mask;
            while cells[cell as usize] != 0 {
                cell = (cell + 1) & mask;
            }
            cells[cell as usize] = at as u32 + 1;
        }
        (self.fields(cells), mask)
    }
}
