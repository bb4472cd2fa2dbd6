//! Turns JSON text into values: the whole of it, or one scalar.

use palisade_abi::image::tag;

use crate::json::cursor::{Bad, Cursor, Quoted};
use crate::word::{self, Word};
use crate::{arena, sort};

/// Reads the value that is next. Strings without escapes and long numbers stay slices of the text.
pub fn value(cursor: &mut Cursor) -> Result<Word, Bad> {
    match cursor.peek() {
        b'{' => object(cursor),
        b'[' => array(cursor),
        _ => scalar(cursor),
    }
}

fn array(cursor: &mut Cursor) -> Result<Word, Bad> {
    let outside = arena::scratch_len();
    cursor.enter()?;
    if cursor.peek() != b']' {
        loop {
            let item = value(cursor)?;
            arena::scratch_push(item);
            cursor.skip_space();
            match cursor.peek() {
                b',' => cursor.step(),
                b']' => break,
                _ => return Err(Bad::ArrayEnd),
            }
            cursor.skip_space();
        }
    }
    cursor.leave();
    let length = arena::scratch_len() - outside;
    let block = word::words_block(length);
    arena::scratch_pop_into(block, length);
    Ok(Word::array_at(block, length))
}

fn object(cursor: &mut Cursor) -> Result<Word, Bad> {
    let outside = arena::scratch_len();
    cursor.enter()?;
    if cursor.peek() != b'}' {
        loop {
            let key = string(cursor.key()?);
            let value = value(cursor)?;
            arena::scratch_push(key);
            arena::scratch_push(value);
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
    let length = arena::scratch_len() - outside;
    let block = word::entries_block(length / 2);
    arena::scratch_pop_into(block, length);
    let length = sort::string_entries(word::block(block, length / 2));
    Ok(Word::pack(tag::OBJECT, block, length))
}

/// Reads the value that is next if it is no container.
#[inline(always)]
pub fn scalar(cursor: &mut Cursor) -> Result<Word, Bad> {
    match cursor.peek() {
        b'"' => cursor.string().map(string),
        b'-' | b'0'..=b'9' => {
            let number = cursor.number()?;
            Ok(match number.small {
                Some(it) => Word::small(it),
                None => Word::decimal_at(number.text),
            })
        }
        b't' => cursor.literal(b"true").map(|()| Word::TRUE),
        b'f' => cursor.literal(b"false").map(|()| Word::FALSE),
        b'n' => cursor.literal(b"null").map(|()| Word::NULL),
        _ => Err(Bad::Value),
    }
}

/// The string of quoted text.
#[inline(always)]
pub fn string(quoted: Quoted) -> Word {
    if quoted.is_escaped { unescape(quoted.text) } else { Word::string_at(quoted.text) }
}

/// The string that validated text with escapes stands for: never longer than the text.
#[cold]
pub fn unescape(text: &[u8]) -> Word {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some((&letter, after)) = rest.split_first() else { break };
        rest = after;
        match letter {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => {
                let code = unicode(&mut rest);
                out.extend_from_slice(code.encode_utf8(&mut [0; 4]).as_bytes());
            }
            _ => out.push(letter),
        }
    }
    out.shrink_to_fit();
    let length = out.len();
    let address = out.leak().as_ptr().expose_provenance() as u32;
    Word::pack(tag::STRING, address, length)
}

/// The character of `\uXXXX`, with surrogate pairs joined and lone surrogates replaced, as Go does.
fn unicode(rest: &mut &[u8]) -> char {
    let high = hex4(rest);
    if let Some(it) = char::from_u32(high) {
        return it;
    }
    if high < 0xdc00
        && let Some(mut after) = rest.strip_prefix(b"\\u")
    {
        let low = hex4(&mut after);
        if (0xdc00..0xe000).contains(&low) {
            *rest = after;
            let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            return char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
    }
    char::REPLACEMENT_CHARACTER
}

fn hex4(rest: &mut &[u8]) -> u32 {
    let mut code = 0;
    for _ in 0..4 {
        let Some((&digit, after)) = rest.split_first() else { break };
        code = code * 16 + (digit as char).to_digit(16).unwrap_or(0);
        *rest = after;
    }
    code
}
