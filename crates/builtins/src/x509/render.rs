//! Certificates as values, in the shape that Go's JSON gives them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use num_bigint::BigUint;
use palisade_value::{AnyValue, Entry};

use crate::der;
use crate::keys::PublicKey;
use crate::keys::public::Algorithm;
use crate::x509::certificate::{Certificate, Extension};
use crate::x509::constraints::Names;
use crate::x509::names::Attribute;
use crate::x509::uris::Url;

/// An object under construction.
pub(crate) struct Fields<V> {
    entries: Vec<Entry<V>>,
}

impl<V: AnyValue> Fields<V> {
    pub(crate) fn new() -> Fields<V> {
        Fields { entries: Vec::new() }
    }

    pub(crate) fn add(&mut self, name: &str, value: V) {
        self.entries.push(Entry { key: V::text(name), value });
    }

    pub(crate) fn into_object(self) -> V {
        V::object(self.entries)
    }
}

/// A certificate; with its URIs also as texts if `with_texts`.
pub(crate) fn certificate<V: AnyValue>(it: &Certificate<'_>, with_texts: bool) -> V {
    let mut fields = Fields::new();
    fields.add("Raw", bytes(it.raw));
    fields.add("RawTBSCertificate", bytes(it.raw_signed));
    fields.add("RawSubjectPublicKeyInfo", bytes(it.raw_key));
    fields.add("RawSubject", bytes(it.raw_subject));
    fields.add("RawIssuer", bytes(it.raw_issuer));
    fields.add("Signature", bytes(&it.signature));
    fields.add("SignatureAlgorithm", V::integer(it.signature_algorithm as i64));
    fields.add("PublicKeyAlgorithm", algorithm(it.key_algorithm));
    fields.add("PublicKey", it.key.as_ref().map_or_else(V::null, public_key));
    fields.add("Version", V::integer(it.version));
    fields.add("SerialNumber", number(&BigUint::from_bytes_be(it.serial)));
    fields.add("Issuer", name(&it.issuer));
    fields.add("Subject", name(&it.subject));
    fields.add("NotBefore", V::string(it.not_before.to_text()));
    fields.add("NotAfter", V::string(it.not_after.to_text()));
    fields.add("Extensions", list(&it.extensions, extension));
    fields.add("ExtraExtensions", V::null());
    details(it, &mut fields);
    constraints(it, &mut fields);
    if with_texts {
        fields.add("URIStrings", list(&it.details.names.uris, |it| V::text(&it.text)));
    }
    fields.into_object()
}

/// What the extensions say, but the constraints on names.
fn details<V: AnyValue>(it: &Certificate<'_>, fields: &mut Fields<V>) {
    let it = &it.details;
    let basic = it.basic.as_ref();
    let length = basic.map(|it| it.path_length.unwrap_or(-1));
    let limit = |value: Option<i64>| V::integer(value.unwrap_or(0));
    let is_zero = |value: Option<i64>| V::boolean(value == Some(0));
    let texts = |it: &[String]| list(it, |it| V::text(it));
    fields.add("KeyUsage", V::integer(it.key_usage));
    fields.add("ExtKeyUsage", list(&it.usages, |it| V::integer(*it)));
    fields.add("UnknownExtKeyUsage", list(&it.unknown_usages, |it| oid(it)));
    fields.add("UnhandledCriticalExtensions", list(&it.unhandled, |it| oid(it)));
    fields.add("BasicConstraintsValid", V::boolean(basic.is_some()));
    fields.add("IsCA", V::boolean(basic.is_some_and(|it| it.is_authority)));
    fields.add("MaxPathLen", V::integer(length.unwrap_or(0)));
    fields.add("MaxPathLenZero", is_zero(length));
    fields.add("SubjectKeyId", it.subject_key.map_or_else(V::null, bytes));
    fields.add("AuthorityKeyId", it.authority_key.map_or_else(V::null, bytes));
    fields.add("OCSPServer", texts(&it.ocsp_servers));
    fields.add("IssuingCertificateURL", texts(&it.issuers));
    fields.add("CRLDistributionPoints", texts(&it.crl_points));
    let policies = it.policies.as_deref();
    fields.add("Policies", list(policies.unwrap_or_default(), |it| dotted(it)));
    let identifiers = policies.map(|all| V::array(all.iter().map(|it| oid(it)).collect()));
    fields.add("PolicyIdentifiers", identifiers.unwrap_or_else(V::null));
    let mapping = |it: &(&[u8], &[u8])| {
        let mut fields = Fields::new();
        fields.add("IssuerDomainPolicy", dotted(it.0));
        fields.add("SubjectDomainPolicy", dotted(it.1));
        fields.into_object()
    };
    fields.add("PolicyMappings", list(&it.policy_mappings, mapping));
    fields.add("RequireExplicitPolicy", limit(it.require_explicit_policy));
    fields.add("RequireExplicitPolicyZero", is_zero(it.require_explicit_policy));
    fields.add("InhibitPolicyMapping", limit(it.inhibit_policy_mapping));
    fields.add("InhibitPolicyMappingZero", is_zero(it.inhibit_policy_mapping));
    fields.add("InhibitAnyPolicy", limit(it.inhibit_any_policy));
    fields.add("InhibitAnyPolicyZero", is_zero(it.inhibit_any_policy));
    alt_names(&it.names, fields);
}

