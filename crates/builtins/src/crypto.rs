//! `crypto.*`: hashes and message authentication codes, as lower case hexadecimal digits.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use palisade_value::AnyValue;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::context::Context;
use crate::failure::Failure;
use crate::hex;
use crate::operands::Operands;

/// The MD5 hash.
pub fn crypto_md5<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    hash::<V, Md5>(args)
}

/// The SHA-1 hash.
pub fn crypto_sha1<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    hash::<V, Sha1>(args)
}

/// The SHA-256 hash.
pub fn crypto_sha256<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    hash::<V, Sha256>(args)
}

fn hash<V: AnyValue, D: Digest>(args: &[V]) -> Result<V, Failure> {
    Ok(V::string(hex::encode(&D::digest(args.string(0)?))))
}

/// The code of a message under a key, with MD5.
pub fn crypto_hmac_md5<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    code::<V, Hmac<Md5>>(args)
}

/// The code of a message under a key, with SHA-1.
pub fn crypto_hmac_sha1<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    code::<V, Hmac<Sha1>>(args)
}

/// The code of a message under a key, with SHA-256.
pub fn crypto_hmac_sha256<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    code::<V, Hmac<Sha256>>(args)
}

/// The code of a message under a key, with SHA-512.
pub fn crypto_hmac_sha512<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    code::<V, Hmac<Sha512>>(args)
}

fn code<V: AnyValue, M: Mac + KeyInit>(args: &[V]) -> Result<V, Failure> {
    let (message, key) = (args.string(0)?, args.string(1)?);
    let mut mac = <M as KeyInit>::new_from_slice(key.as_bytes())
        .map_err(|_| Failure::error("unusable key"))?;
    mac.update(message.as_bytes());
    Ok(V::string(hex::encode(&mac.finalize().into_bytes())))
}

/// Whether two codes are the same, in time that doesn't depend on where they differ.
pub fn crypto_hmac_equal<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (a, b) = (args.string(0)?.as_bytes(), args.string(1)?.as_bytes());
    let difference = a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b));
    Ok(V::boolean(a.len() == b.len() && std::hint::black_box(difference) == 0))
}
