//! Reading PEM: binary data as text between lines of dashes (RFC 7468), as leniently as Go does.

use base64::Engine;

use crate::base64::STANDARD_LENIENT;

/// A block: what its first line says it is, and its data.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) label: &'a str,
    pub(crate) data: Vec<u8>,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "\n-----END ";
const DASHES: &str = "-----";

/// The next block, and the text behind it. What isn't one is skipped.
pub(crate) fn decode(text: &str) -> Option<(Block<'_>, &str)> {
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once(END)?;
        if let Some(found) = block(before, after) {
            return Some(found);
        }
        rest = after;
    }
}

/// The block that ends between the two texts.
fn block<'a>(before: &'a str, after: &'a str) -> Option<(Block<'a>, &'a str)> {
    // The last beginning counts: those above it have no end of their own.
    let at = before.rfind(BEGIN)?;
    let (outside, inside) = (before.get(..at)?, before.get(at + BEGIN.len()..)?);
    if !outside.is_empty() && !outside.ends_with('\n') {
        return None;
    }
    let (first, body) = line(inside);
    let label = first.strip_suffix(DASHES)?;
    let (blank, behind) = line(after.strip_prefix(label)?.strip_prefix(DASHES)?);
    if !blank.is_empty() {
        return None;
    }
    let digits: Vec<u8> = without_headers(body)?
        .bytes()
        .filter(|it| !matches!(it, b'\n' | b'\r' | b' ' | b'\t'))
        .collect();
    let data = STANDARD_LENIENT.decode(digits).ok()?;
    Some((Block { label, data }, behind))
}

/// The lines behind those of the form `key: value`; there must be such lines if there are headers.
fn without_headers(mut body: &str) -> Option<&str> {
    while line(body).0.contains(':') {
        body = body.split_once('\n')?.1;
    }
    Some(body)
}

/// The first line without white space at its end, and what follows it.
fn line(text: &str) -> (&str, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    (line.trim_end_matches([' ', '\t', '\r']), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_found_among_other_lines() {
        for text in [
            "-----BEGIN A B-----\nAQID\n-----END A B-----\nrest",
            "before\n-----BEGIN A B-----\r\nAQ\r\nID\r\n-----END A B-----  \nrest",
            "-----BEGIN A B-----\nKey: value\n\nAQID\n-----END A B-----\nrest",
            "-----BEGIN X-----\n-----BEGIN A B-----\nAQID\n-----END A B-----\nrest",
            "-----BEGIN X-----\n*\n-----END X-----\n-----BEGIN A B-----\nAQID\n-----END A B-----\nrest",
        ] {
            let (block, rest) = decode(text).expect(text);
            assert_eq!((block.label, block.data.as_slice(), rest), ("A B", &[1, 2, 3][..], "rest"));
        }
    }

    #[test]
    fn what_is_no_block_is_none() {
        for text in [
            "",
            "-----BEGIN A-----\nAQID",
            "-----BEGIN A-----\nAQID\n-----END B-----",
            "-----BEGIN A\nAQID\n-----END A-----",
            " -----BEGIN A-----\nAQID\n-----END A-----",
            "-----BEGIN A-----\nAQI\n-----END A-----",
            "-----BEGIN A-----\nAQID\n-----END A-----x",
        ] {
            assert!(decode(text).is_none(), "{text}");
        }
    }
}
