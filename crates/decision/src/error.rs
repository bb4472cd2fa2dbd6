//! What can go wrong with a log.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::record::RecordError;
use crate::segment::Place;

/// Why a log could not be opened, read or appended to.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The system refused an operation on a file.
    #[error("cannot {action} `{path}`")]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// Another process has the log open for writing.
    #[error("the decision log in `{dir}` is in use by another process")]
    InUse {
        /// The log's directory.
        dir: PathBuf,
    },
    /// The last line is complete but not a record, so nothing can be chained to it.
    #[error("{place} is not an intact record; `palisade log verify` says more")]
    Damaged {
        /// The line.
        place: Place,
    },
    /// The log ends before the head it remembers: lines were removed.
    #[error(
        "the decision log in `{dir}` ends {}, but it had reached record {remembered}; \
         move it aside to start a new one",
        last.map_or("empty".to_owned(), |last| format!("with record {last}"))
    )]
    Truncated {
        /// The log's directory.
        dir: PathBuf,
        /// The last record that is there.
        last: Option<u64>,
        /// The last record that was there.
        remembered: u64,
    },
    /// The last record is not the one that the head remembers under its number.
    #[error(
        "record {seq} of the decision log in `{dir}` was replaced; \
         move the log aside to start a new one"
    )]
    Replaced {
        /// The log's directory.
        dir: PathBuf,
        /// The record's number.
        seq: u64,
    },
    /// The head file is damaged, so that nobody can say whether lines are missing.
    #[error("`{path}` is damaged; if `palisade log verify` finds the log itself intact, remove it")]
    DamagedHead {
        /// The file.
        path: PathBuf,
    },
    /// The record cannot be written as JSON.
    #[error("cannot encode the decision record")]
    Record(#[from] RecordError),
    /// The record is larger than a line may be.
    #[error("the decision record has {bytes} bytes; at most {limit} are logged")]
    TooLarge {
        /// Its size in bytes.
        bytes: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The file that is written to is no longer the one that was opened, or somebody else changed it.
    #[error("`{path}` {change} while the log was open")]
    Changed {
        /// The file.
        path: PathBuf,
        /// What happened to it.
        change: Change,
    },
    /// An earlier write failed, so that nothing can follow.
    #[error("the decision log stopped at an earlier failure: {reason}")]
    Stopped {
        /// The earlier failure.
        reason: String,
    },
}

/// What happened to a file under a log that is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It was deleted.
    Deleted,
    /// Another file has its name, or none has.
    Replaced,
    /// It has another size than what was written to it.
    Resized {
        /// The bytes that it should have.
        expected: u64,
        /// The bytes that it has.
        found: u64,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Deleted => f.write_str("was deleted"),
            Change::Replaced => f.write_str("was moved or replaced"),
            Change::Resized { expected, found } => {
                write!(f, "was changed from {expected} to {found} bytes")
            }
        }
    }
}

impl LogError {
    /// The error and its causes in one line.
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text += ": ";
            text += &error.to_string();
            cause = error.source();
        }
        text
    }

    /// For `map_err`: a failure to do `action` with `path`.
    pub(crate) fn io<'a>(
        action: &'static str,
        path: &'a Path,
    ) -> impl Fn(io::Error) -> LogError + 'a {
        move |source| LogError::Io { action, path: path.to_owned(), source }
    }
}
