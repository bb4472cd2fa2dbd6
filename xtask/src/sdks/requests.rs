//! Asking a host: requests go in as lines of JSON, answers come out as such.

use std::fs::{self, File};
use std::path::Path;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::Place;
use super::hosts::Host;
use super::json::{are_equal, present};
use super::policies::{Answer, Case, Policy};

/// The policy that is evaluated many times.
const REPEATED: &str = "roles";

/// The most bytes that a host's memory may seem to grow: other things than the module's memory may be counted.
const GROWTH_MAX: u64 = 1 << 20;

/// What hosts are asked; what is not set is not written.
#[derive(Serialize, Default)]
pub struct Request<'a> {
    /// The path of a module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<&'a Path>,
    /// The path of a bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bundle: Option<&'a Path>,
    /// The data document of the module as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<&'a str>,
    /// What is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrypoint: Option<&'a str>,
    /// The input as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input: Option<&'a str>,
    /// How often the decision is made again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u32>,
    /// Changes of the data before the decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patches: Vec<Patch<'a>>,
    /// The path of a bundle that is to be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build: Option<&'a Path>,
    /// What is in the bundle: Rego or a module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<&'a str>,
    /// The entrypoints of the bundle's module.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entrypoints: Vec<&'a str>,
    /// What the bundle is made of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<&'a Path>,
}

/// A change of the data: without a value, what is at the path goes.
#[derive(Serialize)]
pub struct Patch<'a> {
    /// The keys that lead there.
    pub path: &'a [&'a str],
    /// The value as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<&'a str>,
}

/// What hosts answer.
#[derive(Deserialize)]
pub struct Response {
    #[serde(default, deserialize_with = "present")]
    result: Option<Box<RawValue>>,
    error: Option<String>,
    grown: Option<u64>,
}

impl Response {
    /// The answer to a decision.
    pub fn into_answer(self) -> Answer {
        match (self.error, self.result) {
            (Some(message), _) => Answer::Error(message),
            (None, Some(value)) => Answer::Value(value.get().to_owned()),
            (None, None) => Answer::Undefined,
        }
    }
}

/// Gives requests to a host, which answers each.
///
/// # Errors
/// When the host can't be started, fails, or leaves a request without an answer.
pub fn ask(place: &Place, host: &Host, requests: &[Request<'_>]) -> anyhow::Result<Vec<Response>> {
    let mut lines = String::new();
    for request in requests {
        lines.push_str(&serde_json::to_string(request)?);
        lines.push('\n');
    }
    // From a file, which stays: a request that fails can be given again by hand.
    let file = place.made.join(format!("{}.jsonl", host.name));
    fs::write(&file, lines)?;
    let mut command = host.command();
    let output = command.stdin(File::open(&file)?).output().context("starting the host")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the host failed: {said}");
    let answers = String::from_utf8(output.stdout)?;
    let responses = answers.lines().map(serde_json::from_str).collect::<Result<Vec<_>, _>>()?;
    ensure!(responses.len() == requests.len(), "{} answers: {said}", responses.len());
    Ok(responses)
}

/// Makes the decisions of all cases.
///
/// # Errors
/// When an answer is not that of the reference evaluator.
pub fn decisions(place: &Place, host: &Host, policies: &[Policy]) -> anyhow::Result<()> {
    let mut asked = Vec::new();
    let mut requests = Vec::new();
    for (policy, case) in cases(policies) {
        if case.input.is_none() && !host.takes_no_input {
            continue;
        }
        asked.push((policy, case));
        requests.push(Request {
            module: Some(&policy.module),
            data: policy.data.as_deref(),
            entrypoint: Some(&case.entrypoint),
            input: case.input.as_deref(),
            ..Request::default()
        });
    }
    let answers = ask(place, host, &requests)?.into_iter().map(Response::into_answer);
    compare(host, "decisions by modules", asked.into_iter().zip(answers))
}

/// All cases with their policies.
pub fn cases(policies: &[Policy]) -> impl Iterator<Item = (&Policy, &Case)> {
    policies.iter().flat_map(|policy| policy.cases.iter().map(move |case| (policy, case)))
}

/// Compares answers with what they must be.
///
/// # Errors
/// When one differs; all that do have been printed.
pub fn compare<'a>(
    host: &Host,
    what: &str,
    answers: impl Iterator<Item = ((&'a Policy, &'a Case), Answer)>,
) -> anyhow::Result<()> {
    compare_by(|case, answer| is_right(host, &case.expected, answer), what, answers)
}

/// The same, with another idea of which answers are right.
///
/// # Errors
/// When an answer is wrong.
pub fn compare_by<'a>(
    is_right: impl Fn(&Case, &Answer) -> anyhow::Result<bool>,
    what: &str,
    answers: impl Iterator<Item = ((&'a Policy, &'a Case), Answer)>,
) -> anyhow::Result<()> {
    let (mut count, mut wrong) = (0, 0);
    for ((policy, case), answer) in answers {
        count += 1;
        if !is_right(case, &answer)? {
            wrong += 1;
            let input = case.input.as_deref().unwrap_or("(none)");
            println!("{}: {} with input {input}", policy.name, case.entrypoint);
            println!("  must be: {:?}\n  is:      {answer:?}", case.expected);
        }
    }
    ensure!(wrong == 0, "{wrong} of {count} {what} are wrong");
    println!("  {count} {what}");
    Ok(())
}

/// Whether an answer is the expected one, as far as the host's language can tell.
///
/// # Errors
/// When a value is no JSON.
pub fn is_right(host: &Host, expected: &Answer, answer: &Answer) -> anyhow::Result<bool> {
    Ok(match (expected, answer) {
        (Answer::Value(expected), Answer::Value(value)) => {
            are_equal(expected, value, host.precision)?
        }
        (Answer::Undefined, Answer::Undefined) => true,
        // Hosts put their own words around the module's.
        (Answer::Error(expected), Answer::Error(message)) => message.contains(expected.as_str()),
        _ => false,
    })
}

/// Makes a decision many times.
///
/// # Errors
/// When the host's memory grows, or the answer changes.
pub fn repetitions(place: &Place, host: &Host, policies: &[Policy]) -> anyhow::Result<()> {
    let (policy, case) =
        cases(policies).find(|(policy, _)| policy.name == REPEATED).context(REPEATED)?;
    let request = Request {
        module: Some(&policy.module),
        data: policy.data.as_deref(),
        entrypoint: Some(&case.entrypoint),
        input: case.input.as_deref(),
        repeat: Some(host.rounds),
        ..Request::default()
    };
    let response = ask(place, host, &[request])?.pop().context("an answer")?;
    let grown = response.grown;
    let answer = response.into_answer();
    ensure!(is_right(host, &case.expected, &answer)?, "many times: {answer:?}");
    let grown = grown.context("how much the memory grew")?;
    ensure!(grown <= GROWTH_MAX, "the memory grew by {grown} bytes");
    println!("  {} evaluations in the same memory", host.rounds);
    Ok(())
}
