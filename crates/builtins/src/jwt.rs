//! `io.jwt.*`: web tokens (RFC 7519) that are signed; encrypted ones are refused.

use palisade_value::{AnyValue, View};
use sha2::{Sha256, Sha384, Sha512};

use crate::base64::decode_url;
use crate::context::Context;
use crate::failure::Failure;
use crate::hex;
use crate::operands::Operands;
use crate::signatures::rsa::Hash;

mod constraints;
mod keys;
mod schemes;
mod sign;
mod token;

use constraints::Constraints;
use token::{Header, Token};

/// Header, payload and signature of a token; of a token inside a token those of the inner one. Nothing is verified.
pub fn io_jwt_decode<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut text = args.string(0)?.to_owned();
    // Every round decodes what is a quarter shorter.
    loop {
        let token = Token::split(&text)?;
        let header: V = token.header()?;
        let payload = token.payload()?;
        if token::member(&header, "cty").and_then(V::as_str) == Some("JWT") {
            text = payload.trim_matches(['"', '\'']).to_owned();
            continue;
        }
        let payload = token::object(&payload)?;
        let signature = decode_url(token.signature)
            .map_err(|it| token::because("JWT signature had invalid encoding: ", &it))?;
        return Ok(V::array(vec![header, payload, V::string(hex::encode(&signature))]));
    }
}

/// Whether RS256 verifies the token with a key.
pub fn io_jwt_verify_rs256<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, |key, message, signature| {
        schemes::pkcs1::<Sha256>(Hash::Sha256, key, message, signature)
    })
}

/// Whether RS384 verifies the token with a key.
pub fn io_jwt_verify_rs384<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, |key, message, signature| {
        schemes::pkcs1::<Sha384>(Hash::Sha384, key, message, signature)
    })
}

/// Whether RS512 verifies the token with a key.
pub fn io_jwt_verify_rs512<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, |key, message, signature| {
        schemes::pkcs1::<Sha512>(Hash::Sha512, key, message, signature)
    })
}

/// Whether PS256 verifies the token with a key; the salt may have any length.
pub fn io_jwt_verify_ps256<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, |key, message, signature| {
        schemes::pss::<Sha256>(key, message, signature, None)
    })
}

/// Whether PS384 verifies the token with a key; the salt may have any length.
pub fn io_jwt_verify_ps384<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, |key, message, signature| {
        schemes::pss::<Sha384>(key, message, signature, None)
    })
}

/// Whether PS512 verifies the token with a key; the salt may have any length.
pub fn io_jwt_verify_ps512<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, |key, message, signature| {
        schemes::pss::<Sha512>(key, message, signature, None)
    })
}

/// Whether ECDSA with SHA-256 verifies the token with a key, on whatever curve it is.
pub fn io_jwt_verify_es256<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, schemes::ecdsa::<Sha256>)
}

/// Whether ECDSA with SHA-384 verifies the token with a key, on whatever curve it is.
pub fn io_jwt_verify_es384<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, schemes::ecdsa::<Sha384>)
}

/// Whether ECDSA with SHA-512 verifies the token with a key, on whatever curve it is.
pub fn io_jwt_verify_es512<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, schemes::ecdsa::<Sha512>)
}

/// Whether Ed25519 verifies the token with a key.
pub fn io_jwt_verify_eddsa<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    keys::verify(args, schemes::eddsa)
}

/// Whether HS256 verifies the token with a secret.
pub fn io_jwt_verify_hs256<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    verify_secret(args, schemes::hs256)
}

/// Whether HS384 verifies the token with a secret.
pub fn io_jwt_verify_hs384<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    verify_secret(args, schemes::hs384)
}

/// Whether HS512 verifies the token with a secret.
pub fn io_jwt_verify_hs512<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    verify_secret(args, schemes::hs512)
}

fn verify_secret<V: AnyValue>(args: &[V], code: fn(&[u8], &[u8]) -> Vec<u8>) -> Result<V, Failure> {
    let (text, secret) = (args.string(0)?, args.string(1)?);
    let token = Token::split(text)?;
    let signature = decode_url(token.signature)?;
    let code = code(secret.as_bytes(), token.signed().as_bytes());
    Ok(V::boolean(schemes::is_same(&code, &signature)))
}

/// Whether the token is signed and meets the constraints; and its header and payload, empty unless it does.
pub fn io_jwt_decode_verify<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let Ok(View::Object(constraints)) = args.value(1).map(V::view) else {
        return Err(args.unlike(1, &["object"]));
    };
    let constraints = Constraints::read(constraints, ctx.now_ns)?;
    let mut text = args.string(0)?.to_owned();
    let unverified = || {
        let nothing = || V::object_from_sorted(Vec::new());
        Ok(V::array(vec![V::boolean(false), nothing(), nothing()]))
    };
    // Every round decodes what is a quarter shorter.
    loop {
        let token = Token::split(&text)?;
        let object: V = token.header()?;
        let header = Header::read(&object)?;
        if !header.is_valid() || !constraints.allow_algorithm(&header) {
            return unverified();
        }
        let signature = decode_url(token.signature)?;
        if !constraints.verify(&header, token.signed().as_bytes(), &signature) {
            return unverified();
        }
        let payload = token.payload()?;
        if header.content.eq_ignore_ascii_case("JWT") {
            text = payload;
            continue;
        }
        let payload: V = token::object(&payload)?;
        if !constraints.allow_claims(&payload)? {
            return unverified();
        }
        return Ok(V::array(vec![V::boolean(true), object, payload]));
    }
}

/// A token of header, payload and key, all of them objects.
pub fn io_jwt_encode_sign<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let json = |at| {
        let mut text = String::new();
        crate::json::write::compact(args.value(at)?, &mut text)?;
        Ok::<_, Failure>(text)
    };
    sign::sign::<V>(ctx, &json(0)?, &json(1)?, &json(2)?).map(V::string)
}

/// A token of header, payload and key, all of them JSON texts.
pub fn io_jwt_encode_sign_raw<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let key = args.string(2)?;
    let (header, payload) = (args.string(0)?, args.string(1)?);
    sign::sign::<V>(ctx, header, payload, key).map(V::string)
}
