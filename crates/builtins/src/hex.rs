//! `hex.*`

use palisade_value::AnyValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// The string's bytes as hexadecimal digits.
pub fn hex_encode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::string(encode(args.string(0)?.as_bytes())))
}

/// The text whose bytes are given as hexadecimal digits.
pub fn hex_decode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = args.string(0)?;
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for it in text.bytes() {
        let digit = char::from(it).to_digit(16).ok_or_else(|| invalid(it))? as u8;
        match high.take() {
            Some(high) => bytes.push(high << 4 | digit),
            None => high = Some(digit),
        }
    }
    if high.is_some() {
        return Err(Failure::error("encoding/hex: odd length hex string"));
    }
    Ok(V::string(
        String::from_utf8(bytes)
            .unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()),
    ))
}

fn invalid(byte: u8) -> Failure {
    let code = encode(&[0, byte]).to_ascii_uppercase();
    let mut shown = String::new();
    crate::quote::quote(char::from(byte).encode_utf8(&mut [0; 4]), '\'', false, &mut shown);
    Failure::Error(["encoding/hex: invalid byte: U+", &code, " ", &shown].concat().into())
}

/// Lower case digits, two a byte.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|it| [it >> 4, it & 15]);
    digits.filter_map(|it| char::from_digit(u32::from(it), 16)).collect()
}
