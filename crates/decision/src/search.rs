//! Reading a log: all records in order, or one by its decision id.

use std::path::Path;

use crate::error::LogError;
use crate::record::Record;
use crate::segment::{Line, Lines, Place, Segment};

/// A record and where it stands.
#[derive(Debug, Clone)]
pub struct Found {
    /// The record.
    pub record: Record,
    /// Its line.
    pub place: Place,
    /// The line agrees with the hash it carries.
    pub intact: bool,
}

/// The records of a log in order; a line that is not a record is an error, and the next follows.
pub struct Records {
    segments: std::vec::IntoIter<Segment>,
    lines: Option<Lines>,
}

/// All records of the log in `dir`. A server may be writing it meanwhile.
pub fn records(dir: &Path) -> Result<Records, LogError> {
    let segments = Segment::list(dir)?.into_iter();
    Ok(Records { segments, lines: None })
}

/// The record with this decision id, newest first; none if no line has it.
pub fn find(dir: &Path, decision_id: &str) -> Result<Option<Found>, LogError> {
    for segment in Segment::list(dir)?.iter().rev() {
        let mut latest = None;
        for line in segment.lines()? {
            let line = line?;
            // Most lines are other decisions: look for the text before parsing anything.
            if line.complete && contains(&line.bytes, decision_id.as_bytes()) {
                let found = to_record(line).ok();
                latest = found.filter(|it| it.record.decision_id == decision_id).or(latest);
            }
        }
        if latest.is_some() {
            return Ok(latest);
        }
    }
    Ok(None)
}

/// The records whose decision ids begin with `prefix`, oldest first, at most `n_max` of them.
pub fn find_all(dir: &Path, prefix: &str, n_max: usize) -> Result<Vec<Found>, LogError> {
    let mut all = Vec::new();
    for segment in Segment::list(dir)? {
        for line in segment.lines()? {
            let line = line?;
            if line.complete && contains(&line.bytes, prefix.as_bytes()) {
                let found = to_record(line).ok();
                all.extend(found.filter(|it| it.record.decision_id.starts_with(prefix)));
            }
            if all.len() >= n_max {
                return Ok(all);
            }
        }
    }
    Ok(all)
}

impl Iterator for Records {
    type Item = Result<Found, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.lines.as_mut().and_then(Iterator::next) {
                // An unfinished line is one that is being written.
                Some(Ok(line)) if !line.complete => {}
                Some(line) => return Some(line.and_then(to_record)),
                None => match self.segments.next()?.lines() {
                    Ok(lines) => self.lines = Some(lines),
                    Err(error) => return Some(Err(error)),
                },
            }
        }
    }
}

fn to_record(line: Line) -> Result<Found, LogError> {
    let intact = crate::line::Link::read(&line.bytes).is_some();
    match Record::parse(&line.bytes) {
        Ok(record) => Ok(Found { record, place: line.place, intact }),
        Err(_) => Err(LogError::Damaged { place: line.place }),
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && memchr::memmem::find(haystack, needle).is_some()
}
