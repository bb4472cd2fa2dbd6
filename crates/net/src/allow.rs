//! The hosts that policies may talk to.

use std::fmt;
use std::str::FromStr;

/// The hosts that policies may talk to; by default none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowList {
    entries: Vec<Entry>,
}

/// One entry: `*`, a host with or without a port, or a socket in the file system.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Entry {
    Everything,
    Host { name: String, port: Option<u16> },
    Socket(String),
}

/// Text that is no entry of an allow-list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no host: write HOST, HOST:PORT, [IPV6]:PORT, unix:PATH, or * for all of them")]
pub struct AllowError(String);

impl AllowList {
    /// Every host, port and socket.
    pub fn everything() -> AllowList {
        AllowList { entries: vec![Entry::Everything] }
    }

    /// The hosts of these entries: `example.com`, `example.com:8443`, `[::1]:80`, `unix:/run/app.sock`, `*`.
    ///
    /// # Errors
    /// One of them is none.
    pub fn parse<T: AsRef<str>>(
        entries: impl IntoIterator<Item = T>,
    ) -> Result<AllowList, AllowError> {
        let entries = entries.into_iter().map(|it| it.as_ref().parse());
        Ok(AllowList { entries: entries.collect::<Result<_, _>>()? })
    }

    /// Whether a host may be asked at a port.
    pub fn allows(&self, host: &str, port: u16) -> bool {
        self.entries.iter().any(|entry| match entry {
            Entry::Everything => true,
            Entry::Host { name, port: own } => {
                same_host(name, host) && own.is_none_or(|own| own == port)
            }
            Entry::Socket(_) => false,
        })
    }

    /// Whether a host's addresses may be looked up: it is allowed at some port.
    pub fn allows_lookup(&self, host: &str) -> bool {
        self.entries.iter().any(|entry| match entry {
            Entry::Everything => true,
            Entry::Host { name, .. } => same_host(name, host),
            Entry::Socket(_) => false,
        })
    }

    /// Whether a socket in the file system may be opened.
    pub fn allows_socket(&self, path: &str) -> bool {
        self.entries.iter().any(|entry| match entry {
            Entry::Everything => true,
            Entry::Socket(own) => own == path,
            Entry::Host { .. } => false,
        })
    }
}

/// Names are the same in any case, with or without the dot of the root.
fn same_host(name: &str, host: &str) -> bool {
    plain(name).eq_ignore_ascii_case(plain(host))
}

fn plain(host: &str) -> &str {
    let host = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host)
}

impl FromStr for Entry {
    type Err = AllowError;

    fn from_str(text: &str) -> Result<Entry, AllowError> {
        let wrong = || AllowError(text.to_owned());
        if text == "*" {
            return Ok(Entry::Everything);
        }
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() { Err(wrong()) } else { Ok(Entry::Socket(path.to_owned())) };
        }
        let (name, port) = match text.rsplit_once(':') {
            // An IPv6 address without brackets has colons and no port.
            Some((name, _)) if name.contains(':') && !name.ends_with(']') => (text, None),
            Some((name, port)) => (name, Some(port.parse().map_err(|_| wrong())?)),
            None => (text, None),
        };
        let is_name = |it: char| it.is_alphanumeric() || "-._:%".contains(it);
        match plain(name) {
            "" => Err(wrong()),
            host if host.chars().all(is_name) => Ok(Entry::Host { name: host.to_owned(), port }),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for AllowList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, entry) in self.entries.iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            match entry {
                Entry::Everything => f.write_str("*")?,
                Entry::Host { name, port: None } => f.write_str(name)?,
                Entry::Host { name, port: Some(port) } if name.contains(':') => {
                    write!(f, "[{name}]:{port}")?;
                }
                Entry::Host { name, port: Some(port) } => write!(f, "{name}:{port}")?,
                Entry::Socket(path) => write!(f, "unix:{path}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(entry: &str, host: &str, port: u16, allowed: bool) {
        let list = AllowList::parse([entry]).expect("an entry");
        assert_eq!(list.allows(host, port), allowed, "{entry} and {host}:{port}");
    }

    #[test]
    fn hosts_are_compared_whole() {
        check("example.com", "example.com", 443, true);
        check("example.com", "EXAMPLE.com.", 80, true);
        check("example.com", "www.example.com", 80, false);
        check("example.com", "example.com.evil", 80, false);
        check("example.com:443", "example.com", 443, true);
        check("example.com:443", "example.com", 80, false);
        check("[::1]:80", "[::1]", 80, true);
        check("::1", "::1", 80, true);
        check("unix:/run/a.sock", "unix", 80, false);
        check("*", "anything", 1, true);
        assert!(!AllowList::default().allows("example.com", 80));
    }

    #[test]
    fn sockets_and_lookups_need_entries_of_their_own() {
        let list = AllowList::parse(["unix:/run/a.sock", "example.com:443"]).expect("entries");
        assert!(list.allows_socket("/run/a.sock") && !list.allows_socket("/run/b.sock"));
        assert!(list.allows_lookup("example.com") && !list.allows_lookup("example.org"));
        assert_eq!(list.to_string(), "unix:/run/a.sock, example.com:443");
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in ["", ":80", "a b", "example.com:x", "http://example.com", "unix:", "a:99999"] {
            assert!(AllowList::parse([text]).is_err(), "{text}");
        }
    }
}
