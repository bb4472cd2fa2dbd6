//! The stamp of `guest.wasm`: what it was built from, and by which compiler. Shared with the build script of the code
//! generator, which refuses a stale one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The committed form of the run-time library.
pub const MODULE: &str = "crates/guest/guest.wasm";
/// Its stamp.
pub const STAMP: &str = "crates/guest/guest.stamp";
/// Its lock file.
pub const LOCK: &str = "crates/guest/Cargo.lock";

/// The crates that go in.
pub const CRATES: [&str; 6] = ["abi", "builtins", "diag", "guest", "syntax", "value"];

/// What is known of a `guest.wasm`. Digests are SHA-256 in hexadecimal.
#[derive(Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The digest of the sources.
    pub sources: String,
    /// The versions of compiler and linker.
    pub compiler: String,
    /// The digest of the module.
    pub module: String,
}

impl Stamp {
    /// Reads the stamp of a repository.
    ///
    /// # Errors
    /// When there is none, or it has another form.
    pub fn read(root: &Path) -> io::Result<Stamp> {
        let text = fs::read_to_string(root.join(STAMP))
            .map_err(|error| io::Error::new(error.kind(), format!("{STAMP}: {error}")))?;
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            line.map(str::to_owned)
                .ok_or_else(|| io::Error::other(format!("{STAMP} has no `{name}`")))
        };
        Ok(Stamp {
            sources: field("sources")?,
            compiler: field("compiler")?,
            module: field("module")?,
        })
    }

    /// The contents of the stamp's file.
    #[allow(dead_code, reason = "the build script only reads")]
    pub fn to_text(&self) -> String {
        format!("sources: {}\ncompiler: {}\nmodule: {}\n", self.sources, self.compiler, self.module)
    }
}

/// The digest of some bytes.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One digest of all sources: their paths and contents, and the lock file.
///
/// # Errors
/// When one of them cannot be read.
pub fn sources_digest(root: &Path) -> io::Result<String> {
    let mut all = Sha256::new();
    for file in sources(root)?.iter().chain([&PathBuf::from(LOCK)]) {
        let contents = digest(&fs::read(root.join(file))?);
        all.update(format!("{contents}  {}\n", file.to_string_lossy().replace('\\', "/")));
    }
    Ok(all.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The source files and manifests, in order, relative to the root.
///
/// # Errors
/// When a folder cannot be read.
pub fn sources(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for name in CRATES {
        let folder = Path::new("crates").join(name);
        if root.join(&folder).join("Cargo.toml").exists() {
            files.push(folder.join("Cargo.toml"));
            collect(root, &folder.join("src"), &mut files)?;
        }
    }
    files.sort();
    Ok(files)
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            collect(root, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