/// Alternative names, one list a kind.
pub(crate) fn alt_names<V: AnyValue>(
    it: &crate::x509::alt_names::AltNames<'_>,
    fields: &mut Fields<V>,
) {
    fields.add("DNSNames", list(&it.dns, |it| V::text(it)));
    fields.add("EmailAddresses", list(&it.emails, |it| V::text(it)));
    fields.add("IPAddresses", list(&it.addresses, |it| V::string(address(it))));
    fields.add("URIs", list(&it.uris, uri));
}

fn constraints<V: AnyValue>(it: &Certificate<'_>, fields: &mut Fields<V>) {
    let none = Names::default();
    let all = it.details.constraints.as_ref();
    let (permitted, excluded) = all.map_or((&none, &none), |it| (&it.permitted, &it.excluded));
    let is_critical = all.is_some_and(|it| it.is_critical);
    fields.add("PermittedDNSDomainsCritical", V::boolean(is_critical));
    for (which, names) in [("Permitted", permitted), ("Excluded", excluded)] {
        let mut add = |kind: &str, value: V| fields.add(&[which, kind].concat(), value);
        add("DNSDomains", list(&names.dns, |it| V::text(it)));
        add("EmailAddresses", list(&names.emails, |it| V::text(it)));
        add("URIDomains", list(&names.uris, |it| V::text(it)));
        let network = |it: &(&[u8], &[u8])| {
            let mut fields = Fields::new();
            fields.add("IP", V::string(address(it.0)));
            fields.add("Mask", bytes(it.1));
            fields.into_object()
        };
        add("IPRanges", list(&names.networks, network));
    }
}

/// An array, `null` if there is nothing in it.
pub(crate) fn list<T, V: AnyValue>(items: &[T], value: impl Fn(&T) -> V) -> V {
    if items.is_empty() { V::null() } else { V::array(items.iter().map(value).collect()) }
}

pub(crate) fn bytes<V: AnyValue>(it: &[u8]) -> V {
    V::string(STANDARD.encode(it))
}

pub(crate) fn number<V: AnyValue>(it: &BigUint) -> V {
    match i64::try_from(it) {
        Ok(it) => V::integer(it),
        Err(_) => V::decimal(&it.to_string()),
    }
}

/// The numbers of an object identifier.
pub(crate) fn oid<V: AnyValue>(it: &[u8]) -> V {
    let arcs = der::arcs(it).unwrap_or_default();
    V::array(arcs.into_iter().map(|it| V::integer(i64::from(it))).collect())
}

/// The numbers of an object identifier with dots between them.
fn dotted<V: AnyValue>(it: &[u8]) -> V {
    let arcs = der::arcs(it).unwrap_or_default();
    V::string(arcs.iter().map(u32::to_string).collect::<Vec<_>>().join("."))
}

