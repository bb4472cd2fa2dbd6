//! A certificate: reading one from DER (RFC 5280), as Go does.

use crate::der::{INTEGER, OCTET_STRING, Reader, Result, SEQUENCE, constructed, context};
use crate::failure::Failure;
use crate::keys::PublicKey;
use crate::keys::public::{self, Algorithm, Identifier};
use crate::x509::algorithms::SignatureAlgorithm;
use crate::x509::details::Details;
use crate::x509::names::{self, Attribute};
use crate::x509::times::Time;

/// What a certificate says. The slices are the elements as they stand in it.
#[derive(Clone, Debug)]
pub(crate) struct Certificate<'a> {
    pub(crate) raw: &'a [u8],
    pub(crate) raw_signed: &'a [u8],
    pub(crate) version: i64,
    /// Big endian, in two's complement, never negative.
    pub(crate) serial: &'a [u8],
    pub(crate) signature_algorithm: SignatureAlgorithm,
    pub(crate) raw_issuer: &'a [u8],
    pub(crate) issuer: Vec<Attribute<'a>>,
    pub(crate) not_before: Time,
    pub(crate) not_after: Time,
    pub(crate) raw_subject: &'a [u8],
    pub(crate) subject: Vec<Attribute<'a>>,
    pub(crate) raw_key: &'a [u8],
    pub(crate) key_algorithm: Option<Algorithm>,
    /// There is none if the algorithm isn't known.
    pub(crate) key: Option<PublicKey>,
    pub(crate) extensions: Vec<Extension<'a>>,
    pub(crate) details: Details<'a>,
    pub(crate) signature: Vec<u8>,
}

/// An extension, not yet looked into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extension<'a> {
    pub(crate) id: &'a [u8],
    pub(crate) is_critical: bool,
    pub(crate) value: &'a [u8],
}

