//! Whether the file that a log writes to is still the one that it opened: decisions that are written to a deleted file
//! are lost, and nobody would notice before the end.

use std::fs::{File, Metadata};
use std::path::Path;

use crate::error::{Change, LogError};

/// Checks the open file: it has a name, and the size that was written. One call to the system.
pub(crate) fn check_file(file: &File, path: &Path, expected: u64) -> Result<(), LogError> {
    let metadata = file.metadata().map_err(LogError::io("inspect", path))?;
    let found = metadata.len();
    let change = if is_deleted(&metadata) {
        Change::Deleted
    } else if found != expected {
        Change::Resized { expected, found }
    } else {
        return Ok(());
    };
    Err(LogError::Changed { path: path.to_owned(), change })
}

/// Checks that the file's name still leads to it. One more call, for now and then.
pub(crate) fn check_name(file: &File, path: &Path) -> Result<(), LogError> {
    let opened = file.metadata().map_err(LogError::io("inspect", path))?;
    let is_same = match std::fs::metadata(path) {
        Ok(named) => same_file(&opened, &named),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
        Err(error) => return Err(LogError::io("inspect", path)(error)),
    };
    match is_same {
        true => Ok(()),
        false => Err(LogError::Changed { path: path.to_owned(), change: Change::Replaced }),
    }
}

#[cfg(unix)]
fn is_deleted(metadata: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(metadata) == 0
}

/// An open file cannot be deleted on this system.
#[cfg(not(unix))]
fn is_deleted(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn same_file(left: &Metadata, right: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (left.dev(), left.ino()) == (right.dev(), right.ino())
}

/// An open file cannot be replaced on this system.
#[cfg(not(unix))]
fn same_file(_: &Metadata, _: &Metadata) -> bool {
    true
}
