//! Work on many cases, shared by all CPUs.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::Context;

/// What comes of each case, in the order of the cases.
///
/// # Errors
/// A worker stopped.
pub fn each<C: Sync, A: Send>(
    cases: &[C],
    work: impl Fn(&C) -> A + Sync,
) -> anyhow::Result<Vec<A>> {
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::with_capacity(cases.len()));
    let n_workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..n_workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(at) else { break };
                    let answer = work(case);
                    if let Ok(mut answers) = answers.lock() {
                        answers.push((at, answer));
                    }
                }
            });
        }
    });
    let mut answers = answers.into_inner().ok().context("a worker stopped")?;
    answers.sort_by_key(|(at, _)| *at);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
