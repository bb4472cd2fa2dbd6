//! What loads and what is refused, and in which words.

use palisade_abi::{Entrypoint, Manifest};
use palisade_sandbox::{EvalError, LoadError, LoadOptions, Module, Shape};

use crate::wat::{ask, bytes, constant, custom, engine, load, load_with, palisade};

#[track_caller]
fn check_shape(text: &str, expected: Shape) {
    assert_eq!(load(text).expect("a module that loads").shape(), expected);
}

#[track_caller]
fn check_refused(text: &str, expected: &str) {
    let refusal = load(text).expect_err("a module that is refused");
    assert_eq!(refusal.to_string(), expected);
}

/// The module with a manifest section appended.
fn with_manifest(text: &str, manifest: &str) -> Vec<u8> {
    let mut module = bytes(text);
    let mut body = vec![17];
    body.extend_from_slice(b"palisade.manifest");
    body.extend_from_slice(manifest.as_bytes());
    let len = u32::try_from(body.len()).expect("a small manifest");
    module.push(0);
    module.extend([(len & 0x7f) as u8 | 0x80, (len >> 7 & 0x7f) as u8]);
    module.extend(body);
    module
}

fn load_bytes(module: &[u8]) -> Result<Module, LoadError> {
    Module::load(engine(), module, LoadOptions::default())
}

#[test]
fn shapes_are_told_apart_by_types() {
    check_shape(&constant("{}"), Shape::Palisade);
    check_shape(&custom("i32", "", "(i32.const 1)"), Shape::Boolean);
    check_shape(&custom("i64", "", "(i64.const 0)"), Shape::Packed);
    check_shape(&custom("i32 i32", "", "(i32.const 0) (i32.const 0)"), Shape::Pair);
}

#[test]
fn every_import_is_refused_by_name() {
    check_refused(
        r#"(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))))"#,
        "the module imports `fd_write` from `wasi_snapshot_preview1`, and a policy module must not import anything",
    );
    for import in ["memory 1", "global i32", "table 1 funcref", "func"] {
        let text = format!(r#"(module (import "env" "thing" ({import})))"#);
        let refusal = load(&text).expect_err("a module with an import");
        let LoadError::Import { module, name } = refusal else { panic!("{import}: {refusal}") };
        assert_eq!((module.as_str(), name.as_str()), ("env", "thing"));
    }
}

#[test]
fn a_module_without_the_exports_is_refused() {
    check_refused(
        "(module)",
        "the module has no known shape: its export `memory` must be a 32-bit memory of its own",
    );
    check_refused(
        r#"(module (memory (export "memory") 1) (func (export "allocate") (param i64) (result i32) (i32.const 0)))"#,
        "the module has no known shape: its export `allocate` must be a function (i32) -> i32",
    );
    check_refused(
        &custom("f64", "", "(f64.const 1)"),
        "the module has no known shape: its export `evaluate` must be a function \
         (i32, i32) -> (i32, i32), -> i64 or -> i32",
    );
    let text = palisade(
        "",
        "(i64.const 0)",
        r#"(func (export "ambient") (param i32) (result i64) (i64.const 0))"#,
    );
    check_refused(
        &text,
        "the module has no known shape: its export `ambient` must be a function (i32, i32) -> i64",
    );
}

#[test]
fn another_version_of_the_contract_is_refused() {
    let text = constant("{}").replace("i32 (i32.const 1))", "i32 (i32.const 2))");
    check_refused(
        &text,
        "the module has version 2 of the Palisade ABI, and this host has version 1",
    );
}

#[test]
fn what_is_not_a_module_is_refused() {
    for bytes in [&b""[..], b"{}", b"\0asm", b"\0asm\x01\0\0\0\xff"] {
        assert!(matches!(load_bytes(bytes), Err(LoadError::Invalid(_))), "{bytes:?}");
    }
}

#[test]
fn proposals_that_are_off_are_refused() {
    for text in [
        "(module (memory 1 1 shared))",
        "(module (memory i64 1))",
        "(module (memory 1) (memory 1))",
        "(module (func $f (return_call $f)))",
        "(module (func (param v128 v128 v128) (result v128)
           (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2))))",
        "(module (tag))",
        "(module (func (param externref)))",
    ] {
        assert!(matches!(load(text), Err(LoadError::Invalid(_))), "{text}");
    }
}

