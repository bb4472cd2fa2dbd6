//! The log from the outside.

mod append;
mod chain;
mod records;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use palisade_bundle::digest;
use palisade_decision::{Log, Options, Record, verify};
use serde_json::value::RawValue;
use tempfile::TempDir;

pub(crate) fn raw(json: &str) -> Option<Box<RawValue>> {
    Some(RawValue::from_string(json.to_owned()).unwrap())
}

/// A record whose name and content depend on `number` only.
pub(crate) fn record(number: u64) -> Record {
    let mut record = Record::new(format!("decision-{number}"), Timestamp::UNIX_EPOCH);
    record.input = raw(&format!(r#"{{"user":"alice","n":{number}.0}}"#));
    record.result = raw("true");
    record
}

pub(crate) fn temporary() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A closed log of `n` records.
pub(crate) fn log_of(n: u64, segment_bytes: u64) -> TempDir {
    let dir = temporary();
    let options = Options { segment_bytes, ..Options::default() };
    let log = Log::open_with(dir.path(), options).unwrap();
    for number in 0..n {
        log.append(&record(number)).unwrap();
    }
    log.close().unwrap();
    dir
}

pub(crate) fn segments(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|it| it == "jsonl")).collect();
    files.sort();
    files
}

/// The lines of a log in one segment, each with its line break.
pub(crate) fn lines(dir: &Path) -> Vec<String> {
    let [segment] = &segments(dir)[..] else { panic!("more than one segment") };
    fs::read_to_string(segment).unwrap().split_inclusive('\n').map(str::to_owned).collect()
}

pub(crate) fn write_lines(dir: &Path, lines: &[String]) {
    fs::write(&segments(dir)[0], lines.concat()).unwrap();
}

/// What is wrong with the log, one line a finding.
pub(crate) fn findings(dir: &Path) -> Vec<String> {
    verify(dir).unwrap().findings.iter().map(ToString::to_string).collect()
}

/// Changes the lines of a log of five records and checks what is found.
pub(crate) fn check_change(change: impl Fn(&mut Vec<String>), expected: &[&str]) {
    let dir = log_of(5, u64::MAX);
    let mut all = lines(dir.path());
    change(&mut all);
    write_lines(dir.path(), &all);
    let found = findings(dir.path());
    let file = "decisions-00000000000000000000.jsonl:";
    let found: Vec<&str> = found.iter().map(|it| it.strip_prefix(file).unwrap()).collect();
    assert_eq!(found, expected);
}

/// Makes a line that agrees with itself again, as a forger would.
pub(crate) fn rehash(line: &str) -> String {
    let (hashed, _) = line.rsplit_once(",\"hash\":").unwrap();
    format!("{hashed},\"hash\":\"{}\"}}}}\n", digest(hashed.as_bytes()))
}
