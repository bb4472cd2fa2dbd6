//! Signature files beside the file that they are for: one lookup for all who load or verify.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use palisade_bundle::Digest;

use crate::policy::Policy;
use crate::signature::SIGNATURE_BYTES_MAX;
use crate::verify::verify_digest;

/// What is appended to a file's name for its signatures: a Sigstore bundle, which knows more and explains a refusal
/// better, and a plain signature.
pub const BESIDE: [&str; 2] = [".sigstore.json", ".sig"];

/// A signature file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureFile {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it. What is not text is no signature, and is refused as that.
    pub text: String,
}

/// A signature file that is there and cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{}`", .path.display())]
pub struct SignatureFileError {
    /// The file.
    pub path: PathBuf,
    /// What the system says.
    #[source]
    pub cause: io::Error,
}

/// The signature files beside `file`, those that are there.
///
/// # Errors
/// One that is there cannot be read.
pub fn signatures_beside(file: &Path) -> Result<Vec<SignatureFile>, SignatureFileError> {
    let mut found = Vec::new();
    for suffix in BESIDE {
        let mut name = OsString::from(file);
        name.push(suffix);
        let path = PathBuf::from(name);
        match read(&path) {
            Ok(text) => found.push(SignatureFile { path, text }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(SignatureFileError { path, cause }),
        }
    }
    Ok(found)
}

impl Policy {
    /// The signature beside `file`, which holds `blob`: the first that one of the keys made for it, so that a stale
    /// one hides no valid one. If there is none such, the first that is there, which tells best why it is refused.
    ///
    /// # Errors
    /// One that is there cannot be read.
    pub fn signature_beside(
        &self,
        file: &Path,
        blob: &[u8],
    ) -> Result<Option<SignatureFile>, SignatureFileError> {
        let mut found = signatures_beside(file)?;
        let digest = Digest::of(blob);
        let valid = |it: &SignatureFile| verify_digest(&self.keys, digest, Some(&it.text)).is_ok();
        let chosen = found.iter().position(valid).unwrap_or(0);
        Ok((chosen < found.len()).then(|| found.swap_remove(chosen)))
    }
}

fn read(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    // One byte more than a signature may have shows that this is none.
    File::open(path)?.take(SIGNATURE_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
