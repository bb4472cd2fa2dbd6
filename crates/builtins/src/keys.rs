//! Cryptographic keys: what they consist of, and reading them from DER and JSON.

use num_bigint::BigUint;

pub(crate) mod curve;
mod field;
pub(crate) mod jwk;
pub(crate) mod private;
pub(crate) mod public;

pub(crate) use curve::Curve;

/// A key to verify signatures with, or one that only certificates carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PublicKey {
    Rsa(RsaPublic),
    Ec(EcPublic),
    Ed25519([u8; 32]),
    /// For agreeing on keys; signs nothing.
    X25519,
    /// Read for what it says; its signatures are not accepted.
    Dsa(DsaPublic),
}

/// The numbers have no leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RsaPublic {
    pub(crate) modulus: Vec<u8>,
    pub(crate) exponent: u64,
}

/// A point on a curve, each coordinate as long as the curve has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EcPublic {
    pub(crate) curve: Curve,
    pub(crate) x: Vec<u8>,
    pub(crate) y: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DsaPublic {
    pub(crate) p: BigUint,
    pub(crate) q: BigUint,
    pub(crate) g: BigUint,
    pub(crate) y: BigUint,
}

/// A key to sign with.
#[derive(Clone, Debug)]
pub(crate) enum PrivateKey {
    Rsa(RsaPrivate),
    Ec(EcPrivate),
    Ed25519(Ed25519Private),
    /// For agreeing on keys; signs nothing.
    X25519([u8; 32]),
}

#[derive(Clone, Debug)]
pub(crate) struct RsaPrivate {
    pub(crate) public: RsaPublic,
    pub(crate) exponent: BigUint,
    pub(crate) primes: Vec<BigUint>,
}

#[derive(Clone, Debug)]
pub(crate) struct EcPrivate {
    pub(crate) public: EcPublic,
    /// As long as the curve's coordinates are.
    pub(crate) scalar: Vec<u8>,
}

#[derive(Clone, Debug)]
pub(crate) struct Ed25519Private {
    pub(crate) seed: [u8; 32],
    pub(crate) public: [u8; 32],
}

impl PrivateKey {
    /// The other half.
    pub(crate) fn public(&self) -> PublicKey {
        match self {
            PrivateKey::Rsa(it) => PublicKey::Rsa(it.public.clone()),
            PrivateKey::Ec(it) => PublicKey::Ec(it.public.clone()),
            PrivateKey::Ed25519(it) => PublicKey::Ed25519(it.public),
            PrivateKey::X25519(_) => PublicKey::X25519,
        }
    }
}

impl EcPublic {
    /// The point if the coordinates are those of one on the curve; leading zeros may be missing or too many.
    pub(crate) fn new(curve: Curve, x: &[u8], y: &[u8]) -> Option<EcPublic> {
        let (x, y) = (curve.padded(x)?, curve.padded(y)?);
        curve.contains(&x, &y).then_some(EcPublic { curve, x, y })
    }

    /// The point as SEC 1 writes it, not compressed.
    pub(crate) fn from_sec1(curve: Curve, point: &[u8]) -> Option<EcPublic> {
        match point.split_first()? {
            (4, coordinates) if coordinates.len() == 2 * curve.size() => {
                let (x, y) = coordinates.split_at_checked(curve.size())?;
                EcPublic::new(curve, x, y)
            }
            _ => None,
        }
    }
}
