//! The cache of compiled code: a directory that only its owner can write.
//!
//! Compiled code is run as it is, so whoever can write an entry can do anything that the process can. Therefore the
//! directory is refused unless it belongs to this user and nobody else may write to it or replace it, and so is every
//! entry. An entry's name is the digest of the module and of everything that compilation depends on. The entry itself
//! begins with that digest and the SHA-256 of its code, so that one that is damaged, cut short or another module's is
//! compiled again. Entries are written to the side and renamed, so any number of processes may share the directory.

#[cfg(unix)]
mod dir;
#[cfg(not(unix))]
#[path = "cache/no_dir.rs"]
mod dir;

use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::engine::Engine;
use dir::Dir;

/// The first bytes of an entry: what it is and the version of its layout. The key, the digest and the code follow.
const MAGIC: &[u8] = b"palisade-code-2\n";
const DIGEST_BYTES: usize = 32;

/// A directory of compiled code. Clones share it.
#[derive(Debug, Clone)]
pub struct Cache {
    dir: Dir,
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
    /// When it cannot be made, or somebody other than this user could write to it, or to the directory that holds it.
    /// A cache only saves time, so a caller may go on without one, and should say so.
    pub fn open(dir: impl AsRef<Path>) -> Result<Cache, CacheError> {
        Ok(Cache { dir: Dir::open(dir.as_ref())? })
    }

    /// The compiled code of the module with that digest, if there is an intact entry for this engine.
    pub(crate) fn get(&self, engine: &Engine, module: &[u8; 32]) -> Option<wasmtime::Module> {
        let key = key(engine, module);
        let entry = self.dir.read(&name(&key)).ok()?;
        let code = intact_code(&entry, &key)?;
        // SAFETY: `deserialize` must only be given bytes that `serialize` made. These were read from a file that only
        // this user can have written, in a directory of which the same holds (`Dir` checks both), where only
        // `Cache::put` puts files. Their header shows that they are this module's, for this engine, and whole. Code of
        // another engine or version is also refused by Wasmtime itself.
        #[expect(unsafe_code, reason = "compiled code cannot be loaded in a safe way")]
        let compiled = unsafe { wasmtime::Module::deserialize(engine.wasmtime(), code) };
        compiled.ok()
    }

    /// Keeps the compiled code of a module. A cache that cannot be written only costs time, so failures are passed over.
    pub(crate) fn put(&self, engine: &Engine, module: &[u8; 32], compiled: &wasmtime::Module) {
        if let Ok(code) = compiled.serialize() {
            let key = key(engine, module);
            let _ = self.dir.write(&name(&key), &[MAGIC, &key, &Sha256::digest(&code), &code]);
        }
    }
}

/// What compiled code depends on: the module, and everything about the engine.
fn key(engine: &Engine, module: &[u8; 32]) -> [u8; DIGEST_BYTES] {
    let mut key = KeyHasher(Sha256::new_with_prefix(module));
    engine.wasmtime().precompile_compatibility_hash().hash(&mut key);
    key.0.finalize().into()
}

fn name(key: &[u8]) -> String {
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}.code")
}

/// The code in an entry, if the entry is for that key and whole.
fn intact_code<'a>(entry: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let entry = entry.strip_prefix(MAGIC)?.strip_prefix(key)?;
    let (digest, code) = entry.split_at_checked(DIGEST_BYTES)?;
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

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; DIGEST_BYTES] = [7; DIGEST_BYTES];

    fn entry(code: &[u8]) -> Vec<u8> {
        [MAGIC, &KEY, Sha256::digest(code).as_slice(), code].concat()
    }

    #[test]
    fn only_whole_entries_of_that_key_are_intact() {
        let whole = entry(b"code");
        assert_eq!(intact_code(&whole, &KEY), Some(&b"code"[..]));
        assert_eq!(intact_code(&whole, &[8; DIGEST_BYTES]), None);
        for len in 0..whole.len() {
            assert_eq!(intact_code(&whole[..len], &KEY), None, "cut to {len} bytes");
        }
        for idx in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[idx] ^= 1;
            assert_eq!(intact_code(&damaged, &KEY), None, "byte {idx} changed");
        }
    }
}
