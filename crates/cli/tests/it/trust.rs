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
    let bare = pin.strip_prefix("sha256:").expect("a prefix").to_ascii_uppercase();
    assert_eq!(place.ok(&["verify", "--key", "cosign.pub", "--pin", &bare, "bundle.tar.gz"]), out);
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

/// A signature of an earlier build that was left lying hides no valid one.
#[test]
fn any_valid_signature_is_enough() {
    let place = Workplace::new();
    signed_bundle(&place);
    let (plain, sigstore) = ("bundle.tar.gz.sig", "bundle.tar.gz.sigstore.json");
    let old = place.read(sigstore);
    place.ok(&["build", "-e", "authz", "policy.rego", "data.json", "-o", "bundle.tar.gz"]);
    let verify = ["verify", "--key", "cosign.pub", "bundle.tar.gz"];
    place.fails(1, &verify, &["changed after it was signed"]);
    let sign = ["sign", "--key", "cosign.key", "bundle.tar.gz", "--output-signature", plain];
    place.ok(&sign);
    assert_eq!(place.read(sigstore), old);
    place.ok(&verify);
    let serve =
        ["serve", "--bundle", "bundle.tar.gz", "--key", "cosign.pub", "--addr", "127.0.0.1:0"];
    assert_eq!(crate::server::Running::start(&place, &serve).stop("-INT"), Some(0));
}

#[test]
fn inspect_shows_who_signed() {
    let place = Workplace::new();
    signed_bundle(&place);
    place.ok(&["build", "-e", "authz/allow", "policy.rego", "-o", "policy.wasm"]);
    place.ok(&["sign", "--key", "cosign.key", "policy.wasm"]);
    let verified = place.ok(&["verify", "--key", "cosign.pub", "bundle.tar.gz"]);
    let (_, key) = verified.trim_end().rsplit_once(' ').expect("a key id");
    for file in ["bundle.tar.gz", "policy.wasm"] {
        let shown = place.ok(&["inspect", file]);
        for words in [
            format!("{file}.sigstore.json, by key {key}"),
            format!("{file}.sig, which does not name its key"),
        ] {
            assert!(shown.contains(&words), "{words} in {shown}");
        }
    }
    place.ok(&["build", "-e", "authz", "policy.rego", "-o", "policy.wasm"]);
    let shown = place.ok(&["inspect", "policy.wasm"]);
    assert!(shown.contains(&format!("by key {key}, of another file: sha256:")), "{shown}");
    place.write("policy.wasm.sig", "nonsense!");
    assert!(place.ok(&["inspect", "policy.wasm"]).contains("which is unusable: expected"));
}
