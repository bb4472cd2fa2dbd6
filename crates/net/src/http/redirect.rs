//! Following redirects: where to, and what goes along.

use ureq::http::Uri;
use ureq::http::uri::PathAndQuery;

/// The request that follows a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Next {
    pub(super) method: String,
    /// Whether the body goes along.
    pub(super) keeps_body: bool,
}

/// Headers that are for one host only.
pub(super) const SENSITIVE: [&str; 3] = ["authorization", "cookie", "www-authenticate"];

/// What a status asks for; `None` if it is no redirect.
pub(super) fn next(status: u16, method: &str) -> Option<Next> {
    let again = |keeps_body| Some(Next { method: method.to_owned(), keeps_body });
    match (status, method) {
        (301..=303, "GET" | "HEAD") => again(false),
        (301..=303, _) => Some(Next { method: "GET".to_owned(), keeps_body: false }),
        (307 | 308, _) => again(true),
        _ => None,
    }
}

/// The place that a reference names, seen from another place.
pub(super) fn resolve(base: &Uri, reference: &str) -> Option<Uri> {
    let reference = reference.split('#').next().unwrap_or_default();
    let scheme = base.scheme_str()?;
    if reference.contains("://") {
        return reference.parse().ok();
    }
    if reference.starts_with("//") {
        return format!("{scheme}:{reference}").parse().ok();
    }
    let old = base.path_and_query().map_or("/", PathAndQuery::as_str);
    let (old_path, _) = old.split_once('?').unwrap_or((old, ""));
    let path = match reference {
        "" => old.to_owned(),
        query if query.starts_with('?') => format!("{old_path}{query}"),
        absolute if absolute.starts_with('/') => without_dots(absolute),
        relative => {
            let folder = &old_path[..old_path.rfind('/').map_or(0, |at| at + 1)];
            without_dots(&format!("{folder}{relative}"))
        }
    };
    format!("{scheme}://{}{path}", base.authority()?).parse().ok()
}

/// A path without `.` and `..`.
fn without_dots(reference: &str) -> String {
    let (path, query) = match reference.find('?') {
        Some(at) => reference.split_at(at),
        None => (reference, ""),
    };
    let mut parts: Vec<&str> = Vec::new();
    let all: Vec<&str> = path.split('/').skip(1).collect();
    for (at, part) in all.iter().enumerate() {
        let is_last = at + 1 == all.len();
        match *part {
            "." | ".." => {
                if *part == ".." {
                    parts.pop();
                }
                if is_last {
                    parts.push("");
                }
            }
            part => parts.push(part),
        }
    }
    format!("/{}{query}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reference: &str, expected: &str) {
        let base = "http://a.example:81/b/c/d?q=1".parse().expect("a URI");
        let found = resolve(&base, reference).map(|it| it.to_string());
        assert_eq!(found.as_deref(), Some(expected), "{reference}");
    }

    #[test]
    fn references_are_resolved() {
        check("https://b.example/x", "https://b.example/x");
        check("//b.example/x", "http://b.example/x");
        check("/x?y", "http://a.example:81/x?y");
        check("x", "http://a.example:81/b/c/x");
        check("../x", "http://a.example:81/b/x");
        check("./", "http://a.example:81/b/c/");
        check("../../../x/.", "http://a.example:81/x/");
        check("?y=2", "http://a.example:81/b/c/d?y=2");
        check("#part", "http://a.example:81/b/c/d?q=1");
    }

    #[test]
    fn the_method_and_the_body_go_along_where_the_status_says_so() {
        let of = |status, method| next(status, method).map(|it| (it.method, it.keeps_body));
        assert_eq!(of(302, "POST"), Some(("GET".to_owned(), false)));
        assert_eq!(of(301, "HEAD"), Some(("HEAD".to_owned(), false)));
        assert_eq!(of(307, "POST"), Some(("POST".to_owned(), true)));
        assert_eq!(of(304, "GET"), None);
        assert_eq!(of(200, "GET"), None);
    }
}
