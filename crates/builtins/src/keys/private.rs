//! Private keys in DER: PKCS #1, PKCS #8 and SEC 1, as Go reads them.

use num_bigint::BigUint;

use crate::der::{OCTET_STRING, Reader, Result, SEQUENCE, constructed};
use crate::failure::Failure;
use crate::keys::public::{self, Algorithm, Identifier};
use crate::keys::{Curve, EcPrivate, Ed25519Private, PrivateKey, RsaPrivate, RsaPublic};
use crate::signatures::{ecdsa, eddsa};

/// PKCS #8: a key of any kind, behind its algorithm.
pub(crate) fn pkcs8(data: &[u8]) -> Result<PrivateKey> {
    let malformed = Failure::error("asn1: structure error: malformed private key");
    let parts = || {
        let mut info = whole(data)?;
        // The version, which nobody looks at.
        info.integer()?;
        let algorithm = info.inside(SEQUENCE)?;
        Some((algorithm, info.content(OCTET_STRING)?))
    };
    let Some((algorithm, key)) = parts() else { return Err(malformed) };
    let algorithm = Identifier::read(algorithm)?;
    match Algorithm::from_oid(algorithm.oid) {
        Some(Algorithm::Rsa) => pkcs1(key).map(PrivateKey::Rsa),
        Some(Algorithm::Ec) => {
            let curve = public::named_curve(algorithm.parameters)?;
            sec1(key, Some(curve)).map(PrivateKey::Ec)
        }
        Some(Algorithm::Ed25519) => {
            let seed = curve25519(&algorithm, key)?;
            let public = eddsa::public(&seed);
            Ok(PrivateKey::Ed25519(Ed25519Private { seed, public }))
        }
        Some(Algorithm::X25519) => curve25519(&algorithm, key).map(PrivateKey::X25519),
        Some(Algorithm::Dsa) | None => Err(Failure::error(
            "x509: PKCS#8 wrapping contained private key with unknown algorithm",
        )),
    }
}

fn curve25519(algorithm: &Identifier<'_>, key: &[u8]) -> Result<[u8; 32]> {
    let invalid = Failure::error("x509: invalid curve25519 private key");
    if !algorithm.parameters.is_empty() {
        return Err(invalid);
    }
    let seed = Reader::new(key).content(OCTET_STRING).and_then(|it| it.try_into().ok());
    seed.ok_or(invalid)
}

/// PKCS #1: an RSA key with two primes.
pub(crate) fn pkcs1(data: &[u8]) -> Result<RsaPrivate> {
    let read = || {
        let mut key = whole(data)?;
        let version = key.small()?;
        let modulus = key.unsigned()?.to_vec();
        let exponent = u64::try_from(key.small()?).ok()?;
        let mut number = || key.unsigned().map(BigUint::from_bytes_be);
        let private = number()?;
        let primes = vec![number()?, number()?];
        let shortcuts = Shortcuts { dp: number()?, dq: number()?, inverse: number()? };
        let public = RsaPublic { modulus, exponent };
        Some((version, RsaPrivate { public, exponent: private, primes }, shortcuts))
    };
    let malformed = "asn1: structure error: malformed RSA private key";
    let (version, key, shortcuts) = read().ok_or(Failure::error(malformed))?;
    if version != 0 {
        return Err(Failure::error("x509: unsupported private key version"));
    }
    check(&key)?;
    if Shortcuts::of(&key) != Some(shortcuts) {
        return Err(Failure::error("crypto/rsa: invalid CRT exponent or coefficient"));
    }
    Ok(key)
}

/// What computing with the primes of a key is faster with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shortcuts {
    pub(crate) dp: BigUint,
    pub(crate) dq: BigUint,
    pub(crate) inverse: BigUint,
}

impl Shortcuts {
    /// The numbers that belong to a key with two primes.
    pub(crate) fn of(key: &RsaPrivate) -> Option<Shortcuts> {
        let [p, q] = key.primes.as_slice() else { return None };
        Some(Shortcuts {
            dp: &key.exponent % (p - 1u32),
            dq: &key.exponent % (q - 1u32),
            inverse: q.modinv(p)?,
        })
    }
}

/// Whether the numbers belong together.
pub(crate) fn check(key: &RsaPrivate) -> Result<()> {
    let one = BigUint::from(1u32);
    let modulus = BigUint::from_bytes_be(&key.public.modulus);
    let product: BigUint = key.primes.iter().product();
    if product != modulus || key.primes.iter().any(|it| *it <= one) {
        return Err(Failure::error("crypto/rsa: p * q != n"));
    }
    let both = &key.exponent * key.public.exponent;
    if key.primes.iter().any(|prime| &both % (prime - 1u32) != one) {
        return Err(Failure::error("crypto/rsa: invalid exponents"));
    }
    Ok(())
}

/// SEC 1: a key on an elliptic curve, which PKCS #8 names outside of it.
pub(crate) fn sec1(data: &[u8], curve: Option<Curve>) -> Result<EcPrivate> {
    let read = || {
        let mut key = whole(data)?;
        let version = key.small()?;
        let scalar = key.content(OCTET_STRING)?;
        let parameters = key.optional(constructed(0))?.unwrap_or_default();
        if !parameters.is_empty() {
            Reader::new(parameters).oid()?;
        }
        // The public key follows from the private one.
        if let Some(public) = key.optional(constructed(1))? {
            Reader::new(public).bits()?;
        }
        Some((version, scalar, parameters))
    };
    let malformed = "x509: failed to parse EC private key";
    let (version, scalar, parameters) = read().ok_or(Failure::error(malformed))?;
    if version != 1 {
        return Err(Failure::error("x509: unknown EC private key version"));
    }
    let curve = match curve {
        Some(it) => it,
        None => public::named_curve(parameters)?,
    };
    let invalid = "x509: invalid elliptic curve private key value";
    let scalar = curve.padded(scalar).ok_or(Failure::error(invalid))?;
    let public = ecdsa::public(curve, &scalar).ok_or(Failure::error(invalid))?;
    Ok(EcPrivate { public, scalar })
}

/// The inside of the one sequence that the data are.
fn whole(data: &[u8]) -> Option<Reader<'_>> {
    let mut all = Reader::new(data);
    all.inside(SEQUENCE).filter(|_| all.is_empty())
}
