//! Writing a bundle: the same parts give the same bytes, on any machine and on any day.
//!
//! Nothing of the machine gets in: files in a fixed order, no times, no owners, one mode, a gzip
//! header without name, time and system. The order is OPA's: data, sources, module, manifest,
//! signatures; other files stand before the manifest.

use std::io;

use flate2::{Compression, GzBuilder};

use crate::bundle::Bundle;
use crate::name;
use crate::read::{DATA, MANIFEST, MODULE, SIGNATURES};

/// The gzip header's byte for "unknown system" (RFC 1952, 2.3.1).
const UNKNOWN_SYSTEM: u8 = 255;

/// Why a bundle cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file has a name that no reader would accept.
    #[error("the file name `{name}` cannot be used in a bundle: {reason}")]
    Name {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Two files would have one name.
    #[error("two files of the bundle are called `{name}`")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// The manifest holds a value that JSON cannot.
    #[error("cannot write the manifest")]
    Manifest(#[source] serde_json::Error),
    /// The archive could not be put together.
    #[error("cannot write the archive")]
    Archive(#[source] io::Error),
}

impl Bundle {
    /// The bundle as the bytes of a `bundle.tar.gz`.
    pub fn write(&self) -> Result<Vec<u8>, WriteError> {
        let manifest = self.manifest.to_json().map_err(WriteError::Manifest)?;
        pack(&self.files(&manifest)?).map_err(WriteError::Archive)
    }

    /// The files in the order of the archive.
    fn files<'a>(&'a self, manifest: &'a [u8]) -> Result<Vec<(String, &'a [u8])>, WriteError> {
        let mut files = vec![(DATA.to_owned(), self.data.get().as_bytes())];
        let mut sources = Vec::new();
        for source in &self.sources {
            sources.push((checked(&source.path)?, source.text.as_bytes()));
        }
        sources.sort();
        files.append(&mut sources);
        files.extend(self.module.as_deref().map(|bytes| (MODULE.to_owned(), bytes)));
        for (name, bytes) in &self.other {
            files.push((checked(name)?, bytes));
        }
        files.push((MANIFEST.to_owned(), manifest));
        files.extend(self.signatures.as_deref().map(|bytes| (SIGNATURES.to_owned(), bytes)));
        no_name_twice(&files)?;
        Ok(files)
    }
}

fn checked(name: &str) -> Result<String, WriteError> {
    name::normalize(name).map_err(|reason| WriteError::Name { name: name.to_owned(), reason })
}

fn no_name_twice(files: &[(String, &[u8])]) -> Result<(), WriteError> {
    let mut names: Vec<&String> = files.iter().map(|(name, _)| name).collect();
    names.sort();
    match names.array_windows().find(|[left, right]| left == right) {
        Some([name, _]) => Err(WriteError::DuplicateName { name: name.to_string() }),
        None => Ok(()),
    }
}

fn pack(files: &[(String, &[u8])]) -> io::Result<Vec<u8>> {
    let gzip = GzBuilder::new()
        .mtime(0)
        .operating_system(UNKNOWN_SYSTEM)
        .write(Vec::new(), Compression::best());
    let mut archive = tar::Builder::new(gzip);
    archive.preserve_absolute(true);
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        archive.append_data(&mut header, name, *bytes)?;
    }
    archive.into_inner()?.finish()
}
