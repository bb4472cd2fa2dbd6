//! What every request shares.

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade::Policy;
use palisade_decision::{Durability, Log, LogError};
use tokio::sync::Semaphore;

use crate::server::{Notice, Options};

/// The most evaluations that wait for functions of the host at the same time: each has a thread and an instance. It is
/// half of the threads that the runtime has for them.
const WAITING_MAX: usize = 256;

/// What every request shares.
pub(crate) struct State {
    pub(crate) policy: Policy,
    pub(crate) log: Arc<Log>,
    pub(crate) durability: Durability,
    pub(crate) bundle_name: String,
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) body_bytes_max: usize,
    /// How many long evaluations may run beside each other.
    pub(crate) long_evaluations: Arc<Semaphore>,
    /// How many evaluations that may wait for functions of the host may run beside each other.
    pub(crate) waiting_evaluations: Arc<Semaphore>,
    notice: Notice,
}

impl State {
    pub(crate) fn new(options: Options) -> State {
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        State {
            policy: options.policy,
            log: Arc::new(options.log),
            durability: options.durability,
            bundle_name: options.bundle_name,
            labels: options.labels,
            body_bytes_max: options.body_bytes_max,
            // More would only take the processors from each other, and from the quick ones.
            long_evaluations: Arc::new(Semaphore::new(2 * cpus)),
            waiting_evaluations: Arc::new(Semaphore::new(WAITING_MAX)),
            notice: options.notice,
        }
    }

    /// Tells the operator. That the policy is unsigned is said on every line.
    pub(crate) fn notice(&self, message: &str) {
        match self.policy.identity().unsigned {
            true => (self.notice)(&format!("UNSIGNED POLICY: {message}")),
            false => (self.notice)(message),
        }
    }

    /// Tells the operator of a failure of the decision log. That it has stopped is said once and not for every request
    /// after that.
    pub(crate) fn notice_log(&self, what: &str, cause: &LogError) {
        if !matches!(cause, LogError::Stopped { .. }) {
            self.notice(&format!("{what}: {}", cause.chain()));
            if self.log.check().is_err() {
                self.notice("THE DECISION LOG HAS STOPPED: nothing is answered any more; restart when it is mended");
            }
        }
    }

    /// Whether decisions can be logged, and so answered. Tells the operator when that ends.
    pub(crate) fn can_log(&self) -> bool {
        let checked = self.log.check();
        if let Err(cause) = &checked {
            self.notice_log("decisions can't be logged", cause);
        }
        checked.is_ok()
    }

    /// Closes the log, unless an append is still under way somewhere.
    pub(crate) fn close(self) -> Result<(), LogError> {
        Arc::into_inner(self.log).map_or(Ok(()), Log::close)
    }
}
