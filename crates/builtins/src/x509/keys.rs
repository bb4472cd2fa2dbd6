//! Private keys as values: as Go's JSON shows them, and as JSON web keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use palisade_value::AnyValue;

use crate::der::Result;
use crate::failure::Failure;
use crate::keys::private::Shortcuts;
use crate::keys::{Curve, EcPrivate, PrivateKey, RsaPrivate};
use crate::x509::render::{Fields, bytes, list, number};

/// A key in the shape that Go's JSON gives it.
pub(crate) fn value<V: AnyValue>(key: &PrivateKey) -> V {
    let mut fields = Fields::new();
    match key {
        PrivateKey::Rsa(key) => {
            fields.add("N", number(&BigUint::from_bytes_be(&key.public.modulus)));
            fields.add("E", number(&BigUint::from(key.public.exponent)));
            fields.add("D", number(&key.exponent));
            fields.add("Primes", list(&key.primes, number));
            let mut more = Fields::new();
            if let Some(it) = Shortcuts::of(key) {
                more.add("Dp", number(&it.dp));
                more.add("Dq", number(&it.dq));
                more.add("Qinv", number(&it.inverse));
                more.add("CRTValues", V::array(Vec::new()));
            }
            fields.add("Precomputed", more.into_object());
        }
        PrivateKey::Ec(key) => {
            fields.add("Curve", V::object_from_sorted(Vec::new()));
            fields.add("X", number(&BigUint::from_bytes_be(&key.public.x)));
            fields.add("Y", number(&BigUint::from_bytes_be(&key.public.y)));
            fields.add("D", number(&BigUint::from_bytes_be(&key.scalar)));
        }
        PrivateKey::Ed25519(key) => return bytes(&[key.seed, key.public].concat()),
        PrivateKey::X25519(_) => {}
    }
    fields.into_object()
}

/// A key as a JSON web key.
pub(crate) fn web_key<V: AnyValue>(key: &PrivateKey) -> Result<V> {
    let mut fields = Fields::new();
    let mut add = |name: &str, value: &[u8]| {
        fields.add(name, V::string(URL_SAFE_NO_PAD.encode(value)));
    };
    let (kind, curve) = match key {
        PrivateKey::Rsa(key) => {
            rsa(key, &mut add);
            ("RSA", None)
        }
        PrivateKey::Ec(EcPrivate { public, .. }) if public.curve == Curve::P224 => {
            return Err(Failure::error("jwk: no algorithm for this elliptic curve"));
        }
        PrivateKey::Ec(key) => {
            add("x", &key.public.x);
            add("y", &key.public.y);
            add("d", &key.scalar);
            ("EC", Some(key.public.curve.name()))
        }
        PrivateKey::Ed25519(key) => {
            add("x", &key.public);
            add("d", &key.seed);
            ("OKP", Some("Ed25519"))
        }
        PrivateKey::X25519(secret) => {
            add("x", &crate::signatures::eddsa::x25519_public(secret));
            add("d", secret);
            ("OKP", Some("X25519"))
        }
    };
    fields.add("kty", V::text(kind));
    if let Some(curve) = curve {
        fields.add("crv", V::text(curve));
    }
    Ok(fields.into_object())
}

fn rsa(key: &RsaPrivate, add: &mut impl FnMut(&str, &[u8])) {
    add("n", &key.public.modulus);
    add("e", &BigUint::from(key.public.exponent).to_bytes_be());
    add("d", &key.exponent.to_bytes_be());
    for (name, prime) in ["p", "q"].into_iter().zip(&key.primes) {
        add(name, &prime.to_bytes_be());
    }
    if let Some(it) = Shortcuts::of(key) {
        add("dp", &it.dp.to_bytes_be());
        add("dq", &it.dq.to_bytes_be());
        add("qi", &it.inverse.to_bytes_be());
    }
}
