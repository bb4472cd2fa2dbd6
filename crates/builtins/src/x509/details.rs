//! What the extensions of a certificate say.

use crate::der;
use crate::der::{OBJECT_IDENTIFIER, OCTET_STRING, Reader, Result, SEQUENCE, constructed, context};
use crate::failure::Failure;
use crate::x509::alt_names::{self, AltNames};
use crate::x509::certificate::{self, Extension};
use crate::x509::constraints::Constraints;

pub(crate) const ALT_NAMES: &[u8] = &[0x55, 0x1d, 17];
pub(crate) const CONSTRAINTS: &[u8] = &[0x55, 0x1d, 30];
const AUTHORITY_ACCESS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];
const OCSP: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 1];
const ISSUERS: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 0x30, 2];

/// The contents of the extensions that are looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Details<'a> {
    /// The bits, the first one lowest; zero if nothing is said.
    pub(crate) key_usage: i64,
    pub(crate) basic: Option<BasicConstraints>,
    pub(crate) names: AltNames<'a>,
    pub(crate) constraints: Option<Constraints<'a>>,
    pub(crate) crl_points: Vec<String>,
    pub(crate) authority_key: Option<&'a [u8]>,
    pub(crate) subject_key: Option<&'a [u8]>,
    pub(crate) require_explicit_policy: Option<i64>,
    pub(crate) inhibit_policy_mapping: Option<i64>,
    pub(crate) inhibit_any_policy: Option<i64>,
    /// Go's numbers of the known usages.
    pub(crate) usages: Vec<i64>,
    pub(crate) unknown_usages: Vec<&'a [u8]>,
    pub(crate) policies: Option<Vec<&'a [u8]>>,
    /// The policies of whoever issues, each with what it is called here.
    pub(crate) policy_mappings: Vec<(&'a [u8], &'a [u8])>,
    pub(crate) ocsp_servers: Vec<String>,
    pub(crate) issuers: Vec<String>,
    /// The extensions that one must understand and that nobody here does.
    pub(crate) unhandled: Vec<&'a [u8]>,
}

/// Whether a certificate may sign others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BasicConstraints {
    pub(crate) is_authority: bool,
    /// How many authorities may stand below this one.
    pub(crate) path_length: Option<i64>,
}

