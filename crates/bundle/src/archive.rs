//! The container: a gzip member around a tar archive, unpacked into memory within [`Limits`].
//!
//! Everything that two readers could understand differently is refused: links, devices, repeated
//! names, names that lead out of the archive, bytes after the end of the tar or of the gzip member.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use flate2::bufread::GzDecoder;
use palisade_abi::limits::{DATA_BYTES_MAX, MODULE_BYTES_MAX};

use crate::name;

/// How much an archive may hold; the defaults fit any bundle that a policy engine can load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files in one archive.
    pub files: usize,
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Bytes of the whole unpacked archive, headers included. It bounds what a small archive of
    /// long runs can grow to.
    pub total_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        // The largest file is the largest module or the largest data; a bundle may hold one of each.
        let (module, data) = (MODULE_BYTES_MAX as u64, DATA_BYTES_MAX as u64);
        Limits { files: 16_384, file_bytes: module.max(data), total_bytes: module + data }
    }
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name in its one spelling: absolute, `/`-separated.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// Why the container was refused.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The bytes do not begin with a gzip header.
    #[error("not a gzip archive")]
    NotGzip,
    /// The compressed stream is cut short, altered, or fails its checksum.
    #[error("the gzip stream is damaged")]
    DamagedGzip(#[source] std::io::Error),
    /// There are bytes after the compressed stream.
    #[error("{bytes} bytes follow the end of the gzip stream")]
    TrailingBytes {
        /// How many.
        bytes: usize,
    },
    /// The tar headers do not add up.
    #[error("the tar archive is damaged")]
    DamagedTar(#[source] std::io::Error),
    /// There is something other than padding after the last file.
    #[error("the tar archive has data after its end")]
    DataAfterEnd,
    /// A file has a name that is not accepted.
    #[error("the file name `{name}` is not accepted: {reason}")]
    Name {
        /// The name, made printable.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Two files have one name.
    #[error("the file `{name}` is there twice")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// An entry is a link, a device or another thing that a bundle has no use for.
    #[error("`{name}` is not a regular file")]
    NotAFile {
        /// Its name.
        name: String,
    },
    /// There are more files than [`Limits::files`].
    #[error("more than {limit} files")]
    TooManyFiles {
        /// The limit.
        limit: usize,
    },
    /// A file is larger than [`Limits::file_bytes`].
    #[error("the file `{name}` is larger than {limit} bytes")]
    FileTooLarge {
        /// The file.
        name: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The archive unpacks to more than [`Limits::total_bytes`].
    #[error("the archive unpacks to more than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
}

/// Unpacks a `.tar.gz` into its files, in the order of the archive; folders are left out.
pub fn unpack(bytes: &[u8], limits: &Limits) -> Result<Vec<Entry>, ArchiveError> {
    let tar = inflate(bytes, limits)?;
    let mut archive = tar::Archive::new(Cursor::new(tar.as_slice()));
    let mut files = Vec::new();
    let mut names = BTreeSet::new();
    let mut end = 0;
    for entry in archive.entries().map_err(ArchiveError::DamagedTar)? {
        let mut entry = entry.map_err(ArchiveError::DamagedTar)?;
        end = entry.raw_file_position().saturating_add(entry.size());
        let Some(name) = file_name(&entry)? else {
            continue;
        };
        if files.len() >= limits.files {
            return Err(ArchiveError::TooManyFiles { limit: limits.files });
        }
        if entry.size() > limits.file_bytes {
            return Err(ArchiveError::FileTooLarge { name, limit: limits.file_bytes });
        }
        if !names.insert(name.clone()) {
            return Err(ArchiveError::DuplicateName { name });
        }
        files.push(Entry { name, bytes: content(&mut entry)? });
    }
    only_padding_after(&tar, end)?;
    Ok(files)
}

/// Decompresses the one gzip member that the bytes must be.
fn inflate(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, ArchiveError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Err(ArchiveError::NotGzip);
    }
    let mut decoder = GzDecoder::new(bytes);
    let mut tar = Vec::new();
    let bounded = limits.total_bytes.saturating_add(1);
    let read = (&mut decoder).take(bounded).read_to_end(&mut tar);
    let n_read = read.map_err(ArchiveError::DamagedGzip)? as u64;
    if n_read > limits.total_bytes {
        return Err(ArchiveError::TooLarge { limit: limits.total_bytes });
    }
    match decoder.into_inner().len() {
        0 => Ok(tar),
        bytes => Err(ArchiveError::TrailingBytes { bytes }),
    }
}

/// The name of a regular file, nothing for a folder, an error for all else.
fn file_name<R: Read>(entry: &tar::Entry<'_, R>) -> Result<Option<String>, ArchiveError> {
    let raw = entry.path_bytes();
    let printable = || String::from_utf8_lossy(&raw).chars().take(200).collect::<String>();
    match entry.header().entry_type() {
        tar::EntryType::Regular => {}
        tar::EntryType::Directory if entry.size() == 0 => return Ok(None),
        _ => return Err(ArchiveError::NotAFile { name: printable() }),
    }
    let refused =
        |reason| ArchiveError::Name { name: printable().escape_debug().to_string(), reason };
    let name = std::str::from_utf8(&raw).map_err(|_| refused("it is not UTF-8"))?;
    name::normalize(name).map(Some).map_err(refused)
}

fn content<R: Read>(entry: &mut tar::Entry<'_, R>) -> Result<Vec<u8>, ArchiveError> {
    let size = entry.size();
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(ArchiveError::DamagedTar)?;
    if bytes.len() as u64 != size {
        let cut = std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        return Err(ArchiveError::DamagedTar(cut));
    }
    Ok(bytes)
}

/// A reader stops at the first empty block; what it does not look at must not be there.
fn only_padding_after(tar: &[u8], end: u64) -> Result<(), ArchiveError> {
    let rest = usize::try_from(end).ok().and_then(|end| tar.get(end..));
    match rest {
        Some(rest) if rest.iter().all(|byte| *byte == 0) => Ok(()),
        _ => Err(ArchiveError::DataAfterEnd),
    }
}
