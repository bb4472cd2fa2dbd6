//! The algorithms that certificates are signed with.

use crate::der::{INTEGER, Reader, SEQUENCE, constructed};
use crate::keys::public::Identifier;

/// A signature algorithm; the number is Go's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SignatureAlgorithm {
    Unknown = 0,
    Md5WithRsa = 2,
    Sha1WithRsa = 3,
    Sha256WithRsa = 4,
    Sha384WithRsa = 5,
    Sha512WithRsa = 6,
    DsaWithSha1 = 7,
    DsaWithSha256 = 8,
    EcdsaWithSha1 = 9,
    EcdsaWithSha256 = 10,
    EcdsaWithSha384 = 11,
    EcdsaWithSha512 = 12,
    Sha256WithRsaPss = 13,
    Sha384WithRsaPss = 14,
    Sha512WithRsaPss = 15,
    Ed25519 = 16,
}

const PKCS1: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01];
const ECDSA_SHA2: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03];
const ECDSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01];
const DSA_SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x03];
const DSA_SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x02];
/// What ISO called the second of PKCS #1.
const ISO_SHA1_RSA: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1d];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
const SHA2: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

impl SignatureAlgorithm {
    pub(crate) fn of(it: &Identifier<'_>) -> SignatureAlgorithm {
        use SignatureAlgorithm as It;
        match it.oid {
            ECDSA_SHA1 => It::EcdsaWithSha1,
            DSA_SHA1 => It::DsaWithSha1,
            DSA_SHA256 => It::DsaWithSha256,
            ISO_SHA1_RSA => It::Sha1WithRsa,
            ED25519 if it.parameters.is_empty() => It::Ed25519,
            oid => match (oid.strip_prefix(PKCS1), oid.strip_prefix(ECDSA_SHA2)) {
                (Some([4]), _) => It::Md5WithRsa,
                (Some([5]), _) => It::Sha1WithRsa,
                (Some([10]), _) => pss(it.parameters).unwrap_or(It::Unknown),
                (Some([11]), _) => It::Sha256WithRsa,
                (Some([12]), _) => It::Sha384WithRsa,
                (Some([13]), _) => It::Sha512WithRsa,
                (_, Some([2])) => It::EcdsaWithSha256,
                (_, Some([3])) => It::EcdsaWithSha384,
                (_, Some([4])) => It::EcdsaWithSha512,
                _ => It::Unknown,
            },
        }
    }
}

/// The parameters of PSS where mask and salt are those that the hash suggests.
fn pss(parameters: &[u8]) -> Option<SignatureAlgorithm> {
    let mut fields = Reader::new(parameters).inside(SEQUENCE)?;
    let hash = hash(fields.inside(constructed(0))?)?;
    let mask = Identifier::read(fields.inside(constructed(1))?.inside(SEQUENCE)?).ok()?;
    let salt = fields.inside(constructed(2))?.small()?;
    if fields.is_next(constructed(3)) && fields.inside(constructed(3))?.content(INTEGER)? != [1] {
        return None;
    }
    let is_mask = mask.oid.strip_prefix(PKCS1) == Some(&[8]);
    if !is_mask || self::hash(Reader::new(mask.parameters))? != hash {
        return None;
    }
    match (hash, salt) {
        (1, 32) => Some(SignatureAlgorithm::Sha256WithRsaPss),
        (2, 48) => Some(SignatureAlgorithm::Sha384WithRsaPss),
        (3, 64) => Some(SignatureAlgorithm::Sha512WithRsaPss),
        _ => None,
    }
}

/// The last number in the name of a SHA-2 hash without parameters.
fn hash(mut from: Reader<'_>) -> Option<u8> {
    let hash = Identifier::read(from.inside(SEQUENCE)?).ok()?;
    let is_plain = matches!(hash.parameters, [] | [5, 0]);
    match hash.oid.strip_prefix(SHA2) {
        Some([number]) if is_plain => Some(*number),
        _ => None,
    }
}
