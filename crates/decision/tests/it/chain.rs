//! The chain shows every line that was altered, dropped, moved, repeated or forged.

use std::fs;
use std::path::Path;

use palisade_decision::{
    Durability, Log, Problem, find, records, verify, verify_against, verify_head,
};
use proptest::prelude::*;

use crate::{
    check_change, findings, lines, log_of, record, rehash, segments, temporary, write_lines,
};

#[test]
fn an_untouched_log_is_intact() {
    for segment_bytes in [1, 1000, u64::MAX] {
        let dir = log_of(12, segment_bytes);
        let report = verify(dir.path()).unwrap();
        assert!(report.is_intact(), "{:?}", report.findings);
        assert_eq!((report.n_records, report.last.unwrap().seq), (12, 11));
        assert_eq!(report.n_segments, segments(dir.path()).len());
        let names: Vec<_> =
            records(dir.path()).unwrap().map(|it| it.unwrap().record.decision_id).collect();
        assert_eq!(names, (0..12).map(|number| format!("decision-{number}")).collect::<Vec<_>>());
    }
    assert!(verify(temporary().path()).unwrap().is_intact());
    assert!(verify(Path::new("no/such/log")).unwrap().is_intact());
}

#[test]
fn segments_are_bounded_and_continue_the_chain() {
    let dir = log_of(20, 2000);
    let files = segments(dir.path());
    assert!(files.len() > 3);
    for file in &files {
        assert!(fs::metadata(file).unwrap().len() <= 2000);
    }
    fs::remove_file(&files[1]).unwrap();
    let second = files[2].file_name().unwrap().to_str().unwrap();
    let (first_lost, next): (u64, u64) = (file_number(&files[1]), file_number(&files[2]));
    assert_eq!(
        findings(dir.path()),
        [format!(
            "{second}:1: dropped: records {first_lost} to {} are missing before this line",
            next - 1
        )]
    );
}

fn file_number(path: &Path) -> u64 {
    let name = path.file_name().unwrap().to_str().unwrap();
    name.trim_start_matches("decisions-").trim_end_matches(".jsonl").parse().unwrap()
}

#[test]
fn a_reopened_log_continues_the_chain() {
    let dir = temporary();
    for round in 0..3 {
        for durability in [Durability::Written, Durability::Synced] {
            let log = Log::open(dir.path(), durability).unwrap();
            assert_eq!(log.torn_line(), None);
            log.append(&record(round)).unwrap();
        }
    }
    let report = verify(dir.path()).unwrap();
    assert!(report.is_intact());
    assert_eq!(report.n_records, 6);
}

#[test]
fn changed_lines_are_named() {
    check_change(|_| {}, &[]);
    let altered = "altered: the line does not match its hash";
    check_change(
        |lines| lines[2] = lines[2].replace("alice", "bobby"),
        &[&format!("3: {altered}")],
    );
    check_change(|lines| lines[4] = lines[4].replace("true", "null"), &[&format!("5: {altered}")]);
    check_change(|lines| lines[0] = "{}\n".to_owned(), &[&format!("1: {altered}")]);
    check_change(|lines| lines[1].insert(0, ' '), &[&format!("2: {altered}")]);
    check_change(|lines| lines.insert(3, "\n".to_owned()), &[&format!("4: {altered}")]);
}

#[test]
fn dropped_lines_are_named() {
    check_change(
        |lines| drop(lines.remove(0)),
        &["1: dropped: record 0 is missing before this line"],
    );
    check_change(
        |lines| drop(lines.remove(2)),
        &["3: dropped: record 2 is missing before this line"],
    );
    check_change(
        |lines| drop(lines.drain(1..4)),
        &["2: dropped: records 1 to 3 are missing before this line"],
    );
    check_change(
        |lines| drop(lines.pop()),
        &["4: truncated: the log ends here, but had reached record 4"],
    );
    check_change(
        |lines| lines.truncate(1),
        &["1: truncated: the log ends here, but had reached record 4"],
    );
    check_change(
        |lines| lines.clear(),
        &["0: truncated: the log ends here, but had reached record 4"],
    );
}

#[test]
fn moved_and_repeated_lines_are_named() {
    check_change(|lines| lines.swap(1, 2), &["3: reordered: record 1 belongs further up"]);
    check_change(
        |lines| lines.swap(0, 4),
        &[
            "2: reordered: record 1 belongs further up",
            "3: reordered: record 2 belongs further up",
            "4: reordered: record 3 belongs further up",
            "5: reordered: record 0 belongs further up",
        ],
    );
    check_change(
        |lines| lines.insert(3, lines[1].clone()),
        &["4: repeated: record 1 stands further up"],
    );
}

#[test]
fn a_cut_line_is_named_unless_it_is_being_written() {
    let cut = |lines: &mut Vec<String>| lines[4].truncate(20);
    check_change(
        cut,
        &[
            "5: unfinished: the last line has no end",
            "5: truncated: the log ends here, but had reached record 4",
        ],
    );
    let dir = temporary();
    let log = Log::open(dir.path(), Durability::Written).unwrap();
    log.append(&record(0)).unwrap();
    let half = lines(dir.path())[0][..50].to_owned();
    write_lines(dir.path(), &[lines(dir.path())[0].clone(), half]);
    assert_eq!(findings(dir.path()), [""; 0]);
    drop(log);
    assert_eq!(findings(dir.path()).len(), 1);
}

