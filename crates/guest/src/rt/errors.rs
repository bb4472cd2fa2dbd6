//! Errors: the first one that is raised is the evaluation's answer. And the documents of errors outside of evaluations.

use palisade_abi::ErrorCode;
use palisade_abi::image::tag;

use crate::arena;
use crate::global::Global;
use crate::image::{read_word, write_word};
use crate::json::cursor::{Bad, Cursor};
use crate::json::write::Out;
use crate::rt::{evaluation, lookup};
use crate::word::{self, Word};

/// The address of the error record that was raised first, or 0.
static RAISED: Global<u32> = Global::new(0);

/// Which word of an error record is the location, an object's JSON text.
const LOCATION: u32 = 2;

/// Raises the error of a record, see `palisade_abi::image::ERROR_RECORD`.
#[unsafe(no_mangle)]
pub extern "C" fn rt_raise(record: u32) {
    if RAISED.get() == 0 {
        RAISED.set(record);
        evaluation::note();
    }
}

/// Whether an error was raised.
#[unsafe(no_mangle)]
pub extern "C" fn rt_has_raised() -> u32 {
    u32::from(RAISED.get() != 0)
}

/// Forgets the error that was raised, and what came of it: values kept since may be undefined because of it, and rules may
/// have held. Says whether there was one.
#[unsafe(no_mangle)]
pub extern "C" fn rt_forget() -> u32 {
    if RAISED.get() == 0 {
        return 0;
    }
    reset();
    evaluation::restore();
    1
}

/// Gives the error that was raised a location, if it has none: built-ins do not know where they are called.
/// `location` is a string, the location's JSON text.
#[unsafe(no_mangle)]
pub extern "C" fn rt_locate(location: u64) {
    let record = RAISED.get();
    if record != 0 && !read_word(record, LOCATION).is_defined() {
        write_word(record, LOCATION, Word(location));
    }
}

/// Raises an error that is made up at run time.
#[cold]
pub fn raise(code: ErrorCode, message: &str) {
    let record = word::words_block(4);
    write_word(record, 0, json_string(code.as_str()));
    write_word(record, 1, json_string(message));
    write_word(record, LOCATION, Word::UNDEFINED);
    write_word(record, 3, Word::UNDEFINED);
    rt_raise(record);
}

/// Forgets the error.
#[inline(always)]
pub fn reset() {
    RAISED.set(0);
}

/// The record of the error that was raised, or 0.
#[inline(always)]
pub fn raised() -> u32 {
    RAISED.get()
}

/// Adds the member `"error"` for a record.
pub fn write_record(record: u32, out: &mut Out) {
    out.raw(b"\"error\":{\"code\":");
    out.raw(read_word(record, 0).bytes());
    out.raw(b",\"message\":");
    out.raw(read_word(record, 1).bytes());
    let location = read_word(record, LOCATION);
    if location.is(tag::STRING) {
        out.raw(b",\"location\":");
        out.raw(location.bytes());
    }
    out.raw(b"}");
}

/// Adds a record as text: `file:row:col: message`.
#[cold]
pub fn write_text(record: u32, out: &mut Out) {
    let location = parsed(read_word(record, LOCATION));
    if location.is_defined() {
        let part = |key: &str| lookup::get_string(location, key.as_bytes());
        out.raw(part("file").bytes());
        out.raw(b":");
        out.value(part("row"));
        out.raw(b":");
        out.value(part("col"));
        out.raw(b": ");
    }
    out.raw(parsed(read_word(record, 1)).bytes());
}

/// The value of a string that is JSON text of ours; undefined if there is none.
fn parsed(text: Word) -> Word {
    let (address, len) = (text.address(), text.length() as u32);
    match evaluation::readable(address, len) {
        Ok(address) if text.is(tag::STRING) && len > 0 => evaluation::tree_of(address, len),
        _ => Word::UNDEFINED,
    }
}

/// The error document of a text that is not what it should be.
#[cold]
pub fn malformed(code: ErrorCode, bad: Bad, cursor: &Cursor, start: u32) -> u64 {
    arena::scratch_clear();
    if bad == Bad::Depth {
        return document(ErrorCode::NestingTooDeep, bad.message(), None);
    }
    let message = if cursor.is_at_end() { "unexpected end of the document" } else { bad.message() };
    document(code, message, Some(cursor.address() - start))
}

/// An error document. `at` is the byte at which the error was seen.
#[cold]
pub fn document(code: ErrorCode, message: &str, at: Option<u32>) -> u64 {
    let mut text = Out::new();
    text.raw(message.as_bytes());
    if let Some(at) = at {
        text.raw(b" at byte ");
        text.value(Word::small(i64::from(at)));
    }
    let mut out = Out::new();
    out.raw(b"{\"error\":{\"code\":");
    out.string(code.as_str().as_bytes());
    out.raw(b",\"message\":");
    out.string(text.into_word().bytes());
    out.raw(b"}}");
    out.finish()
}

fn json_string(text: &str) -> Word {
    let mut out = Out::new();
    out.string(text.as_bytes());
    out.into_word()
}
