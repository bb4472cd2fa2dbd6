//! Checking a log: every line against its own hash, against the line before it, and the last
//! against what is remembered of it.

use std::fmt;
use std::fs::File;
use std::path::Path;

use palisade_bundle::Digest;

use crate::error::LogError;
use crate::head::{self, HEAD, Head};
use crate::line::{Link, Receipt, genesis};
use crate::log::LOCK;
use crate::segment::{Line, Place, Segment};

/// What a check of a log found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How many intact records there are.
    pub n_records: u64,
    /// How many files they are in.
    pub n_segments: usize,
    /// The last record; worth keeping elsewhere for [`verify_against`].
    pub last: Option<Receipt>,
    /// The record with the hash that [`verify_head`] was given.
    pub expected: Option<Receipt>,
    /// What is wrong, in the order of the log.
    pub findings: Vec<Finding>,
}

/// Something that is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The line.
    pub place: Place,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// The line does not match the hash it carries, or is no record at all.
    Altered,
    /// The line follows another than the one it was chained to; one of the two was rewritten.
    Unchained,
    /// Records are missing before this line.
    Dropped {
        /// The first that is missing.
        first: u64,
        /// The last that is missing.
        last: u64,
    },
    /// The record belongs further up.
    Reordered {
        /// Its number.
        seq: u64,
    },
    /// A record with this number stands further up.
    Repeated {
        /// The number.
        seq: u64,
    },
    /// The last line has no end: a crash interrupted it, or someone cut it.
    Unfinished,
    /// The log ends here, but once reached further.
    Truncated {
        /// The last record that is remembered.
        remembered: u64,
    },
    /// The record is not the one that is remembered under its number.
    Replaced {
        /// The number.
        seq: u64,
    },
    /// The head file is damaged.
    HeadUnreadable,
    /// No record has the hash that is expected.
    HeadMissing {
        /// The hash.
        hash: Digest,
    },
}

impl Report {
    /// Nothing is wrong.
    pub fn is_intact(&self) -> bool {
        self.findings.is_empty()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Altered => f.write_str("altered: the line does not match its hash"),
            Problem::Unchained => {
                f.write_str("rewritten: this line or the one before it; they are not chained")
            }
            Problem::Dropped { first, last } if first == last => {
                write!(f, "dropped: record {first} is missing before this line")
            }
            Problem::Dropped { first, last } => {
                write!(f, "dropped: records {first} to {last} are missing before this line")
            }
            Problem::Reordered { seq } => write!(f, "reordered: record {seq} belongs further up"),
            Problem::Repeated { seq } => write!(f, "repeated: record {seq} stands further up"),
            Problem::Unfinished => f.write_str("unfinished: the last line has no end"),
            Problem::Truncated { remembered } => {
                write!(f, "truncated: the log ends here, but had reached record {remembered}")
            }
            Problem::Replaced { seq } => {
                write!(f, "replaced: record {seq} is not the one that is remembered")
            }
            Problem::HeadMissing { hash } => {
                write!(f, "missing: no record has the hash {hash}, so the log was cut or rewritten")
            }
            Problem::HeadUnreadable => f.write_str("altered: the head file cannot be read"),
        }
    }
}

/// Checks the log in `dir` in itself and against its head file. A server may be writing it.
pub fn verify(dir: &Path) -> Result<Report, LogError> {
    check(dir, &[], None)
}

/// [`verify()`], and also that the record of this receipt is still there.
pub fn verify_against(dir: &Path, remembered: Receipt) -> Result<Report, LogError> {
    check(dir, &[remembered], None)
}

/// [`verify()`], and also that the record with this hash is still there: a log that ends before it was cut.
pub fn verify_head(dir: &Path, hash: Digest) -> Result<Report, LogError> {
    check(dir, &[], Some(hash))
}

fn check(dir: &Path, kept: &[Receipt], head: Option<Digest>) -> Result<Report, LogError> {
    let mut checker = Checker { remembered: kept.to_vec(), head, ..Checker::default() };
    // The head comes first: lines that a server adds meanwhile do no harm, a later head would.
    match head::read(dir)? {
        Head::Absent => {}
        Head::Remembered(head) => checker.remembered.push(head),
        Head::Unreadable => checker.report(at(HEAD, 1), Problem::HeadUnreadable),
    }
    let is_open = is_open_elsewhere(dir);
    let segments = Segment::list(dir)?;
    for segment in &segments {
        checker.end = at(&segment.name, 0);
        for line in segment.lines()? {
            let line = line?;
            // A server may be in the middle of writing its last line.
            if line.complete || !is_open {
                checker.line(line);
            }
        }
    }
    Ok(checker.finish(segments.len()))
}

