//! The path of a decision as records have it: the keys below `data`, joined by slashes, so that they can be told apart
//! again.
//!
//! Ordinary names stand as they are, as in OPA's events. In a key a slash is `%2F` and a percent sign `%25`.

use percent_encoding::percent_decode_str;

/// The keys as one text: `["authz", "a/b"]` is `authz/a%2Fb`.
pub fn join_path(keys: &[String]) -> String {
    let escaped = keys.iter().map(|key| key.replace('%', "%25").replace('/', "%2F"));
    escaped.collect::<Vec<_>>().join("/")
}

/// The keys of a text that [`join_path`] made. A percent sign that escapes nothing, as in records of others, is one.
pub fn split_path(path: &str) -> Vec<String> {
    let decode = |key: &str| match percent_decode_str(key).decode_utf8() {
        Ok(decoded) => decoded.into_owned(),
        Err(_) => key.to_owned(),
    };
    path.split('/').filter(|key| !key.is_empty()).map(decode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(keys: &[&str], text: &str) {
        let keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        assert_eq!(join_path(&keys), text);
        assert_eq!(split_path(text), keys);
    }

    #[test]
    fn keys_are_told_apart_again() {
        check(&[], "");
        check(&["authz", "allow"], "authz/allow");
        check(&["a/b", "c"], "a%2Fb/c");
        check(&["a%2Fb", "100%", "é ü"], "a%252Fb/100%25/é ü");
    }

    #[test]
    fn a_percent_sign_of_others_stays() {
        assert_eq!(split_path("/a/100%/%zz/%ff"), ["a", "100%", "%zz", "%ff"]);
    }
}
