//! State of the instance, in statics: the only memory that is older than an evaluation.

use std::cell::UnsafeCell;

/// A static variable. A module has one thread, so that reads and writes cannot race.
#[repr(transparent)]
pub struct Global<T>(UnsafeCell<T>);

// SAFETY: the module has one thread: it imports no memory and nothing that could start another one.
unsafe impl<T> Sync for Global<T> {}

impl<T> Global<T> {
    /// A variable with a first value.
    pub const fn new(value: T) -> Global<T> {
        Global(UnsafeCell::new(value))
    }

    /// Where the value is.
    #[inline(always)]
    pub fn as_ptr(&self) -> *mut T {
        self.0.get()
    }
}

impl<T: Copy> Global<T> {
    /// The value.
    #[inline(always)]
    pub fn get(&self) -> T {
        // SAFETY: there is one thread and references into the cell are never handed out.
        unsafe { *self.0.get() }
    }

    /// Replaces the value.
    #[inline(always)]
    pub fn set(&self, value: T) {
        // SAFETY: as in `get`.
        unsafe { *self.0.get() = value }
    }

    /// Sets another value, and gives the one before.
    #[inline(always)]
    pub fn replace(&self, value: T) -> T {
        let before = self.get();
        self.set(value);
        before
    }

    /// The value as it is in memory, whatever the compiler believes to know about it.
    #[inline(always)]
    pub fn get_volatile(&self) -> T {
        // SAFETY: as in `get`.
        unsafe { self.0.get().read_volatile() }
    }
}
