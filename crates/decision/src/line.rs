//! One line of the log: a record with its number and the two hashes that chain it.

use palisade_bundle::Digest;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::record::{Record, RecordError};

/// The largest line that is written and read, in bytes.
pub(crate) const LINE_BYTES_MAX: usize = 256 << 20;

/// What record 0 is chained to, as text.
const GENESIS: &str = "palisade decision log 1";

const SEQ: &[u8] = b",\"seq\":";
const PREV: &[u8] = b",\"prev\":\"";
const HASH: &[u8] = b",\"hash\":\"";
/// The ends of the `palisade` object and of the record.
const END: &[u8] = b"}}";
/// `sha256:` and 64 digits.
const DIGEST_BYTES: usize = 71;

/// Names one state of a log: its last record. Whoever keeps it can tell later whether that record
/// is still there and unaltered, and with it all before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The record's number, from 0.
    pub seq: u64,
    /// The record's hash.
    pub hash: Digest,
}

/// A record as JSON, hashed as far as it goes without knowing its place in the chain. Making it is
/// most of the work of an append, and needs no lock.
pub(crate) struct Draft {
    json: Vec<u8>,
    hash: Sha256,
}

/// What chains a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) seq: u64,
    pub(crate) prev: Digest,
    pub(crate) hash: Digest,
}

/// What the first record is chained to.
pub(crate) fn genesis() -> Digest {
    Digest::of(GENESIS.as_bytes())
}

impl Draft {
    /// Encodes a record; a place in another log that it may remember is left out.
    pub(crate) fn new(record: &Record) -> Result<Draft, RecordError> {
        let mut json = match record.palisade {
            ref it if it.seq.is_none() && it.prev.is_none() && it.hash.is_none() => {
                serde_json::to_vec(record)?
            }
            _ => serde_json::to_vec(&without_place(record.clone()))?,
        };
        // A JSON string cannot hold a line break, so that every one of them stands between tokens,
        // in a document that is kept as it was written.
        for byte in &mut json {
            if matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
        json.truncate(json.len().saturating_sub(END.len()));
        let hash = Sha256::new_with_prefix(&json);
        Ok(Draft { json, hash })
    }

    /// The size of the line when it is sealed, within a few bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.json.len() + 256
    }

    /// Gives the record its place. Returns the line, with its line break, and its hash.
    pub(crate) fn seal(self, seq: u64, prev: Digest) -> (Vec<u8>, Digest) {
        let Draft { mut json, mut hash } = self;
        let chained_from = json.len();
        json.extend_from_slice(SEQ);
        json.extend_from_slice(seq.to_string().as_bytes());
        json.extend_from_slice(PREV);
        json.extend_from_slice(prev.to_string().as_bytes());
        json.push(b'"');
        hash.update(json.get(chained_from..).unwrap_or_default());
        let hash = Digest::from_bytes(hash.finalize().into());
        json.extend_from_slice(HASH);
        json.extend_from_slice(hash.to_string().as_bytes());
        json.push(b'"');
        json.extend_from_slice(END);
        json.push(b'\n');
        (json, hash)
    }
}

impl Link {
    /// Reads the chain's part of a line (without its line break); nothing if the line does not
    /// match its own hash.
    ///
    /// It is taken from the end of the bytes and not parsed as JSON, so that a second key of the
    /// same name elsewhere in the line means nothing.
    pub(crate) fn read(line: &[u8]) -> Option<Link> {
        let rest = line.strip_suffix(END)?.strip_suffix(b"\"")?;
        let (rest, hash) = split_digest(rest)?;
        let hashed = rest.strip_suffix(HASH)?;
        let (rest, prev) = split_digest(hashed.strip_suffix(b"\"")?)?;
        let (rest, seq) = split_number(rest.strip_suffix(PREV)?)?;
        let chained = rest.ends_with(SEQ) && Digest::of(hashed) == hash;
        chained.then_some(Link { seq, prev, hash })
    }

    /// The link as a receipt.
    pub(crate) fn receipt(self) -> Receipt {
        Receipt { seq: self.seq, hash: self.hash }
    }
}

fn without_place(mut record: Record) -> Record {
    record.palisade.seq = None;
    record.palisade.prev = None;
    record.palisade.hash = None;
    record
}

fn split_digest(bytes: &[u8]) -> Option<(&[u8], Digest)> {
    let (rest, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST_BYTES)?)?;
    let digest = std::str::from_utf8(digest).ok()?.parse().ok()?;
    Some((rest, digest))
}

fn split_number(bytes: &[u8]) -> Option<(&[u8], u64)> {
    let n_digits = bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (rest, digits) = bytes.split_at_checked(bytes.len().checked_sub(n_digits)?)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((rest, number))
}
