//! The log's files: `decisions-<number of the first record>.jsonl`, so that their names sort in
//! the order of the records.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::error::LogError;
use crate::line::LINE_BYTES_MAX;

const PREFIX: &str = "decisions-";
const SUFFIX: &str = ".jsonl";

/// Where a line stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file's name in the log's directory.
    pub file: String,
    /// The line's number, from 1; 0 is the file as a whole.
    pub line: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.file.as_str() {
            "" => f.write_str("the log"),
            file => write!(f, "{file}:{}", self.line),
        }
    }
}

/// One file of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
}

/// One line as it was read.
pub(crate) struct Line {
    pub(crate) place: Place,
    /// The bytes without the line break.
    pub(crate) bytes: Vec<u8>,
    /// Where in the file it begins, in bytes.
    pub(crate) offset: u64,
    /// The line break is there; only the last line of a log can lack it.
    pub(crate) complete: bool,
}

/// The lines of a segment, one after the other.
pub(crate) struct Lines {
    segment: Segment,
    reader: BufReader<File>,
    n_lines: u64,
    n_bytes: u64,
    /// The file's end was seen in the middle of a line. The rest of it may be written later, and is no line.
    is_over: bool,
}

impl Segment {
    /// The segment whose first record has number `seq`.
    pub(crate) fn starting_at(dir: &Path, seq: u64) -> Segment {
        let name = format!("{PREFIX}{seq:020}{SUFFIX}");
        Segment { path: dir.join(&name), name }
    }

    /// All segments of a log in order; none if there is no such directory.
    pub(crate) fn list(dir: &Path) -> Result<Vec<Segment>, LogError> {
        let failed = LogError::io("list", dir);
        let entries = match fs::read_dir(dir) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut segments = Vec::new();
        for entry in entries {
            let entry = entry.map_err(&failed)?;
            if let Some(name) = entry.file_name().to_str().filter(|name| is_segment(name)) {
                segments.push(Segment { path: entry.path(), name: name.to_owned() });
            }
        }
        segments.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(segments)
    }

    /// Opens the segment for appending. Decisions tell about people: only the owner reads them.
    pub(crate) fn open(&self) -> Result<File, LogError> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        private(&mut options);
        options.open(&self.path).map_err(LogError::io("open", &self.path))
    }

    /// The segment's lines.
    pub(crate) fn lines(&self) -> Result<Lines, LogError> {
        let file = File::open(&self.path).map_err(LogError::io("open", &self.path))?;
        let reader = BufReader::with_capacity(1 << 16, file);
        Ok(Lines { segment: self.clone(), reader, n_lines: 0, n_bytes: 0, is_over: false })
    }
}

impl Iterator for Lines {
    type Item = Result<Line, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let mut bytes = Vec::new();
        let mut bounded = (&mut self.reader).take(LINE_BYTES_MAX as u64);
        let n_read = match bounded.read_until(b'\n', &mut bytes) {
            Ok(0) => return None,
            Ok(n_read) => n_read as u64,
            Err(error) => return Some(Err(LogError::io("read", &self.segment.path)(error))),
        };
        let offset = self.n_bytes;
        self.n_bytes += n_read;
        self.n_lines += 1;
        let place = Place { file: self.segment.name.clone(), line: self.n_lines };
        let complete = bytes.pop_if(|last| *last == b'\n').is_some();
        self.is_over = !complete && n_read < LINE_BYTES_MAX as u64;
        Some(Ok(Line { place, bytes, offset, complete }))
    }
}

/// Makes a new file readable by its owner only.
#[cfg(unix)]
pub(crate) fn private(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

/// Makes a new file readable by its owner only, where the system knows such a thing.
#[cfg(not(unix))]
pub(crate) fn private(_: &mut OpenOptions) {}

/// Makes names that were just created or replaced in `dir` survive a loss of power.
#[cfg(unix)]
pub(crate) fn sync_dir(dir: &Path) -> Result<(), LogError> {
    let synced = File::open(dir).and_then(|dir| dir.sync_all());
    synced.map_err(LogError::io("sync", dir))
}

/// Directories cannot be synced on this system; it does so by itself.
#[cfg(not(unix))]
pub(crate) fn sync_dir(_: &Path) -> Result<(), LogError> {
    Ok(())
}

fn is_segment(name: &str) -> bool {
    let number = name.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX));
    number.is_some_and(|it| it.len() == 20 && it.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// A server may be in the middle of writing a line that is read.
    #[test]
    fn the_rest_of_a_line_that_was_being_written_is_no_line() {
        let dir = tempfile::tempdir().unwrap();
        let segment = Segment::starting_at(dir.path(), 0);
        let mut file = segment.open().unwrap();
        file.write_all(b"whole\nbeg").unwrap();
        let mut lines = segment.lines().unwrap();
        let mut next = || lines.next().map(|line| line.map(|it| (it.bytes, it.complete)).unwrap());
        assert_eq!(next(), Some((b"whole".to_vec(), true)));
        assert_eq!(next(), Some((b"beg".to_vec(), false)));
        file.write_all(b"un\n").unwrap();
        assert_eq!(next(), None);
    }
}
