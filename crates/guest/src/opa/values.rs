//! Values that the host holds by the address of their cell; 0 is undefined.

use crate::arena;
use crate::image::{bytes_at, read_word, write_word};
use crate::json::cursor::Cursor;
use crate::json::tree;
use crate::json::write::Out;
use crate::opa::literal;
use crate::rt::{data, evaluation};
use crate::word::{self, Word};

/// The value in a cell.
pub fn get(cell: u32) -> Word {
    if cell == 0 || !arena::in_memory(cell, 8) { Word::UNDEFINED } else { read_word(cell, 0) }
}

/// A cell with a value; 0 for undefined.
pub fn cell(value: Word) -> u32 {
    if !value.is_defined() {
        return 0;
    }
    let cell = word::words_block(1);
    write_word(cell, 0, value);
    cell
}

/// A text with a zero behind it.
pub fn terminated(out: Out) -> u32 {
    let mut out = out;
    out.raw(&[0]);
    out.into_word().address()
}

/// The result of a step that may end the evaluation: a place for the host, with the highest bit for "abort".
pub fn abort(message: &[u8]) -> u64 {
    let mut out = Out::new();
    out.raw(message);
    u64::from(terminated(out)) | ABORT
}

/// Set in the result of a step if the host is to abort with the text at the address.
pub const ABORT: u64 = 1 << 63;

/// The value of JSON text; 0 if it isn't JSON.
#[unsafe(no_mangle)]
pub extern "C" fn opa_json_parse(address: u32, len: u32) -> u32 {
    parse(address, len, tree::value)
}

/// The value of a Rego literal without variables: JSON, and sets; 0 if it is none.
#[unsafe(no_mangle)]
pub extern "C" fn opa_value_parse(address: u32, len: u32) -> u32 {
    parse(address, len, literal::value)
}

type Read = fn(&mut Cursor) -> Result<Word, crate::json::cursor::Bad>;

fn parse(address: u32, len: u32, read: Read) -> u32 {
    arena::attach();
    let len = without_terminator(address, len);
    if len == 0 {
        return 0;
    }
    let Ok(address) = evaluation::readable(address, len) else { return 0 };
    let mut cursor = Cursor::new(address, len);
    cursor.skip_space();
    match read(&mut cursor).and_then(|value| cursor.finish().map(|()| value)) {
        Ok(value) => {
            data::index(value);
            cell(value)
        }
        Err(_) => {
            arena::scratch_clear();
            0
        }
    }
}

/// The length of text without zeros at its end: some hosts hand over C strings and count what ends them.
fn without_terminator(address: u32, len: u32) -> u32 {
    if !arena::in_memory(address, len) {
        return len;
    }
    let text = bytes_at(address, len);
    text.iter().rposition(|it| *it != 0).map_or(0, |at| at as u32 + 1)
}

/// A value as JSON, with a zero behind it: sets are arrays, keys that are no strings their text.
#[unsafe(no_mangle)]
pub extern "C" fn opa_json_dump(value: u32) -> u32 {
    arena::attach();
    let mut out = Out::new();
    out.value(get(value));
    terminated(out)
}

/// A value as a Rego literal, with a zero behind it.
#[unsafe(no_mangle)]
pub extern "C" fn opa_value_dump(value: u32) -> u32 {
    arena::attach();
    let mut out = Out::new();
    literal::write(&mut out, get(value));
    terminated(out)
}
