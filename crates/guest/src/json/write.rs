//! Prints values as JSON text.

use palisade_abi::image::tag;
use palisade_abi::pack;

use crate::bytes::{copy_plain, copy_short};
use crate::digits::integer_text;
use crate::word::Word;

/// Text in the making.
pub struct Out {
    text: Vec<u8>,
}

/// Up to this many bytes are copied without a call.
const SHORT_MAX: usize = 32;

/// Most decision documents fit.
const FIRST_CAPACITY: usize = 120;

impl Out {
    /// No text yet.
    #[inline(always)]
    pub fn new() -> Out {
        Out { text: Vec::with_capacity(FIRST_CAPACITY) }
    }

    /// Adds text as it is.
    #[inline]
    pub fn raw(&mut self, text: &[u8]) {
        if text.len() > SHORT_MAX {
            return self.text.extend_from_slice(text);
        }
        self.text.reserve(SHORT_MAX);
        let len = self.text.len();
        // SAFETY: there is room for that many bytes behind the text, and they are written before the length says so.
        unsafe {
            copy_short(text.as_ptr(), self.text.as_mut_ptr().add(len), text.len());
            self.text.set_len(len + text.len());
        }
    }

    /// Where the text is, packed. It is not freed before the next evaluation.
    pub fn finish(self) -> u64 {
        let text = self.text.leak();
        pack(text.as_ptr().expose_provenance() as u32, text.len() as u32)
    }

    /// The text as a string.
    pub fn into_word(self) -> Word {
        let text = self.text.leak();
        Word::string_at(text)
    }

    /// Adds a value.
    pub fn value(&mut self, value: Word) {
        if value.is_small() {
            return self.raw(integer_text(value.to_small(), &mut [0; 20]));
        }
        match value.tag() {
            tag::STRING => self.string(value.bytes()),
            tag::DECIMAL => self.raw(value.bytes()),
            tag::ARRAY | tag::SET => self.items(value.items()),
            tag::OBJECT => self.object(value),
            _ => self.raw(match value {
                Word::TRUE => b"true",
                Word::FALSE => b"false",
                _ => b"null",
            }),
        }
    }

    fn items(&mut self, items: &[Word]) {
        self.text.push(b'[');
        let mut is_first = true;
        for item in items {
            self.comma(&mut is_first);
            self.value(*item);
        }
        self.text.push(b']');
    }

    fn object(&mut self, object: Word) {
        self.text.push(b'{');
        let mut is_first = true;
        for entry in object.entries() {
            self.comma(&mut is_first);
            self.key(entry.key);
            self.text.push(b':');
            self.value(entry.value);
        }
        self.text.push(b'}');
    }

    /// Adds a comma before everything but the first.
    #[inline(always)]
    pub fn comma(&mut self, is_first: &mut bool) {
        if !*is_first {
            self.text.push(b',');
        }
        *is_first = false;
    }

    /// Adds a key; one that is no string becomes its JSON text in a string.
    #[inline(always)]
    fn key(&mut self, key: Word) {
        if key.is(tag::STRING) {
            return self.string(key.bytes());
        }
        let mut text = Out::new();
        text.value(key);
        self.string(&text.text);
    }

    /// Adds a string in quotes. Only what JSON demands is escaped.
    pub fn string(&mut self, text: &[u8]) {
        self.text.reserve(text.len() + 2);
        let len = self.text.len();
        // SAFETY: there is room for the text and its quotes, and they are written before the length says so.
        unsafe {
            let start = self.text.as_mut_ptr().add(len);
            if copy_plain(text, start.add(1)) {
                *start = b'"';
                *start.add(1 + text.len()) = b'"';
                self.text.set_len(len + text.len() + 2);
                return;
            }
        }
        self.escaped(text);
    }

    #[cold]
    fn escaped(&mut self, text: &[u8]) {
        self.text.push(b'"');
        let mut rest = text;
        while let Some(at) = rest.iter().position(|it| *it < 0x20 || *it == b'"' || *it == b'\\') {
            self.raw(&rest[..at]);
            self.escape(rest[at]);
            rest = &rest[at + 1..];
        }
        self.raw(rest);
        self.text.push(b'"');
    }

    fn escape(&mut self, byte: u8) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let short: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            8 => b"\\b",
            12 => b"\\f",
            _ => {
                &[b'\\', b'u', b'0', b'0', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]
            }
        };
        self.raw(short);
    }
}

impl Default for Out {
    fn default() -> Out {
        Out::new()
    }
}
