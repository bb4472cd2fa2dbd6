//! The policies in tests/opa/policies with their cases: built as modules, and answered by the reference evaluator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::Place;
use super::json::present;
use crate::process;

/// A policy with everything that hosts need.
pub struct Policy {
    /// The name of its folder, and of its package.
    pub name: String,
    /// Its Rego files and data.
    pub files: Vec<PathBuf>,
    /// The module.
    pub module: PathBuf,
    /// The data document as JSON text.
    pub data: Option<String>,
    /// What is asked of it.
    pub cases: Vec<Case>,
}

/// A question with the right answer.
pub struct Case {
    /// What is asked for.
    pub entrypoint: String,
    /// The input as JSON text.
    pub input: Option<String>,
    /// The right answer.
    pub expected: Answer,
}

/// An answer, as anything that decides gives it.
#[derive(Debug)]
pub enum Answer {
    /// A value as JSON text.
    Value(String),
    /// The document is undefined.
    Undefined,
    /// The evaluation ended with an error.
    Error(String),
}

/// A case as it is written down.
#[derive(Deserialize)]
struct Written {
    entrypoint: String,
    #[serde(default, deserialize_with = "present")]
    input: Option<Box<RawValue>>,
}

/// Reads all policies, builds their modules and makes their decisions.
///
/// # Errors
/// When a file can't be read, or a policy does not build.
pub fn read(place: &Place) -> anyhow::Result<Vec<Policy>> {
    let folder = place.source("policies");
    let mut folders = files_of(&folder)?;
    folders.sort();
    folders.iter().map(|it| policy(place, it).with_context(|| it.display().to_string())).collect()
}

fn files_of(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    Ok(entries.map(|entry| entry.map(|it| it.path())).collect::<Result<_, _>>()?)
}

fn policy(place: &Place, folder: &Path) -> anyhow::Result<Policy> {
    let name = folder.file_name().context("a name")?.to_string_lossy().into_owned();
    let mut files = files_of(folder)?;
    files.retain(|it| !it.ends_with("cases.json"));
    files.sort();
    let data = folder.join("data.json");
    let data = data.exists().then(|| fs::read_to_string(data)).transpose()?;
    let written: Vec<Written> =
        serde_json::from_str(&fs::read_to_string(folder.join("cases.json"))?)?;
    let inputs = place.folder("inputs")?;
    let mut cases = Vec::new();
    for it in written {
        let input = it.input.map(|it| it.get().to_owned());
        let expected = reference(&files, &inputs, &it.entrypoint, input.as_deref())?;
        cases.push(Case { entrypoint: it.entrypoint, input, expected });
    }
    ensure!(!cases.is_empty(), "no cases");
    let module = place.made.join("modules").join(format!("{name}.wasm"));
    let policy = Policy { name, files, module, data, cases };
    policy.build(&policy.module)?;
    Ok(policy)
}

impl Policy {
    /// The entrypoints of all cases, each once.
    pub fn entrypoints(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.cases.iter().map(|it| it.entrypoint.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Builds the policy for OPA's ABI: a module if that is what the output is called, else a bundle.
    ///
    /// # Errors
    /// When it does not build.
    pub fn build(&self, output: &Path) -> anyhow::Result<()> {
        let mut command = process::built("palisade")?;
        command.args(["build", "--abi", "opa", "-o"]).arg(output);
        for entrypoint in self.entrypoints() {
            command.args(["-e", entrypoint]);
        }
        process::run(command.args(&self.files), "palisade build")
    }
}

/// The answer of the reference evaluator.
fn reference(
    files: &[PathBuf],
    inputs: &Path,
    entrypoint: &str,
    input: Option<&str>,
) -> anyhow::Result<Answer> {
    let mut command = process::built("palisade")?;
    command.args(["eval", "-t", "rego"]);
    for file in files {
        command.arg("-d").arg(file);
    }
    evaluated(&mut command, inputs, entrypoint, input)
}

/// Asks `palisade eval`, with its arguments up to the input and the query.
///
/// # Errors
/// When it can't be started, or its output is not what it prints.
pub fn evaluated(
    command: &mut Command,
    inputs: &Path,
    entrypoint: &str,
    input: Option<&str>,
) -> anyhow::Result<Answer> {
    if let Some(input) = input {
        let file = inputs.join("input.json");
        fs::write(&file, input)?;
        command.arg("-i").arg(file);
    }
    let names = entrypoint.split('/').map(|name| format!("[{name:?}]"));
    command.arg(format!("data{}", names.collect::<String>()));
    let output = command.output().context("palisade eval")?;
    let printed: Printed = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok(printed.into_answer())
}

/// What `palisade eval` prints.
#[derive(Deserialize)]
struct Printed {
    #[serde(default)]
    result: Vec<Row>,
    #[serde(default)]
    errors: Vec<Message>,
}

#[derive(Deserialize)]
struct Row {
    expressions: Vec<Expression>,
}

#[derive(Deserialize)]
struct Expression {
    value: Box<RawValue>,
}

#[derive(Deserialize)]
struct Message {
    message: String,
}

impl Printed {
    fn into_answer(self) -> Answer {
        if let Some(error) = self.errors.into_iter().next() {
            return Answer::Error(error.message);
        }
        let value =
            self.result.into_iter().next().and_then(|row| row.expressions.into_iter().next());
        value.map_or(Answer::Undefined, |it| Answer::Value(it.value.get().to_owned()))
    }
}
