//! Finding the end of a log that may have been cut off in the middle of a line.
//!
//! A line without its line break is one that a crash interrupted; its append never returned, so
//! that nobody was given its answer. Its bytes are moved to a file beside the log and cut off. A
//! line that is whole but not a record was not made by a crash: the log stays shut.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::LogError;
use crate::head::{self, HEAD, Head};
use crate::line::{Link, Receipt};
use crate::segment::{Line, Place, Segment, private};

/// An unfinished line that was cut off the log when it was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TornLine {
    /// Where it stood.
    pub place: Place,
    /// How long it was, in bytes.
    pub bytes: usize,
    /// The file in the log's directory that holds it now.
    pub saved_as: String,
}

/// Where a log ends.
pub(crate) struct End {
    /// The file to append to.
    pub(crate) segment: Segment,
    /// Its last record; none in an empty log.
    pub(crate) last: Option<Receipt>,
    /// What was cut off.
    pub(crate) torn: Option<TornLine>,
}

/// Finds the end of the log, cutting off an unfinished line.
pub(crate) fn find_end(dir: &Path) -> Result<End, LogError> {
    let segments = Segment::list(dir)?;
    let mut torn = None;
    let mut last = None;
    for segment in segments.iter().rev() {
        // Only the segment that was being written can end in an unfinished line.
        let is_newest = segment.name == segments.last().map_or("", |it| it.name.as_str());
        let (whole, unfinished) = last_lines(segment)?;
        match unfinished {
            Some(line) if is_newest => torn = Some(cut_off(dir, segment, line)?),
            Some(line) => return Err(LogError::Damaged { place: line.place }),
            None => {}
        }
        if let Some(line) = whole {
            let link = Link::read(&line.bytes).ok_or(LogError::Damaged { place: line.place })?;
            last = Some(link.receipt());
            break;
        }
    }
    agrees_with_the_head(dir, last)?;
    let next = last.map_or(0, |last| last.seq.saturating_add(1));
    let newest = segments.into_iter().next_back();
    let segment = newest.unwrap_or_else(|| Segment::starting_at(dir, next));
    Ok(End { segment, last, torn })
}

/// The last complete line of a segment, and the unfinished one after it.
fn last_lines(segment: &Segment) -> Result<(Option<Line>, Option<Line>), LogError> {
    let mut whole = None;
    for line in segment.lines()? {
        let line = line?;
        if !line.complete {
            return Ok((whole, Some(line)));
        }
        whole = Some(line);
    }
    Ok((whole, None))
}

/// Saves the unfinished line first, so that a crash in between loses nothing.
fn cut_off(dir: &Path, segment: &Segment, line: Line) -> Result<TornLine, LogError> {
    let saved_as = save(dir, &line)?;
    let cut = || -> io::Result<()> {
        let file = OpenOptions::new().write(true).open(&segment.path)?;
        file.set_len(line.offset)?;
        file.sync_all()
    };
    cut().map_err(LogError::io("cut the unfinished line off", &segment.path))?;
    Ok(TornLine { place: line.place, bytes: line.bytes.len(), saved_as })
}

fn save(dir: &Path, line: &Line) -> Result<String, LogError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    let stem = line.place.file.trim_end_matches(".jsonl");
    for attempt in 0_u32.. {
        let name = format!("{stem}.line-{}.torn-{attempt}", line.place.line);
        let path = dir.join(&name);
        let failed = LogError::io("save the unfinished line to", &path);
        match options.open(&path) {
            Ok(mut file) => {
                let written = file.write_all(&line.bytes).and_then(|()| file.sync_all());
                return written.map(|()| name).map_err(failed);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
    }
    let exhausted = io::Error::from(io::ErrorKind::AlreadyExists);
    Err(LogError::io("save the unfinished line in", dir)(exhausted))
}

/// Going on after records were removed or replaced would hide that they were.
fn agrees_with_the_head(dir: &Path, last: Option<Receipt>) -> Result<(), LogError> {
    let remembered = match head::read(dir)? {
        Head::Absent => return Ok(()),
        Head::Unreadable => {
            return Err(LogError::DamagedHead { path: dir.join(HEAD) });
        }
        Head::Remembered(head) => head,
    };
    let seq = remembered.seq;
    match last {
        Some(last) if last.seq > seq || last == remembered => Ok(()),
        Some(last) if last.seq == seq => Err(LogError::Replaced { dir: dir.to_owned(), seq }),
        _ => {
            let last = last.map(|last| last.seq);
            Err(LogError::Truncated { dir: dir.to_owned(), last, remembered: seq })
        }
    }
}
