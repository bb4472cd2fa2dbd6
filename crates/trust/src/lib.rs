//! Trust: who signed a bundle, and whether that is enough to load it.
//!
//! Keys and signatures are ECDSA P-256 over SHA-256 in cosign's file formats, so that either tool
//! reads what the other wrote. [`sign`] and [`verify()`] are about bytes and keys; [`Policy::admit`]
//! is the one question a loader asks, and [`Refusal`] its answer when it may not load.
//!
//! # What a refusal can know
//!
//! A bare ECDSA signature that does not verify says only that key, bytes and signature do not
//! belong together; which of them is foreign cannot be computed from it, and the refusal
//! ([`VerifyError::Mismatch`]) says so. A Sigstore bundle also records the digest and the signer's
//! key id. They are not trusted for admission, but they can be checked against the signature: it
//! verifies over the recorded digest (so the file was changed since), or the recorded signer's key
//! can be recovered from it (so it was made with that key and not with ours). [`Signature`] reads
//! and writes both forms. [`Policy::signature_beside`] finds the file that holds one.

mod beside;
mod envelope;
mod key;
mod key_file;
mod policy;
mod secretbox;
mod signature;
mod verify;

pub use beside::{BESIDE, SignatureFile, SignatureFileError, signatures_beside};
pub use envelope::EnvelopeError;
pub use key::{KeyError, KeyId, KeyPair, PublicKey};
pub use key_file::{KeyFileError, save};
pub use policy::{Admission, Policy, Refusal};
pub use signature::{Claim, SIGNATURE_BYTES_MAX, Signature, SignatureError, sign};
pub use verify::{VerifyError, verify};
