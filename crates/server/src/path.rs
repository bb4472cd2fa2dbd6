//! The path of a document in a URL.

use percent_encoding::percent_decode_str;

use crate::rescue::Failure;

const PREFIX: &str = "/v1/data";

/// The keys of a path such as `/v1/data/authz/allow`. They are decoded one by one, so that `%2F` is part of a key.
pub(crate) fn keys(path: &str) -> Result<Vec<String>, Failure> {
    path.strip_prefix(PREFIX)
        .unwrap_or(path)
        .split('/')
        .filter(|key| !key.is_empty())
        .map(|key| percent_decode_str(key).decode_utf8().map(|key| key.into_owned()))
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::Parameter("the path is not UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &[&str]) {
        assert_eq!(keys(path).expect("a path"), expected);
    }

    #[test]
    fn keys_are_decoded_one_by_one() {
        check("/v1/data", &[]);
        check("/v1/data/", &[]);
        check("/v1/data/authz/allow", &["authz", "allow"]);
        check("/v1/data//authz/allow/", &["authz", "allow"]);
        check("/v1/data/a%2Fb/c%20d/%C3%A9", &["a/b", "c d", "é"]);
        assert!(keys("/v1/data/%ff").is_err());
    }
}
