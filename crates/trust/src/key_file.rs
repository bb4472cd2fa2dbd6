//! Key files on disk: a private key that only its owner can read, and no file that is replaced
//! unasked or left half-written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::key::{KeyError, KeyPair};

/// Why the files of a key pair were not written.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// A file of that name is there; a key is never replaced.
    #[error("`{path}` exists already; a key file is never overwritten")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A file could not be written.
    #[error("cannot write `{path}`")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The key could not be put into PEM form.
    #[error("cannot encode the key")]
    Key(#[from] KeyError),
}

/// Writes `pair` to two new files, the private one encrypted under `password` and readable by its
/// owner only. If one of them exists already or cannot be written, neither is left behind.
pub fn save(
    pair: &KeyPair,
    password: &[u8],
    private: &Path,
    public: &Path,
) -> Result<(), KeyFileError> {
    for path in [private, public] {
        if fs::symlink_metadata(path).is_ok() {
            return Err(KeyFileError::Exists { path: path.to_owned() });
        }
    }
    let public_pem = pair.public().to_pem()?;
    create(private, pair.to_pem(password)?.as_bytes(), 0o600)?;
    create(public, public_pem.as_bytes(), 0o644).inspect_err(|_| {
        // The key was never used; the error that matters is the one that is being returned.
        let _ = fs::remove_file(private);
    })
}

/// Puts a whole file in place in one step: the name appears with its full content or not at all.
fn create(path: &Path, content: &[u8], mode: u32) -> Result<(), KeyFileError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists { path: path.to_owned() },
        _ => KeyFileError::Write { path: path.to_owned(), source },
    };
    let temporary = temporary_name(path);
    let written = write_new(&temporary, content, mode)
        // Unlike a rename, a link fails if another process created the name in the meantime.
        .and_then(|()| fs::hard_link(&temporary, path));
    // A left-over temporary file does no harm, and the first error is the one to report.
    let _ = fs::remove_file(&temporary);
    written.map_err(failed)
}

fn write_new(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    set_mode(&mut options, mode);
    let mut file: File = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(unix)]
fn set_mode(options: &mut OpenOptions, mode: u32) {
    std::os::unix::fs::OpenOptionsExt::mode(options, mode);
}

#[cfg(not(unix))]
fn set_mode(_: &mut OpenOptions, _: u32) {}

/// A name beside `path`, so that both are on one file system.
fn temporary_name(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}
