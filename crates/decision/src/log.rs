//! The log that a server writes: append-only, chained, safe to use from many threads.
//!
//! INVARIANT: when `append` returns a receipt, the line is in the file and every line before it is
//! too. After a failed write nothing is written any more: a gap is worse than an end. The same
//! goes for a file that was deleted, replaced or changed under the log.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use palisade_bundle::Digest;

use crate::error::LogError;
use crate::guard::{check_file, check_name};
use crate::head;
use crate::line::{Draft, LINE_BYTES_MAX, Receipt, genesis};
use crate::record::Record;
use crate::recover::{self, TornLine};
use crate::segment::{Segment, private, sync_dir};

/// The file that tells other processes that the log is in use.
pub(crate) const LOCK: &str = "lock";

const LOCK_ATTEMPTS: u32 = 100;

/// What an append waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// The operating system has the record: a crash of the process loses nothing.
    #[default]
    Written,
    /// The disk has the record: a loss of power loses nothing. Appends that wait at the same time
    /// share one `fdatasync`.
    Synced,
}

/// How a log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// What an append waits for.
    pub durability: Durability,
    /// A segment is closed before it grows beyond this many bytes.
    pub segment_bytes: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options { durability: Durability::Written, segment_bytes: 64 << 20 }
    }
}

/// A log that is open for writing.
#[derive(Debug)]
pub struct Log {
    dir: PathBuf,
    options: Options,
    torn: Option<TornLine>,
    state: Mutex<State>,
    /// Wakes those who wait for a sync when one ends.
    synced: Condvar,
    /// Held as long as the log is open; the system releases it whatever happens to the process.
    _lock: File,
}

#[derive(Debug)]
struct State {
    segment: Segment,
    file: Arc<File>,
    /// Bytes in the segment.
    bytes: u64,
    /// The number of the next record, which is also how many were written.
    next: u64,
    prev: Digest,
    /// How many records are known to be on the disk.
    n_synced: u64,
    /// One of the waiting threads is syncing for all of them.
    is_syncing: bool,
    /// Why nothing is written any more.
    stopped: Option<String>,
}

impl Log {
    /// Opens the log in `dir`, creating it if need be, and continues its chain.
    pub fn open(dir: &Path, durability: Durability) -> Result<Log, LogError> {
        Log::open_with(dir, Options { durability, ..Options::default() })
    }

    /// [`Log::open`] with all options.
    pub fn open_with(dir: &Path, options: Options) -> Result<Log, LogError> {
        create_dir(dir)?;
        let lock = lock(dir)?;
        let end = recover::find_end(dir)?;
        let file = end.segment.open()?;
        let metadata = file.metadata().map_err(LogError::io("inspect", &end.segment.path))?;
        sync_dir(dir)?;
        let next = end.last.map_or(0, |last| last.seq.saturating_add(1));
        let state = State {
            segment: end.segment,
            file: Arc::new(file),
            bytes: metadata.len(),
            next,
            prev: end.last.map_or_else(genesis, |last| last.hash),
            n_synced: 0,
            is_syncing: false,
            stopped: None,
        };
        Ok(Log {
            dir: dir.to_owned(),
            options,
            torn: end.torn,
            state: Mutex::new(state),
            synced: Condvar::new(),
            _lock: lock,
        })
    }

    /// The unfinished line that was found and set aside when the log was opened.
    pub fn torn_line(&self) -> Option<&TornLine> {
        self.torn.as_ref()
    }

    /// Writes a record and waits until it is as durable as the log promises. After an error that
    /// came from the disk, every later append fails too.
    pub fn append(&self, record: &Record) -> Result<Receipt, LogError> {
        let draft = Draft::new(record)?;
        let bytes = draft.bytes();
        if bytes > LINE_BYTES_MAX {
            return Err(LogError::TooLarge { bytes, limit: LINE_BYTES_MAX });
        }
        let mut state = self.running()?;
        let written = self.write(&mut state, draft);
        let receipt = written.inspect_err(|error| state.stopped = Some(error.chain()))?;
        match self.options.durability {
            Durability::Written => Ok(receipt),
            Durability::Synced => self.wait_for_sync(state, receipt),
        }
    }

