//! Putting a case to the evaluators.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;

use palisade_abi::host::host_function_names;
use palisade_abi::{Ambient, HostCalls};
use palisade_compiler::{Options, Query, Source, compile, query_entrypoint};
use palisade_conformance::{Answer, Case, Failed, Prepared, Version, prepare};
use palisade_interp::{EvalOptions, Evaluator};
use palisade_lab::subject::{Compiled, Target};
use palisade_net::{AllowList, Network, Permissions};
use palisade_rego::syntax::ast;
use palisade_sandbox::{Call, Engine};
use palisade_value::{Value, json};
use serde_json::value::RawValue;

/// What `time.now_ns` gives.
const NOW_NS: i64 = 1_800_000_000_000_000_000;

/// The answer of each target. A panic is a failure of its case; the other cases go on.
pub fn answers(case: &Case, targets: &[Target], engine: &Engine) -> Vec<Answer> {
    let caught = panic::catch_unwind(AssertUnwindSafe(|| evaluate(case, targets, engine)));
    let panicked = Failed { codes: vec!["panic".to_owned()], text: "it panicked".to_owned() };
    caught.unwrap_or_else(|_| vec![Answer::Failed(panicked); targets.len()])
}

fn evaluate(case: &Case, targets: &[Target], engine: &Engine) -> Vec<Answer> {
    match prepare(case, palisade_builtins::declarations()) {
        Err(answer) => vec![answer; targets.len()],
        Ok(prepared) => targets
            .iter()
            .map(|target| match target {
                Target::Rego => reference(case, &prepared),
                Target::Wasm => compiled(case, &prepared, engine).unwrap_or_else(Answer::Failed),
            })
            .collect(),
    }
}

fn reference(case: &Case, prepared: &Prepared) -> Answer {
    let options = EvalOptions {
        input: prepared.input.clone(),
        now_ns: NOW_NS,
        runtime: Some(prepared.runtime.clone()),
        host: Some(host()),
        strict: case.strict_error,
        ..EvalOptions::default()
    };
    match Evaluator::new(&prepared.program, case.data.clone()).query(0, &options) {
        Ok(result) => Answer::Solutions(
            result
                .solutions
                .into_iter()
                .map(|solution| Value::object_of(solution.bindings))
                .collect(),
        ),
        Err(error) => Answer::Failed(Failed {
            codes: vec![error.code.to_string()],
            text: error.located(&prepared.program.files),
        }),
    }
}

fn compiled(case: &Case, prepared: &Prepared, engine: &Engine) -> Result<Answer, Failed> {
    let wasm = build(case, prepared)?;
    let module = Compiled::load(engine, &wasm).map_err(|error| failed("load", &error))?;
    let module = module.module();
    let entrypoint = module.entrypoint(&query_entrypoint(0)).unwrap_or(module.default_entrypoint());
    let ambient = Ambient {
        now_ns: Some(NOW_NS),
        runtime: RawValue::from_string(prepared.runtime.clone()).ok(),
        seed: Some("0".repeat(16)),
        strict: case.strict_error,
        ..Ambient::default()
    };
    let ambient = ambient.to_json();
    let input = prepared.input.as_ref().map(json::to_json).unwrap_or_default();
    let call = Call {
        entrypoint,
        input: input.as_bytes(),
        ambient: Some(ambient.as_bytes()),
        deadline: None,
    };
    let output = module
        .evaluate_with_host(&call, Some(&host()))
        .map_err(|error| failed("sandbox", &error))?;
    if let Some(error) = output.error() {
        let place = error
            .location
            .as_ref()
            .map(|it| format!("{}:{}: ", it.file, it.row))
            .unwrap_or_default();
        let text = format!("{place}{}: {}", error.code, error.message);
        return Err(Failed { codes: vec![error.code.clone()], text });
    }
    let result: Value =
        json::parse(output.result().unwrap_or("[]")).map_err(|error| failed("answer", &error))?;
    // A solution is `[[values of expressions], {bindings}]`.
    let bindings = |it: &Value| it.items().get(1).cloned().unwrap_or_else(Value::empty_object);
    Ok(Answer::Solutions(result.items().iter().map(bindings).collect()))
}

fn build(case: &Case, prepared: &Prepared) -> Result<Vec<u8>, Failed> {
    let sources: Vec<Source> = case
        .modules
        .iter()
        .enumerate()
        .map(|(at, it)| Source::new(format!("test-{at}.rego"), it.as_str()))
        .collect();
    let options = Options {
        version: match case.version {
            Version::V0 => ast::Version::V0,
            Version::V1 => ast::Version::V1,
        },
        data: case.data.clone(),
        queries: vec![Query { text: query(case, prepared), ..Query::default() }],
        experimental: case.experimental_keywords,
        host_functions: host_function_names(),
        // The cases load data and policies side by side, without the check that tools make.
        overlapping_data: true,
        test_cases: true,
        ..Options::default()
    };
    let compilation = compile(&sources, &options).map_err(|error| failed("compile", &error))?;
    compilation.artifact.map(|it| it.wasm).ok_or_else(|| Failed {
        codes: vec!["compile".to_owned()],
        text: format!("the compiler refuses what the checker takes: {:?}", compilation.diagnostics),
    })
}

/// What a case may ask of the world: its requests are looked at, and none can reach anything.
fn host() -> Arc<HostCalls> {
    let permissions = Permissions { http: true, dns: true, hosts: AllowList::default() };
    Arc::new(HostCalls::new(Arc::new(Network::new(permissions))))
}

/// The query. Input that JSON can't carry (sets, keys that are no strings) is written into it.
fn query(case: &Case, prepared: &Prepared) -> String {
    let survives =
        |input: &Value| json::parse::<Value>(&json::to_json(input)).is_ok_and(|it| it == *input);
    match (&case.input_term, &prepared.input) {
        (Some(term), Some(input)) if !survives(input) => {
            format!("{} with input as {term}", case.query)
        }
        _ => case.query.clone(),
    }
}

fn failed(code: &str, error: &dyn std::error::Error) -> Failed {
    let mut text = format!("{code}: {error}");
    let mut cause = error.source();
    while let Some(it) = cause {
        text.push_str(&format!(": {it}"));
        cause = it.source();
    }
    Failed { codes: vec![code.to_owned()], text }
}
