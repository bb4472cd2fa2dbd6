//! `palisade key`, `sign` and `verify`.

use std::fs;

use crate::support::{Workplace, signed_bundle};

fn digest(place: &Workplace, file: &str) -> String {
    let shown: serde_json::Value =
        serde_json::from_str(&place.ok(&["inspect", "-f", "json", file])).expect("JSON");
    shown["digest"].as_str().expect("a digest").to_owned()
}

#[test]
fn what_is_signed_verifies() {
    let place = Workplace::new();
    signed_bundle(&place);
    let pin = digest(&place, "bundle.tar.gz");
    let out = place.ok(&["verify", "--key", "cosign.pub", "--pin", &pin, "bundle.tar.gz"]);
    assert!(out.starts_with(&format!("verified: {pin} signed by key ")), "{out}");
    place.ok(&[
        "verify",
        "--key",
        "cosign.pub",
        "--signature",
        "bundle.tar.gz.sig",
        "bundle.tar.gz",
    ]);
    let key = String::from_utf8(place.read("cosign.key")).expect("PEM");
    assert!(key.starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----"), "{key}");
}

#[test]
fn every_refusal_has_its_own_message() {
    let place = Workplace::new();
    signed_bundle(&place);
    let mut changed = place.read("bundle.tar.gz");
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    fs::write(place.file("changed.tar.gz"), changed).expect("a file");
    place.ok(&["key", "new", "--output-key-prefix", "other"]);

    let sigstore = "bundle.tar.gz.sigstore.json";
    place.fails(
        1,
        &["verify", "--key", "cosign.pub", "--bundle", sigstore, "changed.tar.gz"],
        &["changed"],
    );
    place.fails(1, &["verify", "--key", "other.pub", "bundle.tar.gz"], &["another key"]);
    place.fails(1, &["verify", "--key", "cosign.pub", "changed.tar.gz"], &["no signature"]);
    let zeros = format!("sha256:{}", "0".repeat(64));
    place.fails(
        1,
        &["verify", "--key", "cosign.pub", "--pin", &zeros, "bundle.tar.gz"],
        &["pinned"],
    );
    place.fails(2, &["verify", "bundle.tar.gz"], &["--key"]);
    place.fails(1, &["verify", "--key", "cosign.key", "bundle.tar.gz"], &["cosign.key"]);
}

#[test]
fn keys_are_never_overwritten() {
    let place = Workplace::new();
    place.ok(&["key", "new"]);
    let before = place.read("cosign.key");
    place.fails(1, &["key", "new"], &["never overwritten"]);
    assert_eq!(place.read("cosign.key"), before);
}

#[test]
fn a_wrong_password_is_said_so() {
    let place = Workplace::new();
    place.write("file", "x");
    place.ok(&["key", "new"]);
    let mut command = place.command(&["sign", "--key", "cosign.key", "file"]);
    let output = command.env("COSIGN_PASSWORD", "wrong").output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("password"), "{output:?}");
    assert!(!place.exists("file.sig"));
}
