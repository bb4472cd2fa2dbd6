//! Appending: torn lines are set aside, tampered logs stay shut, and many threads share a log.

use std::fs;
use std::path::Path;
use std::thread;

use palisade_decision::{Durability, Log, LogError, Options, Receipt, records, verify};

use crate::{lines, log_of, record, rehash, segments, temporary, write_lines};

#[test]
fn a_torn_last_line_is_set_aside() {
    let whole = lines(log_of(4, u64::MAX).path());
    for kept in [0, 1, 30, whole[3].len() - 1] {
        let dir = log_of(3, u64::MAX);
        let file = &segments(dir.path())[0];
        let torn = &whole[3][..kept];
        fs::write(file, format!("{}{torn}", whole[..3].concat())).unwrap();
        let log = Log::open(dir.path(), Durability::Written).unwrap();
        match log.torn_line() {
            None => assert_eq!(kept, 0),
            Some(note) => {
                assert_eq!((note.place.line, note.bytes), (4, kept));
                assert_eq!(fs::read_to_string(dir.path().join(&note.saved_as)).unwrap(), torn);
            }
        }
        assert_eq!(log.append(&record(3)).unwrap().seq, 3);
        drop(log);
        assert!(verify(dir.path()).unwrap().is_intact());
        assert_eq!(lines(dir.path()), whole);
    }
}

#[test]
fn a_line_torn_at_the_start_of_a_segment_is_set_aside() {
    let dir = log_of(3, 1);
    let newest = segments(dir.path()).pop().unwrap();
    let text = fs::read_to_string(&newest).unwrap();
    fs::remove_file(dir.path().join("head.json")).unwrap();
    for _ in 0..2 {
        fs::write(&newest, &text[..40]).unwrap();
        let log = Log::open(dir.path(), Durability::Written).unwrap();
        assert_eq!(log.torn_line().map(|it| it.bytes), Some(40));
        assert_eq!(log.append(&record(2)).unwrap().seq, 2);
        drop(log);
        fs::remove_file(dir.path().join("head.json")).unwrap();
    }
    assert!(verify(dir.path()).unwrap().is_intact());
    assert_eq!(fs::read_to_string(&newest).unwrap(), text);
}

#[test]
fn a_log_that_was_tampered_with_stays_shut() {
    let check = |change: &dyn Fn(&mut Vec<String>), expected: &str| {
        let dir = log_of(3, u64::MAX);
        let mut all = lines(dir.path());
        change(&mut all);
        write_lines(dir.path(), &all);
        let before = lines(dir.path());
        let error = Log::open(dir.path(), Durability::Written).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(lines(dir.path()), before);
    };
    check(
        &|lines| lines[2] = lines[2].replace("alice", "bobby"),
        ".jsonl:3 is not an intact record",
    );
    check(&|lines| drop(lines.pop()), "ends with record 1, but it had reached record 2");
    check(
        &|lines| lines[2] = rehash(&lines[2].replace("alice", "bobby")),
        "record 2 of the decision log in",
    );
    check(&|lines| lines.clear(), "ends empty, but it had reached record 2");
}

#[test]
fn one_process_writes_a_log() {
    let dir = temporary();
    let log = Log::open(dir.path(), Durability::Written).unwrap();
    assert!(matches!(Log::open(dir.path(), Durability::Written), Err(LogError::InUse { .. })));
    drop(log);
    assert!(Log::open(dir.path(), Durability::Written).is_ok());
}

