//! What stops an evaluation that would not end by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use palisade_diag::Span;

use crate::error::EvalError;

/// How large the stack is that an evaluation runs on. Pages that are never reached cost nothing.
pub(crate) const STACK_BYTES: usize = 256 << 20;

/// How much of the stack must be left: room for what runs between two checks. That may be a built-in that goes through
/// a value as deep as evaluation could make it.
const STACK_RESERVE_BYTES: usize = 32 << 20;

/// How many steps lie between two looks at the clock.
const STEPS_BETWEEN_CHECKS: u64 = 256;

/// The limits of one evaluation. By default there are none but the depth.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// When the evaluation is stopped.
    pub deadline: Option<Instant>,
    /// After how many steps (expressions, references, calls) it is stopped.
    pub steps: Option<u64>,
    /// Set to `true` by another thread, it stops the evaluation.
    pub cancel: Option<Arc<AtomicBool>>,
}

/// Counts the steps of one evaluation.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: Limits,
    steps: u64,
}

impl Meter {
    pub(crate) fn new(limits: Limits) -> Meter {
        Meter { limits, steps: 0 }
    }

    /// When the evaluation is stopped.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        self.limits.deadline
    }

    /// Counts a step and says whether the evaluation may go on.
    pub(crate) fn tick(&mut self, span: Span) -> Result<(), EvalError> {
        self.steps += 1;
        if stacker::remaining_stack().is_some_and(|left| left < STACK_RESERVE_BYTES) {
            return Err(EvalError::too_deep(span));
        }
        if self.limits.steps.is_some_and(|most| self.steps > most) {
            return Err(EvalError::cancelled(span, "step limit reached"));
        }
        if self.steps.is_multiple_of(STEPS_BETWEEN_CHECKS) {
            self.check_outside(span)
        } else {
            Ok(())
        }
    }

    fn check_outside(&self, span: Span) -> Result<(), EvalError> {
        if self.limits.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(EvalError::cancelled(span, "deadline exceeded"));
        }
        if self.limits.cancel.as_ref().is_some_and(|cancel| cancel.load(Ordering::Relaxed)) {
            return Err(EvalError::cancelled(span, "cancelled"));
        }
        Ok(())
    }
}
