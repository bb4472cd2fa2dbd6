//! URIs in certificates, taken apart the way Go's JSON shows them.

use crate::uri::parts::{Uri, escaped};

/// The parts of a URI. What isn't there is empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Url {
    /// The whole, as it reads again.
    pub(crate) text: String,
    pub(crate) scheme: String,
    pub(crate) opaque: String,
    pub(crate) has_user: bool,
    /// With the port.
    pub(crate) host: String,
    pub(crate) path: String,
    /// Only where the path is escaped in another way than the usual one.
    pub(crate) raw_path: String,
    pub(crate) omits_host: bool,
    pub(crate) forces_query: bool,
    pub(crate) raw_query: String,
    pub(crate) fragment: String,
}

impl Url {
    pub(crate) fn parse(text: &str) -> Result<Url, &'static str> {
        let parts = Uri::parse(text)?;
        let before_fragment = text.split_once('#').map_or(text, |(before, _)| before);
        let behind_scheme = before_fragment.get(parts.scheme.len()..).unwrap_or_default();
        let rest = match parts.scheme.is_empty() {
            true => before_fragment,
            false => behind_scheme.strip_prefix(':').unwrap_or(behind_scheme),
        };
        let hierarchy = rest.split_once('?').map_or(rest, |(before, _)| before);
        let mut url = Url {
            forces_query: rest.ends_with('?') && rest.matches('?').count() == 1,
            raw_path: if parts.raw_path == parts.path || !hierarchy.contains('%') {
                String::new()
            } else {
                raw_path(&parts.raw_path, &parts.path)
            },
            path: parts.path,
            raw_query: parts.raw_query,
            fragment: parts.fragment,
            scheme: parts.scheme,
            ..Url::default()
        };
        if !hierarchy.starts_with('/') {
            if !url.scheme.is_empty() {
                hierarchy.clone_into(&mut url.opaque);
            }
        } else if let Some(behind) = hierarchy.strip_prefix("//") {
            let authority = behind.split('/').next().unwrap_or_default();
            url.has_user = authority.contains('@');
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            url.host = host.to_owned();
        } else {
            url.omits_host = !url.scheme.is_empty();
        }
        url.text = match url.scheme.is_empty() {
            true => text.to_owned(),
            false => [&url.scheme, text.get(url.scheme.len()..).unwrap_or_default()].concat(),
        };
        if url.fragment.is_empty() && url.text.ends_with('#') {
            url.text.pop();
        }
        Ok(url)
    }

    /// The path with its escapes.
    pub(crate) fn escaped_path(&self) -> String {
        if self.raw_path.is_empty() { escaped(&self.path) } else { self.raw_path.clone() }
    }
}

/// The path as it was written, if writing the plain one gives something else.
fn raw_path(written: &str, plain: &str) -> String {
    if escaped(plain) == written { String::new() } else { written.to_owned() }
}
