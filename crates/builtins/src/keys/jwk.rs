//! JSON web keys (RFC 7517) and sets of them.

use base64::Engine;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, NO_PAD};
use num_bigint::BigUint;
use palisade_value::{AnyValue, View, json};

use crate::der::{self, Result};
use crate::failure::Failure;
use crate::keys::{
    Curve, EcPrivate, EcPublic, Ed25519Private, PrivateKey, PublicKey, RsaPrivate, RsaPublic,
};
use crate::limits::KEYS_MAX;
use crate::x509::certificate;

/// What a web key holds.
#[derive(Clone, Debug)]
pub(crate) enum Key {
    Public(PublicKey),
    Private(PrivateKey),
    Secret(Vec<u8>),
}

/// A key with what its set says about it; texts are empty where it says nothing.
#[derive(Clone, Debug)]
pub(crate) struct WebKey {
    pub(crate) key: Key,
    pub(crate) algorithm: String,
    pub(crate) id: String,
}

/// Digits of the two alphabets; excess bits in the last one don't matter.
const STANDARD: GeneralPurpose =
    GeneralPurpose::new(&alphabet::STANDARD, NO_PAD.with_decode_allow_trailing_bits(true));
const URL_SAFE: GeneralPurpose =
    GeneralPurpose::new(&alphabet::URL_SAFE, NO_PAD.with_decode_allow_trailing_bits(true));

/// Reads a key or a set of keys.
pub(crate) fn parse<V: AnyValue>(text: &str) -> Result<Vec<WebKey>> {
    let value: V = json::parse(text).map_err(|it| Failure::Error(it.message.into()))?;
    let View::Object(_) = value.view() else {
        return Err(Failure::error("a JWK must be a JSON object"));
    };
    match member(&value, "keys").map(V::view) {
        None => Ok(vec![web_key(&value)?]),
        Some(View::Array(keys)) if keys.len() <= KEYS_MAX => keys.iter().map(web_key).collect(),
        Some(View::Array(_)) => Err(Failure::error("too many keys in \"keys\" array")),
        Some(_) => Err(Failure::error("failed to decode \"keys\": expected '['")),
    }
}

fn web_key<V: AnyValue>(it: &V) -> Result<WebKey> {
    let algorithm = text(it, "alg")?;
    if let Some(algorithm) = algorithm
        && !is_algorithm(algorithm)
    {
        return Err(Failure::Error(["invalid key value: ", algorithm].concat().into()));
    }
    check_form(it)?;
    let key = match text(it, "kty")? {
        Some("RSA") => rsa(it)?,
        Some("EC") => ec(it)?,
        Some("OKP") => okp(it)?,
        Some("oct") => Key::Secret(non_empty(it, "k")?),
        kty => {
            let kty = kty.unwrap_or_default();
            return Err(Failure::Error(["invalid key type from JSON (", kty, ")"].concat().into()));
        }
    };
    let algorithm = algorithm.unwrap_or_default().to_owned();
    Ok(WebKey { key, algorithm, id: text(it, "kid")?.unwrap_or_default().to_owned() })
}

/// Whether what is not used here has the form that it must have.
fn check_form<V: AnyValue>(it: &V) -> Result<()> {
    for name in ["use", "x5u", "x5t", "x5t#S256"] {
        text(it, name)?;
    }
    for name in ["key_ops", "x5c"] {
        let items = match member(it, name).map(V::view) {
            None => continue,
            Some(View::Null) => &[],
            Some(View::Array(items)) => items,
            Some(_) => return Err(field("failed to decode value for key ", name)),
        };
        let is_certificate = |it: &str| {
            STANDARD
                .decode(it.trim_end_matches('='))
                .is_ok_and(|it| certificate::key_of(&it).is_ok())
        };
        let is_right = |it: &str| name != "x5c" || is_certificate(it);
        if !items.iter().all(|it| it.as_str().is_some_and(is_right)) {
            return Err(field("failed to decode value for key ", name));
        }
    }
    Ok(())
}

fn rsa<V: AnyValue>(it: &V) -> Result<Key> {
    let (modulus, exponent) = (non_empty(it, "n")?, non_empty(it, "e")?);
    let exponent = BigUint::from_bytes_be(&exponent);
    let exponent = match u64::try_from(&exponent) {
        Ok(it) if it % 2 == 1 && exponent.bits() < 64 => it,
        _ => return Err(Failure::error("invalid rsa public exponent")),
    };
    let public = RsaPublic { modulus, exponent };
    if member(it, "d").is_none() {
        return Ok(Key::Public(PublicKey::Rsa(public)));
    }
    let number = |name| non_empty(it, name).map(|it| BigUint::from_bytes_be(&it));
    let private =
        RsaPrivate { public, exponent: number("d")?, primes: vec![number("p")?, number("q")?] };
    Ok(Key::Private(PrivateKey::Rsa(private)))
}

