//! Name constraints: which names an authority may vouch for.

use crate::der::{Reader, Result, SEQUENCE, constructed};
use crate::failure::Failure;
use crate::x509::alt_names::{self, AltNames};
use crate::x509::certificate::Extension;

/// What may and what may not be named below an authority.
#[derive(Clone, Debug, Default)]
pub(crate) struct Constraints<'a> {
    pub(crate) permitted: Names<'a>,
    pub(crate) excluded: Names<'a>,
    pub(crate) is_critical: bool,
    /// Whether there are kinds of names among them that are not looked at.
    pub(crate) has_unknown: bool,
}

/// Patterns of names. Where there are none of a kind, nothing is said about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names<'a> {
    pub(crate) dns: Vec<&'a str>,
    pub(crate) emails: Vec<&'a str>,
    /// An address and a mask, of 4 or 16 bytes each.
    pub(crate) networks: Vec<(&'a [u8], &'a [u8])>,
    pub(crate) uris: Vec<&'a str>,
}

impl<'a> Constraints<'a> {
    pub(crate) fn read(extension: &Extension<'a>) -> Result<Constraints<'a>> {
        let invalid = || Failure::error("x509: invalid NameConstraints extension");
        let mut all = Reader::new(extension.value);
        let mut both = all.inside(SEQUENCE).filter(|_| all.is_empty()).ok_or_else(invalid)?;
        let permitted = both.optional(constructed(0)).ok_or_else(invalid)?.unwrap_or_default();
        let excluded = both.optional(constructed(1)).ok_or_else(invalid)?.unwrap_or_default();
        if !both.is_empty() {
            return Err(invalid());
        }
        if permitted.is_empty() && excluded.is_empty() {
            return Err(Failure::error("x509: empty name constraints extension"));
        }
        let mut constraints =
            Constraints { is_critical: extension.is_critical, ..Constraints::default() };
        let has_unknown = &mut constraints.has_unknown;
        constraints.permitted = Names::read(permitted, has_unknown)?;
        constraints.excluded = Names::read(excluded, has_unknown)?;
        Ok(constraints)
    }

    /// Whether all these names may be named.
    pub(crate) fn allow(&self, names: &AltNames<'_>) -> bool {
        let each = |is_in: &dyn Fn(&Names<'_>) -> Option<bool>| {
            is_in(&self.permitted) != Some(false) && is_in(&self.excluded) != Some(true)
        };
        let addresses = names.addresses.iter().all(|it| each(&|set| set.has_address(it)));
        let dns = names.dns.iter().all(|it| {
            let wildcard = it.starts_with("*.");
            alt_names::is_domain(it, false)
                && each(&|set| some(&set.dns, |pattern| is_below(it, pattern)))
                // A wildcard also stands for what is excluded beside it.
                && !(wildcard && self.excluded.dns.iter().any(|pattern| is_beside(it, pattern)))
        });
        let uris = names.uris.iter().all(|it| {
            domain_of(&it.host)
                .is_some_and(|host| each(&|set| some(&set.uris, |pattern| is_below(host, pattern))))
        });
        let emails = names.emails.iter().all(|it| {
            alt_names::mailbox(it).is_some_and(|(local, domain)| {
                each(&|set| some(&set.emails, |pattern| is_mailbox_in(&local, domain, pattern)))
            })
        });
        addresses && dns && uris && emails
    }
}

impl<'a> Names<'a> {
    fn read(subtrees: &'a [u8], has_unknown: &mut bool) -> Result<Names<'a>> {
        let invalid = || Failure::error("x509: invalid NameConstraints extension");
        let mut list = Reader::new(subtrees);
        let mut names = Names::default();
        while !list.is_empty() {
            let name = list.inside(SEQUENCE).and_then(|mut it| it.any()).ok_or_else(invalid)?;
            let domain = || {
                alt_names::ascii(name.content)
                    .ok_or(Failure::error("x509: invalid constraint value"))
            };
            let failed = |kind: &str, text: &str| {
                let text = ["x509: failed to parse ", kind, " constraint \"", text, "\""];
                Failure::Error(text.concat().into())
            };
            match name.tag {
                alt_names::DNS => {
                    let text = domain()?;
                    if !alt_names::is_domain(text, true) {
                        return Err(failed("dnsName", text));
                    }
                    names.dns.push(text);
                }
                alt_names::EMAIL => {
                    let text = domain()?;
                    let is_right = match text.contains('@') {
                        true => alt_names::mailbox(text).is_some(),
                        false => alt_names::is_domain(text, true),
                    };
                    if !is_right {
                        return Err(failed("rfc822Name", text));
                    }
                    names.emails.push(text);
                }
                alt_names::URI => {
                    let text = domain()?;
                    let is_address = text.parse::<std::net::IpAddr>().is_ok();
                    if is_address || !alt_names::is_domain(text, true) {
                        return Err(failed("URI", text));
                    }
                    names.uris.push(text);
                }
                alt_names::ADDRESS => names.networks.push(network(name.content)?),
                _ => *has_unknown = true,
            }
        }
        Ok(names)
    }

    /// Whether an address is in one of the networks; `None` if there are none.
    fn has_address(&self, address: &[u8]) -> Option<bool> {
        let of_kind: Vec<_> = self.networks.iter().collect();
        some(&of_kind, |(network, mask)| {
            network.len() == address.len()
                && network
                    .iter()
                    .zip(*mask)
                    .zip(address)
                    .all(|((net, mask), it)| net & mask == it & mask)
        })
    }
}

/// Whether one of the patterns fits; `None` if there are none.
fn some<T>(patterns: &[T], fits: impl Fn(&T) -> bool) -> Option<bool> {
    if patterns.is_empty() { None } else { Some(patterns.iter().any(fits)) }
}

/// An address and its mask, ones before zeros.
fn network(content: &[u8]) -> Result<(&[u8], &[u8])> {
    if !matches!(content.len(), 8 | 32) {
        return Err(Failure::error("x509: IP constraint contained value of wrong length"));
    }
    let (address, mask) = content.split_at(content.len() / 2);
    let mut bits = mask.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1));
    bits.by_ref().find(|it| *it == 0);
    if bits.any(|it| it == 1) {
        return Err(Failure::error("x509: IP constraint contained invalid mask"));
    }
    Ok((address, mask))
}

