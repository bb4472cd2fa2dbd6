//! The state of one evaluation. What it can do is in the other files, one part of the language each.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use palisade_abi::HostCalls;
use palisade_builtins::{Context, Function};
use palisade_diag::Span;
use palisade_rego::checked::{Program, RuleId};
use palisade_value::Value;

use crate::error::EvalError;
use crate::evaluator::Printed;
use crate::frame::Frame;
use crate::limits::Meter;
use crate::observe::Observer;
use crate::world::World;

/// How a search ended early.
#[derive(Debug)]
pub(crate) enum Stop {
    /// Whoever asked knows enough. Caught by whoever asked.
    Enough,
    /// The evaluation failed.
    Failed(Box<EvalError>),
}

impl From<EvalError> for Stop {
    fn from(error: EvalError) -> Stop {
        Stop::Failed(Box::new(error))
    }
}

/// What a search returns: `Ok` when every solution has been seen.
pub(crate) type Flow<T = ()> = Result<T, Stop>;

/// Takes [`Stop::Enough`] for the end of the search, at the place that raised it.
pub(crate) fn settle(flow: Flow) -> Flow {
    match flow {
        Err(Stop::Enough) => Ok(()),
        other => other,
    }
}

/// A continuation: what is done with each solution.
pub(crate) type Then<'k, 'p> = &'k mut dyn FnMut(&mut Machine<'p>) -> Flow;

/// A continuation that takes a value.
pub(crate) type ThenValue<'k, 'p> = &'k mut dyn FnMut(&mut Machine<'p>, Value) -> Flow;

/// A continuation that takes several values.
pub(crate) type ThenValues<'k, 'p> = &'k mut dyn FnMut(&mut Machine<'p>, &[Value]) -> Flow;

/// One evaluation under way.
pub(crate) struct Machine<'p> {
    pub(crate) program: &'p Program,
    /// The program's built-ins, by their index in it.
    pub(crate) builtins: Arc<[Option<Function<Value>>]>,
    /// `input`, base data and what `with` replaced.
    pub(crate) world: Rc<World>,
    /// The variables in scope.
    pub(crate) frame: Frame<'p>,
    pub(crate) meter: Meter,
    /// What built-ins may know.
    pub(crate) context: Context,
    /// What the evaluation may ask of its host.
    pub(crate) host: Option<Arc<HostCalls>>,
    /// Whether a built-in's failure ends the evaluation.
    pub(crate) strict: bool,
    pub(crate) observer: Observer,
    pub(crate) printed: Vec<Printed>,
    /// How much text may still be printed.
    pub(crate) print_bytes_left: usize,
    /// The rules whose body held, with the index of the clause.
    pub(crate) held: BTreeSet<(RuleId, usize)>,
    /// How many keys the rules at a node can tell apart, by the node's address.
    pub(crate) reach: HashMap<usize, usize>,
}

impl Machine<'_> {
    /// Counts a step.
    pub(crate) fn tick(&mut self, span: Span) -> Flow {
        Ok(self.meter.tick(span)?)
    }
}
