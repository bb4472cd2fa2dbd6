//! Functions of the host: imported only where they are allowed and declared, and within the deadline.

use std::sync::Arc;
use std::time::{Duration, Instant};

use palisade_abi::{ErrorCode, HostCall, HostCalls, HostError, HostFunctions, Manifest};
use palisade_sandbox::{Call, EvalError, LoadError, LoadOptions, Module};

use crate::wat::{bytes, custom, engine, palisade};

/// A host that answers with what it was asked.
#[derive(Debug)]
struct Echo;

impl HostFunctions for Echo {
    fn allows(&self, _: &str) -> bool {
        true
    }

    fn call(&self, call: &HostCall<'_>) -> Result<String, HostError> {
        match call.arguments {
            "[\"late\"]" => {
                while call.deadline.is_some_and(|deadline| Instant::now() < deadline) {
                    std::thread::yield_now();
                }
                Ok("true".to_owned())
            }
            "[\"fail\"]" => Err(HostError::failed(ErrorCode::Builtin, "no \"luck\"")),
            arguments => Ok(arguments.to_owned()),
        }
    }
}

/// A module that asks its host with its input as the arguments, and answers with the host's answer.
fn asking(import: &str, declared: &[&str]) -> Vec<u8> {
    let text = palisade("", "(call $host (local.get $ptr) (local.get $len))", "");
    let import = format!(r#"(module (import {import} (func $host (param i32 i32) (result i64)))"#);
    with_manifest(&text.replacen("(module", &import, 1), declared)
}

fn with_manifest(text: &str, declared: &[&str]) -> Vec<u8> {
    let manifest = Manifest {
        abi: 1,
        host_functions: declared.iter().map(|it| (*it).to_owned()).collect(),
        ..Manifest::default()
    };
    let mut module = bytes(text);
    let body = [&[17], b"palisade.manifest".as_slice(), manifest.to_json().as_bytes()].concat();
    module.push(0);
    module.extend([(body.len() & 0x7f) as u8 | 0x80, (body.len() >> 7) as u8]);
    module.extend(body);
    module
}

const HTTP: &str = r#""palisade" "http.send""#;

fn load(module: &[u8], allowed: &[&str]) -> Result<Module, LoadError> {
    let allowed: Vec<String> = allowed.iter().map(|it| (*it).to_owned()).collect();
    let options = LoadOptions { reuse: true, host_functions: &allowed, ..LoadOptions::default() };
    Module::load(engine(), module, options)
}

fn ask(module: &Module, input: &str, calls: Option<&Arc<HostCalls>>) -> Result<String, EvalError> {
    let call = Call {
        entrypoint: module.default_entrypoint(),
        input: input.as_bytes(),
        ambient: None,
        deadline: Some(Duration::from_millis(100)),
    };
    module.evaluate_with_host(&call, calls).map(|output| match output.error() {
        Some(error) => format!("{}: {}", error.code, error.message),
        None => output.result().unwrap_or("undefined").to_owned(),
    })
}

#[test]
fn a_function_that_is_allowed_is_called() {
    let module = load(&asking(HTTP, &["http.send"]), &["http.send"]).expect("a module");
    assert!(module.asks_host());
    let calls = Arc::new(HostCalls::new(Arc::new(Echo)));
    assert_eq!(ask(&module, "[1]", Some(&calls)).expect("an answer"), "[1]");
    assert_eq!(
        ask(&module, "[\"fail\"]", Some(&calls)).expect("an answer"),
        "eval_builtin_error: no \"luck\""
    );
    // The instance is used again, and has no leave from the evaluation before.
    let refused = ask(&module, "[1]", None).expect("an answer");
    assert!(refused.starts_with("eval_host_error: ") && refused.contains("--allow-host http"));
}

#[test]
fn a_function_that_is_not_allowed_is_refused_when_the_module_is_loaded() {
    let module = asking(HTTP, &["http.send"]);
    for allowed in [&[][..], &["net.lookup_ip_addr"]] {
        let refusal = load(&module, allowed).expect_err("a refusal");
        assert_eq!(
            refusal.to_string(),
            "the module calls `http.send` of its host, which is not allowed; `--allow-host http` allows it"
        );
    }
}

#[test]
fn what_is_imported_must_be_declared() {
    for declared in [&[][..], &["net.lookup_ip_addr"], &["http.send", "net.lookup_ip_addr"]] {
        let refusal = load(&asking(HTTP, declared), &["http.send"]).expect_err("a refusal");
        assert!(matches!(refusal, LoadError::HostFunctions { .. }), "{refusal}");
    }
    let pure = with_manifest(&palisade("", "(i64.const 0)", ""), &["http.send"]);
    let refusal = load(&pure, &["http.send"]).expect_err("a refusal");
    assert!(matches!(refusal, LoadError::HostFunctions { .. }), "{refusal}");
}

#[test]
fn no_other_import_is_allowed_by_any_name() {
    for import in [r#""palisade" "http.get""#, r#""env" "http.send""#] {
        let name = import.split('"').nth(3).unwrap_or_default();
        let refusal = load(&asking(import, &[name]), &[name]).expect_err("a refusal");
        assert!(matches!(refusal, LoadError::Import { .. }), "{refusal}");
    }
    let wrong = palisade("", "(i64.const 0)", "").replacen(
        "(module",
        &format!("(module (import {HTTP} (func (param i32) (result i64)))"),
        1,
    );
    let refusal = load(&with_manifest(&wrong, &["http.send"]), &["http.send"]);
    assert!(matches!(refusal, Err(LoadError::Import { .. })));
}

#[test]
fn custom_engines_may_not_ask() {
    let text = custom("i32", "", "(i32.const 1)").replacen(
        "(module",
        &format!("(module (import {HTTP} (func (param i32 i32) (result i64)))"),
        1,
    );
    let refusal = load(&with_manifest(&text, &["http.send"]), &["http.send"]);
    assert!(matches!(refusal, Err(LoadError::Import { .. })));
}

#[test]
fn a_call_that_outlives_the_deadline_is_no_answer() {
    let module = load(&asking(HTTP, &["http.send"]), &["http.send"]).expect("a module");
    let calls = Arc::new(HostCalls::new(Arc::new(Echo)));
    let stopped = ask(&module, "[\"late\"]", Some(&calls)).expect_err("no answer");
    assert!(matches!(stopped, EvalError::Deadline(_)), "{stopped}");
}
