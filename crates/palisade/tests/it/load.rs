//! Loading: verification first, then the bundle, then the module.

use std::fs;

use palisade::{Ambient, Cache, Digest, LoadError, LoadOptions, Policy, Trust};
use palisade_bundle::{Entrypoint, Manifest};
use palisade_trust::{KeyPair, sign};

use crate::modules::{anybody, bundle, constants, engine, load, packed, palisade, wasm};

fn allow() -> Vec<u8> {
    constants(&[("authz/allow", r#"{"result":true}"#)])
}

/// A key pair, the trust in its public half, and a bundle with its signature.
fn signed() -> (Trust, Vec<u8>, String) {
    let pair = KeyPair::generate().expect("randomness");
    let blob = packed(&bundle(&allow()));
    let signature = sign(&pair, &blob).expect("a signature").to_base64();
    (Trust { keys: vec![pair.public().clone()], ..Trust::default() }, blob, signature)
}

fn load_signed(trust: &Trust, blob: &[u8], signature: Option<&str>) -> Result<Policy, LoadError> {
    Policy::load(engine(), blob, &LoadOptions { signature, ..LoadOptions::new(trust) })
}

#[test]
fn a_signed_bundle_is_loaded_and_known() {
    let (trust, blob, signature) = signed();
    let policy = load_signed(&trust, &blob, Some(&signature)).expect("a trusted bundle");
    let identity = policy.identity();
    assert_eq!(identity.bundle, Digest::of(&blob));
    assert_eq!(identity.module, Digest::of(&allow()));
    assert_eq!(identity.data, Digest::of(b"{}"));
    assert_eq!((identity.revision.as_str(), identity.unsigned), ("r1", false));
    assert_eq!(identity.signer, Some(trust.keys[0].id()));
    assert_eq!(policy.entrypoints().collect::<Vec<_>>(), ["authz/allow"]);
    assert!(
        policy.decide("authz/allow", None, &Ambient::default()).expect("a decision").is_allowed()
    );
}

#[test]
fn what_is_not_trusted_is_not_even_unpacked() {
    let (trust, blob, signature) = signed();
    let other = KeyPair::generate().expect("randomness");
    let foreign = sign(&other, &blob).expect("a signature").to_base64();
    let mut changed = blob.clone();
    changed[40] ^= 1;
    for (blob, signature) in [
        (&blob, None),
        (&blob, Some(&foreign)),
        (&changed, Some(&signature)),
        (&b"not a bundle".to_vec(), None),
    ] {
        let refusal =
            load_signed(&trust, blob, signature.map(String::as_str)).expect_err("a refusal");
        assert!(matches!(refusal, LoadError::Untrusted(_)), "{refusal:?}");
    }
    let pinned = Trust { pins: vec![Digest::of(b"another")], ..trust };
    let refusal = load_signed(&pinned, &blob, Some(&signature)).expect_err("another digest");
    assert!(
        matches!(refusal, LoadError::Untrusted(palisade::Refusal::NotPinned { .. })),
        "{refusal:?}"
    );
}

#[test]
fn unsigned_bundles_are_loaded_only_where_that_is_wanted_and_say_so() {
    let policy = load(&packed(&bundle(&allow()))).expect("an unsigned bundle");
    assert!(policy.identity().unsigned);
    assert_eq!(policy.identity().signer, None);
    let refusal =
        load_signed(&Trust::default(), &packed(&bundle(&allow())), None).expect_err("no trust");
    assert!(matches!(refusal, LoadError::Untrusted(_)));
}

#[test]
fn files_are_read_with_the_signature_beside_them() {
    let (trust, blob, signature) = signed();
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("bundle.tar.gz");
    let open = || Policy::open(engine(), &path, &LoadOptions::new(&trust));
    assert!(matches!(open(), Err(LoadError::File { .. })));
    fs::write(&path, &blob).expect("writable");
    assert!(matches!(open(), Err(LoadError::Untrusted(_))));
    fs::write(dir.path().join("bundle.tar.gz.sig"), b"\xff").expect("writable");
    assert!(matches!(open(), Err(LoadError::Untrusted(_))));
    fs::write(dir.path().join("bundle.tar.gz.sig"), signature).expect("writable");
    assert_eq!(open().expect("a trusted bundle").identity().bundle, Digest::of(&blob));
}

#[test]
fn a_bare_module_is_a_policy() {
    let module = allow();
    let policy = load(&module).expect("a module");
    assert_eq!(policy.identity().bundle, Digest::of(&module));
    assert_eq!(policy.identity().bundle, policy.identity().module);
}

#[test]
fn compiled_code_is_cached() {
    let dir = tempfile::tempdir().expect("a directory");
    let cache = Cache::open(dir.path().join("code")).expect("a cache");
    let trust = anybody();
    let options = LoadOptions { cache: Some(&cache), ..LoadOptions::new(&trust) };
    for _ in 0..2 {
        Policy::load(engine(), &allow(), &options).expect("a module");
        assert_eq!(fs::read_dir(dir.path().join("code")).expect("a directory").count(), 1);
    }
}

/// Answers with the number of evaluations that its instance has made.
fn counting() -> Vec<u8> {
    palisade(
        r#"(data (i32.const 16) "{\"result\":0}")
        (func (export "count") (param i32 i32) (result i64)
          (i32.store8 (i32.const 26) (i32.add (i32.load8_u (i32.const 26)) (i32.const 1)))
          (i64.const 0x100000000c))"#,
    )
}

#[test]
fn only_signed_modules_are_believed_to_forget() {
    let pair = KeyPair::generate().expect("randomness");
    let signature = sign(&pair, &counting()).expect("a signature").to_base64();
    let trust = Trust { keys: vec![pair.public().clone()], ..Trust::default() };
    let signed = load_signed(&trust, &counting(), Some(&signature)).expect("a trusted module");
    let unsigned = load(&counting()).expect("a module");
    for (policy, expected) in [(&unsigned, ["1", "1"]), (&signed, ["1", "2"])] {
        let answers = [(); 2].map(|()| {
            policy.decide("count", None, &Ambient::default()).expect("a decision").result
        });
        assert_eq!(answers.each_ref().map(Option::as_deref), expected.map(Some));
    }
}

#[test]
fn bundles_that_cannot_decide_are_refused() {
    assert!(matches!(load(b"not a bundle"), Err(LoadError::Bundle(_))));
    let mut without = bundle(&allow());
    without.module = None;
    assert!(matches!(load(&packed(&without)), Err(LoadError::NoModule)));
    assert!(matches!(load(&packed(&bundle(b"\0asm"))), Err(LoadError::Module(_))));

    let mut misnamed = bundle(&allow());
    misnamed.manifest.wasm = vec![named("authz/deny")];
    assert!(
        matches!(load(&packed(&misnamed)), Err(LoadError::MissingEntrypoint(path)) if path == "authz/deny")
    );
}

fn named(path: &str) -> Entrypoint {
    Entrypoint {
        entrypoint: path.to_owned(),
        module: "/policy.wasm".to_owned(),
        annotations: Vec::new(),
    }
}

#[test]
fn a_custom_engine_has_the_names_that_the_bundle_gives_it() {
    let module = wasm(
        r#"(module (memory (export "memory") 1)
          (func (export "allocate") (param i32) (result i32) (i32.const 16))
          (func (export "evaluate") (param i32 i32) (result i32) (i32.gt_u (local.get 1) (i32.const 2))))"#,
    );
    let mut engine_bundle = bundle(&module);
    engine_bundle.manifest = Manifest { wasm: vec![named("/limit/ok/")], ..Manifest::default() };
    let policy = load(&packed(&engine_bundle)).expect("a custom engine");
    let allowed = |input| {
        policy
            .decide("limit/ok", Some(input), &Ambient::default())
            .expect("a decision")
            .is_allowed()
    };
    assert!(allowed("[1]"));
    assert!(!allowed("{}"));
    assert_eq!(
        load(&module).expect("a bare engine").entrypoints().collect::<Vec<_>>(),
        ["evaluate"]
    );
}

/// A module whose manifest says that its data is loaded gets the bundle's; another does not.
#[test]
fn data_is_loaded_where_the_module_wants_it() {
    let text = |place: &str| {
        let manifest =
            format!(r#"{{"abi":1,"data":"{place}","entrypoints":[{{"path":"data/doc"}}]}}"#);
        palisade(&format!(
            r#"(@custom "palisade.manifest" "{}")
            (global $len (mut i32) (i32.const 2))
            (data (i32.const 131000) "{{}}")
            (func (export "load") (param $ptr i32) (param $len i32) (result i64)
              (memory.copy (i32.const 131000) (local.get $ptr) (local.get $len))
              (global.set $len (local.get $len)) (i64.const 0))
            (func (export "data/doc") (param i32 i32) (result i64)
              (i64.or (i64.const 562640715776000) (i64.extend_i32_u (global.get $len))))"#,
            manifest.replace('"', "\\\"")
        ))
    };
    for (place, expected) in [("loaded", Some("[5]")), ("frozen", None)] {
        let mut with_data = bundle(&text(place));
        with_data.data =
            serde_json::value::RawValue::from_string(r#"{"result":[5]}"#.to_owned()).expect("JSON");
        let policy = load(&packed(&with_data)).expect("a module");
        let decision = policy.decide("data/doc", None, &Ambient::default()).expect("a decision");
        assert_eq!(decision.result.as_deref(), expected, "{place}");
    }
}
