//! The question a loader asks: may these bytes be loaded?

use palisade_bundle::Digest;

use crate::key::{KeyId, PublicKey};
use crate::verify::{VerifyError, verify_digest};

/// What is trusted. The default trusts nothing.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Whoever holds one of these keys may sign what is loaded.
    pub keys: Vec<PublicKey>,
    /// If there are any, only files with one of these digests are loaded, whoever signed them.
    pub pins: Vec<Digest>,
    /// Load without a signature. A signature that is there is still verified if there are keys;
    /// pins hold all the same.
    pub unsigned: bool,
}

/// Why these bytes may be loaded; belongs into every log line about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Admission {
    /// What was admitted.
    pub digest: Digest,
    /// The key that signed it.
    pub signer: Option<KeyId>,
    /// No signature was verified, because the policy asks for none.
    pub unsigned: bool,
}

/// Why these bytes may not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The signature is missing, malformed or does not match.
    #[error("refused {digest}")]
    Signature {
        /// What was refused.
        digest: Digest,
        /// What is wrong with its signature.
        #[source]
        source: Box<VerifyError>,
    },
    /// The file is not the one that is pinned.
    #[error("refused {digest}: pinned is {}{}", list(pins), signed_by(*signer))]
    NotPinned {
        /// What was refused.
        digest: Digest,
        /// What is pinned.
        pins: Vec<Digest>,
        /// The key that signed it, if its signature was verified.
        signer: Option<KeyId>,
    },
}

impl Policy {
    /// Decides whether `blob` with this signature file may be loaded. The caller must go on to use
    /// the very bytes it passed here, not read them again.
    pub fn admit(&self, blob: &[u8], signature: Option<&str>) -> Result<Admission, Refusal> {
        let digest = Digest::of(blob);
        let signer = self.signer(digest, signature)?;
        if !self.pins.is_empty() && !self.pins.contains(&digest) {
            let pins = self.pins.clone();
            return Err(Refusal::NotPinned { digest, pins, signer });
        }
        Ok(Admission { digest, signer, unsigned: signer.is_none() })
    }

    /// The verified signer; none only where the policy is content without.
    fn signer(&self, digest: Digest, signature: Option<&str>) -> Result<Option<KeyId>, Refusal> {
        if self.unsigned && (signature.is_none() || self.keys.is_empty()) {
            return Ok(None);
        }
        verify_digest(&self.keys, digest, signature)
            .map(Some)
            .map_err(|source| Refusal::Signature { digest, source: Box::new(source) })
    }
}

fn list(pins: &[Digest]) -> String {
    pins.iter().map(Digest::to_string).collect::<Vec<_>>().join(", ")
}

fn signed_by(signer: Option<KeyId>) -> String {
    signer.map(|signer| format!(" (its signature by key {signer} is valid)")).unwrap_or_default()
}