impl<'a> Details<'a> {
    pub(crate) fn read(extensions: &[Extension<'a>]) -> Result<Details<'a>> {
        let mut details = Details::default();
        for extension in extensions {
            let is_handled = match extension.id {
                [0x55, 0x1d, number] => details.read_standard(*number, extension)?,
                AUTHORITY_ACCESS => {
                    details.read_authority_access(extension)?;
                    true
                }
                _ => false,
            };
            if extension.is_critical && !is_handled {
                details.unhandled.push(extension.id);
            }
        }
        Ok(details)
    }

    /// Whether everything in an extension of RFC 5280 could be taken into account.
    fn read_standard(&mut self, number: u8, extension: &Extension<'a>) -> Result<bool> {
        let value = extension.value;
        match number {
            14 => self.subject_key = Some(subject_key(extension)?),
            15 => self.key_usage = key_usage(value)?,
            17 => {
                self.names = AltNames::read(value)?;
                return Ok(!self.names.is_empty());
            }
            19 => self.basic = Some(basic(value)?),
            30 => {
                let constraints = Constraints::read(extension)?;
                let is_handled = !constraints.has_unknown;
                self.constraints = Some(constraints);
                return Ok(is_handled);
            }
            31 => {
                self.crl_points = crl_points(value)
                    .ok_or(Failure::error("x509: invalid CRL distribution points"))?
            }
            32 => {
                self.policies = Some(
                    policies(value).ok_or(Failure::error("x509: invalid certificate policies"))?,
                )
            }
            33 => {
                self.policy_mappings = mappings(value)
                    .ok_or(Failure::error("x509: invalid policy mappings extension"))?
            }
            35 => self.authority_key = authority_key(extension)?,
            36 => {
                (self.require_explicit_policy, self.inhibit_policy_mapping) =
                    policy_constraints(value)
                        .ok_or(Failure::error("x509: invalid policy constraints extension"))?;
            }
            37 => self.read_usages(value)?,
            54 => {
                self.inhibit_any_policy = Some(
                    certificate::integer(value)
                        .ok_or(Failure::error("x509: invalid inhibit any policy extension"))?,
                );
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn read_usages(&mut self, value: &'a [u8]) -> Result<()> {
        let invalid = || Failure::error("x509: invalid extended key usages");
        let mut list = Reader::new(value).inside(SEQUENCE).ok_or_else(invalid)?;
        while !list.is_empty() {
            let usage = list.oid().ok_or_else(invalid)?;
            match known_usage(usage) {
                Some(number) => self.usages.push(number),
                None => self.unknown_usages.push(usage),
            }
        }
        Ok(())
    }

    fn read_authority_access(&mut self, extension: &Extension<'a>) -> Result<()> {
        if extension.is_critical {
            return Err(Failure::error("x509: authority info access incorrectly marked critical"));
        }
        let invalid = || Failure::error("x509: invalid authority info access");
        let mut list = Reader::new(extension.value).inside(SEQUENCE).ok_or_else(invalid)?;
        while !list.is_empty() {
            let mut access = list.inside(SEQUENCE).ok_or_else(invalid)?;
            let method = access.oid().ok_or_else(invalid)?;
            if !access.is_next(alt_names::URI) {
                continue;
            }
            let place = lossy(access.content(alt_names::URI).ok_or_else(invalid)?);
            match method {
                OCSP => self.ocsp_servers.push(place),
                ISSUERS => self.issuers.push(place),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Bytes that are no UTF-8 become replacement characters, as they do in Go's JSON.
fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn key_usage(value: &[u8]) -> Result<i64> {
    let (bytes, _) = Reader::new(value).bits().ok_or(Failure::error("x509: invalid key usage"))?;
    let byte = |at: usize| bytes.get(at).map_or(0, |it| i64::from(it.reverse_bits()));
    Ok(byte(0) | (byte(1) & 1) << 8)
}

fn basic(value: &[u8]) -> Result<BasicConstraints> {
    let read = || {
        let mut from = Reader::new(value).inside(SEQUENCE)?;
        let is_authority = if from.is_next(der::BOOLEAN) { from.boolean()? } else { false };
        let path_length = if from.is_next(der::INTEGER) { Some(from.small()?) } else { None };
        Some(BasicConstraints { is_authority, path_length })
    };
    read().ok_or(Failure::error("x509: invalid basic constraints"))
}

fn subject_key<'a>(extension: &Extension<'a>) -> Result<&'a [u8]> {
    if extension.is_critical {
        return Err(Failure::error("x509: subject key identifier incorrectly marked critical"));
    }
    Reader::new(extension.value)
        .content(OCTET_STRING)
        .ok_or(Failure::error("x509: invalid subject key identifier"))
}

fn authority_key<'a>(extension: &Extension<'a>) -> Result<Option<&'a [u8]>> {
    if extension.is_critical {
        return Err(Failure::error("x509: authority key identifier incorrectly marked critical"));
    }
    Reader::new(extension.value)
        .inside(SEQUENCE)
        .and_then(|mut it| it.optional(context(0)))
        .ok_or(Failure::error("x509: invalid authority key identifier"))
}

fn crl_points(value: &[u8]) -> Option<Vec<String>> {
    let mut points = Vec::new();
    let mut list = Reader::new(value).inside(SEQUENCE)?;
    while !list.is_empty() {
        let mut point = list.inside(SEQUENCE)?;
        let Some(name) = point.optional(constructed(0))? else { continue };
        let mut full = Reader::new(name).inside(constructed(0))?;
        while full.is_next(alt_names::URI) {
            points.push(lossy(full.content(alt_names::URI)?));
        }
    }
    Some(points)
}

fn policies(value: &[u8]) -> Option<Vec<&[u8]>> {
    let mut policies = Vec::new();
    let mut list = Reader::new(value).inside(SEQUENCE)?;
    while !list.is_empty() {
        let policy = list.inside(SEQUENCE)?.oid()?;
        if policies.contains(&policy) {
            return None;
        }
        policies.push(policy);
    }
    Some(policies)
}

fn mappings(value: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let mut mappings = Vec::new();
    let mut list = Reader::new(value).inside(SEQUENCE)?;
    while !list.is_empty() {
        let mut mapping = list.inside(SEQUENCE)?;
        mappings.push((mapping.content(OBJECT_IDENTIFIER)?, mapping.content(OBJECT_IDENTIFIER)?));
    }
    Some(mappings)
}

fn policy_constraints(value: &[u8]) -> Option<(Option<i64>, Option<i64>)> {
    let mut from = Reader::new(value).inside(SEQUENCE)?;
    let mut number = |tag| {
        let Some(digits) = from.optional(tag)? else { return Some(None) };
        let is_small = matches!(digits, [0..=0x7f, ..]) && digits.len() <= 8;
        is_small.then(|| Some(digits.iter().fold(0, |it, digit| it << 8 | i64::from(*digit))))
    };
    let require = number(context(0))?;
    Some((require, number(context(1))?))
}

/// Go's number of a usage.
fn known_usage(oid: &[u8]) -> Option<i64> {
    match oid {
        [0x55, 0x1d, 37, 0] => Some(0),
        [0x2b, 6, 1, 5, 5, 7, 3, number @ 1..=9] => Some(i64::from(*number)),
        [0x2b, 6, 1, 4, 1, 0x82, 0x37, 10, 3, 3] => Some(10),
        [0x60, 0x86, 0x48, 1, 0x86, 0xf8, 0x42, 4, 1] => Some(11),
        [0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 1, 22] => Some(12),
        [0x2b, 6, 1, 4, 1, 0x82, 0x37, 61, 1, 1] => Some(13),
        _ => None,
    }
}