impl<'a> Certificate<'a> {
    /// Reads one certificate and nothing else.
    pub(crate) fn parse(data: &'a [u8]) -> Result<Certificate<'a>> {
        let mut all = Reader::new(data);
        let certificate = Certificate::read(&mut all)?;
        if all.is_empty() { Ok(certificate) } else { Err(Failure::error("x509: trailing data")) }
    }

    /// Reads certificates one behind another.
    pub(crate) fn parse_all(data: &'a [u8]) -> Result<Vec<Certificate<'a>>> {
        let mut all = Reader::new(data);
        let mut certificates = Vec::new();
        while !all.is_empty() {
            certificates.push(Certificate::read(&mut all)?);
        }
        Ok(certificates)
    }

    fn read(all: &mut Reader<'a>) -> Result<Certificate<'a>> {
        let Opening { raw, raw_signed, mut outer, mut from, version, serial, algorithm } =
            Opening::read(all)?;
        let raw_issuer = whole(&mut from, "x509: malformed issuer")?;
        let issuer = names::read(raw_issuer)?;
        let mut validity =
            from.inside(SEQUENCE).ok_or(Failure::error("x509: malformed validity"))?;
        let (not_before, not_after) = (Time::read(&mut validity)?, Time::read(&mut validity)?);
        let raw_subject = whole(&mut from, "x509: malformed issuer")?;
        let subject = names::read(raw_subject)?;
        let raw_key = whole(&mut from, "x509: malformed spki")?;
        let (key_algorithm, key) = key(raw_key)?;
        let extensions = extensions(&mut from, version)?;
        let signature =
            public::bits(&mut outer).ok_or(Failure::error("x509: malformed signature"))?;
        Ok(Certificate {
            raw,
            raw_signed,
            version,
            serial,
            signature_algorithm: SignatureAlgorithm::of(&algorithm),
            raw_issuer,
            issuer,
            not_before,
            not_after,
            raw_subject,
            subject,
            raw_key,
            key_algorithm,
            key,
            details: Details::read(&extensions)?,
            extensions,
            signature,
        })
    }

    /// The value of an extension.
    pub(crate) fn extension(&self, id: &[u8]) -> Option<&'a [u8]> {
        self.extensions.iter().find(|it| it.id == id).map(|it| it.value)
    }
}

/// What comes before the names in a certificate.
struct Opening<'a> {
    raw: &'a [u8],
    raw_signed: &'a [u8],
    /// What follows the part that is signed.
    outer: Reader<'a>,
    /// What follows in the part that is signed.
    from: Reader<'a>,
    version: i64,
    serial: &'a [u8],
    algorithm: Identifier<'a>,
}

impl<'a> Opening<'a> {
    fn read(all: &mut Reader<'a>) -> Result<Opening<'a>> {
        let element = all.element(SEQUENCE).ok_or(Failure::error("x509: malformed certificate"))?;
        let mut outer = Reader::new(element.content);
        let signed =
            outer.element(SEQUENCE).ok_or(Failure::error("x509: malformed tbs certificate"))?;
        let mut from = Reader::new(signed.content);
        let version = version(&mut from)?;
        let serial = from.integer().ok_or(Failure::error("x509: malformed serial number"))?;
        if serial.first().is_some_and(|it| it & 0x80 != 0) {
            return Err(Failure::error("x509: negative serial number"));
        }
        let algorithm = from.content(SEQUENCE);
        if algorithm.is_none() || algorithm != outer.content(SEQUENCE) {
            return Err(Failure::error(
                "x509: inner and outer signature algorithm identifiers don't match",
            ));
        }
        let algorithm = Identifier::read(Reader::new(algorithm.unwrap_or_default()))?;
        let (raw, raw_signed) = (element.whole, signed.whole);
        Ok(Opening { raw, raw_signed, outer, from, version, serial, algorithm })
    }
}

/// The key of one certificate. Names, times and extensions say nothing of it and are passed over: who verifies a token
/// trusts the key, and the code for all the rest would be most of what a module carries.
pub(crate) fn key_of(data: &[u8]) -> Result<Option<PublicKey>> {
    let mut all = Reader::new(data);
    let Opening { mut from, mut outer, .. } = Opening::read(&mut all)?;
    if !all.is_empty() {
        return Err(Failure::error("x509: trailing data"));
    }
    whole(&mut from, "x509: malformed issuer")?;
    whole(&mut from, "x509: malformed validity")?;
    whole(&mut from, "x509: malformed issuer")?;
    let (_, key) = key(whole(&mut from, "x509: malformed spki")?)?;
    public::bits(&mut outer).ok_or(Failure::error("x509: malformed signature"))?;
    Ok(key)
}

fn version(from: &mut Reader<'_>) -> Result<i64> {
    let malformed = Failure::error("x509: malformed version");
    let version = match from.optional(constructed(0)) {
        Some(None) => 0,
        Some(Some(inside)) => Reader::new(inside).small().ok_or(malformed)?,
        None => return Err(malformed),
    };
    if version < 3 { Ok(version + 1) } else { Err(Failure::error("x509: invalid version")) }
}

fn whole<'a>(from: &mut Reader<'a>, otherwise: &'static str) -> Result<&'a [u8]> {
    from.element(SEQUENCE).map(|it| it.whole).ok_or(Failure::error(otherwise))
}

/// The key in a `SubjectPublicKeyInfo`.
pub(crate) fn key(raw: &[u8]) -> Result<(Option<Algorithm>, Option<PublicKey>)> {
    let malformed = || Failure::error("x509: malformed spki");
    let mut info = Reader::new(raw).inside(SEQUENCE).ok_or_else(malformed)?;
    let algorithm = Identifier::read(info.inside(SEQUENCE).ok_or_else(malformed)?)?;
    let data = public::bits(&mut info).ok_or(Failure::error("x509: malformed subjectPublicKey"))?;
    match Algorithm::from_oid(algorithm.oid) {
        // To certificates Go knows none of these.
        None | Some(Algorithm::X25519) => Ok((None, None)),
        Some(kind) => Ok((Some(kind), Some(public::key_of(kind, &algorithm, &data)?))),
    }
}

/// The extensions of a certificate, which only version 3 has.
fn extensions<'a>(from: &mut Reader<'a>, version: i64) -> Result<Vec<Extension<'a>>> {
    let malformed = || Failure::error("x509: malformed extensions");
    if version > 1 {
        // Numbers for names that are used again; nobody uses them.
        from.optional(context(1)).ok_or(Failure::error("x509: malformed issuerUniqueID"))?;
        from.optional(context(2)).ok_or(Failure::error("x509: malformed subjectUniqueID"))?;
    }
    if version < 3 {
        return Ok(Vec::new());
    }
    match from.optional(constructed(3)).ok_or_else(malformed)? {
        Some(inside) => {
            let list = Reader::new(inside).inside(SEQUENCE).ok_or_else(malformed)?;
            extension_list(list)
        }
        None => Ok(Vec::new()),
    }
}

/// Reads extensions one behind another; none may stand there twice.
pub(crate) fn extension_list(mut list: Reader<'_>) -> Result<Vec<Extension<'_>>> {
    let malformed = || Failure::error("x509: malformed extension");
    let mut extensions: Vec<Extension<'_>> = Vec::new();
    while !list.is_empty() {
        let mut it = list.inside(SEQUENCE).ok_or_else(malformed)?;
        let id = it.oid().ok_or(Failure::error("x509: malformed extension OID field"))?;
        let is_critical = match it.is_next(crate::der::BOOLEAN) {
            true => {
                it.boolean().ok_or(Failure::error("x509: malformed extension critical field"))?
            }
            false => false,
        };
        let value = it
            .content(OCTET_STRING)
            .ok_or(Failure::error("x509: malformed extension value field"))?;
        if extensions.iter().any(|it| it.id == id) {
            return Err(Failure::error("x509: certificate contains duplicate extension"));
        }
        extensions.push(Extension { id, is_critical, value });
    }
    Ok(extensions)
}

/// The integer that an element consists of.
pub(crate) fn integer(value: &[u8]) -> Option<i64> {
    let mut from = Reader::new(value);
    if from.is_next(INTEGER) { from.small() } else { None }
}
