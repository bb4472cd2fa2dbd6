//! A place in JSON text that is being validated.
//!
//! The text must be followed by a zero byte and lie eight readable bytes before the end of memory: the zero ends every
//! token, so that nothing has to ask whether the text ends, and strings are scanned eight bytes at a time.

use palisade_abi::image::INTEGER_RANGE;
use palisade_value::Num;
use palisade_value::json::NESTING_MAX;

use crate::bytes::{json_marks, read8};
use crate::image::bytes_at;

/// Why text is no JSON document.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Bad {
    /// Bytes that are no UTF-8.
    Encoding,
    /// Something else where a value should begin.
    Value,
    /// Something else where a key should begin.
    Key,
    /// No colon behind a key.
    Colon,
    /// No comma and no end behind an entry.
    ObjectEnd,
    /// No comma and no end behind an element.
    ArrayEnd,
    /// No digit where a number needs one.
    Digit,
    /// A control character in a string.
    Control,
    /// An escape that JSON does not have.
    Escape,
    /// Something else behind the document.
    Trailing,
    /// More levels than documents may have.
    Depth,
}

impl Bad {
    /// What is wrong, in a few words.
    pub fn message(self) -> &'static str {
        match self {
            Bad::Encoding => "not UTF-8",
            Bad::Value => "expected a value",
            Bad::Key => "expected a string as key",
            Bad::Colon => "expected `:`",
            Bad::ObjectEnd => "expected `,` or `}`",
            Bad::ArrayEnd => "expected `,` or `]`",
            Bad::Digit => "expected a digit",
            Bad::Control => "control character in a string",
            Bad::Escape => "unknown escape in a string",
            Bad::Trailing => "unexpected text after the document",
            Bad::Depth => "nested too deeply",
        }
    }
}

/// A number as it stands in the text.
pub struct Number {
    /// The text.
    pub text: &'static [u8],
    /// The value if it is plain integer text and fits a word.
    pub small: Option<i64>,
}

/// A string as it stands in the text, without its quotes.
pub struct Quoted {
    /// The text between the quotes.
    pub text: &'static [u8],
    /// Whether it has escapes.
    pub is_escaped: bool,
}

/// Where the reading is.
#[derive(Clone)]
pub struct Cursor {
    at: *const u8,
    end: *const u8,
    depth: usize,
}

/// Integers of so many digits fit a word whatever they are.
const SMALL_DIGITS: usize = 18;

impl Cursor {
    /// At the beginning of `len` bytes at `address`. See the module for what must follow them.
    #[inline(always)]
    pub fn new(address: u32, len: u32) -> Cursor {
        let at = std::ptr::with_exposed_provenance::<u8>(address as usize);
        Cursor { at, end: at.wrapping_add(len as usize), depth: 0 }
    }

    /// The address of the next byte.
    #[inline(always)]
    pub fn address(&self) -> u32 {
        self.at.expose_provenance() as u32
    }

    /// Whether the whole text was read.
    #[inline(always)]
    pub fn is_at_end(&self) -> bool {
        self.at >= self.end
    }

