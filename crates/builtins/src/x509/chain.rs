//! Whether one certificate may be trusted because another is: chains from a leaf to a root (RFC 5280, as Go does it).

use crate::keys::PublicKey;
use crate::signatures::{ecdsa, eddsa, rsa, rsa::Hash};
use crate::x509::algorithms::SignatureAlgorithm;
use crate::x509::certificate::Certificate;
use crate::x509::details::{ALT_NAMES, CONSTRAINTS};
use crate::x509::{hosts, policies};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// What is demanded of a chain besides that it holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// Whom the leaf must be for; nobody in particular if empty.
    pub(crate) host: String,
    /// Nanoseconds since 1970.
    pub(crate) now_ns: i64,
    /// Go's numbers of usages, one of which all certificates must allow; that of servers if there are none.
    pub(crate) usages: Vec<i64>,
}

/// How often signatures are checked before there is no chain.
const SIGNATURES_MAX: usize = 100;
/// The usage of everything.
const ANY: i64 = 0;
/// The usage of a server.
const SERVER: i64 = 1;
/// The bit of a key that may sign certificates.
const SIGNS_CERTIFICATES: i64 = 1 << 5;

/// The first chain from the last certificate over those in the middle to the first one, which is trusted.
pub(crate) fn verify<'a, 'd>(
    certificates: &'a [Certificate<'d>],
    options: &Options,
) -> Option<Vec<&'a Certificate<'d>>> {
    let [root, between @ .., leaf] = certificates else { return None };
    if !is_valid(leaf, &[], false, options) || !hosts::is_for(leaf, &options.host) {
        return None;
    }
    let mut search = Search { root, between, options, n_checks: 0, chains: Vec::new() };
    if root.raw == leaf.raw {
        search.chains.push(vec![leaf]);
    } else {
        search.extend(&[leaf]);
    }
    search
        .chains
        .into_iter()
        .find(|it| policies::are_valid(it) && allow_usage(it, &options.usages) && allow_names(it))
}

struct Search<'a, 'd, 'o> {
    root: &'a Certificate<'d>,
    between: &'a [Certificate<'d>],
    options: &'o Options,
    n_checks: usize,
    chains: Vec<Vec<&'a Certificate<'d>>>,
}

impl<'a, 'd> Search<'a, 'd, '_> {
    /// Finds the chains that begin like this one.
    fn extend(&mut self, chain: &[&'a Certificate<'d>]) {
        let Some(last) = chain.last() else { return };
        if self.root.raw_subject == last.raw_issuer && self.is_parent(self.root, chain, false) {
            self.chains.push([chain, &[self.root]].concat());
        }
        let mut parents: Vec<_> =
            self.between.iter().filter(|it| it.raw_subject == last.raw_issuer).collect();
        parents.sort_by_key(|it| likeness(it, last));
        for parent in parents {
            if self.is_parent(parent, chain, true) {
                self.extend(&[chain, &[parent]].concat());
            }
        }
    }

    /// Whether the certificate has signed the last one of a chain, and may have.
    fn is_parent(
        &mut self,
        candidate: &'a Certificate<'d>,
        chain: &[&'a Certificate<'d>],
        is_between: bool,
    ) -> bool {
        self.n_checks += 1;
        let Some(last) = chain.last() else { return false };
        self.n_checks <= SIGNATURES_MAX
            && !chain.iter().any(|it| is_same(it, candidate))
            && may_sign(candidate)
            && has_signed(candidate, last)
            && is_valid(candidate, chain, is_between, self.options)
    }
}

