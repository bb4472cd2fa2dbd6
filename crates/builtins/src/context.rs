//! What a built-in function may know besides its arguments, and what it may remember between calls.

use std::collections::VecDeque;

use jiff::tz::TimeZone;
use regex::Regex;

use crate::globs::Pattern;
use crate::limits::PATTERNS_MAX;

/// The facts of one evaluation that aren't input, and the caches of one evaluator.
///
/// Making one allocates nothing. A host that frees memory wholesale (the guest's arena) must replace the context with a
/// fresh one at the same time, forgetting the old one.
#[derive(Debug, Default)]
pub struct Context {
    /// The time of the evaluation in nanoseconds since 1970, the same for all of it.
    pub now_ns: i64,
    /// What everything random in the evaluation derives from.
    pub seed: u64,
    /// What `opa.runtime()` gives, as JSON text; the empty object when absent.
    pub runtime: Option<String>,
    /// The error that a function of Cedar noted last.
    pub fault: Option<String>,
    /// Compiled regular expressions by their source.
    pub(crate) patterns: Patterns<Regex>,
    /// Compiled globs by their source and delimiters.
    pub(crate) globs: Patterns<Pattern>,
    /// Time zones by name.
    pub(crate) zones: Patterns<TimeZone>,
}

impl Context {
    /// A context at this time, without caches.
    pub const fn new(now_ns: i64, seed: u64) -> Context {
        Context {
            now_ns,
            seed,
            runtime: None,
            fault: None,
            patterns: Patterns::new(),
            globs: Patterns::new(),
            zones: Patterns::new(),
        }
    }
}

/// A bounded cache of compiled patterns: first in, first out.
#[derive(Debug)]
pub(crate) struct Patterns<P> {
    compiled: VecDeque<(String, P)>,
}

impl<P> Patterns<P> {
    const fn new() -> Patterns<P> {
        Patterns { compiled: VecDeque::new() }
    }

    /// The compiled form of `source`, from the cache or made by `compile`.
    pub(crate) fn get_or_compile<E>(
        &mut self,
        source: &str,
        compile: impl FnOnce(&str) -> Result<P, E>,
    ) -> Result<&P, E> {
        let at = match self.compiled.iter().position(|(key, _)| key == source) {
            Some(at) => at,
            None => {
                let pattern = compile(source)?;
                if self.compiled.len() >= PATTERNS_MAX {
                    self.compiled.pop_back();
                }
                self.compiled.push_front((source.to_owned(), pattern));
                0
            }
        };
        Ok(&self.compiled[at].1)
    }
}

impl<P> Default for Patterns<P> {
    fn default() -> Patterns<P> {
        Patterns::new()
    }
}