/// Go's number of a kind of key.
pub(crate) fn algorithm<V: AnyValue>(it: Option<Algorithm>) -> V {
    V::integer(match it {
        None | Some(Algorithm::X25519) => 0,
        Some(Algorithm::Rsa) => 1,
        Some(Algorithm::Dsa) => 2,
        Some(Algorithm::Ec) => 3,
        Some(Algorithm::Ed25519) => 4,
    })
}

/// A public key.
pub(crate) fn public_key<V: AnyValue>(key: &PublicKey) -> V {
    let mut fields = Fields::new();
    let mut add = |name: &str, value: &BigUint| fields.add(name, number(value));
    match key {
        PublicKey::Rsa(key) => {
            add("N", &BigUint::from_bytes_be(&key.modulus));
            add("E", &BigUint::from(key.exponent));
        }
        PublicKey::Ec(key) => {
            add("X", &BigUint::from_bytes_be(&key.x));
            add("Y", &BigUint::from_bytes_be(&key.y));
            fields.add("Curve", V::object_from_sorted(Vec::new()));
        }
        PublicKey::Dsa(key) => {
            for (name, value) in [("P", &key.p), ("Q", &key.q), ("G", &key.g), ("Y", &key.y)] {
                add(name, value);
            }
        }
        PublicKey::Ed25519(key) => return bytes(key),
        PublicKey::X25519 => {}
    }
    fields.into_object()
}

/// A distinguished name: its well-known parts, and all of it in order.
pub(crate) fn name<V: AnyValue>(attributes: &[Attribute<'_>]) -> V {
    let of_kind = |number: u8| -> Vec<&Attribute<'_>> {
        attributes.iter().filter(|it| it.kind == [0x55, 4, number]).collect()
    };
    let mut fields = Fields::new();
    for (field, number) in [
        ("Country", 6),
        ("Locality", 7),
        ("Organization", 10),
        ("OrganizationalUnit", 11),
        ("PostalCode", 17),
        ("Province", 8),
        ("StreetAddress", 9),
    ] {
        fields.add(field, list(&of_kind(number), |it| V::text(&it.value)));
    }
    for (field, number) in [("CommonName", 3), ("SerialNumber", 5)] {
        fields.add(field, V::text(of_kind(number).last().map_or("", |it| it.value.as_str())));
    }
    let attribute = |it: &Attribute<'_>| {
        let mut fields = Fields::new();
        fields.add("Type", oid(it.kind));
        fields.add("Value", V::text(&it.value));
        fields.into_object()
    };
    fields.add("Names", list(attributes, attribute));
    fields.add("ExtraNames", V::null());
    fields.into_object()
}

pub(crate) fn extension<V: AnyValue>(it: &Extension<'_>) -> V {
    let mut fields = Fields::new();
    fields.add("Id", oid(it.id));
    fields.add("Critical", V::boolean(it.is_critical));
    fields.add("Value", bytes(it.value));
    fields.into_object()
}

/// An address of 4 or 16 bytes as text.
fn address(it: &[u8]) -> String {
    let address = match (<[u8; 4]>::try_from(it), <[u8; 16]>::try_from(it)) {
        (Ok(it), _) => IpAddr::V4(Ipv4Addr::from(it)),
        (_, Ok(it)) => IpAddr::V6(Ipv6Addr::from(it)).to_canonical(),
        _ => return String::new(),
    };
    address.to_string()
}

fn uri<V: AnyValue>(it: &Url) -> V {
    let mut fields = Fields::new();
    for (name, part) in [
        ("Fragment", &it.fragment),
        ("Host", &it.host),
        ("Opaque", &it.opaque),
        ("Path", &it.path),
        ("RawPath", &it.raw_path),
        ("RawQuery", &it.raw_query),
        ("Scheme", &it.scheme),
    ] {
        fields.add(name, V::text(part));
    }
    fields.add("RawFragment", V::text(""));
    fields.add("ForceQuery", V::boolean(it.forces_query));
    fields.add("OmitHost", V::boolean(it.omits_host));
    let user = if it.has_user { V::object_from_sorted(Vec::new()) } else { V::null() };
    fields.add("User", user);
    fields.into_object()
}