/// How well the key that a certificate names fits its issuer's, best first.
fn likeness(parent: &Certificate<'_>, child: &Certificate<'_>) -> u8 {
    let theirs = parent.details.subject_key.unwrap_or_default();
    let ours = child.details.authority_key.unwrap_or_default();
    match (theirs == ours, theirs.is_empty() != ours.is_empty()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// Whether both are for the same name and key.
fn is_same(a: &Certificate<'_>, b: &Certificate<'_>) -> bool {
    a.raw_subject == b.raw_subject
        && a.raw_key == b.raw_key
        && a.extension(ALT_NAMES) == b.extension(ALT_NAMES)
}

fn may_sign(it: &Certificate<'_>) -> bool {
    let is_authority = match it.details.basic {
        Some(basic) => basic.is_authority,
        None => it.version != 3,
    };
    let usage = it.details.key_usage;
    is_authority && (usage == 0 || usage & SIGNS_CERTIFICATES != 0)
}

/// Whether it could stand behind the chain (or at its beginning) now.
fn is_valid(
    it: &Certificate<'_>,
    chain: &[&Certificate<'_>],
    is_between: bool,
    options: &Options,
) -> bool {
    let basic = it.details.basic;
    let n_between = chain.len().saturating_sub(1) as i64;
    let ns = |seconds: i64| i128::from(seconds) * 1_000_000_000;
    let now = i128::from(options.now_ns);
    it.details.unhandled.is_empty()
        && (ns(it.not_before.seconds)..=ns(it.not_after.seconds)).contains(&now)
        && (!is_between || basic.is_some_and(|it| it.is_authority))
        && basic.and_then(|it| it.path_length).is_none_or(|it| n_between <= it)
}

/// Whether the signature of a certificate is that of another one's key. Those with SHA-1 or worse prove nothing.
fn has_signed(parent: &Certificate<'_>, child: &Certificate<'_>) -> bool {
    use SignatureAlgorithm as It;
    let (message, signature) = (child.raw_signed, child.signature.as_slice());
    match (&parent.key, child.signature_algorithm) {
        (Some(PublicKey::Rsa(key)), algorithm) => match algorithm {
            It::Sha256WithRsa => {
                rsa::verify_pkcs1(key, Hash::Sha256, &Sha256::digest(message), signature)
            }
            It::Sha384WithRsa => {
                rsa::verify_pkcs1(key, Hash::Sha384, &Sha384::digest(message), signature)
            }
            It::Sha512WithRsa => {
                rsa::verify_pkcs1(key, Hash::Sha512, &Sha512::digest(message), signature)
            }
            It::Sha256WithRsaPss => {
                rsa::verify_pss::<Sha256>(key, &Sha256::digest(message), signature, Some(32))
            }
            It::Sha384WithRsaPss => {
                rsa::verify_pss::<Sha384>(key, &Sha384::digest(message), signature, Some(48))
            }
            It::Sha512WithRsaPss => {
                rsa::verify_pss::<Sha512>(key, &Sha512::digest(message), signature, Some(64))
            }
            _ => false,
        },
        (Some(PublicKey::Ec(key)), algorithm) => {
            let digest = match algorithm {
                It::EcdsaWithSha256 => Sha256::digest(message).to_vec(),
                It::EcdsaWithSha384 => Sha384::digest(message).to_vec(),
                It::EcdsaWithSha512 => Sha512::digest(message).to_vec(),
                _ => return false,
            };
            ecdsa::split_der(signature).is_some_and(|(r, s)| ecdsa::verify(key, &digest, r, s))
        }
        (Some(PublicKey::Ed25519(key)), It::Ed25519) => eddsa::verify(key, message, signature),
        _ => false,
    }
}

/// Whether all certificates allow one of the usages; those that name none allow all.
fn allow_usage(chain: &[&Certificate<'_>], demanded: &[i64]) -> bool {
    let demanded = if demanded.is_empty() { &[SERVER] } else { demanded };
    demanded.contains(&ANY)
        || demanded.iter().any(|demanded| {
            chain.iter().all(|it| {
                let details = &it.details;
                details.usages.is_empty() && details.unknown_usages.is_empty()
                    || details.usages.contains(&ANY)
                    || details.usages.contains(demanded)
            })
        })
}

/// Whether the names in the certificates are those that the ones above them may vouch for.
fn allow_names(chain: &[&Certificate<'_>]) -> bool {
    let is_named = |it: &&Certificate<'_>| it.extension(ALT_NAMES).is_some();
    let has_constraints = |it: &Certificate<'_>| it.extension(CONSTRAINTS).is_some();
    chain.iter().enumerate().filter(|(_, it)| is_named(it)).all(|(at, it)| {
        let above = chain.iter().skip(at + 1).filter(|it| has_constraints(it));
        above
            .filter_map(|it| it.details.constraints.as_ref())
            .all(|all| all.allow(&it.details.names))
    })
}
