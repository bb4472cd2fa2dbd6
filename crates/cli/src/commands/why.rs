//! `palisade why`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use palisade::{Engine, EngineOptions, LoadOptions, Policy, Trust};
use palisade_bundle::{Bundle, Digest};
use palisade_decision::{
    self as decision, Found, Outcome, Record, RecordedHost, Replay, Verdict, replay,
};

use super::log::FormatArg;
use crate::limits::DecisionLimitArgs;
use crate::output;
use crate::state::{State, StateArgs};

/// The fewest characters that an id may be shortened to.
const PREFIX_CHARS_MIN: usize = 6;
/// How many decisions are listed when several begin with the same characters.
const MATCHES_MAX: usize = 10;

/// Explain a past decision, and make it again.
///
/// Prints input and output, the policy that made the decision (bundle digest, revision, signer), the time, the rules
/// that held, and whether the same policy gives the same answer to the same question now.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade why 6f1c7a52-6a53-4e5e-9d5e-4f7a0f6f7a11
  palisade why 6f1c7a52
  palisade why 6f1c7a52-6a53-4e5e-9d5e-4f7a0f6f7a11 --bundle bundle.tar.gz

Exit codes: 0 the decision was made again and is the same, 1 it is another one, or can't be made again, or only one of
the two was stopped by a limit.")]
pub struct Why {
    /// The decision's id, as the answer and the log give it, or its first characters, at least 6.
    decision_id: String,
    /// The bundle that made the decision, if the state directory hasn't kept it.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// How to print.
    #[arg(short, long, value_enum, default_value_t = FormatArg::Pretty)]
    format: FormatArg,
    /// The same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    limits: DecisionLimitArgs,
    #[command(flatten)]
    state: StateArgs,
}

impl Why {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<crate::Outcome> {
        let state = self.state.dir()?;
        let found = self.find(&state.decisions())?;
        let replayed = self.replay(&state, &found.record);
        let is_same = found.intact
            && matches!(&replayed, Ok(replayed) if replayed.replay.verdict == Verdict::Same);
        if self.json || self.format == FormatArg::Json {
            output::line(&serde_json::to_string_pretty(&json(&found, &replayed))?)?;
        } else {
            output::line(page(&found, &replayed).trim_end())?;
        }
        Ok(if is_same { crate::Outcome::Success } else { crate::Outcome::Failure })
    }

    fn find(&self, dir: &Path) -> anyhow::Result<Found> {
        let id = &self.decision_id;
        if let Some(found) = decision::find(dir, id)? {
            return Ok(found);
        }
        let missing = || anyhow!("no decision `{id}` in the log in `{}`", dir.display());
        if id.chars().count() < PREFIX_CHARS_MIN {
            return Err(missing().context(format!(
                "`{id}` is too short for the beginning of an id, which takes {PREFIX_CHARS_MIN} characters"
            )));
        }
        let mut found = decision::find_all(dir, id, MATCHES_MAX)?;
        if found.len() > 1 {
            let ids: Vec<&str> = found.iter().map(|it| it.record.decision_id.as_str()).collect();
            bail!("more than one decision begins with `{id}`:\n  {}", ids.join("\n  "));
        }
        found.pop().ok_or_else(missing)
    }

    fn replay(&self, state: &State, record: &Record) -> anyhow::Result<Replayed> {
        let digest = record.palisade.bundle.context("the record doesn't name its bundle")?;
        let bytes = self.bundle_bytes(state, &digest)?;
        let engine = Engine::new(&EngineOptions::default()).context("cannot start the sandbox")?;
        // The log names the bundle by its digest: whoever signed it, no other bytes will do.
        let trust = Trust { pins: vec![digest], unsigned: true, ..Trust::default() };
        let (limits, host) = (self.limits.limits(), Some(Arc::new(RecordedHost) as _));
        let options = LoadOptions { limits, host, ..LoadOptions::new(&trust) };
        let policy =
            Policy::load(&engine, &bytes, &options).context("the bundle can't be loaded")?;
        let replay = replay(&policy, record)?;
        let n_sources = Bundle::read(&bytes).map(|bundle| bundle.sources.len()).unwrap_or_default();
        Ok(Replayed { replay, n_sources })
    }

    fn bundle_bytes(&self, state: &State, digest: &Digest) -> anyhow::Result<Vec<u8>> {
        let bytes = match &self.bundle {
            Some(path) => {
                std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?
            }
            None => state.bundle(digest)?.with_context(|| {
                format!("bundle {digest} isn't in the state directory; name its file with --bundle")
            })?,
        };
        if Digest::of(&bytes) != *digest {
            bail!(
                "this is another bundle: the decision was made with {digest}, this is {}",
                Digest::of(&bytes)
            );
        }
        Ok(bytes)
    }
}