/// Whether a domain is the pattern's or below it; only below it if the pattern begins with a dot.
fn is_below(domain: &str, pattern: &str) -> bool {
    let Some(split) = domain.len().checked_sub(pattern.len()) else { return false };
    let (Some(before), Some(end)) = (domain.get(..split), domain.get(split..)) else {
        return false;
    };
    end.eq_ignore_ascii_case(pattern)
        && (pattern.is_empty()
            || before.is_empty()
            || pattern.starts_with('.')
            || before.ends_with('.'))
}

/// Whether a wildcard could stand for the pattern.
fn is_beside(wildcard: &str, pattern: &str) -> bool {
    match (wildcard.split_once('.'), pattern.split_once('.')) {
        (Some((_, parent)), Some((_, other))) => {
            !other.is_empty() && parent.eq_ignore_ascii_case(other)
        }
        _ => false,
    }
}

/// The domain of a host that isn't an address, without its port.
fn domain_of(host: &str) -> Option<&str> {
    let domain = match host.rsplit_once(':') {
        Some((domain, _)) if !host.ends_with(']') => domain,
        _ => host,
    };
    let is_address = domain.starts_with('[') || domain.parse::<std::net::IpAddr>().is_ok();
    (!domain.is_empty() && !is_address && alt_names::is_domain(domain, false)).then_some(domain)
}

fn is_mailbox_in(local: &str, domain: &str, pattern: &str) -> bool {
    if !pattern.contains('@') {
        return is_below(domain, pattern);
    }
    alt_names::mailbox(pattern)
        .is_some_and(|(name, place)| name == local && place.eq_ignore_ascii_case(domain))
}
