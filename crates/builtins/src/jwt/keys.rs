//! The keys that tokens are verified with: in a certificate, alone, or in a set.

use palisade_value::AnyValue;

use crate::base64::decode_url;
use crate::failure::Failure;
use crate::jwt::token::{Header, Token, because};
use crate::keys::PublicKey;
use crate::keys::jwk::{self, Key, WebKey};
use crate::keys::public;
use crate::operands::Operands;
use crate::pem;
use crate::x509::certificate;

/// Reads a certificate or a public key in PEM, or JSON web keys.
pub(super) fn read<V: AnyValue>(text: &str) -> Result<Vec<WebKey>, Failure> {
    let Some((block, rest)) = pem::decode(text) else {
        let keys = jwk::parse::<V>(text)
            .map_err(|it| because("failed to parse a JWK key (set): ", &it))?;
        let is_usable = |it: &WebKey| it.algorithm.is_empty() || jwk::is_signature(&it.algorithm);
        return Ok(keys.into_iter().filter(is_usable).collect());
    };
    if !rest.is_empty() {
        return Err(Failure::error("extra data after a PEM certificate block"));
    }
    let key = match block.label {
        "CERTIFICATE" => certificate::key_of(&block.data)
            .map_err(|it| because("failed to parse a PEM certificate: ", &it))?,
        "PUBLIC KEY" => {
            let key = public::parse(&block.data)
                .map_err(|it| because("failed to parse a PEM public key: ", &it))?;
            Some(key)
        }
        _ => return Err(Failure::error("failed to extract a Key from the PEM certificate")),
    };
    let web_key =
        |key| WebKey { key: Key::Public(key), algorithm: String::new(), id: String::new() };
    Ok(key.map(web_key).into_iter().collect())
}

/// Whether one of the keys that a token could mean has signed it.
///
/// A key with the token's key ID is the only one that counts. Otherwise every key does that isn't for another algorithm.
pub(super) fn any(keys: &[WebKey], header: &Header<'_>, is_signed: impl Fn(&Key) -> bool) -> bool {
    let named = keys.iter().find(|it| !header.key_id.is_empty() && it.id == header.key_id);
    match named {
        Some(it) => is_signed(&it.key),
        None => keys.iter().any(|it| {
            (it.algorithm.is_empty() || it.algorithm == header.algorithm) && is_signed(&it.key)
        }),
    }
}

/// What the verifying functions with a public key have in common: the token and the keys are the operands.
pub(super) fn verify<V: AnyValue>(
    args: &[V],
    is_signed: impl Fn(&PublicKey, &[u8], &[u8]) -> bool,
) -> Result<V, Failure> {
    let token = Token::split(args.string(0)?)?;
    let keys = read::<V>(args.string(1)?)?;
    let signature = decode_url(token.signature)?;
    let header: V = token.header()?;
    let header = Header::read(&header)?;
    let message = token.signed().as_bytes();
    let is_verified = any(&keys, &header, |key| match key {
        Key::Public(key) => is_signed(key, message, &signature),
        Key::Private(_) | Key::Secret(_) => false,
    });
    Ok(V::boolean(is_verified))
}
