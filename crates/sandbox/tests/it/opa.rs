//! Modules of OPA's compiler, by a module of the same exports and imports that does little.

use std::sync::Arc;

use palisade_sandbox::{
    Call, DecisionFacts, EvalError, HostBuiltins, LoadError, LoadOptions, Module, Output, Shape,
};

use crate::wat::load_with;

/// Its values are texts that end in 0, so reading and printing them changes nothing. The entrypoints answer `true`,
/// nothing, an abort, the result of a built-in, and the base data.
fn opa_module(more_imports: &str) -> String {
    format!(
        r#"(module
          (import "env" "memory" (memory $memory 1))
          (import "env" "opa_abort" (func $abort (param i32)))
          (import "env" "opa_builtin1" (func $builtin1 (param i32 i32 i32) (result i32)))
          {more_imports}
          (export "memory" (memory $memory))
          (global (export "opa_wasm_abi_version") i32 (i32.const 1))
          (global (export "opa_wasm_abi_minor_version") i32 (i32.const 3))
          (global $heap (mut i32) (i32.const 4096))
          (data (i32.const 16) "{{\"upper\":7}}\00")
          (data (i32.const 64) "{{\"a/yes\":0,\"a/none\":1,\"a/abort\":2,\"a/upper\":3,\"a/data\":4}}\00")
          (data (i32.const 256) "[{{\"result\":true}}]\00")
          (data (i32.const 300) "[]\00")
          (data (i32.const 320) "a.rego:3:1: var assignment conflict\00")
          (data (i32.const 400) "\"x\"\00")
          (func (export "builtins") (result i32) (i32.const 16))
          (func (export "entrypoints") (result i32) (i32.const 64))
          (func (export "opa_malloc") (param $len i32) (result i32)
            (local $at i32)
            (local.set $at (global.get $heap))
            (global.set $heap (i32.add (i32.add (local.get $at) (local.get $len)) (i32.const 8)))
            (local.get $at))
          (func (export "opa_heap_ptr_get") (result i32) (global.get $heap))
          (func $parse (param $at i32) (param $len i32) (result i32)
            (i32.store8 (i32.add (local.get $at) (local.get $len)) (i32.const 0))
            (if (result i32) (i32.eqz (local.get $len)) (then (i32.const 0)) (else (local.get $at))))
          (export "opa_json_parse" (func $parse))
          (export "opa_value_parse" (func $parse))
          (func (export "opa_json_dump") (param i32) (result i32) (local.get 0))
          (func (export "opa_value_dump") (param i32) (result i32) (local.get 0))
          (func (export "opa_eval")
            (param $reserved i32) (param $entrypoint i32) (param $data i32)
            (param $input i32) (param $len i32) (param $heap i32) (param $format i32) (result i32)
            (global.set $heap (local.get $heap))
            (if (i32.eq (local.get $entrypoint) (i32.const 1)) (then (return (i32.const 300))))
            (if (i32.eq (local.get $entrypoint) (i32.const 2))
              (then (call $abort (i32.const 320)) unreachable))
            (if (i32.eq (local.get $entrypoint) (i32.const 3))
              (then (return (call $builtin1 (i32.const 7) (i32.const 0) (i32.const 400)))))
            (if (i32.eq (local.get $entrypoint) (i32.const 4)) (then (return (local.get $data))))
            (i32.const 256)))"#
    )
}

/// Answers with a set of results that holds what it was given.
#[derive(Debug)]
struct Upper;

impl HostBuiltins for Upper {
    fn has(&self, name: &str) -> bool {
        name == "upper"
    }

    fn call(
        &self,
        name: &str,
        args: &[String],
        decision: &DecisionFacts<'_>,
    ) -> Result<Option<String>, String> {
        match (name, args) {
            ("upper", [arg]) if decision.ambient.is_empty() => {
                Ok(Some(format!(r#"[{{"result":{}}}]"#, arg.to_uppercase())))
            }
            _ => Err("no facts wanted".to_owned()),
        }
    }
}

fn load(text: &str, reuse: bool) -> Result<Module, LoadError> {
    let data = Some(br#"[{"result":{"n":1}}]"#.to_vec());
    let builtins: Option<Arc<dyn HostBuiltins>> = Some(Arc::new(Upper));
    load_with(text, LoadOptions { data, reuse, builtins, ..LoadOptions::default() })
}

fn ask(module: &Module, path: &str, ambient: Option<&[u8]>) -> Result<Output, EvalError> {
    let entrypoint = module.entrypoint(path).expect("an entrypoint");
    module.evaluate(&Call { entrypoint, input: br#"{"a":1}"#, ambient, deadline: None })
}

#[test]
fn opas_modules_answer_like_others() {
    for reuse in [false, true] {
        let module = load(&opa_module(""), reuse).expect("a module that loads");
        assert_eq!(module.shape(), Shape::Opa);
        assert_eq!(module.entrypoints(), ["a/yes", "a/none", "a/abort", "a/upper", "a/data"]);
        for _ in 0..2 {
            for (path, document) in [
                ("a/yes", r#"{"result":true}"#),
                ("a/none", "{}"),
                ("a/upper", r#"{"result":"X"}"#),
                ("a/data", r#"{"result":{"n":1}}"#),
            ] {
                assert_eq!(ask(&module, path, None).expect("a decision").document(), document);
            }
        }
    }
}

#[test]
fn an_abort_is_an_error_with_its_text() {
    let module = load(&opa_module(""), true).expect("a module that loads");
    let error = ask(&module, "a/abort", None).expect_err("an abort");
    let expected = "a.rego:3:1: var assignment conflict";
    assert!(matches!(&error, EvalError::Aborted(text) if text == expected), "{error:?}");
    let error = ask(&module, "a/upper", Some(b"{}")).expect_err("a built-in that fails");
    assert!(matches!(&error, EvalError::Aborted(text) if text == "upper: no facts wanted"));
    assert_eq!(ask(&module, "a/yes", None).expect("a decision").result(), Some("true"));
}

#[test]
fn what_an_opa_module_may_import_is_named() {
    for import in [
        r#"(import "env" "opa_exit" (func (param i32)))"#,
        r#"(import "env" "opa_println" (func (param i64)))"#,
        r#"(import "env" "opa_builtin9" (func (param i32 i32) (result i32)))"#,
        r#"(import "wasi" "opa_println" (func (param i32)))"#,
        r#"(import "env" "table" (table 1 funcref))"#,
    ] {
        let refusal = load(&opa_module(import), true).expect_err("a module that imports more");
        assert!(matches!(refusal, LoadError::Import { .. }), "{import}: {refusal:?}");
    }
    let printing = r#"(import "env" "opa_println" (func (param i32)))"#;
    load(&opa_module(printing), true).expect("an import of OPA's modules");
}

#[test]
fn a_built_in_that_the_host_does_not_have_is_named() {
    let text = opa_module("").replace("upper", "lower");
    let refusal = load(&text, true).expect_err("a module that needs more");
    assert!(matches!(&refusal, LoadError::Builtin(name) if name == "lower"), "{refusal:?}");
    let refusal =
        load_with(&opa_module(""), LoadOptions::default()).expect_err("no built-ins at all");
    assert!(matches!(&refusal, LoadError::Builtin(name) if name == "upper"), "{refusal:?}");
}

#[test]
fn the_memory_of_an_opa_module_stays_under_the_ceiling() {
    let text = opa_module("").replace("(memory $memory 1)", "(memory $memory 8192)");
    let refusal = load(&text, true).expect_err("a memory that is too large");
    assert!(matches!(refusal, LoadError::Start(EvalError::Memory { .. })), "{refusal:?}");
}
