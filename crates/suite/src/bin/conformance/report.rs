//! What came of a run, as text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use palisade_conformance::{Answer, Case, Outcome, Tally, judge};
use palisade_lab::subject::Target;
use palisade_value::{Value, json};

/// The verdicts on a run.
pub struct Report {
    /// For each target its name and what came of it.
    tallies: Vec<(Target, Tally)>,
    /// Every verdict, in the order of the cases.
    verdicts: Vec<String>,
    /// The cases in which the evaluators differ, and their answers.
    differences: Vec<String>,
    /// The cases in which they give the same error and name different places for it.
    places: Vec<String>,
}

impl Report {
    /// Judges the answers of each case, given in the order of the targets.
    pub fn new(cases: &[Case], targets: &[Target], answers: &[Vec<Answer>]) -> Report {
        let mut tallies: Vec<_> =
            targets.iter().map(|target| (*target, Tally::default())).collect();
        let mut report = Report {
            tallies: Vec::new(),
            verdicts: Vec::new(),
            differences: Vec::new(),
            places: Vec::new(),
        };
        for (case, answers) in cases.iter().zip(answers) {
            for ((target, tally), answer) in tallies.iter_mut().zip(answers) {
                let outcome = judge(case, answer);
                tally.add(case, &outcome);
                report.verdicts.push(format!(
                    "{} {}: {}: {}",
                    target.name(),
                    case.file,
                    case.note,
                    word(&outcome)
                ));
            }
            if let [first, second] = answers.as_slice() {
                if comparable(first) != comparable(second) {
                    report.differences.push(difference("differ", case, targets, answers));
                } else if place(first) != place(second) {
                    report.places.push(difference("name different places", case, targets, answers));
                }
            }
        }
        report.tallies = tallies;
        report
    }

    /// Whether nothing failed and the evaluators never differed.
    pub fn is_success(&self) -> bool {
        self.differences.is_empty()
            && self.tallies.iter().all(|(_, tally)| tally.failures.is_empty())
    }

    /// The report, every verdict included if `verbose`.
    pub fn text(&self, verbose: bool) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut out, verbose);
        out
    }

    fn write(&self, out: &mut String, verbose: bool) -> std::fmt::Result {
        if verbose {
            self.verdicts.iter().try_for_each(|line| writeln!(out, "{line}"))?;
            writeln!(out)?;
        }
        self.write_table(out)?;
        for (target, tally) in &self.tallies {
            for (case, why) in &tally.failures {
                writeln!(out, "\nfailed in {}: {case}\n  {why}", target.name())?;
            }
        }
        for difference in self.differences.iter().chain(&self.places) {
            writeln!(out, "\n{difference}")?;
        }
        self.write_skipped(out)?;
        writeln!(out)?;
        for (target, tally) in &self.tallies {
            let [passed, failed, skipped] = tally.totals();
            writeln!(
                out,
                "{}: {passed} passed, {failed} failed, {skipped} skipped",
                target.name()
            )?;
        }
        if self.tallies.len() > 1 {
            writeln!(out, "the evaluators differ in {} cases", self.differences.len())?;
            let places = self.places.len();
            writeln!(out, "they name different places for the same error in {places} cases")?;
        }
        Ok(())
    }

    /// A row a folder: passed, failed and skipped of each evaluator.
    fn write_table(&self, out: &mut String) -> std::fmt::Result {
        let folders: BTreeSet<&String> =
            self.tallies.iter().flat_map(|(_, tally)| tally.folders.keys()).collect();
        let width = folders.iter().map(|it| it.len()).max().unwrap_or_default().max("folder".len());
        write!(out, "{:width$}", "folder")?;
        for (target, _) in &self.tallies {
            write!(
                out,
                "  {:>11} {:>6} {:>7}",
                format!("{} passed", target.name()),
                "failed",
                "skipped"
            )?;
        }
        writeln!(out)?;
        for folder in folders {
            write!(out, "{folder:width$}")?;
            for (_, tally) in &self.tallies {
                let [passed, failed, skipped] =
                    tally.folders.get(folder).copied().unwrap_or_default();
                write!(out, "  {passed:>11} {failed:>6} {skipped:>7}")?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn write_skipped(&self, out: &mut String) -> std::fmt::Result {
        let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
        for (name, count) in self.tallies.iter().flat_map(|(_, tally)| &tally.missing) {
            let most = missing.entry(name).or_default();
            *most = (*most).max(*count);
        }
        if !missing.is_empty() {
            writeln!(out, "\nskipped because a built-in is not there yet:")?;
        }
        missing.iter().try_for_each(|(name, count)| writeln!(out, "  {count:>4} {name}"))
    }
}

fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Passed => "passed".to_owned(),
        Outcome::Failed(_) => "failed".to_owned(),
        Outcome::Skipped(builtin) => format!("skipped: the built-in `{builtin}` is not there yet"),
    }
}

/// An answer as it is compared with the other evaluator's: the set of solutions as JSON, or the error without its place.
///
/// Which of two conflicting rules comes second depends on the order of evaluation, and that is each evaluator's own.
fn comparable(answer: &Answer) -> Result<BTreeSet<Value>, &str> {
    let as_json = |it: &Value| json::parse(&json::to_json(it)).unwrap_or_else(|_| it.clone());
    match answer {
        Answer::Solutions(solutions) => Ok(solutions.iter().map(as_json).collect()),
        Answer::Failed(failed) => Err(&failed.text[place(answer).len()..]),
        Answer::Missing(builtin) => Err(builtin),
    }
}

/// What stands before the code in an error's text: file and row.
fn place(answer: &Answer) -> &str {
    let Answer::Failed(failed) = answer else { return "" };
    let code = failed.codes.first().and_then(|code| failed.text.find(code));
    code.and_then(|at| failed.text.get(..at)).unwrap_or_default()
}

fn difference(how: &str, case: &Case, targets: &[Target], answers: &[Answer]) -> String {
    let mut text = format!("the evaluators {how}: {}: {}", case.file, case.note);
    for (target, answer) in targets.iter().zip(answers) {
        let answer = match comparable(answer) {
            Ok(solutions) => solutions.iter().map(json::to_json).collect::<Vec<_>>().join(", "),
            Err(error) => format!("{}{error}", place(answer)),
        };
        text.push_str(&format!("\n  {}: {answer}", target.name()));
    }
    text
}
