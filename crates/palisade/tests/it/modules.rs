//! Small modules in text form, and bundles of them.

use std::sync::LazyLock;

use palisade::{Engine, EngineOptions, LoadError, LoadOptions, Policy, Trust};
use palisade_bundle::{Bundle, Manifest};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::new(&EngineOptions::default()).expect("this machine can run WebAssembly")
});

pub fn engine() -> &'static Engine {
    &ENGINE
}

/// Trusts everything: for tests that are about something else.
pub fn anybody() -> Trust {
    Trust { unsigned: true, ..Trust::default() }
}

/// A module with an entrypoint for each of the documents, at the path beside it.
pub fn constants(documents: &[(&str, &str)]) -> Vec<u8> {
    let mut more = String::new();
    let mut ptr = 1024;
    for (path, document) in documents {
        let text = document.replace('\\', "\\\\").replace('"', "\\\"");
        let place = (ptr << 32) | document.len();
        more += &format!(
            r#"(data (i32.const {ptr}) "{text}")
               (func (export "{path}") (param i32 i32) (result i64) (i64.const {place}))"#
        );
        ptr += document.len();
    }
    palisade(&more)
}

/// A module with these exports beside those that all have.
pub fn palisade(more: &str) -> Vec<u8> {
    wasm(&format!(
        r#"(module
          (memory (export "memory") 2)
          (global (export "palisade_abi") i32 (i32.const 1))
          (func (export "allocate") (param i32) (result i32) (i32.const 65536))
          (func (export "evaluate") (param i32 i32) (result i64) (i64.const 0))
          {more})"#
    ))
}

/// Answers at `echo` with its input, and with `{}` when there is none.
pub fn echo() -> Vec<u8> {
    palisade(
        r#"(data (i32.const 16) "{}")
        (func (export "echo") (param $ptr i32) (param $len i32) (result i64)
          (if (i32.eqz (local.get $len)) (then (return (i64.const 68719476738))))
          (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))"#,
    )
}

pub fn wasm(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the test's module is well formed")
}

pub fn bundle(module: &[u8]) -> Bundle {
    let manifest = Manifest { revision: "r1".to_owned(), ..Manifest::default() };
    Bundle { module: Some(module.to_vec()), manifest, ..Bundle::default() }
}

pub fn packed(bundle: &Bundle) -> Vec<u8> {
    bundle.write().expect("a bundle in order")
}

/// A policy of this module with this base data in its bundle.
pub fn load_with_data(module: &[u8], data: &str) -> Policy {
    let data = serde_json::value::RawValue::from_string(data.to_owned()).expect("JSON");
    let bundle = Bundle { module: Some(module.to_vec()), data, ..Bundle::default() };
    load(&bundle.write().expect("a bundle in order")).expect("a policy")
}

pub fn load(blob: &[u8]) -> Result<Policy, LoadError> {
    Policy::load(engine(), blob, &LoadOptions::new(&anybody()))
}
