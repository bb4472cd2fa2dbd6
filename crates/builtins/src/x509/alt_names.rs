//! Alternative names of whom a certificate is for, and what names may look like.

use crate::der::{Reader, Result, SEQUENCE, context};
use crate::failure::Failure;
use crate::x509::uris::Url;

/// Names of the kinds that are looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct AltNames<'a> {
    pub(crate) dns: Vec<&'a str>,
    pub(crate) emails: Vec<&'a str>,
    /// 4 or 16 bytes.
    pub(crate) addresses: Vec<&'a [u8]>,
    pub(crate) uris: Vec<Url>,
}

pub(crate) const EMAIL: u8 = context(1);
pub(crate) const DNS: u8 = context(2);
pub(crate) const URI: u8 = context(6);
pub(crate) const ADDRESS: u8 = context(7);

impl<'a> AltNames<'a> {
    /// Reads the value of the extension.
    pub(crate) fn read(value: &'a [u8]) -> Result<AltNames<'a>> {
        let malformed = || Failure::error("x509: invalid subject alternative names");
        let mut list = Reader::new(value).inside(SEQUENCE).ok_or_else(malformed)?;
        let mut names = AltNames::default();
        while !list.is_empty() {
            let name = list.any().ok_or_else(malformed)?;
            match name.tag {
                EMAIL => names.emails.push(
                    ascii(name.content)
                        .ok_or(Failure::error("x509: SAN rfc822Name is malformed"))?,
                ),
                DNS => names.dns.push(
                    ascii(name.content).ok_or(Failure::error("x509: SAN dNSName is malformed"))?,
                ),
                URI => names.uris.push(uri(name.content)?),
                ADDRESS if matches!(name.content.len(), 4 | 16) => {
                    names.addresses.push(name.content);
                }
                ADDRESS => return Err(Failure::error("x509: cannot parse IP address")),
                _ => {}
            }
        }
        Ok(names)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.dns.is_empty()
            && self.emails.is_empty()
            && self.addresses.is_empty()
            && self.uris.is_empty()
    }
}

fn uri(content: &[u8]) -> Result<Url> {
    let text =
        ascii(content).ok_or(Failure::error("x509: SAN uniformResourceIdentifier is malformed"))?;
    let cannot = |why: &str| {
        Failure::Error(["x509: cannot parse URI \"", text, "\": ", why].concat().into())
    };
    let url = Url::parse(text).map_err(cannot)?;
    if is_domain(&url.host, false) { Ok(url) } else { Err(cannot("invalid domain")) }
}

/// The text if it is ASCII.
pub(crate) fn ascii(content: &[u8]) -> Option<&str> {
    std::str::from_utf8(content).ok().filter(|it| it.is_ascii())
}

/// Whether it could be a domain: labels of printing characters. A constraint may begin with a dot.
pub(crate) fn is_domain(text: &str, is_constraint: bool) -> bool {
    let labels = match text.strip_prefix('.') {
        Some(rest) if is_constraint => rest,
        _ => text,
    };
    let is_label = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_graphic());
    text.is_empty() || labels.split('.').all(is_label)
}

/// The part of a mail address before the `@`, without quoting, and the domain behind it (RFC 2821).
pub(crate) fn mailbox(text: &str) -> Option<(String, &str)> {
    let (local, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted_part(quoted)?,
        None => plain_part(text)?,
    };
    let domain = rest.strip_prefix('@')?;
    is_domain(domain, false).then_some((local, domain))
}

/// Up to the closing quote.
fn quoted_part(text: &str) -> Option<(String, &str)> {
    let mut local = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        let letter = match letter {
            '"' => return Some((local, text.get(at + 1..)?)),
            '\\' => letters.next()?.1,
            '\0' | '\t' | '\n' | '\r' => return None,
            other => other,
        };
        local.push(letter);
    }
    None
}

/// Words with dots between them.
fn plain_part(text: &str) -> Option<(String, &str)> {
    let mut local = String::new();
    let mut letters = text.char_indices();
    let mut end = text.len();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' {
            local.push(letters.next()?.1);
        } else if letter.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(letter) {
            local.push(letter);
        } else {
            end = at;
            break;
        }
    }
    let is_right = !local.is_empty()
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..");
    Some((local, text.get(end..)?)).filter(|_| is_right)
}
