//! Trust from the outside: files of cosign and OpenSSL, every refusal with its own message, and
//! key files on disk.

use std::error::Error;
use std::fs;

use palisade_bundle::{Digest, digest};
use palisade_trust::{
    Admission, KeyPair, Policy, PublicKey, Refusal, Signature, VerifyError, save, sign, verify,
};

const BLOB: &[u8] = b"a policy bundle\n";

const COSIGN_KEY: &str = include_str!("data/cosign.key");
const COSIGN_PUB: &str = include_str!("data/cosign.pub");
const COSIGN_BUNDLE: &str = include_str!("data/cosign.sigstore.json");
const OPENSSL_KEY: &str = include_str!("data/openssl.key");
const OPENSSL_PUB: &str = include_str!("data/openssl.pub");
const OPENSSL_SIG: &str = include_str!("data/openssl.sig");

/// The signatures that `pair` makes over `blob`, in both forms.
fn both_forms(pair: &KeyPair, blob: &[u8]) -> [String; 2] {
    let signature = sign(pair, blob).unwrap();
    [signature.to_base64(), signature.to_sigstore_bundle().unwrap()]
}

fn openssl_pair() -> KeyPair {
    KeyPair::parse(OPENSSL_KEY, b"").unwrap()
}

/// An error with its causes, as the command line prints it.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[test]
fn keys_of_cosign_and_openssl_are_read() {
    let cosign = KeyPair::parse(COSIGN_KEY, b"palisade").unwrap();
    assert_eq!(*cosign.public(), PublicKey::parse(COSIGN_PUB).unwrap());
    assert_eq!(cosign.public().to_pem().unwrap(), COSIGN_PUB);
    let old_label = COSIGN_KEY.replace("SIGSTORE", "COSIGN");
    assert_eq!(KeyPair::parse(&old_label, b"palisade").unwrap().public(), cosign.public());
    assert_eq!(openssl_pair().public().to_pem().unwrap(), OPENSSL_PUB);
}

#[test]
fn the_key_id_is_the_digest_of_the_der_form() {
    // `openssl pkey -pubin -in openssl.pub -outform DER | sha256sum`
    let expected = "sha256:e3329c116b6e9adcb4752e352fb2ce8b651ea71b54f10a5dc408dbcfd7f3408b";
    assert_eq!(PublicKey::parse(OPENSSL_PUB).unwrap().id().to_string(), expected);
}

