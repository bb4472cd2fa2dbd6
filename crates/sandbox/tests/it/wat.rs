//! Small modules in text form, and the ways the tests load and ask them.

use std::sync::LazyLock;

use palisade_sandbox::{
    Call, Engine, EngineOptions, EvalError, Limits, LoadError, LoadOptions, Module, Output,
};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    Engine::new(&EngineOptions::default()).expect("this machine can run WebAssembly")
});

/// The engine that all tests share, as a process would.
pub fn engine() -> &'static Engine {
    &ENGINE
}

/// A module of Palisade's shape. It has `$at`, where `allocate` puts the next bytes, from 4096 on; the first `allocate`
/// after an evaluation starts there again. `$body` is the body of `evaluate` with the parameters `$ptr` and `$len`.
pub fn palisade(data: &str, body: &str, more: &str) -> String {
    format!(
        r#"(module
          (memory (export "memory") 1)
          (global (export "palisade_abi") i32 (i32.const 1))
          (global $at (mut i32) (i32.const 4096))
          (global $done (mut i32) (i32.const 0))
          (data (i32.const 16) "{}")
          (func (export "allocate") (param $len i32) (result i32)
            (local $ptr i32)
            (if (global.get $done) (then
              (global.set $at (i32.const 4096))
              (global.set $done (i32.const 0))))
            (local.set $ptr (global.get $at))
            (global.set $at (i32.and (i32.add (i32.add (global.get $at) (local.get $len)) (i32.const 7)) (i32.const -8)))
            (local.get $ptr))
          (func $pack (param $ptr i32) (param $len i32) (result i64)
            (i64.or (i64.shl (i64.extend_i32_u (local.get $ptr)) (i64.const 32)) (i64.extend_i32_u (local.get $len))))
          (func $evaluate (export "evaluate") (export "authz/allow") (param $ptr i32) (param $len i32) (result i64)
            (global.set $done (i32.const 1))
            {body})
          {more})"#,
        data.replace('\\', "\\\\").replace('"', "\\\"")
    )
}

/// A module that always answers with `document`.
pub fn constant(document: &str) -> String {
    palisade(document, &format!("(call $pack (i32.const 16) (i32.const {}))", document.len()), "")
}

/// A module that answers with its input.
pub fn echo() -> String {
    palisade("", "(call $pack (local.get $ptr) (local.get $len))", "")
}

/// A custom engine whose `evaluate` has that result type and body.
pub fn custom(result: &str, data: &str, body: &str) -> String {
    format!(
        r#"(module
          (memory (export "memory") 1)
          (data (i32.const 16) "{}")
          (global $calls (mut i32) (i32.const 0))
          (func (export "allocate") (param i32) (result i32) (i32.const 4096))
          (func (export "evaluate") (param $ptr i32) (param $len i32) (result {result})
            (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
            {body}))"#,
        data.replace('"', "\\\"")
    )
}

pub fn bytes(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("the test's module is well formed")
}

/// Loads a module that is trusted to forget what it was asked, as those of our own compiler are.
pub fn load(text: &str) -> Result<Module, LoadError> {
    load_with(text, LoadOptions { reuse: true, ..LoadOptions::default() })
}

pub fn load_with(text: &str, options: LoadOptions<'_>) -> Result<Module, LoadError> {
    Module::load(engine(), &bytes(text), options)
}

/// Loads a module with limits of which only some differ from the defaults.
pub fn load_limited(text: &str, limits: Limits) -> Module {
    load_with(text, LoadOptions { limits, reuse: true, ..LoadOptions::default() })
        .expect("a module that loads")
}

/// Asks the default entrypoint.
pub fn ask(module: &Module, input: &str) -> Result<Output, EvalError> {
    ask_with(module, input, None)
}

pub fn ask_with(module: &Module, input: &str, ambient: Option<&str>) -> Result<Output, EvalError> {
    module.evaluate(&Call {
        entrypoint: module.default_entrypoint(),
        input: input.as_bytes(),
        ambient: ambient.map(str::as_bytes),
        deadline: None,
    })
}