    /// Whether the next append can be expected to succeed: the log has not stopped, and its file is
    /// still there and unchanged. If it is not, the log stops.
    ///
    /// # Errors
    /// Why the log has stopped.
    pub fn check(&self) -> Result<(), LogError> {
        self.checked(self.running()?).map(drop)
    }

    /// The last record; none in an empty log. Kept elsewhere, it shows later whether the log was cut.
    pub fn head(&self) -> Option<Receipt> {
        let state = self.state();
        state.next.checked_sub(1).map(|seq| Receipt { seq, hash: state.prev })
    }

    /// Syncs what was written and remembers the head; dropping the log does the same and cannot
    /// report a failure.
    pub fn close(self) -> Result<(), LogError> {
        let mut state = self.checked(self.running()?)?;
        self.settle(&mut state)?;
        state.stopped = Some("it was closed".to_owned());
        Ok(())
    }

    /// The state of a log that did not stop.
    fn running(&self) -> Result<MutexGuard<'_, State>, LogError> {
        let state = self.state();
        match &state.stopped {
            Some(reason) => Err(LogError::Stopped { reason: reason.clone() }),
            None => Ok(state),
        }
    }

    /// The same state if the file is in order; else the log stops.
    fn checked<'a>(
        &self,
        mut state: MutexGuard<'a, State>,
    ) -> Result<MutexGuard<'a, State>, LogError> {
        let path = &state.segment.path;
        let checked =
            check_file(&state.file, path, state.bytes).and_then(|()| check_name(&state.file, path));
        match checked {
            Ok(()) => Ok(state),
            Err(error) => {
                state.stopped = Some(error.chain());
                Err(error)
            }
        }
    }

    /// No code that could panic runs under the lock, so that the state behind it is whole.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, state: &mut State, draft: Draft) -> Result<Receipt, LogError> {
        let (line, hash) = draft.seal(state.next, state.prev);
        let n_bytes = line.len() as u64;
        check_file(&state.file, &state.segment.path, state.bytes)?;
        if state.bytes > 0 && state.bytes.saturating_add(n_bytes) > self.options.segment_bytes {
            self.start_segment(state)?;
        }
        let written = (&*state.file).write_all(&line);
        written.map_err(LogError::io("write", &state.segment.path))?;
        let receipt = Receipt { seq: state.next, hash };
        state.bytes = state.bytes.saturating_add(n_bytes);
        state.next = state.next.saturating_add(1);
        state.prev = hash;
        Ok(receipt)
    }

    fn start_segment(&self, state: &mut State) -> Result<(), LogError> {
        self.settle(state)?;
        let segment = Segment::starting_at(&self.dir, state.next);
        state.file = Arc::new(segment.open()?);
        state.segment = segment;
        state.bytes = 0;
        sync_dir(&self.dir)
    }

    /// Everything that was written is on the disk, and the head says so.
    fn settle(&self, state: &mut State) -> Result<(), LogError> {
        let Some(seq) = state.next.checked_sub(1) else {
            return Ok(());
        };
        state.file.sync_data().map_err(LogError::io("sync", &state.segment.path))?;
        state.n_synced = state.next;
        head::write(&self.dir, Receipt { seq, hash: state.prev })
    }

    /// Waits until the record is on the disk. Whoever finds nobody syncing does it for all that
    /// were written so far; those who come meanwhile are the next group.
    fn wait_for_sync<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        receipt: Receipt,
    ) -> Result<Receipt, LogError> {
        loop {
            if state.n_synced > receipt.seq {
                return Ok(receipt);
            }
            if let Some(reason) = &state.stopped {
                return Err(LogError::Stopped { reason: reason.clone() });
            }
            state = match state.is_syncing {
                true => self.synced.wait(state).unwrap_or_else(PoisonError::into_inner),
                false => self.sync(state),
            };
        }
    }

    /// Syncs without holding the lock, so that others can write meanwhile.
    fn sync<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        state.is_syncing = true;
        let (file, n_written) = (Arc::clone(&state.file), state.next);
        drop(state);
        let outcome = file.sync_data();
        let mut state = self.state();
        state.is_syncing = false;
        match outcome {
            // A new segment may have been started meanwhile, and the old one synced before it.
            Ok(()) => state.n_synced = state.n_synced.max(n_written),
            Err(error) => {
                let error = LogError::io("sync", &state.segment.path)(error);
                state.stopped = Some(error.chain());
            }
        }
        self.synced.notify_all();
        state
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Ok(mut state) = self.running().and_then(|state| self.checked(state)) {
            // There is nobody left to tell; the chain is whole without the head.
            let _ = self.settle(&mut state);
        }
    }
}

