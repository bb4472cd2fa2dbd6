//! Signatures over a file, in the forms that cosign knows.
//!
//! | form | content | cosign |
//! |---|---|---|
//! | plain | base64 of the DER signature | `sign-blob --output-signature` |
//! | Sigstore bundle v0.3 | JSON with the signature, the file's digest and the signer's key id | `sign-blob --bundle` |
//! | cosign's own JSON | JSON with the signature, read only | `sign-blob --bundle` before version 3 |

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use p256::ecdsa::Signature as Ecdsa;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use palisade_bundle::Digest;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::key::{KeyId, KeyPair};
use crate::verify::claim_holds;

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const SHA256: &str = "SHA2_256";

/// The largest signature file, in bytes. A signature is a hundred bytes, a Sigstore bundle some thousands.
pub const SIGNATURE_BYTES_MAX: usize = 1 << 20;

/// A signature over one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub(crate) ecdsa: Ecdsa,
    pub(crate) claim: Option<Claim>,
}

/// What a signature file says of itself. It is a claim: only the signature proves anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The key that signed.
    pub signer: KeyId,
    /// The digest of the file that was signed.
    pub signed: Digest,
}

/// Why a signature could not be read or made.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// The text is neither base64 nor a Sigstore bundle.
    #[error("expected a signature in base64 or a Sigstore bundle")]
    NotBase64,
    /// The decoded bytes are not an ECDSA signature.
    #[error("the signature is not an ECDSA signature on P-256 in DER form")]
    NotEcdsa,
    /// The JSON is not a Sigstore bundle that was signed with a key.
    #[error("the JSON is not a Sigstore bundle that signs a file with a key")]
    NotABundle(#[source] serde_json::Error),
    /// The signature was made with a key that lived for a moment and a certificate of somebody's identity.
    #[error(
        "this is a keyless signature, with a certificate of an identity; a signature with a key is needed \
         (`cosign sign-blob --key`, `palisade sign`)"
    )]
    Keyless,
    /// A field of the Sigstore bundle is not what it must be.
    #[error("the Sigstore bundle's field `{field}` is malformed")]
    Field {
        /// The field.
        field: &'static str,
    },
    /// The text is too long for a signature.
    #[error("the signature is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The signature could not be computed.
    #[error("cannot sign")]
    Sign(#[source] p256::ecdsa::Error),
}

/// Signs the bytes of a file. The same key and bytes give the same signature (RFC 6979).
pub fn sign(pair: &KeyPair, blob: &[u8]) -> Result<Signature, SignatureError> {
    let signed = Digest::of(blob);
    let ecdsa = pair.signing().sign_prehash(signed.as_bytes()).map_err(SignatureError::Sign)?;
    let claim = Some(Claim { signer: pair.public().id(), signed });
    Ok(Signature { ecdsa, claim })
}

impl Signature {
    /// What the file says of signer and signed file; none in a form that says nothing of them.
    pub fn claim(&self) -> Option<Claim> {
        self.claim
    }

    /// [`Signature::claim`], if the signature bears it out: the key that it names made this signature over the digest
    /// that it names. Whose key that is, and whether it is trusted, is another question.
    pub fn proven_claim(&self) -> Option<Claim> {
        self.claim.filter(|claim| claim_holds(*claim, self))
    }

    /// Reads a signature file in any of the forms.
    pub fn parse(text: &str) -> Result<Signature, SignatureError> {
        if text.len() > SIGNATURE_BYTES_MAX {
            return Err(SignatureError::TooLong { limit: SIGNATURE_BYTES_MAX });
        }
        match text.trim_ascii() {
            json if json.starts_with('{') => parse_bundle(json),
            base64 => {
                let der = BASE64.decode(base64).map_err(|_| SignatureError::NotBase64)?;
                Ok(Signature { ecdsa: parse_der(&der)?, claim: None })
            }
        }
    }

    /// The plain form: one line of base64 without a line end, as cosign writes it.
    pub fn to_base64(&self) -> String {
        BASE64.encode(self.ecdsa.to_der().as_bytes())
    }

