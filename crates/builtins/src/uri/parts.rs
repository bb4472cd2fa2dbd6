//! Taking a URI apart, as leniently as Go does.

use std::net::Ipv6Addr;

use crate::hex;

/// The parts of a URI, without escapes unless they are raw. What isn't there is empty.
#[derive(Default)]
pub(crate) struct Uri {
    pub(crate) scheme: String,
    pub(crate) hostname: String,
    pub(crate) port: String,
    pub(crate) path: String,
    pub(crate) raw_path: String,
    pub(crate) raw_query: String,
    pub(crate) fragment: String,
}

const BAD_ESCAPE: &str = "invalid URL escape";

impl Uri {
    /// Reads a URI or a relative reference.
    pub(crate) fn parse(text: &str) -> Result<Uri, &'static str> {
        let mut uri = Uri::default();
        let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
        if text.bytes().any(|it| it < b' ' || it == 0x7f) {
            return Err("net/url: invalid control character in URL");
        }
        uri.fragment = unescaped(fragment)?;
        let (scheme, rest) = scheme(text)?;
        uri.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        uri.raw_query = query.to_owned();
        if !rest.starts_with('/') {
            // Behind a scheme this is opaque: `mailto:a@b`.
            if !scheme.is_empty() {
                return Ok(uri);
            }
            if rest.split('/').next().is_some_and(|it| it.contains(':')) {
                return Err("first path segment in URL cannot contain colon");
            }
        }
        if let Some(behind) =
            rest.strip_prefix("//").filter(|it| !scheme.is_empty() || !it.starts_with('/'))
        {
            let (authority, path) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
            uri.read_authority(authority)?;
            rest = path;
        }
        uri.path = unescaped(rest)?;
        // The raw path differs only where another way of escaping was used than the usual one.
        uri.raw_path = if escaped(&uri.path) == rest { uri.path.clone() } else { rest.to_owned() };
        Ok(uri)
    }

    fn read_authority(&mut self, authority: &str) -> Result<(), &'static str> {
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        let is_user = |it: char| it.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(it);
        if !user.chars().all(is_user) {
            return Err("net/url: invalid userinfo");
        }
        unescaped(user)?;
        let (name, port) = match host.strip_prefix('[') {
            Some(literal) => {
                let (name, port) = literal.rsplit_once(']').ok_or("missing ']' in host")?;
                let address = name.split_once("%25").map_or(name, |(address, _)| address);
                address.parse::<Ipv6Addr>().map_err(|_| "invalid host: unable to parse IP")?;
                (name, port)
            }
            None => {
                let (name, port) = host.split_at(host.rfind(':').unwrap_or(host.len()));
                // ASCII letters of a host name must not hide behind escapes.
                if name
                    .split('%')
                    .skip(1)
                    .any(|it| it.starts_with(|it| it < '8') && !it.starts_with("25"))
                {
                    return Err(BAD_ESCAPE);
                }
                (name, port)
            }
        };
        let digits = port.strip_prefix(':').unwrap_or(port);
        if digits.len() == port.len() && !port.is_empty()
            || !digits.bytes().all(|it| it.is_ascii_digit())
        {
            return Err("invalid port after host");
        }
        if !name.chars().all(is_host) {
            return Err("invalid character in host name");
        }
        (self.hostname, self.port) = (unescaped(name)?, digits.to_owned());
        Ok(())
    }
}

fn is_host(it: char) -> bool {
    !it.is_ascii() || it.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(it)
}

/// The scheme, if there is one, and what follows its colon.
fn scheme(text: &str) -> Result<(&str, &str), &'static str> {
    let is_letter = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '-' | '.');
    let is_scheme =
        |it: &str| it.chars().all(is_letter) && it.starts_with(|it: char| it.is_ascii_alphabetic());
    match text.split_once(':') {
        Some(("", _)) => Err("missing protocol scheme"),
        Some((scheme, rest)) if is_scheme(scheme) => Ok((scheme, rest)),
        _ => Ok(("", text)),
    }
}

fn unescaped(text: &str) -> Result<String, &'static str> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        rest = behind;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let [high, low, after @ ..] = behind else { return Err(BAD_ESCAPE) };
        let digit = |it: u8| char::from(it).to_digit(16).map(|it| it as u8).ok_or(BAD_ESCAPE);
        bytes.push(digit(*high)? << 4 | digit(*low)?);
        rest = after;
    }
    Ok(String::from_utf8(bytes)
        .unwrap_or_else(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()))
}

/// A path with the escapes that are usual in one.
pub(crate) fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push_str(&hex::encode(&[byte]).to_ascii_uppercase());
        }
    }
    out
}
