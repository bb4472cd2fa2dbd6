//! Keys: ECDSA on the curve P-256, the only kind that cosign makes.

use std::fmt;

use p256::ecdsa::{SigningKey, VerifyingKey};
use p256::elliptic_curve::Generate;
use p256::pkcs8::spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};
use p256::pkcs8::{
    DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding,
};
use palisade_bundle::Digest;
use zeroize::Zeroizing;

use crate::envelope::{self, EnvelopeError};

const ENCRYPTED: &str = "ENCRYPTED SIGSTORE PRIVATE KEY";
/// What cosign wrote before version 2.
const ENCRYPTED_OLD: &str = "ENCRYPTED COSIGN PRIVATE KEY";
const PLAIN: &str = "PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");

/// The fingerprint of a public key: the digest of its DER form (`SubjectPublicKeyInfo`).
pub type KeyId = Digest;

/// A private key and the public key that belongs to it.
pub struct KeyPair {
    signing: SigningKey,
    public: PublicKey,
}

/// A key that signatures are verified with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    pub(crate) key: VerifyingKey,
    id: KeyId,
}

/// Why a key could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file is not PEM.
    #[error("expected a key in PEM form (`-----BEGIN …-----`)")]
    NotPem,
    /// The PEM block holds something else.
    #[error("expected a PEM block `{expected}`, found `{found}`")]
    Label {
        /// What was needed.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// The key is not ECDSA on P-256.
    #[error("expected an ECDSA key on the curve P-256, found {found}")]
    Algorithm {
        /// The algorithm, by name or object identifier.
        found: String,
    },
    /// The PEM block's content is damaged.
    #[error("the key is damaged")]
    Damaged,
    /// The private key is encrypted, and cannot be decrypted.
    #[error("cannot decrypt the private key")]
    Encrypted(#[from] EnvelopeError),
    /// The machine gave no random bytes.
    #[error("the system's random number generator failed")]
    Random(#[source] getrandom::Error),
}

impl KeyPair {
    /// Makes a new key.
    pub fn generate() -> Result<KeyPair, KeyError> {
        KeyPair::new(SigningKey::try_generate().map_err(KeyError::Random)?)
    }

    /// Reads a private key file: encrypted as cosign does it, or plain PKCS#8, for which the
    /// password is not looked at.
    pub fn parse(pem: &str, password: &[u8]) -> Result<KeyPair, KeyError> {
        let (label, body) = decode_pem(pem)?;
        let der = match label {
            ENCRYPTED | ENCRYPTED_OLD => envelope::open(&body, password)?,
            PLAIN => body,
            found => return Err(wrong_label(ENCRYPTED, found)),
        };
        let signing = SigningKey::from_pkcs8_der(&der);
        KeyPair::new(signing.map_err(|_| private_key_problem(&der))?)
    }

    /// The private key file, encrypted under `password` as `cosign generate-key-pair` does it.
    pub fn to_pem(&self, password: &[u8]) -> Result<String, KeyError> {
        let der = self.signing.to_pkcs8_der().map_err(|_| KeyError::Damaged)?;
        let body = envelope::seal(der.as_bytes(), password)?;
        pem_rfc7468::encode_string(ENCRYPTED, pem_rfc7468::LineEnding::LF, &body)
            .map_err(|_| KeyError::Damaged)
    }

    /// The public half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub(crate) fn signing(&self) -> &SigningKey {
        &self.signing
    }

    fn new(signing: SigningKey) -> Result<KeyPair, KeyError> {
        let public = PublicKey::new(*signing.verifying_key())?;
        Ok(KeyPair { signing, public })
    }
}

impl fmt::Debug for KeyPair {
    /// Shows the public half only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").field("public", &self.public).finish_non_exhaustive()
    }
}

impl PublicKey {
    /// Reads a public key file (`cosign.pub`).
    pub fn parse(pem: &str) -> Result<PublicKey, KeyError> {
        let (label, der) = decode_pem(pem)?;
        if label != PUBLIC {
            return Err(wrong_label(PUBLIC, label));
        }
        let info =
            SubjectPublicKeyInfoRef::try_from(der.as_slice()).map_err(|_| KeyError::Damaged)?;
        let curve = info.algorithm.parameters_oid().ok();
        if (info.algorithm.oid, curve) != (EC, Some(P256)) {
            return Err(KeyError::Algorithm { found: algorithm_name(info.algorithm.oid, curve) });
        }
        let key = VerifyingKey::from_public_key_der(&der).map_err(|_| KeyError::Damaged)?;
        PublicKey::new(key)
    }

    /// The public key file.
    pub fn to_pem(&self) -> Result<String, KeyError> {
        self.key.to_public_key_pem(LineEnding::LF).map_err(|_| KeyError::Damaged)
    }

    /// The key's fingerprint.
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn new(key: VerifyingKey) -> Result<PublicKey, KeyError> {
        let der = key.to_public_key_der().map_err(|_| KeyError::Damaged)?;
        Ok(PublicKey { key, id: Digest::of(der.as_bytes()) })
    }
}

fn decode_pem(pem: &str) -> Result<(&str, Zeroizing<Vec<u8>>), KeyError> {
    let (label, body) = pem_rfc7468::decode_vec(pem.as_bytes()).map_err(|_| KeyError::NotPem)?;
    Ok((label, Zeroizing::new(body)))
}

fn wrong_label(expected: &'static str, found: &str) -> KeyError {
    KeyError::Label { expected, found: found.to_owned() }
}

/// Tells a key of another kind from a damaged one.
fn private_key_problem(der: &[u8]) -> KeyError {
    let Ok(info) = p256::pkcs8::PrivateKeyInfoRef::try_from(der) else {
        return KeyError::Damaged;
    };
    match (info.algorithm.oid, info.algorithm.parameters_oid().ok()) {
        (EC, Some(P256)) => KeyError::Damaged,
        (algorithm, curve) => KeyError::Algorithm { found: algorithm_name(algorithm, curve) },
    }
}

fn algorithm_name(algorithm: ObjectIdentifier, curve: Option<ObjectIdentifier>) -> String {
    let algorithm = algorithm.to_string();
    let curve = curve.map(|curve| curve.to_string());
    match (algorithm.as_str(), curve.as_deref()) {
        ("1.2.840.113549.1.1.1", _) => "an RSA key".to_owned(),
        ("1.3.101.112", _) => "an Ed25519 key".to_owned(),
        ("1.2.840.10045.2.1", Some("1.3.132.0.34")) => "a key on the curve P-384".to_owned(),
        ("1.2.840.10045.2.1", Some("1.3.132.0.35")) => "a key on the curve P-521".to_owned(),
        ("1.2.840.10045.2.1", Some("1.3.132.0.10")) => "a key on the curve secp256k1".to_owned(),
        (algorithm, Some(curve)) => format!("a key of algorithm {algorithm} with {curve}"),
        (algorithm, None) => format!("a key of algorithm {algorithm}"),
    }
}
