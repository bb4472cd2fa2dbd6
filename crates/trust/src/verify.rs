//! Verification, and finding out why it failed.

use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{RecoveryId, VerifyingKey};
use palisade_bundle::Digest;

use crate::key::{KeyId, PublicKey};
use crate::signature::{Claim, Signature, SignatureError};

/// Why a signature does not stand for a file.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is no signature.
    #[error("there is no signature")]
    Missing,
    /// There is no key to verify with.
    #[error("there is no key to verify the signature with")]
    NoKey,
    /// The signature file cannot be read.
    #[error("the signature is malformed")]
    Malformed(#[from] SignatureError),
    /// The signature is genuine, but for other bytes. Proven: it verifies over the recorded digest.
    #[error(
        "the file was changed after it was signed: {signed} was signed with key {signer}, this is {found}"
    )]
    Changed {
        /// The key that verifies the signature.
        signer: KeyId,
        /// The digest that was signed.
        signed: Digest,
        /// The digest of the file at hand.
        found: Digest,
    },
    /// The signature is another key's. Proven: that key can be recovered from the signature.
    #[error("the file was signed with another key: {signer} is none of {}", list(keys))]
    OtherKey {
        /// The key that made the signature.
        signer: KeyId,
        /// The keys that would have been accepted.
        keys: Vec<KeyId>,
    },
    /// The signature does not match, and does not say what it would match.
    #[error(
        "the signature does not match {found} under key {}: the file was changed after signing, \
         or it was signed with another key",
        list(keys)
    )]
    Mismatch {
        /// The digest of the file at hand.
        found: Digest,
        /// The keys that would have been accepted.
        keys: Vec<KeyId>,
    },
}

/// Verifies that one of `keys` signed exactly `blob`, and says which.
pub fn verify(
    keys: &[PublicKey],
    blob: &[u8],
    signature: Option<&str>,
) -> Result<KeyId, VerifyError> {
    verify_digest(keys, Digest::of(blob), signature)
}

/// [`verify()`] for a file whose digest is known.
pub(crate) fn verify_digest(
    keys: &[PublicKey],
    found: Digest,
    signature: Option<&str>,
) -> Result<KeyId, VerifyError> {
    if keys.is_empty() {
        return Err(VerifyError::NoKey);
    }
    let signature = Signature::parse(signature.ok_or(VerifyError::Missing)?)?;
    signer(keys, found, &signature).ok_or_else(|| diagnose(keys, found, &signature))
}

/// The key among `keys` that made `signature` over `digest`.
fn signer(keys: &[PublicKey], digest: Digest, signature: &Signature) -> Option<KeyId> {
    let made_it =
        |it: &&PublicKey| it.key.verify_prehash(digest.as_bytes(), &signature.ecdsa).is_ok();
    keys.iter().find(made_it).map(PublicKey::id)
}

/// The signature was refused; its claim may explain it, if the claim can be proven.
fn diagnose(keys: &[PublicKey], found: Digest, signature: &Signature) -> VerifyError {
    let ids: Vec<KeyId> = keys.iter().map(PublicKey::id).collect();
    let Some(claim) = signature.claim else {
        return VerifyError::Mismatch { found, keys: ids };
    };
    if let Some(signer) = signer(keys, claim.signed, signature) {
        return VerifyError::Changed { signer, signed: claim.signed, found };
    }
    match claim_holds(claim, signature) {
        true => VerifyError::OtherKey { signer: claim.signer, keys: ids },
        false => VerifyError::Mismatch { found, keys: ids },
    }
}

/// Whether the claimed signer made this signature over the claimed digest: an ECDSA signature and
/// a digest leave at most four public keys, and the signer's must be one of them.
pub(crate) fn claim_holds(Claim { signer, signed }: Claim, signature: &Signature) -> bool {
    (0..=RecoveryId::MAX)
        .filter_map(RecoveryId::from_byte)
        .filter_map(|id| {
            VerifyingKey::recover_from_prehash(signed.as_bytes(), &signature.ecdsa, id).ok()
        })
        .filter_map(|key| PublicKey::new(key).ok())
        .any(|key| key.id() == signer)
}

fn list(keys: &[KeyId]) -> String {
    keys.iter().map(KeyId::to_string).collect::<Vec<_>>().join(", ")
}
