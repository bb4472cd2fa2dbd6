//! Other evaluators: each a program that reads a question a line from its standard input and answers a line.
//!
//! A question is `{"sources": [[name, text]], "data": JSON, "input": JSON, "documents": ["data.p.r"]}`, where data and
//! input are strings with JSON text; an answer `{"answers": [{"value": JSON} | {} | {"error": message, "code": code}]}`,
//! with one entry a document, or `{"refused": message}` if the peer does not take the program. An error with one of OPA's
//! codes is an answer; one without may mean that the peer can't do what is asked, and is compared with errors only.

mod deviations;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use palisade_value::{Value, json};
use serde::{Deserialize, Serialize};

use crate::case::Case;
use crate::properties::{Answer, Question};
pub use deviations::known as known_deviation;

/// The code of an evaluation that takes too long.
const CANCELLED: &str = "eval_cancel_error";

/// A peer that runs.
pub struct Peer {
    command: String,
    running: Option<Running>,
}

struct Running {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

/// The peer's answer to a question.
#[derive(Clone, Debug, Deserialize)]
pub struct PeerAnswer {
    value: Option<String>,
    error: Option<String>,
    code: Option<String>,
}

impl PeerAnswer {
    /// For messages.
    pub fn text(&self) -> &str {
        self.error.as_deref().or(self.value.as_deref()).unwrap_or("undefined")
    }

    fn refused(message: impl Into<String>) -> PeerAnswer {
        PeerAnswer { value: None, error: Some(message.into()), code: None }
    }
}

#[derive(Serialize)]
struct Asked<'a> {
    sources: &'a [(String, String)],
    data: &'a str,
    input: &'a str,
    strict: bool,
    documents: Vec<String>,
}

#[derive(Deserialize)]
struct Answered {
    #[serde(default)]
    answers: Vec<PeerAnswer>,
    refused: Option<String>,
}

impl Peer {
    /// A peer by its program.
    pub fn new(command: &str) -> Peer {
        Peer { command: command.to_owned(), running: None }
    }

    /// What the peer answers, an answer a question; an error where it has none. It is started again should it have ended.
    pub fn ask(&mut self, case: &Case, input: usize, questions: &[&Question]) -> Vec<PeerAnswer> {
        let answered = self.try_ask(case, input, questions).unwrap_or_else(|error| {
            self.stop();
            Answered { answers: Vec::new(), refused: Some(error.to_string()) }
        });
        let refused = answered.refused.unwrap_or_else(|| "no answer".to_owned());
        let missing = || PeerAnswer::refused(refused.clone());
        let mut answers = answered.answers;
        answers.resize_with(questions.len(), missing);
        answers
    }

    fn try_ask(
        &mut self,
        case: &Case,
        input: usize,
        questions: &[&Question],
    ) -> anyhow::Result<Answered> {
        let documents = questions.iter().filter_map(|it| match it {
            Question::Document(path, _) => Some(reference(path)),
            Question::Query(..) => None,
        });
        let asked = Asked {
            sources: &case.sources,
            data: &case.data,
            input: case.inputs.get(input).map_or("{}", String::as_str),
            strict: case.strict,
            documents: documents.collect(),
        };
        let running = match &mut self.running {
            Some(running) => running,
            none => none.insert(start(&self.command)?),
        };
        writeln!(running.to, "{}", serde_json::to_string(&asked)?)?;
        running.to.flush()?;
        let mut line = String::new();
        anyhow::ensure!(running.from.read_line(&mut line)? > 0, "the peer has ended");
        Ok(serde_json::from_str(&line)?)
    }

    fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            // It has ended by itself, or is to: nothing depends on how.
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn start(command: &str) -> anyhow::Result<Running> {
    let mut child = Command::new(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let (to, from) = (child.stdin.take(), child.stdout.take());
    let (Some(to), Some(from)) = (to, from) else { anyhow::bail!("the peer has no pipes") };
    Ok(Running { child, to, from: BufReader::new(from) })
}

/// A path as a ref: `data.p["x-y"]`.
pub(crate) fn reference(path: &str) -> String {
    let part = |it: &str| {
        let plain = it.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        if plain { format!(".{it}") } else { format!("[{it:?}]") }
    };
    format!("data{}", path.split('/').map(part).collect::<String>())
}

/// Whether an answer is the peer's too; none if there is nothing to compare.
pub fn compare(ours: &Answer, theirs: &PeerAnswer) -> Option<bool> {
    let value = |text: &str| json::parse::<Value>(text).ok();
    match (ours, theirs) {
        (Answer::Limit, _) => None,
        (_, PeerAnswer { code: Some(code), .. }) if code == CANCELLED => None,
        (Answer::Error(code), PeerAnswer { code: Some(other), .. }) => Some(code == other),
        (_, PeerAnswer { code: Some(_), .. }) => Some(false),
        (Answer::Error(_), PeerAnswer { error: Some(_), .. }) => Some(true),
        (_, PeerAnswer { error: Some(_), .. }) => None,
        // An index may spare an evaluator the rule that is in error.
        (Answer::Error(_), _) => None,
        (Answer::Undefined, PeerAnswer { value, .. }) => Some(value.is_none()),
        (Answer::Value(ours), PeerAnswer { value: Some(theirs), .. }) => {
            Some(value(theirs) == value(ours))
        }
        (Answer::Value(_), PeerAnswer { value: None, .. }) => Some(false),
    }
}
