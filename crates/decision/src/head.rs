//! The head file: the last record that the log had when it last filled a segment or was closed.
//!
//! It is written after the records are on the disk, never before: a log that ends before its head
//! has lost lines.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::LogError;
use crate::line::Receipt;
use crate::segment::{private, sync_dir};

/// The file's name in the log's directory.
pub(crate) const HEAD: &str = "head.json";

/// The head file's content.
pub(crate) enum Head {
    /// There is none yet.
    Absent,
    /// It cannot be understood.
    Unreadable,
    /// The record it remembers.
    Remembered(Receipt),
}

/// Replaces the head in one step.
pub(crate) fn write(dir: &Path, receipt: Receipt) -> Result<(), LogError> {
    let (path, temporary) = (dir.join(HEAD), dir.join("head.json.tmp"));
    let replace = || -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        private(&mut options);
        let mut file = options.open(&temporary)?;
        serde_json::to_writer(&mut file, &receipt)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&temporary, &path)
    };
    replace().map_err(LogError::io("replace", &path))?;
    sync_dir(dir)
}

/// Reads the head.
pub(crate) fn read(dir: &Path) -> Result<Head, LogError> {
    let path = dir.join(HEAD);
    match fs::read(&path) {
        Ok(json) => Ok(serde_json::from_slice(&json).map_or(Head::Unreadable, Head::Remembered)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Head::Absent),
        Err(error) => Err(LogError::io("read", &path)(error)),
    }
}
