//! `palisade log`

use anyhow::ensure;
use clap::{Args, Subcommand};
use palisade_bundle::Digest;
use palisade_decision::{self as decision, LogError};

use crate::state::StateArgs;
use crate::{Outcome, output};

/// Read and verify the decision log.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade log list
  palisade log verify
  palisade why DECISION-ID                          # one decision, made again")]
pub struct Log {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Verify(Verify),
    List(List),
}

/// Check the log's hash chain; exit 1 and name the lines if any was altered, dropped or moved.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade log verify
  palisade log verify --expect-head sha256:4bf5…    # a hash that an earlier run printed
  palisade log verify --state /var/lib/palisade")]
struct Verify {
    /// Check too that a record has this hash, which was kept elsewhere: a log that was cut before it is found.
    #[arg(long, value_name = "HASH")]
    expect_head: Option<Digest>,
    #[command(flatten)]
    state: StateArgs,
}

/// List the last decisions, newest first.
#[derive(Args)]
#[command(after_help = "\
Examples:
  palisade log list
  palisade log list -n 100 --json")]
struct List {
    /// How many.
    #[arg(short, value_name = "N", default_value_t = 20)]
    n: usize,
    /// Print the records as they are, one a line.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    state: StateArgs,
}

impl Log {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<Outcome> {
        match self.command {
            Command::Verify(it) => it.run(),
            Command::List(it) => it.run(),
        }
    }
}

impl Verify {
    fn run(self) -> anyhow::Result<Outcome> {
        let dir = self.state.dir()?.decisions();
        ensure!(dir.is_dir(), "there is no decision log in `{}`", dir.display());
        let report = match self.expect_head {
            Some(hash) => decision::verify_head(&dir, hash)?,
            None => decision::verify(&dir)?,
        };
        for finding in &report.findings {
            eprintln!("error: {finding}");
        }
        if !report.is_intact() {
            return Ok(Outcome::Failure);
        }
        let n = |n: u64, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
        output::line(&format!(
            "intact: {} in {}",
            n(report.n_records, "record"),
            n(report.n_segments as u64, "segment")
        ))?;
        if let Some(last) = &report.last {
            output::line(&format!("head:   {} (record {})", last.hash, last.seq))?;
        }
        if let (Some(expected), Some(last)) = (&report.expected, &report.last) {
            let place = match last.seq.saturating_sub(expected.seq) {
                0 => "is the head".to_owned(),
                later => {
                    format!("is record {}; {} came after it", expected.seq, n(later, "record"))
                }
            };
            output::line(&format!("the expected hash {place}"))?;
        }
        Ok(Outcome::Success)
    }
}

impl List {
    fn run(self) -> anyhow::Result<Outcome> {
        let dir = self.state.dir()?.decisions();
        let mut last = std::collections::VecDeque::new();
        for found in decision::records(&dir)? {
            let found = match found {
                Ok(found) => found,
                // The others are listed all the same.
                Err(error @ LogError::Damaged { .. }) => {
                    eprintln!("error: {error}");
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            if !found.intact {
                eprintln!("error: {}: the line was altered", found.place);
            }
            last.push_back(found.record);
            if last.len() > self.n {
                last.pop_front();
            }
        }
        let mut rows = Vec::new();
        for record in last.iter().rev() {
            if self.json {
                output::line(&serde_json::to_string(record)?)?;
                continue;
            }
            let result = match decision::Outcome::of_record(record) {
                decision::Outcome::Answer(Some(result)) => result,
                decision::Outcome::Answer(None) => "undefined".to_owned(),
                decision::Outcome::Failed(failed) => format!("error: {}", failed.message),
            };
            rows.push(vec![
                record.decision_id.clone(),
                record.timestamp.to_string(),
                record.path.clone(),
                shorten(&result, 60),
            ]);
        }
        if !self.json {
            let head = ["decision", "time", "path", "result"].map(str::to_owned);
            output::line(output::table(&head, &rows).trim_end())?;
        }
        Ok(Outcome::Success)
    }
}

fn shorten(text: &str, n_chars_max: usize) -> String {
    match text.char_indices().nth(n_chars_max) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