    /// The text from `start` to here.
    #[inline(always)]
    pub fn since(&self, start: u32) -> &'static [u8] {
        bytes_at(start, self.address() - start)
    }

    /// The next byte.
    #[inline(always)]
    pub fn peek(&self) -> u8 {
        // SAFETY: nothing moves on from the zero behind the text, which is readable.
        unsafe { *self.at }
    }

    /// Goes on by one byte.
    #[inline(always)]
    pub fn step(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    /// Goes to the next byte that is no space.
    #[inline(always)]
    pub fn skip_space(&mut self) {
        while self.peek() <= b' ' && matches!(self.peek(), b' ' | b'\n' | b'\t' | b'\r') {
            self.step();
        }
    }

    /// Goes past a container's opening bracket.
    #[inline(always)]
    pub fn enter(&mut self) -> Result<(), Bad> {
        if self.depth == NESTING_MAX {
            return Err(Bad::Depth);
        }
        self.depth += 1;
        self.step();
        self.skip_space();
        Ok(())
    }

    /// Goes past a container's closing bracket.
    #[inline(always)]
    pub fn leave(&mut self) {
        self.depth -= 1;
        self.step();
    }

    /// Reads a key and its colon, up to where the value begins.
    #[inline(always)]
    pub fn key(&mut self) -> Result<Quoted, Bad> {
        if self.peek() != b'"' {
            return Err(Bad::Key);
        }
        let key = self.string()?;
        self.skip_space();
        if self.peek() != b':' {
            return Err(Bad::Colon);
        }
        self.step();
        self.skip_space();
        Ok(key)
    }

    /// Reads a string whose opening quote is next.
    #[inline(always)]
    pub fn string(&mut self) -> Result<Quoted, Bad> {
        self.step();
        let start = self.address();
        self.plain();
        if self.peek() == b'"' {
            let text = self.since(start);
            self.step();
            return Ok(Quoted { text, is_escaped: false });
        }
        self.escaped(start)
    }

    /// Goes to the next byte that ends a run of plain text.
    #[inline(always)]
    fn plain(&mut self) {
        loop {
            // SAFETY: at most at the zero behind the text, and eight bytes from there on are readable.
            let marks = json_marks(unsafe { read8(self.at) });
            if marks != 0 {
                self.at = self.at.wrapping_add((marks.trailing_zeros() / 8) as usize);
                return;
            }
            self.at = self.at.wrapping_add(8);
        }
    }

    /// Reads the rest of a string that has escapes or is malformed.
    #[cold]
    fn escaped(&mut self, start: u32) -> Result<Quoted, Bad> {
        loop {
            match self.peek() {
                b'"' => {
                    let text = self.since(start);
                    self.step();
                    return Ok(Quoted { text, is_escaped: true });
                }
                b'\\' => self.escape()?,
                _ => return Err(Bad::Control),
            }
            self.plain();
        }
    }

    fn escape(&mut self) -> Result<(), Bad> {
        self.step();
        match self.peek() {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.step(),
            b'u' => {
                self.step();
                for _ in 0..4 {
                    if !self.peek().is_ascii_hexdigit() {
                        return Err(Bad::Escape);
                    }
                    self.step();
                }
            }
            _ => return Err(Bad::Escape),
        }
        Ok(())
    }

    /// Reads a number.
    #[inline]
    pub fn number(&mut self) -> Result<Number, Bad> {
        let start = self.address();
        let is_negative = self.peek() == b'-';
        if is_negative {
            self.step();
        }
        let first = self.address();
        let mut value = 0i64;
        if self.peek() == b'0' {
            self.step();
        } else {
            value = self.digits()?;
        }
        let digits = (self.address() - first) as usize;
        if matches!(self.peek(), b'.' | b'e' | b'E') {
            self.fraction()?;
            return Ok(Number { text: self.since(start), small: None });
        }
        let text = self.since(start);
        if digits > SMALL_DIGITS || is_negative && value == 0 {
            return Ok(Number { text, small: long_integer(text) });
        }
        let value = if is_negative { -value } else { value };
        Ok(Number { text, small: Some(value) })
    }

    /// Reads digits, at least one; their value is right if there are not too many.
    #[inline(always)]
    fn digits(&mut self) -> Result<i64, Bad> {
        let mut value = 0i64;
        let mut digit = self.peek().wrapping_sub(b'0');
        if digit > 9 {
            return Err(Bad::Digit);
        }
        while digit <= 9 {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
            self.step();
            digit = self.peek().wrapping_sub(b'0');
        }
        Ok(value)
    }

    /// Reads fraction and exponent.
    fn fraction(&mut self) -> Result<(), Bad> {
        if self.peek() == b'.' {
            self.step();
            self.digits()?;
        }
        if matches!(self.peek(), b'e' | b'E') {
            self.step();
            if matches!(self.peek(), b'+' | b'-') {
                self.step();
            }
            self.digits()?;
        }
        Ok(())
    }

    /// Reads `true`, `false` or `null`, whichever `text` is.
    #[inline(always)]
    pub fn literal(&mut self, text: &[u8]) -> Result<(), Bad> {
        for byte in text {
            if self.peek() != *byte {
                return Err(Bad::Value);
            }
            self.step();
        }
        Ok(())
    }

    /// Validates one value without keeping anything of it.
    #[inline(always)]
    pub fn skip(&mut self) -> Result<(), Bad> {
        match self.peek() {
            b'{' | b'[' => self.skip_container(),
            _ => self.skip_scalar(),
        }
    }

    #[inline(always)]
    fn skip_scalar(&mut self) -> Result<(), Bad> {
        match self.peek() {
            b'"' => self.string().map(drop),
            b'-' | b'0'..=b'9' => self.number().map(drop),
            b't' => self.literal(b"true"),
            b'f' => self.literal(b"false"),
            b'n' => self.literal(b"null"),
            _ => Err(Bad::Value),
        }
    }

    /// Validates a container without recursion: one bit for each open one says whether it is an object.
    pub fn skip_container(&mut self) -> Result<(), Bad> {
        let outside = self.depth;
        let mut objects = [0u64; NESTING_MAX / 64 + 1];
        loop {
            // A value begins here.
            let opening = self.peek();
            if opening == b'{' || opening == b'[' {
                self.enter()?;
                let is_object = opening == b'{';
                set_bit(&mut objects, self.depth, is_object);
                if self.peek() != opening + 2 {
                    if is_object {
                        self.key()?;
                    }
                    continue;
                }
                self.leave();
            } else {
                self.skip_scalar()?;
            }
            // A value ended here.
            loop {
                if self.depth == outside {
                    return Ok(());
                }
                self.skip_space();
                let is_object = bit(&objects, self.depth);
                let next = self.peek();
                if next == b',' {
                    self.step();
                    self.skip_space();
                    if is_object {
                        self.key()?;
                    }
                    break;
                }
                if next != if is_object { b'}' } else { b']' } {
                    return Err(if is_object { Bad::ObjectEnd } else { Bad::ArrayEnd });
                }
                self.leave();
            }
        }
    }

    /// What is behind the document must be space.
    #[inline(always)]
    pub fn finish(&mut self) -> Result<(), Bad> {
        self.skip_space();
        if self.is_at_end() { Ok(()) } else { Err(Bad::Trailing) }
    }
}

/// The value of integer text with many digits, or of `-0`, which is kept as it is written.
#[cold]
fn long_integer(text: &'static [u8]) -> Option<i64> {
    let value = Num::parse_int(std::str::from_utf8(text).ok()?)?;
    INTEGER_RANGE.contains(&value).then_some(value)
}

#[inline(always)]
fn bit(bits: &[u64], at: usize) -> bool {
    bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
}

#[inline(always)]
fn set_bit(bits: &mut [u64], at: usize, value: bool) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word = *word & !(1 << (at % 64)) | u64::from(value) << (at % 64);
    }
}