#[test]
fn a_forged_line_breaks_the_chain() {
    check_change(
        |lines| lines[2] = rehash(&lines[2].replace("alice", "bobby")),
        &["4: rewritten: this line or the one before it; they are not chained"],
    );
    check_change(
        |lines| lines[4] = rehash(&lines[4].replace("alice", "bobby")),
        &["5: replaced: record 4 is not the one that is remembered"],
    );
    check_change(
        |lines| {
            lines[0] =
                rehash(&lines[0].replace("\"prev\":\"sha256:", "\"prev\":\"sha256:0").replacen(
                    "0\",\"hash",
                    "\",\"hash",
                    1,
                ))
        },
        &["1: altered: the line does not match its hash"],
    );
}

#[test]
fn a_receipt_kept_elsewhere_shows_what_the_head_file_cannot() {
    let dir = log_of(5, u64::MAX);
    let kept = verify(dir.path()).unwrap().last.unwrap();
    assert!(verify_against(dir.path(), kept).unwrap().is_intact());
    let all = lines(dir.path());
    write_lines(dir.path(), &all[..3]);
    fs::remove_file(dir.path().join("head.json")).unwrap();
    assert!(verify(dir.path()).unwrap().is_intact(), "a cut end leaves a whole chain");
    let problems = |dir: &Path| -> Vec<Problem> {
        verify_against(dir, kept).unwrap().findings.into_iter().map(|it| it.problem).collect()
    };
    assert_eq!(problems(dir.path()), [Problem::Truncated { remembered: 4 }]);

    // Even a chain that was made anew from the first record on.
    let forged = temporary();
    let log = Log::open(forged.path(), Durability::Written).unwrap();
    for number in [0, 1, 2, 3, 9, 5] {
        log.append(&record(number)).unwrap();
    }
    drop(log);
    assert!(verify(forged.path()).unwrap().is_intact());
    assert_eq!(problems(forged.path()), [Problem::Replaced { seq: 4 }]);
}

#[test]
fn a_damaged_head_file_is_named() {
    let dir = log_of(2, u64::MAX);
    fs::write(dir.path().join("head.json"), "{").unwrap();
    assert_eq!(findings(dir.path()), ["head.json:1: altered: the head file cannot be read"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_changed_byte_is_found_on_its_line(line in 0_usize..5, at in 0.0_f64..1.0, byte in any::<u8>()) {
        let dir = log_of(5, u64::MAX);
        let all = lines(dir.path());
        let before: usize = all[..line].iter().map(String::len).sum();
        let position = before + (at * (all[line].len() - 1) as f64) as usize;
        let mut bytes = all.concat().into_bytes();
        prop_assume!(bytes[position] != byte);
        bytes[position] = byte;
        fs::write(&segments(dir.path())[0], bytes).unwrap();
        let report = verify(dir.path()).unwrap();
        prop_assert!(!report.is_intact());
        prop_assert_eq!(report.findings[0].place.line, line as u64 + 1);
    }

    #[test]
    fn no_other_order_of_lines_is_intact(mut order in Just((0_usize..6).collect::<Vec<_>>()).prop_shuffle(), n in 0_usize..7) {
        let dir = log_of(6, u64::MAX);
        let all = lines(dir.path());
        order.truncate(n);
        write_lines(dir.path(), &order.iter().map(|i| all[*i].clone()).collect::<Vec<_>>());
        let is_untouched = order.iter().copied().eq(0..6);
        prop_assert_eq!(verify(dir.path()).unwrap().is_intact(), is_untouched);
    }

    #[test]
    fn arbitrary_files_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
        let dir = log_of(1, u64::MAX);
        fs::write(&segments(dir.path())[0], &bytes).unwrap();
        prop_assert!(!verify(dir.path()).unwrap().is_intact());
        prop_assert!(Log::open(dir.path(), Durability::Written).is_err());
        let _ = find(dir.path(), "decision-0");
    }
}

#[test]
fn a_cut_is_found_with_the_hash_of_a_later_record() {
    let dir = log_of(5, u64::MAX);
    let all = lines(dir.path());
    let last = verify(dir.path()).unwrap().last.unwrap();
    let report = verify_head(dir.path(), last.hash).unwrap();
    assert!(report.is_intact());
    assert_eq!(report.expected, Some(last));
    // As after a kill: there is no head file that remembers more.
    fs::remove_file(dir.path().join("head.json")).unwrap();
    write_lines(dir.path(), &all[..3]);
    assert!(verify(dir.path()).unwrap().is_intact());
    let report = verify_head(dir.path(), last.hash).unwrap();
    assert_eq!(report.expected, None);
    assert_eq!(report.findings[0].problem, Problem::HeadMissing { hash: last.hash });
    // A head that is not the last record is still one.
    let third = verify(dir.path()).unwrap().last.unwrap();
    write_lines(dir.path(), &all);
    assert_eq!(verify_head(dir.path(), third.hash).unwrap().expected, Some(third));
}
