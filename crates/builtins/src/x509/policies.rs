//! Whether the policies along a chain of certificates go together (RFC 5280, section 6.1).
//!
//! Nobody asks here for a certain policy, only whether any is left where an authority demands one. So it is enough to
//! follow which policies are expected, without the graph of where each comes from.

use std::collections::BTreeSet;

use crate::x509::certificate::Certificate;

/// The policy that stands for all.
const ANY: &[u8] = &[0x55, 0x1d, 0x20, 0x00];

/// How many certificates further down something begins to hold.
struct Countdowns {
    explicit_policy: i64,
    policy_mapping: i64,
    any_policy: i64,
}

/// Whether the policies of a chain, the leaf first, are enough for the authorities in it.
pub(crate) fn are_valid(chain: &[&Certificate<'_>]) -> bool {
    let Some((_, below)) = chain.split_last() else { return false };
    let n = below.len() as i64;
    let mut left = Countdowns { explicit_policy: n + 1, policy_mapping: n + 1, any_policy: n + 1 };
    let mut expected = BTreeSet::from([ANY]);
    let mut speaks_of_policies = true;
    for (at, it) in below.iter().enumerate().rev() {
        let is_own = it.raw_issuer == it.raw_subject;
        let own = it.details.policies.as_deref().unwrap_or_default();
        let allows_any = left.any_policy > 0 || at > 0 && is_own;
        expected = continued(&expected, own, allows_any);
        if at == 0 {
            continue;
        }
        // Below a certificate without policies nobody looks at what is called what.
        speaks_of_policies &= !own.is_empty();
        if speaks_of_policies {
            match mapped(expected, &it.details.policy_mappings, left.policy_mapping > 0) {
                Some(mapped) => expected = mapped,
                None => return false,
            }
        }
        left.count(it, is_own);
    }
    let demands_now = below.first().is_some_and(|it| it.details.require_explicit_policy == Some(0));
    !expected.is_empty() || left.explicit_policy > 1 && !demands_now || below.is_empty()
}

/// The expected policies that a certificate has too.
fn continued<'a>(
    expected: &BTreeSet<&'a [u8]>,
    own: &[&'a [u8]],
    allows_any: bool,
) -> BTreeSet<&'a [u8]> {
    if own.contains(&ANY) && allows_any {
        let mut all = expected.clone();
        if expected.contains(ANY) {
            all.extend(own);
        }
        return all;
    }
    let is_expected =
        |it: &&&[u8]| **it != ANY && (expected.contains(**it) || expected.contains(ANY));
    own.iter().filter(is_expected).copied().collect()
}

/// The policies under the names that they have further down; `None` if a mapping speaks of all of them.
fn mapped<'a>(
    mut expected: BTreeSet<&'a [u8]>,
    mappings: &[(&'a [u8], &'a [u8])],
    is_allowed: bool,
) -> Option<BTreeSet<&'a [u8]>> {
    if is_allowed && mappings.iter().any(|it| it.0 == ANY || it.1 == ANY) {
        return None;
    }
    let before = expected.clone();
    for (theirs, _) in mappings {
        expected.remove(theirs);
    }
    if is_allowed {
        let known = |it: &&(&[u8], &[u8])| before.contains(it.0) || before.contains(ANY);
        expected.extend(mappings.iter().filter(known).map(|it| it.1));
    }
    Some(expected)
}

impl Countdowns {
    fn count(&mut self, it: &Certificate<'_>, is_own: bool) {
        let details = &it.details;
        for (left, limit) in [
            (&mut self.explicit_policy, details.require_explicit_policy),
            (&mut self.policy_mapping, details.inhibit_policy_mapping),
            (&mut self.any_policy, details.inhibit_any_policy),
        ] {
            if !is_own && *left > 0 {
                *left -= 1;
            }
            *left = limit.map_or(*left, |it| it.min(*left));
        }
    }
}
