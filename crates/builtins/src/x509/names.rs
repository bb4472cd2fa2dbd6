//! Distinguished names: who a certificate is for and from.

use crate::der::{self, Reader, Result, SEQUENCE, SET};
use crate::failure::Failure;

/// One part of a name.
#[derive(Clone, Debug)]
pub(crate) struct Attribute<'a> {
    /// The object identifier of its kind.
    pub(crate) kind: &'a [u8],
    pub(crate) value: String,
}

/// Reads a name: a sequence of sets of attributes.
pub(crate) fn read(raw: &[u8]) -> Result<Vec<Attribute<'_>>> {
    let invalid = || Failure::error("x509: invalid RDNSequence");
    let mut sets = Reader::new(raw).inside(SEQUENCE).ok_or_else(invalid)?;
    let mut name = Vec::new();
    while !sets.is_empty() {
        let mut set = sets.inside(SET).ok_or_else(invalid)?;
        while !set.is_empty() {
            let mut attribute = set.inside(SEQUENCE).ok_or_else(invalid)?;
            let kind = attribute.oid().ok_or_else(invalid)?;
            let value = attribute.any().ok_or_else(invalid)?;
            let value = text(value.tag, value.content)
                .ok_or(Failure::error("x509: invalid RDNSequence: invalid attribute value"))?;
            name.push(Attribute { kind, value });
        }
    }
    Ok(name)
}

/// The text of a string of any kind that names use.
pub(crate) fn text(tag: u8, content: &[u8]) -> Option<String> {
    let ascii = || std::str::from_utf8(content).ok().filter(|it| it.is_ascii());
    match tag {
        der::T61_STRING => Some(content.iter().copied().map(char::from).collect()),
        der::UTF8_STRING => std::str::from_utf8(content).ok().map(str::to_owned),
        der::IA5_STRING => ascii().map(str::to_owned),
        der::PRINTABLE_STRING => {
            let is_printable =
                |it: u8| it.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(&it);
            ascii().filter(|it| it.bytes().all(is_printable)).map(str::to_owned)
        }
        der::NUMERIC_STRING => {
            let is_numeric = |it: u8| it.is_ascii_digit() || it == b' ';
            ascii().filter(|it| it.bytes().all(is_numeric)).map(str::to_owned)
        }
        der::BMP_STRING => basic_plane(content),
        _ => None,
    }
}

/// Text in 16 bits a character, which may end with a zero.
fn basic_plane(content: &[u8]) -> Option<String> {
    let (units, []) = content.as_chunks::<2>() else { return None };
    let units = units.strip_suffix(&[[0, 0]]).unwrap_or(units);
    let character = |unit: &[u8; 2]| {
        let unit = u16::from_be_bytes(*unit);
        // Neither surrogates nor what Unicode reserves for no character.
        let is_character = !matches!(unit, 0xfffe | 0xffff | 0xfdd0..=0xfdef);
        char::from_u32(u32::from(unit)).filter(|_| is_character)
    };
    units.iter().map(character).collect()
}
