//! How tokens are signed (RFC 7518, RFC 8037).

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::keys::jwk::Key;
use crate::keys::{Curve, PublicKey};
use crate::signatures::{self, rsa, rsa::Hash};

/// RSA with the padding of PKCS #1 v1.5: RS256 and its like.
pub(super) fn pkcs1<D: Digest>(
    hash: Hash,
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
) -> bool {
    match key {
        PublicKey::Rsa(key) => rsa::verify_pkcs1(key, hash, &D::digest(message), signature),
        _ => false,
    }
}

/// RSA with the padding of PSS: PS256 and its like.
pub(super) fn pss<D: Digest>(
    key: &PublicKey,
    message: &[u8],
    signature: &[u8],
    salt_length: Option<usize>,
) -> bool {
    match key {
        PublicKey::Rsa(key) => {
            rsa::verify_pss::<D>(key, &D::digest(message), signature, salt_length)
        }
        _ => false,
    }
}

/// ECDSA on whatever curve the key is: ES256 and its like. The signature's halves are the two numbers.
pub(super) fn ecdsa<D: Digest>(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    let (r, s) = signature.split_at(signature.len() / 2);
    match key {
        PublicKey::Ec(key) => signatures::ecdsa::verify(key, &D::digest(message), r, s),
        _ => false,
    }
}

/// Ed25519.
pub(super) fn eddsa(key: &PublicKey, message: &[u8], signature: &[u8]) -> bool {
    match key {
        PublicKey::Ed25519(key) => signatures::eddsa::verify(key, message, signature),
        _ => false,
    }
}

/// The code of a message with SHA-256.
pub(super) fn hs256(secret: &[u8], message: &[u8]) -> Vec<u8> {
    code::<Hmac<Sha256>>(secret, message)
}

/// The code of a message with SHA-384.
pub(super) fn hs384(secret: &[u8], message: &[u8]) -> Vec<u8> {
    code::<Hmac<Sha384>>(secret, message)
}

/// The code of a message with SHA-512.
pub(super) fn hs512(secret: &[u8], message: &[u8]) -> Vec<u8> {
    code::<Hmac<Sha512>>(secret, message)
}

fn code<M: Mac + KeyInit>(secret: &[u8], message: &[u8]) -> Vec<u8> {
    // A secret of any length is one.
    match <M as KeyInit>::new_from_slice(secret) {
        Ok(mac) => mac.chain_update(message).finalize().into_bytes().to_vec(),
        Err(_) => Vec::new(),
    }
}

/// Whether two codes are the same, in time that doesn't depend on where they differ. An empty one is none.
pub(super) fn is_same(a: &[u8], b: &[u8]) -> bool {
    let difference = a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b));
    a.len() == b.len() && !a.is_empty() && std::hint::black_box(difference) == 0
}

/// Whether the key has signed a message with the algorithm of this name.
pub(super) fn verify(algorithm: &str, key: &Key, message: &[u8], signature: &[u8]) -> bool {
    let public = match key {
        Key::Secret(secret) => {
            let code = match algorithm {
                "HS256" => hs256(secret, message),
                "HS384" => hs384(secret, message),
                "HS512" => hs512(secret, message),
                _ => return false,
            };
            return is_same(&code, signature);
        }
        Key::Public(key) => key,
        Key::Private(key) => &key.public(),
    };
    match algorithm {
        "RS256" => pkcs1::<Sha256>(Hash::Sha256, public, message, signature),
        "RS384" => pkcs1::<Sha384>(Hash::Sha384, public, message, signature),
        "RS512" => pkcs1::<Sha512>(Hash::Sha512, public, message, signature),
        "PS256" => pss::<Sha256>(public, message, signature, Some(32)),
        "PS384" => pss::<Sha384>(public, message, signature, Some(48)),
        "PS512" => pss::<Sha512>(public, message, signature, Some(64)),
        "ES256" => has_halves(public, signature) && ecdsa::<Sha256>(public, message, signature),
        "ES384" => has_halves(public, signature) && ecdsa::<Sha384>(public, message, signature),
        "ES512" => has_halves(public, signature) && ecdsa::<Sha512>(public, message, signature),
        "EdDSA" | "Ed25519" => eddsa(public, message, signature),
        _ => false,
    }
}

/// Whether a signature has the length that the key's curve demands.
fn has_halves(key: &PublicKey, signature: &[u8]) -> bool {
    let size = |curve: Curve| 2 * curve.size();
    matches!(key, PublicKey::Ec(key) if signature.len() == size(key.curve))
}