fn create_dir(dir: &Path) -> Result<(), LogError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(LogError::io("create", dir))
}

fn lock(dir: &Path) -> Result<File, LogError> {
    let path = dir.join(LOCK);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    private(&mut options);
    let file = options.open(&path).map_err(LogError::io("open", &path))?;
    // A reader that looks whether the log is open holds the lock for a moment.
    for _ in 0..LOCK_ATTEMPTS {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(fs::TryLockError::WouldBlock) => std::thread::yield_now(),
            Err(fs::TryLockError::Error(error)) => return Err(LogError::io("lock", &path)(error)),
        }
    }
    Err(LogError::InUse { dir: dir.to_owned() })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use jiff::Timestamp;

    use super::*;

    /// Appends to a log whose file was exchanged for a device that fails, and then to that log
    /// with its own file again.
    fn check_stops(durability: Durability, device: &str, expected: &str) {
        let dir = tempfile::tempdir().unwrap();
        let log = Log::open(dir.path(), durability).unwrap();
        let record = Record::new("a".to_owned(), Timestamp::UNIX_EPOCH);
        log.append(&record).unwrap();
        let device = OpenOptions::new().write(true).open(device).unwrap();
        let file = std::mem::replace(&mut log.state().file, Arc::new(device));
        // The size of a device.
        let bytes = std::mem::replace(&mut log.state().bytes, 0);
        let failed = log.append(&record).unwrap_err().to_string();
        assert!(failed.contains(expected), "{failed}");
        log.state().file = file;
        log.state().bytes = bytes;
        let stopped = log.append(&record).unwrap_err();
        assert!(matches!(stopped, LogError::Stopped { .. }), "{stopped}");
        assert!(matches!(log.close(), Err(LogError::Stopped { .. })));
        assert_eq!(crate::verify(dir.path()).unwrap().n_records, 1);
    }

    #[test]
    fn after_a_failed_write_nothing_is_written() {
        check_stops(Durability::Written, "/dev/full", "cannot write `");
    }

    #[test]
    fn after_a_failed_sync_nothing_is_written() {
        check_stops(Durability::Synced, "/dev/null", "cannot sync `");
    }

    #[test]
    fn threads_that_wait_share_one_sync() {
        let dir = tempfile::tempdir().unwrap();
        let log = Log::open(dir.path(), Durability::Synced).unwrap();
        let record = Record::new("a".to_owned(), Timestamp::UNIX_EPOCH);
        // As if another thread were syncing for longer than it takes to write eight records.
        log.state().is_syncing = true;
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| log.append(&record).unwrap());
            }
            while log.state().next < 8 {
                std::thread::yield_now();
            }
            assert_eq!(log.state().n_synced, 0, "nobody may go ahead unsynced");
            let mut state = log.state();
            state.is_syncing = false;
            drop(log.sync(state));
            assert_eq!(log.state().n_synced, 8, "one sync covers all that were written");
        });
    }
}
