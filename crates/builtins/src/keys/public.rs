//! Public keys in DER: `SubjectPublicKeyInfo` (RFC 5280), as Go reads it.

use num_bigint::BigUint;

use crate::der::{BIT_STRING, Reader, Result, SEQUENCE};
use crate::failure::Failure;
use crate::keys::{Curve, DsaPublic, EcPublic, PublicKey, RsaPublic};

/// Which kind of key an object identifier announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rsa,
    Ec,
    Ed25519,
    X25519,
    Dsa,
}

impl Algorithm {
    pub(crate) fn from_oid(oid: &[u8]) -> Option<Algorithm> {
        match oid {
            [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01] => Some(Algorithm::Rsa),
            [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01] => Some(Algorithm::Ec),
            [0x2b, 0x65, 0x70] => Some(Algorithm::Ed25519),
            [0x2b, 0x65, 0x6e] => Some(Algorithm::X25519),
            [0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01] => Some(Algorithm::Dsa),
            _ => None,
        }
    }
}

/// An algorithm and its parameters, an element of any kind; empty if there is none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Identifier<'a> {
    pub(crate) oid: &'a [u8],
    pub(crate) parameters: &'a [u8],
}

impl<'a> Identifier<'a> {
    pub(crate) fn read(mut from: Reader<'a>) -> Result<Identifier<'a>> {
        let oid = from.oid().ok_or(Failure::error("x509: malformed OID"))?;
        if from.is_empty() {
            return Ok(Identifier { oid, parameters: &[] });
        }
        let parameters = from.any().ok_or(Failure::error("x509: malformed parameters"))?.whole;
        Ok(Identifier { oid, parameters })
    }
}

/// Reads a key that stands for itself, outside of a certificate.
pub(crate) fn parse(bytes: &[u8]) -> Result<PublicKey> {
    let malformed = Failure::error("asn1: structure error: malformed public key");
    let mut all = Reader::new(bytes);
    let Some(mut info) = all.inside(SEQUENCE) else { return Err(malformed) };
    if !all.is_empty() {
        return Err(Failure::error("x509: trailing data after ASN.1 of public-key"));
    }
    let (Some(algorithm), Some(key)) = (info.inside(SEQUENCE), bits(&mut info)) else {
        return Err(malformed);
    };
    let algorithm = Identifier::read(algorithm)?;
    match Algorithm::from_oid(algorithm.oid) {
        Some(kind) => key_of(kind, &algorithm, &key),
        None => Err(Failure::error("x509: unknown public key algorithm")),
    }
}

/// The bytes of a string of bits, aligned to the right.
pub(crate) fn bits(from: &mut Reader<'_>) -> Option<Vec<u8>> {
    if !from.is_next(BIT_STRING) {
        return None;
    }
    let (bytes, unused) = from.bits()?;
    let mut carried = 0u8;
    let aligned = bytes.iter().map(|byte| {
        let both = u16::from(carried) << 8 | u16::from(*byte);
        carried = *byte;
        (both >> unused) as u8
    });
    Some(aligned.collect())
}

/// The key in `data`, which is encoded as its algorithm has it.
pub(crate) fn key_of(
    kind: Algorithm,
    algorithm: &Identifier<'_>,
    data: &[u8],
) -> Result<PublicKey> {
    match kind {
        Algorithm::Rsa if algorithm.parameters != [5, 0] => {
            Err(Failure::error("x509: RSA key missing NULL parameters"))
        }
        Algorithm::Rsa => rsa(data).map(PublicKey::Rsa),
        Algorithm::Ec => {
            let curve = named_curve(algorithm.parameters)?;
            EcPublic::from_sec1(curve, data)
                .map(PublicKey::Ec)
                .ok_or(Failure::error("crypto/ecdsa: invalid public key"))
        }
        Algorithm::Ed25519 | Algorithm::X25519 if !algorithm.parameters.is_empty() => {
            Err(Failure::error("x509: key encoded with illegal parameters"))
        }
        Algorithm::Ed25519 => {
            let key = data.try_into();
            let wrong = |_| Failure::error("x509: wrong Ed25519 public key size");
            key.map(PublicKey::Ed25519).map_err(wrong)
        }
        Algorithm::X25519 if data.len() != 32 => {
            Err(Failure::error("crypto/ecdh: invalid public key"))
        }
        Algorithm::X25519 => Ok(PublicKey::X25519),
        Algorithm::Dsa => dsa(algorithm.parameters, data),
    }
}

/// The curve that the parameters of a key name.
pub(crate) fn named_curve(parameters: &[u8]) -> Result<Curve> {
    let oid =
        Reader::new(parameters).oid().ok_or(Failure::error("x509: invalid ECDSA parameters"))?;
    Curve::from_oid(oid).ok_or(Failure::error("x509: unsupported elliptic curve"))
}

/// `RSAPublicKey` of PKCS #1.
pub(crate) fn rsa(data: &[u8]) -> Result<RsaPublic> {
    let mut key =
        Reader::new(data).inside(SEQUENCE).ok_or(Failure::error("x509: invalid RSA public key"))?;
    let modulus = key.unsigned().ok_or(Failure::error("x509: invalid RSA modulus"))?;
    let exponent = key.small().ok_or(Failure::error("x509: invalid RSA public exponent"))?;
    if modulus.is_empty() {
        return Err(Failure::error("x509: RSA modulus is not a positive number"));
    }
    match u64::try_from(exponent) {
        Ok(exponent @ 1..) => Ok(RsaPublic { modulus: modulus.to_vec(), exponent }),
        _ => Err(Failure::error("x509: RSA public exponent is not a positive number")),
    }
}

fn dsa(parameters: &[u8], data: &[u8]) -> Result<PublicKey> {
    let number = |from: &mut Reader<'_>| {
        from.unsigned().filter(|it| !it.is_empty()).map(BigUint::from_bytes_be)
    };
    let key = || {
        let y = number(&mut Reader::new(data))?;
        let mut parameters = Reader::new(parameters).inside(SEQUENCE)?;
        let p = number(&mut parameters)?;
        let q = number(&mut parameters)?;
        let g = number(&mut parameters)?;
        Some(DsaPublic { p, q, g, y })
    };
    key().map(PublicKey::Dsa).ok_or(Failure::error("x509: invalid DSA public key"))
}
