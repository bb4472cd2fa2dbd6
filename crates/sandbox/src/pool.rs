//! Instances that wait for the next evaluation.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::instance::Instance;

/// A stack of idle instances: the one used last is taken first, because its memory is still in the caches.
pub(crate) struct Pool {
    idle: Mutex<Vec<Instance>>,
    max: usize,
}

impl Pool {
    pub(crate) fn new(max: usize) -> Pool {
        Pool { idle: Mutex::new(Vec::with_capacity(max)), max }
    }

    pub(crate) fn take(&self) -> Option<Instance> {
        self.lock().pop()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Keeps an instance, or drops it when there are enough.
    pub(crate) fn put(&self, instance: Instance) {
        let mut idle = self.lock();
        if idle.len() < self.max {
            idle.push(instance);
        } else {
            // Unmapping its memory takes long, so it happens without the lock.
            drop(idle);
            drop(instance);
        }
    }

    /// The lock is held only to push or pop, which leaves the stack whole even if it panics.
    fn lock(&self) -> MutexGuard<'_, Vec<Instance>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
