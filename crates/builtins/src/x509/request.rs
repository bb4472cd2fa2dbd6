//! Requests for certificates (RFC 2986).

use palisade_value::AnyValue;

use crate::der::{self, Reader, Result, SEQUENCE, SET, constructed};
use crate::failure::Failure;
use crate::keys::public::{self, Identifier};
use crate::x509::algorithms::SignatureAlgorithm;
use crate::x509::alt_names::AltNames;
use crate::x509::certificate::{self, Extension};
use crate::x509::details::ALT_NAMES;
use crate::x509::names::{self, text};
use crate::x509::render::{self, Fields};
use crate::x509::times::Time;

/// `extensionRequest` of PKCS #9.
const EXTENSION_REQUEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e];

/// Reads a request, in the shape that Go's JSON gives it.
pub(crate) fn parse<V: AnyValue>(data: &[u8]) -> Result<V> {
    let parts = Parts::read(data)
        .ok_or(Failure::error("asn1: structure error: malformed certificate request"))?;
    let (key_algorithm, key) = certificate::key(parts.raw_key)?;
    let subject = names::read(parts.raw_subject)?;
    let extensions = requested(&parts.attributes)?;
    let alt_names = extensions.iter().find(|it| it.id == ALT_NAMES);
    let alt_names = alt_names.map(|it| AltNames::read(it.value)).transpose()?.unwrap_or_default();
    let mut fields = Fields::new();
    fields.add("Raw", render::bytes(data));
    fields.add("RawTBSCertificateRequest", render::bytes(parts.raw_signed));
    fields.add("RawSubjectPublicKeyInfo", render::bytes(parts.raw_key));
    fields.add("RawSubject", render::bytes(parts.raw_subject));
    fields.add("Version", V::integer(parts.version));
    fields.add("Signature", render::bytes(&parts.signature));
    let algorithm = SignatureAlgorithm::of(&parts.signature_algorithm);
    fields.add("SignatureAlgorithm", V::integer(algorithm as i64));
    fields.add("PublicKeyAlgorithm", render::algorithm(key_algorithm));
    fields.add("PublicKey", key.as_ref().map_or_else(V::null, render::public_key));
    fields.add("Subject", render::name(&subject));
    let attributes: Vec<V> = parts.attributes.iter().filter_map(|it| attribute(it)).collect();
    fields.add("Attributes", render::list(&attributes, V::clone));
    fields.add("Extensions", render::list(&extensions, render::extension));
    fields.add("ExtraExtensions", V::null());
    render::alt_names(&alt_names, &mut fields);
    Ok(fields.into_object())
}

/// The parts of a request, most of them as they stand in it.
struct Parts<'a> {
    raw_signed: &'a [u8],
    version: i64,
    raw_subject: &'a [u8],
    raw_key: &'a [u8],
    /// Whole elements.
    attributes: Vec<&'a [u8]>,
    signature_algorithm: Identifier<'a>,
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn read(data: &'a [u8]) -> Option<Parts<'a>> {
        let mut all = Reader::new(data);
        let mut outer = all.inside(SEQUENCE).filter(|_| all.is_empty())?;
        let signed = outer.element(SEQUENCE)?;
        let mut from = Reader::new(signed.content);
        let version = from.small()?;
        let raw_subject = from.element(SEQUENCE)?.whole;
        let raw_key = from.element(SEQUENCE)?.whole;
        let mut list = from.inside(constructed(0))?;
        let mut attributes = Vec::new();
        while !list.is_empty() {
            attributes.push(list.any()?.whole);
        }
        Some(Parts {
            raw_signed: signed.whole,
            version,
            raw_subject,
            raw_key,
            attributes,
            signature_algorithm: Identifier::read(outer.inside(SEQUENCE)?).ok()?,
            signature: public::bits(&mut outer)?,
        })
    }
}

/// The extensions that the certificate should have.
fn requested<'a>(attributes: &[&'a [u8]]) -> Result<Vec<Extension<'a>>> {
    let mut all = Vec::new();
    for attribute in attributes {
        let list = || {
            let mut from = Reader::new(attribute).inside(SEQUENCE)?;
            let is_request = from.oid()? == EXTENSION_REQUEST;
            from.inside(SET)?.any().filter(|_| is_request)
        };
        let Some(list) = list() else { continue };
        if list.tag != SEQUENCE {
            return Err(Failure::error("asn1: structure error: malformed extensions"));
        }
        for extension in certificate::extension_list(Reader::new(list.content))? {
            if all.iter().any(|it: &Extension<'_>| it.id == extension.id) {
                return Err(Failure::error(
                    "x509: certificate request contains duplicate requested extensions",
                ));
            }
            all.push(extension);
        }
    }
    Ok(all)
}

/// An attribute that is a set of sequences of types with values; others are left out, as Go does.
fn attribute<V: AnyValue>(raw: &[u8]) -> Option<V> {
    let mut from = Reader::new(raw).inside(SEQUENCE)?;
    let kind = from.oid()?;
    let mut sequences = from.inside(SET)?;
    let mut values = Vec::new();
    while !sequences.is_empty() {
        let mut sequence = sequences.inside(SEQUENCE)?;
        let mut pairs = Vec::new();
        while !sequence.is_empty() {
            let mut pair = sequence.inside(SEQUENCE)?;
            let mut fields = Fields::new();
            fields.add("Type", render::oid(pair.oid()?));
            fields.add("Value", any(&pair.any()?)?);
            pairs.push(fields.into_object());
        }
        values.push(V::array(pairs));
    }
    let mut fields = Fields::new();
    fields.add("Type", render::oid(kind));
    fields.add("Value", V::array(values));
    Some(fields.into_object())
}

/// An element of any kind as Go takes it: `null` if it is none that Go knows, nothing if it is broken.
fn any<V: AnyValue>(element: &der::Element<'_>) -> Option<V> {
    let mut again = Reader::new(element.whole);
    Some(match element.tag {
        der::OCTET_STRING => render::bytes(element.content),
        der::OBJECT_IDENTIFIER => render::oid(again.oid()?),
        der::INTEGER => V::integer(again.small()?),
        der::UTC_TIME | der::GENERALIZED_TIME => V::string(Time::read(&mut again).ok()?.to_text()),
        der::UTF8_STRING
        | der::PRINTABLE_STRING
        | der::NUMERIC_STRING
        | der::IA5_STRING
        | der::T61_STRING
        | der::BMP_STRING => V::string(text(element.tag, element.content)?),
        der::BIT_STRING => {
            let (bytes, unused) = again.bits()?;
            let mut fields = Fields::new();
            fields.add("Bytes", render::bytes(bytes));
            let n_bits = 8 * bytes.len() - usize::from(unused);
            fields.add("BitLength", V::integer(i64::try_from(n_bits).ok()?));
            fields.into_object()
        }
        _ => V::null(),
    })
}
