//! The facts of an evaluation that are not input. They hold for the evaluation that follows, and for no other.

use palisade_abi::ErrorCode;
use palisade_abi::image::tag;
use palisade_value::Num;

use crate::global::Global;
use crate::json::cursor::{Bad, Cursor};
use crate::json::tree;
use crate::rt::{errors, evaluation};
use crate::word::Word;
use crate::{arena, bytes};

static EXPLAINS: Global<bool> = Global::new(false);
static IS_STRICT: Global<bool> = Global::new(false);
static PRINTS: Global<bool> = Global::new(false);
static NOW_NS: Global<i64> = Global::new(0);
static SEED: Global<u64> = Global::new(0);
/// The runtime document's text, [`tag::RAW`].
static RUNTIME: Global<Word> = Global::new(Word::UNDEFINED);

/// Whether the decision document says which rules held.
#[inline(always)]
pub fn explains() -> bool {
    EXPLAINS.get()
}

/// Whether the decision document has what the policy printed.
pub fn prints() -> bool {
    PRINTS.get()
}

/// Whether an error of a built-in ends the evaluation.
#[inline(always)]
pub fn is_strict() -> bool {
    IS_STRICT.get()
}

/// The time: nanoseconds since 1970-01-01 UTC.
pub fn now_ns() -> i64 {
    NOW_NS.get()
}

/// Where randomness starts.
pub fn seed() -> u64 {
    SEED.get()
}

/// The runtime document as validated JSON text, if there is one.
pub fn runtime() -> Option<&'static str> {
    let word = RUNTIME.get();
    word.is_defined().then(|| word.text())
}

/// Sets the time, and with it where randomness starts. Anything but an integer changes nothing.
pub fn set_now(value: Word) {
    if value.is_small() {
        NOW_NS.set(value.to_small());
        SEED.set(value.to_small() as u64);
    }
}

/// Forgets all facts.
#[inline(always)]
pub fn reset() {
    EXPLAINS.set(false);
    PRINTS.set(false);
    IS_STRICT.set(false);
    NOW_NS.set(0);
    SEED.set(0);
    RUNTIME.set(Word::UNDEFINED);
}

/// Sets the ambient facts of the evaluation that follows. Returns 0, or the packed place of an error document.
#[unsafe(no_mangle)]
pub extern "C" fn ambient(address: u32, len: u32) -> u64 {
    arena::prepare();
    reset();
    let address = match evaluation::readable(address, len) {
        Ok(address) => address,
        Err(message) => return errors::document(ErrorCode::AmbientMalformed, message, None),
    };
    let mut cursor = Cursor::new(address, len);
    match document(&mut cursor) {
        Ok(()) => 0,
        Err(bad) => {
            reset();
            errors::malformed(ErrorCode::AmbientMalformed, bad, &cursor, address)
        }
    }
}

fn document(cursor: &mut Cursor) -> Result<(), Bad> {
    cursor.skip_space();
    if cursor.peek() != b'{' {
        return Err(Bad::Value);
    }
    cursor.enter()?;
    if cursor.peek() != b'}' {
        loop {
            fact(cursor)?;
            cursor.skip_space();
            match cursor.peek() {
                b',' => cursor.step(),
                b'}' => break,
                _ => return Err(Bad::ObjectEnd),
            }
            cursor.skip_space();
        }
    }
    cursor.leave();
    cursor.finish()
}

/// Reads one member. Those that are not known are validated and left out.
fn fact(cursor: &mut Cursor) -> Result<(), Bad> {
    let name = key(cursor)?;
    if bytes::equal(name, b"explain") {
        let how = string(cursor)?;
        EXPLAINS.set(bytes::equal(how, b"rules"));
        if explains() { Ok(()) } else { Err(Bad::Value) }
    } else if bytes::equal(name, b"now_ns") {
        NOW_NS.set(integer(cursor)?);
        Ok(())
    } else if bytes::equal(name, b"runtime") {
        let start = cursor.address();
        if cursor.peek() != b'{' {
            return Err(Bad::Value);
        }
        cursor.skip_container()?;
        RUNTIME.set(Word::pack(tag::RAW, start, cursor.since(start).len()));
        Ok(())
    } else if bytes::equal(name, b"seed") {
        let digits = string(cursor)?;
        SEED.set(hexadecimal(digits)?);
        Ok(())
    } else if bytes::equal(name, b"strict") {
        flag(cursor, &IS_STRICT)
    } else if bytes::equal(name, b"prints") {
        flag(cursor, &PRINTS)
    } else {
        tree::value(cursor).map(drop)
    }
}

fn flag(cursor: &mut Cursor, fact: &Global<bool>) -> Result<(), Bad> {
    let is_true = cursor.peek() == b't';
    fact.set(is_true);
    cursor.literal(if is_true { b"true" } else { b"false" })
}

// Not inlined: the facts are few, and the code for keys and numbers is large.
#[inline(never)]
fn key(cursor: &mut Cursor) -> Result<&'static [u8], Bad> {
    Ok(cursor.key()?.text)
}

fn string(cursor: &mut Cursor) -> Result<&'static [u8], Bad> {
    let value = tree::value(cursor)?;
    if !value.is_small() && value.is(tag::STRING) { Ok(value.bytes()) } else { Err(Bad::Value) }
}

fn integer(cursor: &mut Cursor) -> Result<i64, Bad> {
    let value = tree::value(cursor)?;
    if value.is_small() {
        return Ok(value.to_small());
    }
    if !value.is(tag::DECIMAL) {
        return Err(Bad::Value);
    }
    Num::parse_int(value.text()).ok_or(Bad::Value)
}

fn hexadecimal(digits: &[u8]) -> Result<u64, Bad> {
    if digits.len() != 16 {
        return Err(Bad::Value);
    }
    let mut value = 0;
    for digit in digits {
        let digit = (*digit as char).to_digit(16).ok_or(Bad::Value)?;
        value = value << 4 | u64::from(digit);
    }
    Ok(value)
}
