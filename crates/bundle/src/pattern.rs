//! Names matched against patterns: `*` stands for any characters, `?` for one, all else for itself.

/// Whether the whole of `name` matches `pattern`, in time proportional to the product of their lengths at most.
pub fn matches_pattern(pattern: &str, name: &str) -> bool {
    let (mut pattern, mut name) = (pattern.chars(), name.chars());
    // Where to go on if what follows the last `*` does not match here: it then stands for one character more.
    let mut retry = None;
    loop {
        let before = name.clone();
        match (pattern.next(), name.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                name = before;
                retry = Some((pattern.clone(), name.clone()));
            }
            (Some('?'), Some(_)) => {}
            (Some(wanted), Some(found)) if wanted == found => {}
            _ => {
                let Some((after_star, at)) = retry.as_mut() else { return false };
                if at.next().is_none() {
                    return false;
                }
                (pattern, name) = (after_star.clone(), at.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_names() {
        assert!(matches_pattern("*_test.rego", "policy_test.rego"));
        assert!(matches_pattern("*_test.rego", "a_test_test.rego"));
        assert!(!matches_pattern("*_test.rego", "policy.rego"));
        assert!(matches_pattern("?.rego", "ä.rego"));
        assert!(!matches_pattern("?", ""));
        assert!(matches_pattern("**", "") && matches_pattern("a*", "a"));
        assert!(!matches_pattern("", "a") && !matches_pattern("a", "ab"));
        assert!(matches_pattern("/old/*", "/old/a/b.rego"));
    }

    #[test]
    fn many_stars_take_no_longer() {
        assert!(!matches_pattern(&"*a".repeat(500), &format!("{}b", "a".repeat(5_000))));
    }
}