#[test]
fn a_directory_that_cannot_be_written_is_named() {
    let dir = temporary();
    let file = dir.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Log::open(&file.join("log"), Durability::Written).unwrap_err().to_string();
    assert!(error.starts_with("cannot create `"), "{error}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_decisions() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = temporary();
    let dir = dir.path().join("log");
    let log = Log::open(&dir, Durability::Written).unwrap();
    log.append(&record(0)).unwrap();
    log.close().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    assert_eq!(mode(&segments(&dir)[0]), 0o600);
    assert_eq!(mode(&dir.join("head.json")), 0o600);
}

#[test]
fn many_threads_append_to_one_chain() {
    for durability in [Durability::Written, Durability::Synced] {
        let dir = temporary();
        let options = Options { durability, segment_bytes: 20_000 };
        let log = Log::open_with(dir.path(), options).unwrap();
        let append_all = |thread: u64| -> Vec<(u64, Receipt)> {
            let numbers = (0..50).map(|i| thread * 50 + i);
            numbers.map(|number| (number, log.append(&record(number)).unwrap())).collect()
        };
        let mut receipts: Vec<(u64, Receipt)> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|i| scope.spawn(move || append_all(i))).collect();
            threads.into_iter().flat_map(|it| it.join().unwrap()).collect()
        });
        drop(log);
        let report = verify(dir.path()).unwrap();
        assert!(report.is_intact(), "{:?}", report.findings);
        assert_eq!(report.n_records, 400);
        assert!(report.n_segments > 1);
        // Every receipt names the record it was given for.
        receipts.sort_by_key(|(_, receipt)| receipt.seq);
        let kept: Vec<(String, Receipt)> = records(dir.path())
            .unwrap()
            .map(|it| it.unwrap().record)
            .map(|it| {
                (
                    it.decision_id,
                    Receipt { seq: it.palisade.seq.unwrap(), hash: it.palisade.hash.unwrap() },
                )
            })
            .collect();
        let given: Vec<_> =
            receipts.into_iter().map(|(number, it)| (format!("decision-{number}"), it)).collect();
        assert_eq!(kept, given);
    }
}

#[test]
fn a_damaged_head_file_keeps_the_log_shut() {
    let dir = log_of(2, u64::MAX);
    fs::write(dir.path().join("head.json"), "{").unwrap();
    let error = Log::open(dir.path(), Durability::Written).unwrap_err();
    assert!(matches!(error, LogError::DamagedHead { .. }), "{error}");
}

/// Does something to the file of an open log, and expects that nothing more is written.
#[cfg(unix)]
#[track_caller]
fn check_tampering(change: impl Fn(&Path), at_once: bool, expected: &str) {
    for through_check in [true, false] {
        if !through_check && !at_once {
            continue;
        }
        let dir = temporary();
        let log = Log::open(dir.path(), Durability::Written).unwrap();
        log.check().unwrap();
        log.append(&record(0)).unwrap();
        change(&segments(dir.path())[0]);
        let error = match through_check {
            true => log.check().unwrap_err(),
            false => log.append(&record(1)).unwrap_err(),
        };
        assert!(error.to_string().contains(expected), "{error}");
        assert!(matches!(log.append(&record(1)), Err(LogError::Stopped { .. })));
        assert!(matches!(log.check(), Err(LogError::Stopped { .. })));
        assert!(log.close().is_err());
    }
}

#[cfg(unix)]
#[test]
fn a_log_notices_what_is_done_to_its_file() {
    check_tampering(|path| fs::remove_file(path).unwrap(), true, "was deleted");
    check_tampering(|path| fs::write(path, "").unwrap(), true, "to 0 bytes");
    let append = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        fs::write(path, text.clone() + &text).unwrap();
    };
    check_tampering(append, true, "was changed from");
    check_tampering(|path| fs::remove_dir_all(path.parent().unwrap()).unwrap(), true, "deleted");
    let move_away = |path: &Path| fs::rename(path, path.with_extension("old")).unwrap();
    check_tampering(move_away, false, "was moved or replaced");
}

#[cfg(unix)]
#[test]
fn a_log_whose_file_is_gone_is_not_closed_as_if_it_were_there() {
    let dir = temporary();
    let log = Log::open(dir.path(), Durability::Written).unwrap();
    log.append(&record(0)).unwrap();
    fs::remove_file(&segments(dir.path())[0]).unwrap();
    assert!(matches!(log.close(), Err(LogError::Changed { .. })));
    assert!(!dir.path().join("head.json").exists());
}
