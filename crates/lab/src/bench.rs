//! Measuring decisions: JSON text in, JSON text out.

use std::time::{Duration, Instant};

/// The times of one subject, per decision.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The fastest round.
    pub min_ns: f64,
    /// The middle round.
    pub median_ns: f64,
    /// The slowest round.
    pub max_ns: f64,
    /// Decisions in all rounds.
    pub n_decisions: u64,
}

/// How long to measure.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many rounds; subjects take turns, so that what disturbs the machine disturbs all alike.
    pub n_rounds: usize,
    /// How long a round of one subject lasts at least.
    pub round: Duration,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan { n_rounds: 7, round: Duration::from_millis(100) }
    }
}

/// Something that makes a decision when it is called with the number of the input to use.
pub type Subject<'a> = Box<dyn FnMut(usize) + 'a>;

/// Measures subjects in turns. The inputs are numbered from 0 to `n_inputs`, and are cycled through.
pub fn measure(subjects: &mut [Subject<'_>], n_inputs: usize, plan: &Plan) -> Vec<Timing> {
    let batches: Vec<u64> =
        subjects.iter_mut().map(|subject| batch_size(subject, n_inputs, plan.round)).collect();
    let mut rounds: Vec<Vec<f64>> = vec![Vec::new(); subjects.len()];
    for _ in 0..plan.n_rounds.max(1) {
        for (at, subject) in subjects.iter_mut().enumerate() {
            let elapsed = run(subject, n_inputs, batches[at]);
            rounds[at].push(elapsed.as_nanos() as f64 / batches[at] as f64);
        }
    }
    rounds.iter_mut().zip(&batches).map(|(times, batch)| timing(times, *batch)).collect()
}

/// How many decisions fill a round: found by doubling, which also warms up.
fn batch_size(subject: &mut Subject<'_>, n_inputs: usize, round: Duration) -> u64 {
    let mut n = 1;
    loop {
        let elapsed = run(subject, n_inputs, n);
        if elapsed >= round / 4 {
            let per_decision = elapsed.as_secs_f64() / n as f64;
            return ((round.as_secs_f64() / per_decision) as u64).max(1);
        }
        n *= 2;
    }
}

fn run(subject: &mut Subject<'_>, n_inputs: usize, n: u64) -> Duration {
    let start = Instant::now();
    for at in 0..n {
        subject(at as usize % n_inputs.max(1));
    }
    start.elapsed()
}

fn timing(times: &mut [f64], batch: u64) -> Timing {
    times.sort_by(f64::total_cmp);
    let at = |index: usize| times.get(index).copied().unwrap_or_default();
    Timing {
        min_ns: at(0),
        median_ns: at(times.len() / 2),
        max_ns: at(times.len().saturating_sub(1)),
        n_decisions: batch * times.len() as u64,
    }
}
