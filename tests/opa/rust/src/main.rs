//! Decisions through the Rust SDK, the crate `opa-wasm`: requests in, answers out, a line of JSON each.
//!
//! A request is `{module, data?, entrypoint, input, repeat?}`, where data and input are JSON text; its answer is
//! `{result}`, `{}` if there is none, or `{error}`. With `repeat` the decision is made as often, and the answer tells by
//! how many bytes the memory grew meanwhile.

use std::collections::HashMap;
use std::io::{BufRead, Write};

use anyhow::{Context, Result};
use opa_wasm::{DefaultContext, Policy, Runtime};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wasmtime::{Config, Engine, Module, ResourceLimiter, Store};

#[derive(Deserialize)]
struct Request {
    module: String,
    data: Option<String>,
    entrypoint: String,
    input: String,
    repeat: Option<u32>,
}

#[derive(Serialize, Default)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grown: Option<usize>,
}

/// The path of a module, and data.
type Key = (String, Option<String>);

/// A policy with its data, which many requests in a row may be about.
struct Loaded {
    key: Key,
    store: Store<Memory>,
    policy: Policy<DefaultContext>,
}

/// How large the module's memory has become.
#[derive(Default)]
struct Memory {
    bytes: usize,
}

impl ResourceLimiter for Memory {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        self.bytes = desired;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let engine = Engine::new(&Config::new())?;
    let mut modules = HashMap::new();
    let mut loaded = None;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?).context("a request")?;
        let answer = runtime.block_on(answer(&engine, &mut modules, &mut loaded, request));
        let answer = answer.unwrap_or_else(|error| Answer {
            error: Some(format!("{error:#}")),
            ..Answer::default()
        });
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)?;
    }
    Ok(())
}

async fn answer(
    engine: &Engine,
    modules: &mut HashMap<String, Module>,
    loaded: &mut Option<Loaded>,
    request: Request,
) -> Result<Answer> {
    let key = (request.module, request.data);
    if loaded.as_ref().is_none_or(|it| it.key != key) {
        *loaded = Some(load(engine, modules, key).await?);
    }
    let loaded = loaded.as_mut().context("a policy")?;
    let input = RawValue::from_string(request.input)?;
    let mut answer =
        Answer { result: decide(loaded, &request.entrypoint, &input).await?, ..Answer::default() };
    if let Some(times) = request.repeat {
        let before = loaded.store.data().bytes;
        for _ in 0..times {
            answer.result = decide(loaded, &request.entrypoint, &input).await?;
        }
        answer.grown = Some(loaded.store.data().bytes - before);
    }
    Ok(answer)
}

async fn load(engine: &Engine, modules: &mut HashMap<String, Module>, key: Key) -> Result<Loaded> {
    if !modules.contains_key(&key.0) {
        modules.insert(key.0.clone(), Module::from_file(engine, &key.0)?);
    }
    let mut store = Store::new(engine, Memory::default());
    store.limiter(|memory| memory);
    let runtime = Runtime::new(&mut store, &modules[&key.0]).await?;
    let policy = match &key.1 {
        Some(data) => runtime.with_data(&mut store, &RawValue::from_string(data.clone())?).await?,
        None => runtime.without_data(&mut store).await?,
    };
    Ok(Loaded { key, store, policy })
}

/// The result of the first and only element of the result set, if there is one.
async fn decide(
    loaded: &mut Loaded,
    entrypoint: &str,
    input: &RawValue,
) -> Result<Option<Box<RawValue>>> {
    let results: Vec<HashMap<String, Box<RawValue>>> =
        loaded.policy.evaluate(&mut loaded.store, entrypoint, &input).await?;
    Ok(results.into_iter().next().and_then(|mut it| it.remove("result")))
}