/// The JSON that cosign 2 writes with `--bundle`: a signature with a key is read, one without is told from it.
#[test]
fn cosigns_own_json_is_read() {
    let keys = [PublicKey::parse(OPENSSL_PUB).unwrap()];
    let json = |cert: &str| {
        format!(
            r#"{{"base64Signature":"{}",{cert}"rekorBundle":{{"SignedEntryTimestamp":"x","Payload":{{}}}}}}"#,
            OPENSSL_SIG.trim()
        )
    };
    // "-----BEGIN PUBLIC KEY-----"
    let public = r#""cert":"LS0tLS1CRUdJTiBQVUJMSUMgS0VZLS0tLS0=","#;
    // "-----BEGIN CERTIFICATE-----"
    let certificate = r#""cert":"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t","#;
    for cert in ["", r#""cert":"","#, r#""cert":null,"#, public] {
        assert_eq!(verify(&keys, BLOB, Some(&json(cert))).unwrap(), keys[0].id(), "{cert}");
    }
    let refused = |text: &str, expected: &str| {
        let error = verify(&keys, BLOB, Some(text)).unwrap_err();
        assert!(chain(&error).contains(expected), "{}", chain(&error));
    };
    refused(&json(certificate), "this is a keyless signature");
    let keyless = COSIGN_BUNDLE.replacen(r#""publicKey""#, r#""certificate""#, 1);
    assert_ne!(keyless, COSIGN_BUNDLE);
    refused(&keyless, "this is a keyless signature");
    refused(r#"{"base64Signature": "*"}"#, "`base64Signature` is malformed");
    refused(r#"{"other": 1}"#, "not a Sigstore bundle");
}

#[test]
fn any_valid_signature_beside_a_file_is_enough() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bundle.tar.gz");
    let policy = Policy { keys: vec![openssl_pair().public().clone()], ..Policy::default() };
    let chosen = |files: &[(&str, &str)]| {
        for suffix in [".sigstore.json", ".sig"] {
            let _ = fs::remove_file(dir.path().join(format!("bundle.tar.gz{suffix}")));
        }
        for (suffix, text) in files {
            fs::write(dir.path().join(format!("bundle.tar.gz{suffix}")), text).unwrap();
        }
        let found = policy.signature_beside(&file, BLOB).unwrap();
        let text = found.as_ref().map(|it| it.text.as_str());
        let name =
            found.as_ref().map(|it| it.path.extension().unwrap().to_str().unwrap().to_owned());
        (name, policy.admit(BLOB, text).is_ok())
    };
    let [plain, bundle] = both_forms(&openssl_pair(), BLOB);
    let [stale_plain, stale_bundle] = both_forms(&openssl_pair(), b"an older policy bundle");
    let (sig, json) = (Some("sig".to_owned()), Some("json".to_owned()));
    assert_eq!(chosen(&[]), (None, false));
    assert_eq!(chosen(&[(".sig", &plain)]), (sig.clone(), true));
    assert_eq!(chosen(&[(".sigstore.json", &bundle), (".sig", &plain)]), (json.clone(), true));
    assert_eq!(chosen(&[(".sigstore.json", &stale_bundle), (".sig", &plain)]), (sig.clone(), true));
    assert_eq!(chosen(&[(".sigstore.json", "\u{fffd}"), (".sig", &plain)]), (sig, true));
    assert_eq!(
        chosen(&[(".sigstore.json", &bundle), (".sig", &stale_plain)]),
        (json.clone(), true)
    );
    assert_eq!(chosen(&[(".sigstore.json", &stale_bundle), (".sig", &stale_plain)]), (json, false));
}

#[test]
fn a_claim_is_shown_where_the_signature_bears_it_out() {
    let [plain, bundle] = both_forms(&openssl_pair(), BLOB);
    let claim = Signature::parse(&bundle).unwrap().proven_claim().unwrap();
    assert_eq!((claim.signer, claim.signed), (openssl_pair().public().id(), digest(BLOB)));
    assert_eq!(Signature::parse(&plain).unwrap().proven_claim(), None);
    let other = Signature::parse(&both_forms(&openssl_pair(), b"other")[1]).unwrap();
    let forged = bundle.replace(&plain, &other.to_base64());
    let forged = Signature::parse(&forged).unwrap();
    assert!(forged.claim().is_some() && forged.proven_claim().is_none());
}

#[test]
fn signatures_of_cosign_and_openssl_are_verified() {
    let cosign = PublicKey::parse(COSIGN_PUB).unwrap();
    let openssl = PublicKey::parse(OPENSSL_PUB).unwrap();
    let verified = verify(&[openssl.clone(), cosign.clone()], BLOB, Some(COSIGN_BUNDLE));
    assert_eq!(verified.unwrap(), cosign.id());
    assert_eq!(
        verify(std::slice::from_ref(&openssl), BLOB, Some(OPENSSL_SIG)).unwrap(),
        openssl.id()
    );
    let with_line_end = format!("{OPENSSL_SIG}\n");
    assert_eq!(
        verify(std::slice::from_ref(&openssl), BLOB, Some(&with_line_end)).unwrap(),
        openssl.id()
    );
}

#[test]
fn our_sigstore_bundle_is_cosigns_but_for_the_signature() {
    // We derive the nonce from the message (RFC 6979), cosign draws it: the signatures differ.
    let pair = KeyPair::parse(COSIGN_KEY, b"palisade").unwrap();
    let [_, ours] = both_forms(&pair, BLOB);
    let up_to_signature = |json: &str| json.split(r#","signature":"#).next().map(str::to_owned);
    assert_eq!(up_to_signature(&ours), up_to_signature(COSIGN_BUNDLE));
}

#[test]
fn a_new_key_survives_its_file() {
    let pair = KeyPair::generate().unwrap();
    let pem = pair.to_pem(b"secret").unwrap();
    assert!(pem.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
    let again = KeyPair::parse(&pem, b"secret").unwrap();
    assert_eq!(again.public(), pair.public());
    assert_eq!(sign(&again, BLOB).unwrap(), sign(&pair, BLOB).unwrap());
    assert_ne!(KeyPair::generate().unwrap().public(), pair.public());
    assert!(!format!("{pair:?}").contains("signing"));
}

#[test]
fn keys_that_cannot_be_used_say_why() {
    let private = |pem: &str, expected: &str| {
        assert_eq!(chain(&KeyPair::parse(pem, b"wrong").unwrap_err()), expected);
    };
    private(COSIGN_KEY, "cannot decrypt the private key: wrong password for the private key");
    private("nothing", "expected a key in PEM form (`-----BEGIN …-----`)");
    private(
        COSIGN_PUB,
        "expected a PEM block `ENCRYPTED SIGSTORE PRIVATE KEY`, found `PUBLIC KEY`",
    );
    private(
        include_str!("data/p384.key"),
        "expected an ECDSA key on the curve P-256, found a key on the curve P-384",
    );
    private(
        include_str!("data/ed25519.key"),
        "expected an ECDSA key on the curve P-256, found an Ed25519 key",
    );
    let public = |pem: &str, expected: &str| {
        assert_eq!(PublicKey::parse(pem).unwrap_err().to_string(), expected);
    };
    public(OPENSSL_KEY, "expected a PEM block `PUBLIC KEY`, found `PRIVATE KEY`");
    public(
        include_str!("data/rsa.pub"),
        "expected an ECDSA key on the curve P-256, found an RSA key",
    );
    public(
        include_str!("data/p384.pub"),
        "expected an ECDSA key on the curve P-256, found a key on the curve P-384",
    );
    public(
        include_str!("data/ed25519.pub"),
        "expected an ECDSA key on the curve P-256, found an Ed25519 key",
    );
    // A point that is not on the curve.
    public(
        &OPENSSL_PUB.replace("yja7IksA==", "yja7IksB=="),
        "expected a key in PEM form (`-----BEGIN …-----`)",
    );
    public(&OPENSSL_PUB.replace("ZHuK15Ca", "ZHuK15Cb"), "the key is damaged");
}

#[test]
fn a_missing_signature_is_refused() {
    let keys = [openssl_pair().public().clone()];
    let error = verify(&keys, BLOB, None).unwrap_err();
    assert!(matches!(error, VerifyError::Missing));
    assert_eq!(error.to_string(), "there is no signature");
    assert!(matches!(verify(&[], BLOB, Some(OPENSSL_SIG)), Err(VerifyError::NoKey)));
}

#[test]
fn malformed_signatures_say_why() {
    let keys = [openssl_pair().public().clone()];
    let check = |text: &str, expected: &str| {
        let error = verify(&keys, BLOB, Some(text)).unwrap_err();
        assert!(matches!(error, VerifyError::Malformed(_)));
        let text = chain(&error);
        assert!(text.starts_with(&format!("the signature is malformed: {expected}")), "{text}");
    };
    check("", "the signature is not an ECDSA signature on P-256 in DER form");
    check("AAAA", "the signature is not an ECDSA signature on P-256 in DER form");
    check("no base64!", "expected a signature in base64 or a Sigstore bundle");
    check(&format!("{OPENSSL_SIG} {OPENSSL_SIG}"), "expected a signature in base64");
    check(&"A".repeat(2 << 20), "the signature is longer than 1048576 bytes");
    check("{}", "the JSON is not a Sigstore bundle that signs a file with a key: missing field");
    check(
        &COSIGN_BUNDLE.replace("v0.3", "v9"),
        "the Sigstore bundle's field `mediaType` is malformed",
    );
    check(
        &COSIGN_BUNDLE.replace("MEQ", "***"),
        "the Sigstore bundle's field `signature` is malformed",
    );
    check(
        &COSIGN_BUNDLE.replace("publicKey", "key"),
        "the JSON is not a Sigstore bundle that signs a file with a key: missing field `publicKey`",
    );
    check(
        &COSIGN_BUNDLE.replace("publicKey", "certificate"),
        "this is a keyless signature, with a certificate of an identity",
    );
}

#[test]
fn a_changed_byte_and_a_wrong_key_are_told_apart() {
    let (ours, theirs) = (openssl_pair(), KeyPair::generate().unwrap());
    let keys = [ours.public().clone()];
    let [_, by_us] = both_forms(&ours, BLOB);
    let [_, by_them] = both_forms(&theirs, BLOB);
    let (our_id, their_id) = (ours.public().id(), theirs.public().id());

    let changed = verify(&keys, b"A policy bundle\n", Some(&by_us)).unwrap_err();
    assert_eq!(
        changed.to_string(),
        format!(
            "the file was changed after it was signed: {} was signed with key {our_id}, this is {}",
            digest(BLOB),
            digest(b"A policy bundle\n"),
        )
    );
    let wrong_key = verify(&keys, BLOB, Some(&by_them)).unwrap_err();
    assert_eq!(
        wrong_key.to_string(),
        format!("the file was signed with another key: {their_id} is none of {our_id}")
    );
    // The wrong key comes first: a foreign file needs no closer look.
    let both = verify(&keys, b"other", Some(&by_them)).unwrap_err();
    assert!(matches!(both, VerifyError::OtherKey { signer, .. } if signer == their_id));
}

#[test]
fn a_bare_signature_claims_no_more_than_it_can() {
    let (ours, theirs) = (openssl_pair(), KeyPair::generate().unwrap());
    let keys = [ours.public().clone()];
    let [by_us, _] = both_forms(&ours, BLOB);
    let [by_them, _] = both_forms(&theirs, BLOB);
    for (blob, signature) in [(&b"other"[..], by_us), (BLOB, by_them)] {
        let error = verify(&keys, blob, Some(&signature)).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the signature does not match {} under key {}: the file was changed after \
                 signing, or it was signed with another key",
                digest(blob),
                ours.public().id(),
            )
        );
    }
}

#[test]
fn claims_that_cannot_be_proven_are_not_repeated() {
    let ours = openssl_pair();
    let [_, theirs] = both_forms(&KeyPair::generate().unwrap(), BLOB);
    let hint = |bundle: &str| bundle.split('"').nth(11).unwrap().to_owned();
    let [_, by_us] = both_forms(&ours, b"other");
    // The signature of one bundle under the claims of another proves nothing.
    let forged = theirs.replace(&hint(&theirs), &hint(COSIGN_BUNDLE));
    let error = verify(&[ours.public().clone()], BLOB, Some(&forged)).unwrap_err();
    assert!(matches!(error, VerifyError::Mismatch { .. }), "{error}");
    // A wrong claim does not spoil a signature that verifies.
    let odd = by_us.replace(&hint(&by_us), "not a key id");
    assert_eq!(verify(&[ours.public().clone()], b"other", Some(&odd)).unwrap(), ours.public().id());
}

#[test]
fn every_changed_bit_is_refused() {
    let pair = openssl_pair();
    let keys = [pair.public().clone()];
    let [plain, bundle] = both_forms(&pair, BLOB);
    for position in 0..BLOB.len() {
        let mut changed = BLOB.to_vec();
        changed[position] ^= 1;
        assert!(matches!(verify(&keys, &changed, Some(&bundle)), Err(VerifyError::Changed { .. })));
        assert!(matches!(verify(&keys, &changed, Some(&plain)), Err(VerifyError::Mismatch { .. })));
    }
    for position in 0..plain.len() {
        let mut changed = plain.clone().into_bytes();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(verify(&keys, BLOB, Some(&changed)).is_err(), "byte {position}");
    }
}

#[test]
fn signatures_survive_both_forms() {
    let signature = sign(&openssl_pair(), BLOB).unwrap();
    let bundle = signature.to_sigstore_bundle().unwrap();
    assert_eq!(Signature::parse(&bundle).unwrap(), signature);
    let plain = Signature::parse(&signature.to_base64()).unwrap();
    assert_eq!(plain.to_base64(), signature.to_base64());
    assert_eq!(plain.to_sigstore_bundle(), None);
}

#[test]
fn a_policy_admits_what_is_signed_and_pinned() {
    let pair = openssl_pair();
    let [signature, _] = both_forms(&pair, BLOB);
    let admitted =
        |policy: &Policy, signature: Option<&str>| policy.admit(BLOB, signature).unwrap();
    let signed =
        Admission { digest: digest(BLOB), signer: Some(pair.public().id()), unsigned: false };
    let unsigned = Admission { signer: None, unsigned: true, ..signed };
    let keys = vec![pair.public().clone()];

    let by_key = Policy { keys: keys.clone(), ..Policy::default() };
    assert_eq!(admitted(&by_key, Some(&signature)), signed);
    let pinned = Policy { keys, pins: vec![digest(b"older"), digest(BLOB)], unsigned: false };
    assert_eq!(admitted(&pinned, Some(&signature)), signed);

    let lax = Policy { unsigned: true, ..pinned };
    assert_eq!(admitted(&lax, None), unsigned);
    assert_eq!(admitted(&lax, Some(&signature)), signed);
    assert_eq!(admitted(&Policy { keys: vec![], ..lax }, Some("anything")), unsigned);
}

#[test]
fn a_policy_refuses_everything_else() {
    let pair = openssl_pair();
    let [signature, _] = both_forms(&pair, BLOB);
    let keys = vec![pair.public().clone()];
    let check = |policy: &Policy, signature: Option<&str>, expected: &str| {
        let text = chain(&policy.admit(BLOB, signature).unwrap_err());
        assert!(text.starts_with(&format!("refused {}: {expected}", digest(BLOB))), "{text}");
    };
    let strict = Policy { keys: keys.clone(), ..Policy::default() };
    check(&Policy::default(), Some(&signature), "there is no key");
    check(&strict, None, "there is no signature");
    check(&strict, Some("x"), "the signature is malformed: expected");
    check(&strict, Some(COSIGN_BUNDLE), "the file was signed with another key");

    // A pin holds against a valid signature, and without any.
    let old: Digest = digest(b"an older bundle");
    let pinned = Policy { keys: keys.clone(), pins: vec![old], unsigned: false };
    let id = pair.public().id();
    check(
        &pinned,
        Some(&signature),
        &format!("pinned is {old} (its signature by key {id} is valid)"),
    );
    check(&Policy { unsigned: true, ..pinned.clone() }, None, &format!("pinned is {old}"));
    let refusal = pinned.admit(BLOB, Some(&signature)).unwrap_err();
    assert!(matches!(refusal, Refusal::NotPinned { signer: Some(it), .. } if it == id));

    // To do without signatures is not to accept wrong ones.
    let lax = Policy { unsigned: true, ..strict };
    check(&lax, Some(COSIGN_BUNDLE), "the file was signed with another key");
}

#[test]
fn key_files_are_private_and_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let (private, public) = (dir.path().join("cosign.key"), dir.path().join("cosign.pub"));
    let pair = KeyPair::generate().unwrap();
    save(&pair, b"secret", &private, &public).unwrap();
    let names = || fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(names(), 2);
    let (key, public_key) =
        (fs::read_to_string(&private).unwrap(), fs::read_to_string(&public).unwrap());
    assert_eq!(KeyPair::parse(&key, b"secret").unwrap().public(), pair.public());
    assert_eq!(PublicKey::parse(&public_key).unwrap(), *pair.public());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&private).unwrap().permissions().mode() & 0o777, 0o600);
    }

    let refused = |private, public| save(&pair, b"", private, public).unwrap_err().to_string();
    let expected = |path: &std::path::Path| {
        format!("`{}` exists already; a key file is never overwritten", path.display())
    };
    assert_eq!(refused(&private, &public), expected(&private));
    let other = dir.path().join("other.key");
    assert_eq!(refused(&other, &public), expected(&public));
    let nowhere = dir.path().join("no/such/other.pub");
    assert!(refused(&other, &nowhere).starts_with("cannot write"));
    // Nothing was left behind, and nothing was changed.
    assert_eq!(names(), 2);
    assert_eq!(fs::read_to_string(&private).unwrap(), key);
}
