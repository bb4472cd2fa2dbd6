//! The clock that stops evaluations at their deadline: a thread that advances Wasmtime's epoch every millisecond.
//!
//! Compiled code compares the epoch with its deadline at function entries and loop heads, which is far cheaper than
//! counting instructions. The thread sleeps for good while nothing is evaluated, so an idle process does not wake up
//! a thousand times a second; an evaluation costs one relaxed read and one comparison more for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst, fence};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The time between two ticks.
const TICK: Duration = Duration::from_millis(1);

/// How many ticks the clock goes on after the last deadline, so that a steady trickle of evaluations need not wake it
/// each time.
const IDLE_TICKS: u64 = 100;

/// The running clock of one engine; dropping it ends and joins the thread.
pub(crate) struct Clock {
    shared: Arc<Shared>,
    ticker: Option<JoinHandle<()>>,
}

struct Shared {
    engine: wasmtime::Engine,
    /// How many ticks there were. It is advanced before the epoch, so it is never behind it.
    tick: AtomicU64,
    /// The tick of the latest deadline that anybody has asked for.
    needed_until: AtomicU64,
    parked: AtomicBool,
    stopped: AtomicBool,
}

impl Clock {
    /// Starts the thread.
    pub(crate) fn start(engine: wasmtime::Engine) -> std::io::Result<Clock> {
        let shared = Arc::new(Shared {
            engine,
            tick: AtomicU64::new(0),
            needed_until: AtomicU64::new(0),
            parked: AtomicBool::new(false),
            stopped: AtomicBool::new(false),
        });
        let for_thread = Arc::clone(&shared);
        let ticker = thread::Builder::new()
            .name("palisade-clock".to_owned())
            .spawn(move || for_thread.run())?;
        Ok(Clock { shared, ticker: Some(ticker) })
    }

    /// How many ticks from now `deadline` has certainly passed.
    pub(crate) fn ticks(deadline: Duration) -> u64 {
        // The first tick may come at once, so one more is needed.
        u64::try_from(deadline.as_millis()).unwrap_or(u64::MAX / 2).clamp(1, u64::MAX / 2) + 1
    }

    /// Keeps the clock going for that many ticks. The caller has set the epoch deadline before.
    pub(crate) fn keep_going(&self, ticks: u64) {
        // The deadline was counted from the epoch as it was before this fence, and `tick` is not behind the epoch, so
        // the clock does not stop before the deadline.
        fence(SeqCst);
        let until = self.shared.tick.load(SeqCst).saturating_add(ticks);
        if self.shared.needed_until.load(SeqCst) >= until {
            return;
        }
        self.shared.needed_until.fetch_max(until, SeqCst);
        if self.shared.parked.load(SeqCst)
            && let Some(ticker) = &self.ticker
        {
            ticker.thread().unpark();
        }
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.shared.stopped.store(true, SeqCst);
        if let Some(ticker) = self.ticker.take() {
            ticker.thread().unpark();
            // The thread runs nothing that can panic, and a destructor has nobody to tell.
            let _ = ticker.join();
        }
    }
}

impl Shared {
    fn run(&self) {
        while !self.stopped.load(SeqCst) {
            self.tick.fetch_add(1, SeqCst);
            self.engine.increment_epoch();
            if self.is_idle() {
                self.park();
            }
            thread::sleep(TICK);
        }
    }

    /// Waits until a deadline is asked for. Whoever asks writes `needed_until` and then reads `parked`; here it is the
    /// other way round, so at least one of the two sees the other.
    fn park(&self) {
        self.parked.store(true, SeqCst);
        while self.is_idle() && !self.stopped.load(SeqCst) {
            thread::park();
        }
        self.parked.store(false, SeqCst);
    }

    fn is_idle(&self) -> bool {
        self.tick.load(SeqCst) > self.needed_until.load(SeqCst).saturating_add(IDLE_TICKS)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn wait_until(what: &str, condition: impl Fn() -> bool) {
        let start = Instant::now();
        while !condition() {
            assert!(start.elapsed() < Duration::from_secs(20), "{what} did not happen");
            thread::yield_now();
        }
    }

    #[test]
    fn the_clock_stops_when_idle_and_goes_on_when_needed() {
        let clock = Clock::start(wasmtime::Engine::default()).expect("a thread");
        for _ in 0..3 {
            wait_until("parking", || clock.shared.parked.load(SeqCst));
            let start = clock.shared.tick.load(SeqCst);
            clock.keep_going(Clock::ticks(Duration::from_millis(20)));
            wait_until("ticking", || clock.shared.tick.load(SeqCst) >= start + 21);
        }
    }

    #[test]
    fn a_deadline_has_passed_after_its_ticks() {
        assert_eq!(Clock::ticks(Duration::from_millis(5)), 6);
        assert_eq!(Clock::ticks(Duration::ZERO), 2);
        assert_eq!(Clock::ticks(Duration::MAX), u64::MAX / 2 + 1);
    }
}