    /// The Sigstore bundle; nothing for a signature that was read in the plain form, which does
    /// not say what it signs.
    pub fn to_sigstore_bundle(&self) -> Option<String> {
        let claim = self.claim?;
        let bundle = SigstoreBundle {
            media_type: MEDIA_TYPE.to_owned(),
            verification_material: VerificationMaterial {
                public_key: PublicKeyHint { hint: BASE64.encode(claim.signer.as_bytes()) },
            },
            message_signature: MessageSignature {
                message_digest: Some(MessageDigest {
                    algorithm: SHA256.to_owned(),
                    digest: BASE64.encode(claim.signed.as_bytes()),
                }),
                signature: self.to_base64(),
            },
        };
        serde_json::to_string(&bundle).ok()
    }
}

/// The part of `dev.sigstore.bundle.v1.Bundle` that a signature with a key has. Entries of a
/// transparency log may be there too; they are for Sigstore's own verifiers.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SigstoreBundle {
    media_type: String,
    verification_material: VerificationMaterial,
    message_signature: MessageSignature,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerificationMaterial {
    public_key: PublicKeyHint,
}

#[derive(Serialize, Deserialize)]
struct PublicKeyHint {
    #[serde(default)]
    hint: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MessageSignature {
    #[serde(default)]
    message_digest: Option<MessageDigest>,
    signature: String,
}

#[derive(Serialize, Deserialize)]
struct MessageDigest {
    algorithm: String,
    digest: String,
}

/// What `cosign sign-blob --bundle` wrote before version 3. The entry of the transparency log is for cosign.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CosignBundle {
    base64_signature: String,
    #[serde(default)]
    cert: Option<String>,
}

/// Told apart by the fields that only one of the forms has.
fn parse_bundle(json: &str) -> Result<Signature, SignatureError> {
    let fields: BTreeMap<String, &RawValue> =
        serde_json::from_str(json).map_err(SignatureError::NotABundle)?;
    match fields.contains_key("base64Signature") {
        true => parse_cosign_bundle(json),
        false => parse_sigstore_bundle(json, fields.get("verificationMaterial").copied()),
    }
}

fn parse_cosign_bundle(json: &str) -> Result<Signature, SignatureError> {
    let bundle: CosignBundle = serde_json::from_str(json).map_err(SignatureError::NotABundle)?;
    // With a key there is nothing in it, or the public key.
    let cert = bundle.cert.unwrap_or_default();
    let cert = BASE64.decode(&cert).unwrap_or_else(|_| cert.into_bytes());
    if String::from_utf8_lossy(&cert).contains("BEGIN CERTIFICATE") {
        return Err(SignatureError::Keyless);
    }
    let der = BASE64
        .decode(&bundle.base64_signature)
        .map_err(|_| SignatureError::Field { field: "base64Signature" })?;
    Ok(Signature { ecdsa: parse_der(&der)?, claim: None })
}

fn parse_sigstore_bundle(
    json: &str,
    material: Option<&RawValue>,
) -> Result<Signature, SignatureError> {
    let material: BTreeMap<String, IgnoredAny> =
        material.and_then(|it| serde_json::from_str(it.get()).ok()).unwrap_or_default();
    if material.contains_key("certificate") || material.contains_key("x509CertificateChain") {
        return Err(SignatureError::Keyless);
    }
    let bundle: SigstoreBundle = serde_json::from_str(json).map_err(SignatureError::NotABundle)?;
    let SigstoreBundle { media_type, verification_material, message_signature } = bundle;
    if media_type != MEDIA_TYPE {
        return Err(SignatureError::Field { field: "mediaType" });
    }
    let der = BASE64
        .decode(&message_signature.signature)
        .map_err(|_| SignatureError::Field { field: "signature" })?;
    Ok(Signature {
        ecdsa: parse_der(&der)?,
        claim: read_claim(&verification_material.public_key, &message_signature),
    })
}

/// What the bundle says of itself, if it is said as cosign says it: the format leaves the hint
/// free and the digest out.
fn read_claim(key: &PublicKeyHint, signature: &MessageSignature) -> Option<Claim> {
    let digest = signature.message_digest.as_ref();
    let digest = digest.filter(|it| it.algorithm == SHA256)?;
    Some(Claim { signer: decode_digest(&key.hint)?, signed: decode_digest(&digest.digest)? })
}

fn parse_der(der: &[u8]) -> Result<Ecdsa, SignatureError> {
    Ecdsa::from_der(der).map_err(|_| SignatureError::NotEcdsa)
}

fn decode_digest(text: &str) -> Option<Digest> {
    let bytes = BASE64.decode(text).ok()?;
    Some(Digest::from_bytes(bytes.try_into().ok()?))
}