/// The decision made again.
struct Replayed {
    replay: Replay,
    n_sources: usize,
}

fn page(found: &Found, replayed: &anyhow::Result<Replayed>) -> String {
    let record = &found.record;
    let facts = &record.palisade;
    let mut rows: Vec<(&str, String)> = vec![
        ("decision", record.decision_id.clone()),
        ("time", record.timestamp.to_string()),
        (
            "asked",
            if record.path.is_empty() { "all of data".to_owned() } else { record.path.clone() },
        ),
        ("input", record.input.as_ref().map_or("none", |it| it.get()).to_owned()),
        ("output", output_of(record)),
        ("bundle", facts.bundle.map_or("unknown".to_owned(), |it| it.to_string())),
        ("revision", revision(record)),
        ("signer", signer(record)),
        ("module", facts.module.map_or("unknown".to_owned(), |it| it.to_string())),
        ("log", log_place(found)),
    ];
    match replayed {
        Ok(Replayed { replay, .. }) => {
            if replay.rules.is_empty() {
                rows.push(("rules", "none held".to_owned()));
            }
            for (at, rule) in replay.rules.iter().enumerate() {
                let name = match (at, replay.verdict) {
                    (0, Verdict::Different) => "rules now",
                    (0, _) => "rules",
                    _ => "",
                };
                rows.push((name, format!("{} ({}:{})", rule.path, rule.file, rule.row)));
            }
            rows.push(("again", verdict(replay)));
        }
        Err(error) => rows.push(("again", format!("not possible: {}", output::chain(error)))),
    }
    rows.iter().map(|(name, text)| format!("{name:<9} {text}\n")).collect()
}

fn verdict(replay: &Replay) -> String {
    let now = match &replay.again {
        Outcome::Answer(Some(result)) => format!("the policy now answers {result}"),
        Outcome::Answer(None) => "the policy now has no answer".to_owned(),
        Outcome::Failed(failed) => format!("now there is an error: {}", failed.message),
    };
    match (replay.verdict, &replay.recorded) {
        (Verdict::Different, _) => format!("DIFFERENT: {now}"),
        (Verdict::Stopped, Outcome::Failed(recorded)) if recorded.is_limit() => {
            format!("stopped then by a limit ({}); {now}", recorded.message)
        }
        (Verdict::Stopped, _) => {
            format!("stopped now by a limit, which --deadline-ms and --memory-mib raise; {now}")
        }
        (Verdict::Same, Outcome::Failed(_)) => {
            "same: the same question fails in the same way".to_owned()
        }
        (Verdict::Same, _) => {
            "same: the policy gives the same answer to the same question".to_owned()
        }
    }
}

fn output_of(record: &Record) -> String {
    match Outcome::of_record(record) {
        Outcome::Answer(Some(result)) => result,
        Outcome::Answer(None) => "undefined".to_owned(),
        Outcome::Failed(failed) => format!("error: {} ({})", failed.message, failed.code),
    }
}

fn revision(record: &Record) -> String {
    let named: Vec<&str> = record
        .bundles
        .values()
        .map(|it| it.revision.as_str())
        .filter(|it| !it.is_empty())
        .collect();
    if named.is_empty() { "none given".to_owned() } else { named.join(", ") }
}

fn signer(record: &Record) -> String {
    match record.palisade.signer {
        Some(signer) => format!("key {signer}"),
        None => "NOT SIGNED".to_owned(),
    }
}

fn log_place(found: &Found) -> String {
    let state = if found.intact { "the line is intact" } else { "THE LINE WAS ALTERED" };
    format!("{}; {state}", found.place)
}

fn json(found: &Found, replayed: &anyhow::Result<Replayed>) -> serde_json::Value {
    let replay = match replayed {
        Ok(Replayed { replay, n_sources }) => {
            let (result, error) = match &replay.again {
                Outcome::Answer(result) => (result.as_deref(), None),
                Outcome::Failed(failed) => (None, Some(failed)),
            };
            let verdict = match replay.verdict {
                Verdict::Same => "same",
                Verdict::Different => "different",
                Verdict::Stopped => "stopped",
            };
            serde_json::json!({
                "verdict": verdict,
                "same": replay.verdict == Verdict::Same,
                "result": result.and_then(|it| serde_json::from_str::<serde_json::Value>(it).ok()),
                "failed": error,
                "rules": replay.rules,
                "sources_in_bundle": n_sources,
            })
        }
        Err(error) => serde_json::json!({"error": output::chain(error)}),
    };
    serde_json::json!({"record": found.record, "intact": found.intact, "replay": replay})
}