fn ec<V: AnyValue>(it: &V) -> Result<Key> {
    let curve = text(it, "crv")?
        .and_then(Curve::from_name)
        .ok_or(Failure::error("invalid or missing \"crv\" field"))?;
    let public = EcPublic::new(curve, &bytes(it, "x")?, &bytes(it, "y")?)
        .ok_or(Failure::error("invalid ECDSA public key"))?;
    if member(it, "d").is_none() {
        return Ok(Key::Public(PublicKey::Ec(public)));
    }
    let scalar =
        curve.padded(&non_empty(it, "d")?).ok_or(Failure::error("invalid ECDSA private key"))?;
    Ok(Key::Private(PrivateKey::Ec(EcPrivate { public, scalar })))
}

fn okp<V: AnyValue>(it: &V) -> Result<Key> {
    let curve = text(it, "crv")?;
    let is_private = member(it, "d").is_some();
    let sized = |name| {
        let bytes: Option<[u8; 32]> = bytes(it, name)?.try_into().ok();
        bytes.ok_or(Failure::error("wrong key size"))
    };
    let public = sized("x")?;
    match (curve, is_private) {
        (Some("Ed25519"), false) => Ok(Key::Public(PublicKey::Ed25519(public))),
        // Whether the halves belong together shows in the first signature.
        (Some("Ed25519"), true) => {
            let key = Ed25519Private { seed: sized("d")?, public };
            Ok(Key::Private(PrivateKey::Ed25519(key)))
        }
        (Some("X25519"), false) => Ok(Key::Public(PublicKey::X25519)),
        (Some("X25519"), true) => sized("d").map(|it| Key::Private(PrivateKey::X25519(it))),
        _ => Err(Failure::error("invalid or missing \"crv\" field")),
    }
}

fn member<'a, V: AnyValue>(it: &'a V, name: &str) -> Option<&'a V> {
    match it.view() {
        View::Object(entries) => {
            entries.iter().find(|it| it.key.as_str() == Some(name)).map(|it| &it.value)
        }
        _ => None,
    }
}

fn text<'a, V: AnyValue>(it: &'a V, name: &str) -> Result<Option<&'a str>> {
    match member(it, name).map(V::view) {
        None => Ok(None),
        Some(View::String(it)) => Ok(Some(it)),
        // As Go reads it.
        Some(View::Null) => Ok(Some("")),
        Some(_) => Err(field("failed to decode value for key ", name)),
    }
}

fn bytes<V: AnyValue>(it: &V, name: &str) -> Result<Vec<u8>> {
    let digits = text(it, name)?.ok_or_else(|| field("missing value: ", name))?;
    let digits = digits.trim_end_matches('=');
    let engine = if digits.contains(['+', '/']) { STANDARD } else { URL_SAFE };
    engine.decode(digits).map_err(|_| field("expected base64 encoded value: ", name))
}

/// A number without its leading zeros, or a secret; there must be something.
fn non_empty<V: AnyValue>(it: &V, name: &str) -> Result<Vec<u8>> {
    let bytes = bytes(it, name)?;
    let bytes = if name == "k" { bytes } else { der::trimmed(&bytes).to_vec() };
    if bytes.is_empty() { Err(field("missing value: ", name)) } else { Ok(bytes) }
}

fn field(what: &str, name: &str) -> Failure {
    Failure::Error([what, name].concat().into())
}

/// Whether the name is registered for signatures or for encryption; a set with any other is refused.
fn is_algorithm(name: &str) -> bool {
    is_signature(name)
        || matches!(name, "ES256K" | "Ed25519" | "none" | "dir" | "RSA1_5")
        || matches!(name, "A128GCM" | "A192GCM" | "A256GCM")
        || matches!(name, "A128CBC-HS256" | "A192CBC-HS384" | "A256CBC-HS512")
        || matches!(name, "A128KW" | "A192KW" | "A256KW")
        || matches!(name, "A128GCMKW" | "A192GCMKW" | "A256GCMKW")
        || matches!(name, "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A192KW" | "ECDH-ES+A256KW")
        || matches!(name, "PBES2-HS256+A128KW" | "PBES2-HS384+A192KW" | "PBES2-HS512+A256KW")
        || matches!(name, "RSA-OAEP" | "RSA-OAEP-256" | "RSA-OAEP-384" | "RSA-OAEP-512")
}

/// Whether it is an algorithm that web tokens are signed with here.
pub(crate) fn is_signature(name: &str) -> bool {
    name == "EdDSA"
        || (matches!(name.get(..2), Some("RS" | "PS" | "ES" | "HS"))
            && matches!(name.get(2..), Some("256" | "384" | "512")))
}
