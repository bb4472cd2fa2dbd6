//! Functions of the host: their argument as text, and their answer as a value.
//!
//! The calls themselves are generated code, so that only a policy that needs one has an import.

use palisade_abi::ErrorCode;
use palisade_abi::image::tag;
use palisade_value::AnyValue;

use crate::arena;
use crate::json::cursor::Cursor;
use crate::json::tree;
use crate::json::write::Out;
use crate::rt::{ambient, errors, evaluation, lookup};
use crate::word::Word;

/// The arguments of a call as the host gets them, a JSON array. Returns its packed place.
#[unsafe(no_mangle)]
pub extern "C" fn rt_host_arguments(argument: u64) -> u64 {
    let mut out = Out::new();
    out.raw(b"[");
    out.value(Word(argument));
    out.raw(b"]");
    out.finish()
}

/// The result in the host's answer at a packed place; undefined where there is none. `name` is the function's.
#[unsafe(no_mangle)]
pub extern "C" fn rt_host_answer(packed: u64, name: u64) -> u64 {
    let answer = read(packed);
    let result = lookup::get_string(answer, b"result");
    if !result.is_defined() {
        fail(Word(name), lookup::get_string(answer, b"error"));
    }
    result.0
}

/// The same for a function that gives a set, which the host writes as an array.
#[unsafe(no_mangle)]
pub extern "C" fn rt_host_answer_set(packed: u64, name: u64) -> u64 {
    let result = Word(rt_host_answer(packed, name));
    if result.is_small() || !result.is(tag::ARRAY) {
        return result.0;
    }
    Word::set(result.items().to_vec()).0
}

/// The answer as a value: an object, empty if it is none.
fn read(packed: u64) -> Word {
    let (address, len) = palisade_abi::unpack(packed);
    let empty = Word::object(Vec::new());
    let Ok(address) = evaluation::readable(address, len) else { return empty };
    let mut cursor = Cursor::new(address, len);
    cursor.skip_space();
    match tree::value(&mut cursor).and_then(|value| cursor.finish().map(|()| value)) {
        Ok(value) if !value.is_small() && value.is(tag::OBJECT) => value,
        Ok(_) => empty,
        Err(_) => {
            arena::scratch_clear();
            empty
        }
    }
}

/// Raises the error of an answer without a result, where it counts.
#[cold]
fn fail(name: Word, error: Word) {
    let part = |key: &[u8]| match error {
        error if !error.is_small() && error.is(tag::OBJECT) => {
            match lookup::get_string(error, key) {
                it if !it.is_small() && it.is(tag::STRING) => it.text(),
                _ => "",
            }
        }
        _ => "",
    };
    let code = ErrorCode::parse(part(b"code")).unwrap_or(ErrorCode::Host);
    if !ambient::is_strict() && matches!(code, ErrorCode::Type | ErrorCode::Builtin) {
        return;
    }
    let message = match part(b"message") {
        "" => "the host's answer is malformed",
        message => message,
    };
    let mut out = Out::new();
    out.raw(name.bytes());
    out.raw(b": ");
    out.raw(message.as_bytes());
    errors::raise(code, out.into_word().text());
}
