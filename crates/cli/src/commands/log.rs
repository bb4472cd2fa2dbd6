//! `palisade log`

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use anyhow::ensure;
use clap::{Args, Subcommand, ValueEnum};
use palisade_bundle::Digest;
use palisade_decision::{self as decision, LogError, Receipt, Record, Report};

use super::verify::digest;
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

/// How what is in the log is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// For people.
    #[default]
    Pretty,
    /// One JSON document.
    Json,
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
    #[arg(long, value_name = "HASH", value_parser = digest)]
    expect_head: Option<Digest>,
    /// How to print.
    #[arg(short, long, value_enum, default_value_t = FormatArg::Pretty)]
    format: FormatArg,
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
    /// How to print; as JSON it is an array of the records.
    #[arg(short, long, value_enum, default_value_t = FormatArg::Pretty)]
    format: FormatArg,
    /// Print the records as they are, one a line.
    #[arg(long, conflicts_with = "format")]
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

/// The directory of the log, which must be there.
fn log_dir(state: &StateArgs) -> anyhow::Result<PathBuf> {
    let dir = state.dir()?.decisions();
    ensure!(
        dir.is_dir(),
        "there is no decision log in `{}`; name the state directory of the server with --state",
        dir.display()
    );
    Ok(dir)
}

impl Verify {
    fn run(self) -> anyhow::Result<Outcome> {
        let dir = log_dir(&self.state)?;
        let report = match self.expect_head {
            Some(hash) => decision::verify_head(&dir, hash)?,
            None => decision::verify(&dir)?,
        };
        match self.format {
            FormatArg::Json => output::line(&serde_json::to_string_pretty(&report_json(&report))?)?,
            FormatArg::Pretty => print_report(&report)?,
        }
        Ok(if report.is_intact() { Outcome::Success } else { Outcome::Failure })
    }
}

fn report_json(report: &Report) -> serde_json::Value {
    let receipt = |it: &Receipt| serde_json::json!({"seq": it.seq, "hash": it.hash});
    let findings = report.findings.iter().map(
        |it| serde_json::json!({"place": it.place.to_string(), "problem": it.problem.to_string()}),
    );
    serde_json::json!({
        "intact": report.is_intact(),
        "records": report.n_records,
        "segments": report.n_segments,
        "head": report.last.as_ref().map(receipt),
        "expected": report.expected.as_ref().map(receipt),
        "findings": findings.collect::<Vec<_>>(),
    })
}

fn print_report(report: &Report) -> anyhow::Result<()> {
    for finding in &report.findings {
        eprintln!("error: {finding}");
    }
    if !report.is_intact() {
        return Ok(());
    }
    if report.n_records == 0 {
        return output::line(
            "empty: there is no record to verify; whether there were any only --expect-head can tell",
        );
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
            later => format!("is record {}; {} came after it", expected.seq, n(later, "record")),
        };
        output::line(&format!("the expected hash {place}"))?;
    }
    Ok(())
}

impl List {
    fn run(self) -> anyhow::Result<Outcome> {
        let last = self.last(&log_dir(&self.state)?)?;
        let records = last.iter().rev();
        if self.json {
            for record in records {
                output::line(&serde_json::to_string(record)?)?;
            }
        } else if self.format == FormatArg::Json {
            output::line(&serde_json::to_string_pretty(&records.collect::<Vec<_>>())?)?;
        } else {
            let head = ["decision", "time", "path", "result"].map(str::to_owned);
            let rows: Vec<Vec<String>> = records.map(row).collect();
            output::line(output::table(&head, &rows).trim_end())?;
        }
        Ok(Outcome::Success)
    }

    /// The last records, oldest first.
    fn last(&self, dir: &Path) -> anyhow::Result<VecDeque<Record>> {
        let mut last = VecDeque::new();
        for found in decision::records(dir)? {
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
        Ok(last)
    }
}

fn row(record: &Record) -> Vec<String> {
    let result = match decision::Outcome::of_record(record) {
        decision::Outcome::Answer(Some(result)) => result,
        decision::Outcome::Answer(None) => "undefined".to_owned(),
        decision::Outcome::Failed(failed) => format!("error: {}", failed.message),
    };
    vec![
        record.decision_id.clone(),
        record.timestamp.to_string(),
        record.path.clone(),
        shorten(&result, 60),
    ]
}

fn shorten(text: &str, n_chars_max: usize) -> String {
    match text.char_indices().nth(n_chars_max) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
