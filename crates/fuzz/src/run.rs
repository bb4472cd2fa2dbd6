//! A run: cases on all processors until there are enough, failures made small and written down.

mod report;
mod work;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::peer::Peer;
use crate::properties::{InputModules, Tally, Tools};
pub use report::Failure;
pub use work::{Kind, Worker};

/// The longest that a case may take before the run is given up: something hangs.
const HANGS_AFTER: Duration = Duration::from_secs(600);

/// How to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the cases derive from.
    pub seed: u64,
    /// The number of the first case.
    pub first: u64,
    /// How many cases; none is until the time is up.
    pub cases: Option<u64>,
    /// How long; none is until the cases are done.
    pub time: Option<Duration>,
    /// How many threads.
    pub threads: usize,
    /// The program of a peer that is asked as well.
    pub peer: Option<String>,
    /// Where failures are written.
    pub out: PathBuf,
    /// After how many failures the run ends.
    pub failures_max: usize,
}

/// What came of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// The counts.
    pub tally: Tally,
    /// What failed.
    pub failures: Vec<Failure>,
}

/// What the threads share.
struct Shared {
    next: AtomicU64,
    stop: AtomicBool,
    report: Mutex<Report>,
    /// For each thread the case it is at, and since when in milliseconds.
    at: Vec<(AtomicU64, AtomicU64)>,
    start: Instant,
}

/// Runs cases.
///
/// # Errors
/// The machine can't run modules, or the folder for failures can't be written.
pub fn run(options: &Options) -> anyhow::Result<Report> {
    std::fs::create_dir_all(&options.out)?;
    work::keep_panics();
    let shared = Shared {
        next: AtomicU64::new(options.first),
        stop: AtomicBool::new(false),
        report: Mutex::new(Report::default()),
        at: (0..options.threads).map(|_| (AtomicU64::new(0), AtomicU64::new(u64::MAX))).collect(),
        start: Instant::now(),
    };
    let outcome = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..options.threads)
            .map(|it| {
                scope.spawn({
                    let shared = &shared;
                    move || thread(options, shared, it)
                })
            })
            .collect();
        watch(options, &shared, || threads.iter().all(std::thread::ScopedJoinHandle::is_finished));
        let join = |it: std::thread::ScopedJoinHandle<'_, anyhow::Result<()>>| {
            it.join().unwrap_or_else(|_| Err(anyhow::anyhow!("the fuzzer itself panicked")))
        };
        threads.into_iter().try_for_each(join)
    });
    outcome?;
    Ok(shared.report.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn thread(options: &Options, shared: &Shared, thread: usize) -> anyhow::Result<()> {
    let tools = Tools::new(options.peer.as_deref().map(Peer::new))?;
    let inputs = InputModules::new(&tools.engine)?;
    let mut worker = Worker { tools, inputs, seed: options.seed };
    let mark = options.out.join(format!("running-{thread}"));
    while !shared.stop.load(Ordering::Relaxed) {
        let number = shared.next.fetch_add(1, Ordering::Relaxed);
        if options.cases.is_some_and(|cases| number >= options.first + cases) {
            break;
        }
        // Should the process be torn down, this says at which case.
        std::fs::write(&mark, format!("seed {} case {number}\n", options.seed))?;
        let (case, since) = &shared.at[thread];
        case.store(number, Ordering::Relaxed);
        since.store(shared.start.elapsed().as_millis() as u64, Ordering::Relaxed);
        let outcome = worker.case(number);
        since.store(u64::MAX, Ordering::Relaxed);
        let failure = outcome.as_ref().err().map(|failed| (**failed).clone());
        let failure = failure.map(|it| it.written(&options.out)).transpose()?;
        let mut report = shared.report.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(tally) = outcome {
            report.tally.add(&tally);
        }
        if let Some(failure) = failure {
            eprintln!("{failure}");
            report.failures.push(failure);
            if report.failures.len() >= options.failures_max {
                shared.stop.store(true, Ordering::Relaxed);
            }
        }
    }
    match std::fs::remove_file(&mark) {
        // This thread came too late for a case.
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Ends the run when its time is up, and the process when a case hangs.
fn watch(options: &Options, shared: &Shared, is_done: impl Fn() -> bool) {
    while !is_done() {
        std::thread::sleep(Duration::from_millis(20));
        let elapsed = shared.start.elapsed();
        if options.time.is_some_and(|time| elapsed >= time) {
            shared.stop.store(true, Ordering::Relaxed);
        }
        for (case, since) in &shared.at {
            let since = Duration::from_millis(since.load(Ordering::Relaxed));
            if elapsed.checked_sub(since).is_some_and(|it| it > HANGS_AFTER) {
                eprintln!("seed {} case {}: hangs", options.seed, case.load(Ordering::Relaxed));
                std::process::exit(2);
            }
        }
    }
}
