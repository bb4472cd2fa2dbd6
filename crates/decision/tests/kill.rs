//! `kill -9` under load: a child process appends from several threads and says which records were
//! accepted; it is killed in the middle, and every record it spoke of must be there.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use jiff::Timestamp;
use palisade_decision::{Durability, Log, Options, Record, new_decision_id, records, verify};

const N_THREADS: usize = 4;
/// How many records the child is left to write in each round.
const N_ANSWERED: usize = 300;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [_, "child", dir, durability] => append_until_killed(Path::new(dir), parse(durability)),
        _ => {
            for durability in ["written", "synced"] {
                kill_and_look(durability);
                println!("test no_answered_record_is_lost ({durability}) ... ok");
            }
        }
    }
}

fn parse(durability: &str) -> Durability {
    match durability {
        "synced" => Durability::Synced,
        _ => Durability::Written,
    }
}

fn append_until_killed(dir: &Path, durability: Durability) {
    let log = Log::open_with(dir, Options { durability, segment_bytes: 50_000 }).unwrap();
    thread::scope(|scope| {
        for _ in 0..N_THREADS {
            scope.spawn(|| {
                loop {
                    let record = Record::new(new_decision_id().unwrap(), Timestamp::now());
                    log.append(&record).unwrap();
                    let answered = writeln!(std::io::stdout(), "{}", record.decision_id);
                    // The parent is gone.
                    if answered.is_err() {
                        return;
                    }
                }
            });
        }
    });
}

/// Three rounds, so that the chain is also continued after a kill.
fn kill_and_look(durability: &str) {
    let dir = tempfile::tempdir().unwrap();
    let mut answered = BTreeSet::new();
    for _ in 0..3 {
        answered.extend(answers_until_killed(dir.path(), durability));
        drop(Log::open(dir.path(), Durability::Written).unwrap());
        let report = verify(dir.path()).unwrap();
        assert!(report.is_intact(), "{:?}", report.findings);
    }
    let logged = records(dir.path()).unwrap().map(|it| it.unwrap().record.decision_id);
    let logged: BTreeSet<String> = logged.collect();
    let lost: Vec<_> = answered.difference(&logged).collect();
    assert!(lost.is_empty(), "{lost:?}");
    assert!(answered.len() >= 3 * N_ANSWERED);
}

fn answers_until_killed(dir: &Path, durability: &str) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg("child")
        .arg(dir)
        .arg(durability)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut answered: Vec<String> = lines.by_ref().take(N_ANSWERED).collect();
    child.kill().unwrap();
    // What was answered before the kill is still in the pipe; its last line may be cut.
    answered.extend(lines.filter(|line| line.len() == 36));
    child.wait().unwrap();
    answered
}