#[derive(Default)]
struct Checker {
    n_records: u64,
    /// The line before, if it is intact.
    before: Option<Link>,
    /// One more than the highest number seen.
    next: u64,
    /// Damaged lines since the last intact one: they may be the records that are missing here.
    n_damaged: u64,
    last: Option<Receipt>,
    /// Records that must be there.
    remembered: Vec<Receipt>,
    /// The hash that one of the records must have.
    head: Option<Digest>,
    /// The record that has it.
    expected: Option<Receipt>,
    end: Place,
    findings: Vec<Finding>,
}

impl Checker {
    fn line(&mut self, line: Line) {
        self.end = line.place.clone();
        match Link::read(&line.bytes) {
            _ if !line.complete => self.report(line.place, Problem::Unfinished),
            Some(link) => self.link(line.place, link),
            None => {
                self.n_damaged += 1;
                self.before = None;
                self.report(line.place, Problem::Altered);
            }
        }
    }

    fn link(&mut self, place: Place, link: Link) {
        self.n_records += 1;
        if self.head == Some(link.hash) {
            self.expected = Some(link.receipt());
        }
        if self.remembered.iter().any(|it| it.seq == link.seq && it.hash != link.hash) {
            self.report(place.clone(), Problem::Replaced { seq: link.seq });
        }
        if link.seq < self.next {
            return self.out_of_order(place, link.seq);
        }
        let n_missing = link.seq - self.next;
        if n_missing > self.n_damaged {
            let first = self.next.saturating_add(self.n_damaged);
            self.report(place, Problem::Dropped { first, last: link.seq - 1 });
        } else if n_missing == 0 && !self.is_chained(link) {
            self.report(place, Problem::Unchained);
        }
        self.before = Some(link);
        self.next = link.seq.saturating_add(1);
        self.n_damaged = 0;
        self.last = Some(link.receipt());
    }

    /// Whether the line follows the one before; unknown, and so granted, after a damaged one.
    fn is_chained(&self, link: Link) -> bool {
        match self.before {
            Some(before) => link.prev == before.hash,
            None if self.n_damaged > 0 => true,
            None => link.prev == genesis(),
        }
    }

    /// A record that was reported missing turns up later, or one is there twice.
    fn out_of_order(&mut self, place: Place, seq: u64) {
        let problem = match self.take_from_dropped(seq) {
            true => Problem::Reordered { seq },
            false => Problem::Repeated { seq },
        };
        self.report(place, problem);
    }

    /// Takes one record out of the gaps reported so far; false if it was in none of them.
    fn take_from_dropped(&mut self, seq: u64) -> bool {
        let gap = self.findings.iter().position(|it| match it.problem {
            Problem::Dropped { first, last } => (first..=last).contains(&seq),
            _ => false,
        });
        let Some(i) = gap else {
            return false;
        };
        let Finding { place, problem } = self.findings.remove(i);
        if let Problem::Dropped { first, last } = problem {
            let rest = [(first, seq.checked_sub(1)), (seq.saturating_add(1), Some(last))];
            for (first, last) in rest.into_iter().rev() {
                if let Some(last) = last.filter(|last| first <= *last) {
                    let problem = Problem::Dropped { first, last };
                    self.findings.insert(i, Finding { place: place.clone(), problem });
                }
            }
        }
        true
    }

    fn finish(mut self, n_segments: usize) -> Report {
        let furthest = self.remembered.iter().map(|it| it.seq).max();
        let reached = self.next.saturating_add(self.n_damaged);
        if let Some(remembered) = furthest.filter(|seq| *seq >= reached) {
            self.report(self.end.clone(), Problem::Truncated { remembered });
        }
        if let (Some(hash), None) = (self.head, self.expected) {
            self.report(self.end.clone(), Problem::HeadMissing { hash });
        }
        let Checker { n_records, last, expected, findings, .. } = self;
        Report { n_records, n_segments, last, expected, findings }
    }

    fn report(&mut self, place: Place, problem: Problem) {
        self.findings.push(Finding { place, problem });
    }
}

/// Whether a server has the log open.
fn is_open_elsewhere(dir: &Path) -> bool {
    let lock = File::open(dir.join(LOCK));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(std::fs::TryLockError::WouldBlock)))
}

fn at(file: &str, line: u64) -> Place {
    Place { file: file.to_owned(), line }
}
