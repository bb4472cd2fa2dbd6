//! The cache of compiled code: a directory that only its owner can write.
//!
//! Compiled code is run as it is, so whoever can write an entry can do anything that the process can. Therefore the
//! directory is refused unless it belongs to this user and nobody else may write to it. Each entry holds the SHA-256 of
//! its contents, so that a damaged or truncated one is compiled again. An entry's name is the digest of the module and
//! of everything that compilation depends on, and entries are written to the side and renamed, so that any number of
//! processes may share the directory.

use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::engine::Engine;

/// The first bytes of an entry: what it is and the version of its layout. The digest and the code follow.
const MAGIC: &[u8] = b"palisade-code-1\n";
const DIGEST_BYTES: usize = 32;

/// A directory of compiled code.
#[derive(Debug, Clone)]
pub struct Cache {
    dir: PathBuf,
}

/// Why a directory cannot hold compiled code.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// The directory cannot be made or read.
    #[error("the cache directory {} cannot be used", .dir.display())]
    Io {
        /// The directory.
        dir: PathBuf,
        /// What failed.
        #[source]
        cause: io::Error,
    },
    /// It is not a directory.
    #[error("the cache {} is not a directory", .0.display())]
    NotDirectory(PathBuf),
    /// Somebody else could put code there.
    #[error("the cache directory {} can be written by others: {reason}", .dir.display())]
    Unsafe {
        /// The directory.
        dir: PathBuf,
        /// Who can write.
        reason: String,
    },
}

impl Cache {
    /// Opens a cache directory, and makes it when it is not there.
    ///
    /// # Errors
    /// When it cannot be made, or somebody other than this user could write to it.
    pub fn open(dir: impl Into<PathBuf>) -> Result<Cache, CacheError> {
        let dir = dir.into();
        let io = |cause| CacheError::Io { dir: dir.clone(), cause };
        create_private(&dir).map_err(io)?;
        let metadata = std::fs::symlink_metadata(&dir).map_err(io)?;
        if !metadata.is_dir() {
            return Err(CacheError::NotDirectory(dir));
        }
        match who_else_writes(&metadata) {
            None => Ok(Cache { dir }),
            Some(reason) => Err(CacheError::Unsafe { dir, reason }),
        }
    }

    /// The compiled code of the module with that digest, if there is an intact entry for this engine.
    pub(crate) fn get(&self, engine: &Engine, module: &[u8; 32]) -> Option<wasmtime::Module> {
        let entry = std::fs::read(self.path(engine, module)).ok()?;
        let code = intact_code(&entry)?;
        // SAFETY: `deserialize` must only be given bytes that `serialize` made. These were read from a directory that
        // only this user can write (`Cache::open` has checked it), where only `Cache::put` puts entries, and their
        // digest shows that they are whole. Code of another engine or version is refused by Wasmtime itself.
        #[expect(unsafe_code, reason = "compiled code cannot be loaded in a safe way")]
        let compiled = unsafe { wasmtime::Module::deserialize(engine.wasmtime(), code) };
        compiled.ok()
    }

    /// Keeps the compiled code of a module. A cache that cannot be written only costs time, so failures are passed over.
    pub(crate) fn put(&self, engine: &Engine, module: &[u8; 32], compiled: &wasmtime::Module) {
        if let Ok(code) = compiled.serialize() {
            let _ = self.write(&self.path(engine, module), &code);
        }
    }

    fn write(&self, path: &Path, code: &[u8]) -> io::Result<()> {
        // The temporary file is made with mode 0600 and removed when anything fails.
        let mut file = tempfile::NamedTempFile::new_in(&self.dir)?;
        file.write_all(MAGIC)?;
        file.write_all(&Sha256::digest(code))?;
        file.write_all(code)?;
        file.persist(path)?;
        Ok(())
    }

    fn path(&self, engine: &Engine, module: &[u8; 32]) -> PathBuf {
        let mut key = KeyHasher(Sha256::new_with_prefix(module));
        engine.wasmtime().precompile_compatibility_hash().hash(&mut key);
        let key: String = key.0.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.dir.join(format!("{key}.code"))
    }
}

/// The code in an entry, if its digest is right.
fn intact_code(entry: &[u8]) -> Option<&[u8]> {
    let (digest, code) = entry.strip_prefix(MAGIC)?.split_at_checked(DIGEST_BYTES)?;
    (Sha256::digest(code).as_slice() == digest).then_some(code)
}

/// Lets whatever is hashable go into a SHA-256; the standard hashers may change between versions of Rust.
struct KeyHasher(Sha256);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Not used: the whole digest is taken instead.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(unix)]
fn create_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn create_private(dir: &Path) -> io::Result<()> {
    std::fs::create_dir_all(dir)
}

#[cfg(unix)]
fn who_else_writes(metadata: &std::fs::Metadata) -> Option<String> {
    use std::os::unix::fs::MetadataExt;
    let user = rustix::process::geteuid().as_raw();
    if metadata.uid() != user {
        return Some(format!(
            "it belongs to user {}, and this process is user {user}",
            metadata.uid()
        ));
    }
    let mode = metadata.mode() & 0o7777;
    (mode & 0o022 != 0).then(|| format!("its mode is {mode:04o}, which should be 0700"))
}

/// Other systems have no such question to ask in the standard library, so there is no cache on them.
#[cfg(not(unix))]
fn who_else_writes(_metadata: &std::fs::Metadata) -> Option<String> {
    Some("this system has no Unix permissions to check".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(code: &[u8]) -> Vec<u8> {
        [MAGIC, Sha256::digest(code).as_slice(), code].concat()
    }

    #[test]
    fn only_whole_entries_are_intact() {
        let whole = entry(b"code");
        assert_eq!(intact_code(&whole), Some(&b"code"[..]));
        for len in 0..whole.len() {
            assert_eq!(intact_code(&whole[..len]), None, "cut to {len} bytes");
        }
        for idx in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[idx] ^= 1;
            assert_eq!(intact_code(&damaged), None, "byte {idx} changed");
        }
    }
}
