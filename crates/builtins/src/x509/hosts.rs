//! Whether a certificate is for a host.

use std::net::IpAddr;

use crate::x509::certificate::Certificate;

/// Whether the certificate is for a host of this name or address; for any if it is empty.
pub(crate) fn is_for(certificate: &Certificate<'_>, host: &str) -> bool {
    let names = &certificate.details.names;
    let literal = host.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    if let Ok(address) = literal.unwrap_or(host).parse::<IpAddr>() {
        let address = address.to_canonical();
        return names.addresses.iter().any(|it| self::address(it) == Some(address));
    }
    let host = host.to_ascii_lowercase();
    let is_host = is_host(host.strip_suffix('.').unwrap_or(&host), false);
    host.is_empty()
        || names.dns.iter().any(|pattern| match is_host && self::is_host(pattern, true) {
            true => matches(pattern, host.strip_suffix('.').unwrap_or(&host)),
            false => !matches!(host.as_str(), "" | ".") && pattern.eq_ignore_ascii_case(&host),
        })
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        _ => <[u8; 16]>::try_from(bytes).ok().map(|it| IpAddr::from(it).to_canonical()),
    }
}

/// Whether it could be the name of a host; a pattern may begin with a star for a whole label.
fn is_host(name: &str, is_pattern: bool) -> bool {
    let is_letter = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let is_label = |it: &str| !it.is_empty() && it.chars().all(is_letter) && !it.starts_with('-');
    let rest = if is_pattern { name.strip_prefix("*.").unwrap_or(name) } else { name };
    rest.split('.').all(is_label)
}

/// Whether the labels are the same; a star stands for any first one.
fn matches(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => host.split_once('.').is_some_and(|(_, it)| it.eq_ignore_ascii_case(rest)),
        None => pattern.eq_ignore_ascii_case(host),
    }
}
