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
            path: parts.path,
            raw_query: parts.raw_query,
            fragment: parts.fragment,
            scheme: parts.scheme,
            ..Url::default()
        };
        let mut written = hierarchy;
        if !hierarchy.starts_with('/') {
            if !url.scheme.is_empty() {
                (url.opaque, written) = (hierarchy.to_owned(), "");
            }
        } else if let Some(behind) = hierarchy.strip_prefix("//") {
            let (authority, path) = behind.split_at(behind.find('/').unwrap_or(behind.len()));
            written = path;
            url.has_user = authority.contains('@');
            let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
            url.host = host.to_owned();
        } else {
            url.omits_host = !url.scheme.is_empty();
        }
        if escaped(&url.path) != written {
            written.clone_into(&mut url.raw_path);
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
        let is_path = |it: char| it.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:@[]%/".contains(it);
        match self.raw_path.as_str() {
            "" => escaped(&self.path),
            written if written.chars().all(is_path) => written.to_owned(),
            _ => escaped(&self.path),
        }
    }
}
