//! `base64.*` and `base64url.*`

use std::borrow::Cow;

use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, PAD, STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use base64::{DecodeError, Engine};
use palisade_value::AnyValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// Decoding is as lenient as Go's: bits that the last digit has too many are ignored.
pub(crate) const STANDARD_LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, PAD.with_decode_allow_trailing_bits(true));
const URL_SAFE_LENIENT: GeneralPurpose =
    GeneralPurpose::new(&alphabet::URL_SAFE, PAD.with_decode_allow_trailing_bits(true));

/// Standard alphabet, padded.
pub fn base64_encode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::string(STANDARD.encode(args.string(0)?)))
}

/// The text that was encoded with the standard alphabet; padding is required, line breaks are skipped.
pub fn base64_decode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    decode_standard(args.string(0)?).map(text)
}

/// Whether it is text of the standard alphabet with padding.
pub fn base64_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0).is_ok_and(|it| decode_standard(it).is_ok())))
}

/// URL alphabet, padded.
pub fn base64url_encode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::string(URL_SAFE.encode(args.string(0)?)))
}

/// URL alphabet, not padded.
pub fn base64url_encode_no_pad<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::string(URL_SAFE_NO_PAD.encode(args.string(0)?)))
}

/// The text that was encoded with the URL alphabet, with padding or without.
pub fn base64url_decode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    decode_url(args.string(0)?).map(text)
}

/// The bytes that were encoded with the URL alphabet, with padding or without.
pub(crate) fn decode_url(given: &str) -> Result<Vec<u8>, Failure> {
    let encoded = without_line_breaks(given);
    let padding = match (given.ends_with('='), given.len() % 4) {
        (true, _) | (false, 0) => "",
        (false, 2) => "==",
        (false, 3) => "=",
        _ => return Err(Failure::Error(["illegal base64url string: ", given].concat().into())),
    };
    URL_SAFE_LENIENT.decode([&encoded, padding].concat()).map_err(|it| illegal(&it))
}

/// The bytes that were encoded with the standard alphabet; padding is required, line breaks are skipped.
pub(crate) fn decode_standard(encoded: &str) -> Result<Vec<u8>, Failure> {
    STANDARD_LENIENT.decode(without_line_breaks(encoded).as_bytes()).map_err(|it| illegal(&it))
}

fn without_line_breaks(encoded: &str) -> Cow<'_, str> {
    if encoded.contains(['\n', '\r']) {
        Cow::Owned(encoded.replace(['\n', '\r'], ""))
    } else {
        Cow::Borrowed(encoded)
    }
}

fn illegal(error: &DecodeError) -> Failure {
    match error {
        DecodeError::InvalidByte(at, _) | DecodeError::InvalidLastSymbol(at, _) => {
            Failure::Error(["illegal base64 data at input byte ", &at.to_string()].concat().into())
        }
        DecodeError::InvalidLength(_) | DecodeError::InvalidPadding => {
            Failure::error("illegal base64 data")
        }
    }
}

/// Bytes that are no UTF-8 become replacement characters, as they do when OPA prints them.
fn text<V: AnyValue>(bytes: Vec<u8>) -> V {
    V::string(
        String::from_utf8(bytes)
            .unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()),
    )
}