#[test]
fn entrypoints_are_those_of_the_manifest() {
    let entrypoint = |path: &str| Entrypoint { path: path.to_owned(), annotations: None };
    let mut manifest =
        Manifest { abi: 1, entrypoints: vec![entrypoint("authz/allow")], ..Manifest::default() };
    let module = load_bytes(&with_manifest(&constant("{}"), &manifest.to_json()))
        .expect("a module that loads");
    assert_eq!(module.entrypoints(), ["authz/allow"]);
    assert_eq!(module.manifest(), Some(&manifest));
    assert!(module.entrypoint("authz/allow").is_some());
    assert!(module.entrypoint("evaluate").is_none());
    assert!(module.entrypoint("authz").is_none());

    manifest.entrypoints.push(entrypoint("authz/deny"));
    let refusal = load_bytes(&with_manifest(&constant("{}"), &manifest.to_json()))
        .expect_err("a missing export");
    assert!(matches!(refusal, LoadError::MissingEntrypoint(path) if path == "authz/deny"));
}

#[test]
fn a_manifest_that_does_not_fit_is_refused() {
    let refused = |manifest| {
        load_bytes(&with_manifest(&constant("{}"), manifest)).expect_err("a bad manifest")
    };
    assert!(matches!(refused("{"), LoadError::Manifest(_)));
    assert!(matches!(refused(r#"{"abi":7}"#), LoadError::Version { found: 7 }));
    assert!(matches!(refused(r#"{"abi":1,"encodings":["cbor"]}"#), LoadError::Encoding(_)));
}

#[test]
fn without_a_manifest_the_exports_are_the_entrypoints() {
    assert_eq!(load(&constant("{}")).expect("a module that loads").entrypoints(), ["authz/allow"]);
    assert_eq!(
        load(&custom("i32", "", "(i32.const 1)")).expect("a module").entrypoints(),
        ["evaluate"]
    );
}

#[test]
fn a_module_that_does_not_start_is_refused() {
    let text = palisade("", "(i64.const 0)", "(func $start unreachable) (start $start)");
    assert!(matches!(load(&text), Err(LoadError::Start(EvalError::Trap(_)))));
    let text = constant("{}").replace(r#"(export "memory") 1"#, r#"(export "memory") 65536"#);
    assert!(matches!(load(&text), Err(LoadError::Start(EvalError::Memory { .. }))));
}

/// Answers with the base data that was given to `load`.
fn data_echo() -> String {
    palisade(
        r#"{"error":{"code":"data_malformed","message":"not an object"}}"#,
        "(call $pack (global.get $data) (global.get $data_len))",
        r#"(global $data (mut i32) (i32.const 0))
           (global $data_len (mut i32) (i32.const 0))
           (func (export "load") (param $ptr i32) (param $len i32) (result i64)
             (if (i32.ne (i32.load8_u (local.get $ptr)) (i32.const 123))
               (then (return (call $pack (i32.const 16) (i32.const 61)))))
             (global.set $data (i32.const 32768))
             (global.set $data_len (local.get $len))
             (memory.copy (i32.const 32768) (local.get $ptr) (local.get $len))
             (i64.const 0))"#,
    )
}

#[test]
fn base_data_is_loaded_into_every_instance() {
    let with = |data: &str, reuse| LoadOptions {
        data: Some(data.into()),
        reuse,
        ..LoadOptions::default()
    };
    for reuse in [false, true] {
        let options = with(r#"{"result":1}"#, reuse);
        let first = load_with(&data_echo(), options).expect("a module that loads");
        let second = first.with_data(r#"{"result":2}"#.into()).expect("data that is taken");
        for _ in 0..3 {
            assert_eq!(ask(&first, "{}").expect("a decision").result(), Some("1"));
            assert_eq!(ask(&second, "{}").expect("a decision").result(), Some("2"));
        }
    }
    let first = load_with(&data_echo(), with("{}", true)).expect("a module that loads");
    let refusal = first.with_data("3".into()).expect_err("data that is refused");
    let LoadError::Start(EvalError::Refused { call, error }) = refusal else { panic!("{refusal}") };
    assert_eq!((call, error.message.as_str()), ("load", "not an object"));
    assert!(matches!(load_with(&constant("{}"), with("{}", true)), Err(LoadError::DataNotTaken)));
}
