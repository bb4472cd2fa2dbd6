//! Strings as Go quotes them. OPA hands inputs over like that, although its own modules know JSON's escapes only.

use palisade_value::AnyValue;

use crate::json::cursor::{Bad, Cursor};
use crate::word::Word;

/// Reads the string that is next.
#[cold]
pub fn string(cursor: &mut Cursor) -> Result<Word, Bad> {
    let mut out = Vec::new();
    cursor.step();
    loop {
        match cursor.peek() {
            b'"' => break,
            b'\\' => {
                cursor.step();
                escape(cursor, &mut out)?;
            }
            0..=0x1F => return Err(Bad::Control),
            byte => {
                out.push(byte);
                cursor.step();
            }
        }
    }
    cursor.step();
    // Single bytes may be escaped.
    let text = std::str::from_utf8(&out).map_err(|_| Bad::Encoding)?;
    Ok(<Word as AnyValue>::text(text))
}

/// Reads what follows a backslash.
fn escape(cursor: &mut Cursor, out: &mut Vec<u8>) -> Result<(), Bad> {
    let letter = cursor.peek();
    let code = match letter {
        b'"' | b'\\' | b'/' => letter.into(),
        b'a' => 7,
        b'b' => 8,
        b't' => 9,
        b'n' => 10,
        b'v' => 11,
        b'f' => 12,
        b'r' => 13,
        b'x' => {
            out.push(hexadecimal(cursor, 2)? as u8);
            return Ok(());
        }
        b'u' => return character(hexadecimal(cursor, 4)?, out),
        b'U' => return character(hexadecimal(cursor, 8)?, out),
        _ => return Err(Bad::Escape),
    };
    cursor.step();
    character(code, out)
}

/// The number of so many digits behind the next byte.
fn hexadecimal(cursor: &mut Cursor, n_digits: usize) -> Result<u32, Bad> {
    let mut number = 0;
    cursor.step();
    for _ in 0..n_digits {
        let digit = char::from(cursor.peek()).to_digit(16).ok_or(Bad::Escape)?;
        number = number << 4 | digit;
        cursor.step();
    }
    Ok(number)
}

fn character(code: u32, out: &mut Vec<u8>) -> Result<(), Bad> {
    let character = char::from_u32(code).ok_or(Bad::Escape)?;
    out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}
