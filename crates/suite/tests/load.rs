//! Base data that a host loads into a module, in place of what it was built with.

use palisade_compiler::{Options, Source, compile};
use palisade_sandbox::{Call, Engine, EngineOptions, LoadOptions, Module};
use palisade_value::json;

const POLICY: &str = "
package test

sums := [data.first.n, data.second.n, data.third.n]

deny if data.blocked.list[input.user]
";

const DATA: &str = r#"{"first": {"n": 1}, "second": {"n": 2}, "third": {"n": 3}, "blocked": {"list": {"bob": true}}}"#;

fn module() -> Module {
    let options = Options {
        data: json::parse(DATA).expect("data"),
        entrypoints: vec!["test/sums".to_owned(), "test/deny".to_owned()],
        ..Options::default()
    };
    let compiled = compile(&[Source::new("policy.rego", POLICY)], &options).expect("a policy");
    let wasm = compiled.artifact.expect("a policy without errors").wasm;
    let engine = Engine::new(&EngineOptions::default()).expect("an engine");
    Module::load(&engine, &wasm, LoadOptions::default()).expect("a module that loads")
}

fn answer(module: &Module, entrypoint: &str, input: &str) -> Option<String> {
    let call = Call {
        entrypoint: module.entrypoint(entrypoint).expect("an entrypoint"),
        input: input.as_bytes(),
        ambient: None,
        deadline: None,
    };
    module.evaluate(&call).expect("a decision").result().map(str::to_owned)
}

#[test]
fn every_path_gets_its_own_document() {
    let frozen = module();
    assert_eq!(answer(&frozen, "test/sums", "{}").as_deref(), Some("[1,2,3]"));

    let same = frozen.with_data(DATA.as_bytes().to_vec()).expect("data that is taken");
    assert_eq!(answer(&same, "test/sums", "{}").as_deref(), Some("[1,2,3]"));
    assert_eq!(answer(&same, "test/deny", r#"{"user": "bob"}"#).as_deref(), Some("true"));
    assert_eq!(answer(&same, "test/deny", r#"{"user": "root"}"#), None);

    let other = DATA.replace("\"n\": 1", "\"n\": 10").replace("\"n\": 3", "\"n\": 30");
    let other = frozen.with_data(other.into_bytes()).expect("data that is taken");
    assert_eq!(answer(&other, "test/sums", "{}").as_deref(), Some("[10,2,30]"));
}

#[test]
fn what_is_not_loaded_is_not_there() {
    let empty = module().with_data(b"{}".to_vec()).expect("data that is taken");
    assert_eq!(answer(&empty, "test/sums", "{}"), None);
    assert_eq!(answer(&empty, "test/deny", r#"{"user": "bob"}"#), None);
}
