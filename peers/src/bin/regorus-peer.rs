//! regorus as a peer of the fuzzer: a question a line on standard input, an answer a line on standard output.
//!
//! `cargo xtask fuzz --peer regorus` starts this; `crates/fuzz/src/peer.rs` describes the lines.

use std::io::{BufRead, Write, stdin, stdout};
use std::panic::{AssertUnwindSafe, catch_unwind};

use regorus::{Engine, Value};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Asked {
    sources: Vec<(String, String)>,
    data: String,
    input: String,
    strict: bool,
    documents: Vec<String>,
}

#[derive(Default, Serialize)]
struct Answered {
    answers: Vec<Answer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

#[derive(Default, Serialize)]
struct Answer {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn main() -> std::io::Result<()> {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let answered = match serde_json::from_str::<Asked>(&line?) {
            Ok(asked) => answer(&asked),
            Err(error) => Answered { refused: Some(error.to_string()), ..Answered::default() },
        };
        writeln!(out, "{}", serde_json::to_string(&answered)?)?;
        out.flush()?;
    }
    Ok(())
}

fn answer(asked: &Asked) -> Answered {
    match catch_unwind(AssertUnwindSafe(|| prepare(asked))) {
        Ok(Ok(engine)) => {
            // A new engine a document: one that failed is not to disturb the next.
            let answers = asked.documents.iter().map(|it| document(engine.clone(), it)).collect();
            Answered { answers, refused: None }
        }
        Ok(Err(error)) => Answered { refused: Some(error), ..Answered::default() },
        Err(_) => Answered { refused: Some("regorus panics".to_owned()), ..Answered::default() },
    }
}

fn prepare(asked: &Asked) -> Result<Engine, String> {
    let mut engine = Engine::new();
    engine.set_rego_v0(false);
    engine.set_strict_builtin_errors(asked.strict);
    for (name, text) in &asked.sources {
        engine.add_policy(name.clone(), text.clone()).map_err(|error| error.to_string())?;
    }
    engine.add_data_json(&asked.data).map_err(|error| error.to_string())?;
    engine.set_input_json(&asked.input).map_err(|error| error.to_string())?;
    Ok(engine)
}

fn document(mut engine: Engine, reference: &str) -> Answer {
    let evaluated = catch_unwind(AssertUnwindSafe(|| {
        let results =
            engine.eval_query(reference.to_owned(), false).map_err(|error| error.to_string())?;
        let value =
            results.result.first().and_then(|it| it.expressions.first()).map(|it| it.value.clone());
        match value {
            None | Some(Value::Undefined) => Ok(None),
            Some(value) => value.to_json_str().map(Some).map_err(|error| error.to_string()),
        }
    }));
    match evaluated {
        Ok(Ok(value)) => Answer { value, error: None },
        Ok(Err(error)) => Answer { value: None, error: Some(error) },
        Err(_) => Answer { value: None, error: Some("regorus panics".to_owned()) },
    }
}
