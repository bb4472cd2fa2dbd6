//! `palisade why`

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use palisade::{Engine, EngineOptions, LoadOptions, Policy, Trust};
use palisade_bundle::{Bundle, Digest};
use palisade_decision::{self as decision, Found, Record, replay};

use crate::state::{State, StateArgs};
use crate::{Outcome, output};

/// Explain a past decision, and make it again.
///
/// Prints input and output, the policy that made the decision (bundle digest, revision, signer), the time, the rules
/// that held, and whether the same policy gives the same answer to the same question now.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade why 6f1c7a52-6a53-4e5e-9d5e-4f7a0f6f7a11
  palisade why 6f1c7a52-6a53-4e5e-9d5e-4f7a0f6f7a11 --bundle bundle.tar.gz

Exit codes: 0 the decision was made again and is the same, 1 it is another one, or can't be made again.")]
pub struct Why {
    /// The decision's id, as the answer and the log give it.
    decision_id: String,
    /// The bundle that made the decision, if the state directory hasn't kept it.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    state: StateArgs,
}

impl Why {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        let state = self.state.dir()?;
        let dir = state.decisions();
        let Some(found) = decision::find(&dir, &self.decision_id)? else {
            bail!("no decision `{}` in the log in `{}`", self.decision_id, dir.display());
        };
        let replayed = self.replay(&state, &found.record);
        let is_same = matches!(&replayed, Ok(replay) if replay.is_same) && found.intact;
        if self.json {
            output::line(&serde_json::to_string_pretty(&json(&found, &replayed))?)?;
        } else {
            output::line(page(&found, &replayed).trim_end())?;
        }
        Ok(if is_same { Outcome::Success } else { Outcome::Failure })
    }

    fn replay(&self, state: &State, record: &Record) -> anyhow::Result<Replayed> {
        let digest = record.palisade.bundle.context("the record doesn't name its bundle")?;
        let bytes = self.bundle_bytes(state, &digest)?;
        let engine = Engine::new(&EngineOptions::default()).context("cannot start the sandbox")?;
        // The log names the bundle by its digest: whoever signed it, no other bytes will do.
        let trust = Trust { pins: vec![digest], unsigned: true, ..Trust::default() };
        let policy = Policy::load(&engine, &bytes, &LoadOptions::new(&trust))
            .context("the bundle can't be loaded")?;
        let replay = replay(&policy, record)?;
        let n_sources = Bundle::read(&bytes).map(|bundle| bundle.sources.len()).unwrap_or_default();
        Ok(Replayed {
            is_same: replay.is_same,
            result: replay.result,
            rules: replay.rules,
            n_sources,
        })
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
    is_same: bool,
    /// The answer now, as JSON text.
    result: Option<String>,
    /// The rules that held: path, file and row.
    rules: Vec<palisade::RuleHit>,
    n_sources: usize,
}

fn page(found: &Found, replayed: &anyhow::Result<Replayed>) -> String {
    let record = &found.record;
    let facts = &record.palisade;
    let mut rows: Vec<(&str, String)> = vec![
        ("decision", record.decision_id.clone()),
        ("time", record.timestamp.to_string()),
        ("asked", record.path.clone()),
        ("input", record.input.as_ref().map_or("none", |it| it.get()).to_owned()),
        ("output", output_of(record)),
        ("bundle", facts.bundle.map_or("unknown".to_owned(), |it| it.to_string())),
        ("revision", revision(record)),
        ("signer", signer(record)),
        ("module", facts.module.map_or("unknown".to_owned(), |it| it.to_string())),
        ("log", log_place(found)),
    ];
    match replayed {
        Ok(replay) => {
            if replay.rules.is_empty() {
                rows.push(("rules", "none held".to_owned()));
            }
            for (at, rule) in replay.rules.iter().enumerate() {
                let name = if at == 0 { "rules" } else { "" };
                rows.push((name, format!("{} ({}:{})", rule.path, rule.file, rule.row)));
            }
            rows.push(("again", verdict(replay)));
        }
        Err(error) => rows.push(("again", format!("not possible: {}", output::chain(error)))),
    }
    rows.iter().map(|(name, text)| format!("{name:<9} {text}\n")).collect()
}

fn verdict(replay: &Replayed) -> String {
    match (replay.is_same, &replay.result) {
        (true, _) => "same: the policy gives the same answer to the same question".to_owned(),
        (false, Some(result)) => format!("DIFFERENT: the policy now answers {result}"),
        (false, None) => "DIFFERENT: the policy now has no answer".to_owned(),
    }
}

fn output_of(record: &Record) -> String {
    match (&record.error, &record.result) {
        (Some(error), _) => format!("error {}", error.get()),
        (None, Some(result)) => result.get().to_owned(),
        (None, None) => "undefined".to_owned(),
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
        Ok(replay) => serde_json::json!({
            "same": replay.is_same,
            "result": replay.result.as_deref().and_then(|it| serde_json::from_str::<serde_json::Value>(it).ok()),
            "rules": replay.rules,
            "sources_in_bundle": replay.n_sources,
        }),
        Err(error) => serde_json::json!({"error": output::chain(error)}),
    };
    serde_json::json!({"record": found.record, "intact": found.intact, "replay": replay})
}
