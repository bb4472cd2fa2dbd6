//! Making tokens.
//!
//! What is random in a signature derives from the context's seed and the message, so that the same evaluation gives the
//! same token again.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use palisade_value::{AnyValue, json};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::context::Context;
use crate::failure::Failure;
use crate::jwt::schemes;
use crate::jwt::token;
use crate::keys::jwk::{self, Key};
use crate::keys::private;
use crate::keys::{PrivateKey, RsaPrivate};
use crate::signatures::{ecdsa, eddsa, rsa, rsa::Hash};

/// Makes a token of three JSON texts: the header, the payload, and a key or a set whose first key is used.
pub(super) fn sign<V: AnyValue>(
    ctx: &Context,
    header: &str,
    payload: &str,
    keys: &str,
) -> Result<String, Failure> {
    let keys = jwk::parse::<V>(keys)?;
    let key = keys.first().ok_or(Failure::error("no keys found in JWK set"))?;
    let fields: V = json::parse(header).map_err(|it| {
        let why = if header.is_empty() { "cannot parse empty string" } else { it.message };
        invalid_algorithm(&["cannot parse JSON: ", why])
    })?;
    let algorithm = token::member(&fields, "alg")
        .ok_or_else(|| invalid_algorithm(&["jwsbb: header \"alg\" not found"]))?
        .as_str()
        .ok_or_else(|| invalid_algorithm(&["value doesn't contain string"]))?;
    if !jwk::is_signature(algorithm) {
        return Err(Failure::Error(["unknown JWS algorithm: ", algorithm].concat().into()));
    }
    let kind = token::member(&fields, "typ").and_then(V::as_str);
    if matches!(kind, None | Some("JWT")) && json::parse::<V>(payload).is_err() {
        return Err(Failure::error("type is JWT but payload is not JSON"));
    }
    let mut token = URL_SAFE_NO_PAD.encode(header);
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(payload, &mut token);
    let signature = signature(ctx, algorithm, &key.key, token.as_bytes())
        .ok_or(Failure::error("the key cannot sign with this algorithm"))?;
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Ok(token)
}

fn invalid_algorithm(why: &[&str]) -> Failure {
    Failure::Error(["missing or invalid 'alg' header: ", &why.concat()].concat().into())
}

/// The signature of a message, if the key is one for the algorithm.
fn signature(ctx: &Context, algorithm: &str, key: &Key, message: &[u8]) -> Option<Vec<u8>> {
    match (algorithm, key) {
        ("HS256", Key::Secret(key)) => Some(schemes::hs256(key, message)),
        ("HS384", Key::Secret(key)) => Some(schemes::hs384(key, message)),
        ("HS512", Key::Secret(key)) => Some(schemes::hs512(key, message)),
        (_, Key::Private(PrivateKey::Rsa(key))) if private::check(key).is_err() => None,
        (_, Key::Private(PrivateKey::Rsa(key))) => match algorithm {
            "RS256" => rsa::sign_pkcs1(key, Hash::Sha256, &Sha256::digest(message)),
            "RS384" => rsa::sign_pkcs1(key, Hash::Sha384, &Sha384::digest(message)),
            "RS512" => rsa::sign_pkcs1(key, Hash::Sha512, &Sha512::digest(message)),
            "PS256" => pss::<Sha256>(ctx, key, message),
            "PS384" => pss::<Sha384>(ctx, key, message),
            "PS512" => pss::<Sha512>(ctx, key, message),
            _ => None,
        },
        (_, Key::Private(PrivateKey::Ec(key))) => match algorithm {
            "ES256" => ecdsa::sign(key, &Sha256::digest(message)),
            "ES384" => ecdsa::sign(key, &Sha384::digest(message)),
            "ES512" => ecdsa::sign(key, &Sha512::digest(message)),
            _ => None,
        },
        // Signing with a seed that has another public key would tell who asks something about it.
        ("EdDSA", Key::Private(PrivateKey::Ed25519(key))) => {
            let is_whole = eddsa::public(&key.seed) == key.public;
            is_whole.then(|| eddsa::sign(&key.seed, message).to_vec())
        }
        _ => None,
    }
}

/// A signature with a salt as long as the hash.
fn pss<D: Digest>(ctx: &Context, key: &RsaPrivate, message: &[u8]) -> Option<Vec<u8>> {
    let digest = D::digest(message);
    let salt = D::new().chain_update(ctx.seed.to_le_bytes()).chain_update(&digest).finalize();
    rsa::sign_pss::<D>(key, &digest, &salt)
}
