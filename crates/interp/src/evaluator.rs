//! The evaluator as others call it.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use palisade_abi::HostCalls;
use palisade_builtins::{Context, Function};
use palisade_diag::{FileId, Span};
use palisade_rego::checked::{Program, Query, RuleId, Term, TermKind};
use palisade_value::Value;

use crate::builtin;
use crate::coverage::{self, Coverage};
use crate::error::EvalError;
use crate::failure::{Failure, Recorder};
use crate::frame::Frame;
use crate::limits::{Limits, Meter, STACK_BYTES};
use crate::machine::{Flow, Machine, Stop};
use crate::observe::Observer;
use crate::profile::{Clock, Profile};
use crate::size;
use crate::trace::{Op, Trace};
use crate::world::World;

/// Stands for a path that was asked for from outside; no error that leaves the evaluator has it.
pub(crate) const NOWHERE: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };

/// Evaluates the queries and documents of one program over one set of base data.
pub struct Evaluator<'p> {
    program: &'p Program,
    data: Value,
    builtins: Arc<[Option<Function<Value>>]>,
}

/// One evaluator serves many threads.
const _: () = {
    const fn shareable<T: Send + Sync>() {}
    shareable::<Evaluator<'static>>();
};

/// What one evaluation is given besides the program and its data.
#[derive(Clone)]
pub struct EvalOptions {
    /// The input document; without one, references to `input` are undefined.
    pub input: Option<Value>,
    /// What `time.now_ns` gives, in nanoseconds since 1970.
    pub now_ns: i64,
    /// What everything random derives from.
    pub seed: u64,
    /// What `opa.runtime` gives, as JSON text.
    pub runtime: Option<String>,
    /// What the evaluation may ask of its host. Without it a call of a function of the host is an error.
    pub host: Option<Arc<HostCalls>>,
    /// Whether a failing built-in ends the evaluation instead of being undefined.
    pub strict: bool,
    /// Whether to record a trace.
    pub trace: bool,
    /// Whether to record coverage.
    pub coverage: bool,
    /// Whether to record the errors of built-ins that make calls undefined.
    pub builtin_errors: bool,
    /// Whether to record the expressions without a solution of the rules that are asked for as a document.
    pub failures: bool,
    /// The clock to profile by, if profiling is wanted.
    pub profile: Option<Clock>,
    /// How many bytes of text may be printed; what comes after is left out.
    pub print_bytes_max: usize,
    /// When to give up.
    pub limits: Limits,
}

impl Default for EvalOptions {
    fn default() -> EvalOptions {
        EvalOptions {
            input: None,
            now_ns: 0,
            seed: 0,
            runtime: None,
            strict: false,
            trace: false,
            coverage: false,
            builtin_errors: false,
            failures: false,
            host: None,
            profile: None,
            print_bytes_max: PRINT_BYTES_MAX,
            limits: Limits::default(),
        }
    }
}

/// How much is printed unless the options say otherwise: as much as a module prints.
const PRINT_BYTES_MAX: usize = 64 << 10;

/// A solution of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// The query's variables, sorted by name.
    pub bindings: Vec<(String, Value)>,
    /// The value of each expression as written.
    pub exprs: Vec<Value>,
}

impl Solution {
    fn values(&self) -> impl Iterator<Item = &Value> {
        self.bindings.iter().map(|(_, value)| value).chain(&self.exprs)
    }
}

/// A line that the policy printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The call of `print`.
    pub span: Span,
    /// The line.
    pub text: String,
}

/// What an evaluation found.
#[derive(Clone, Debug, Default)]
pub struct QueryResult {
    /// Every solution, in the order in which they were found. None: the query is undefined.
    pub solutions: Vec<Solution>,
    /// The steps, where asked for.
    pub trace: Option<Trace>,
    /// The heads and expressions reached, where asked for.
    pub coverage: Option<Coverage>,
    /// The times, where asked for.
    pub profile: Option<Profile>,
    /// The errors that made calls of built-ins undefined, where asked for.
    pub builtin_errors: Vec<EvalError>,
    /// The expressions that had no solution, where asked for.
    pub failures: Vec<Failure>,
    /// What the policy printed, in order; only programs that were checked with `keep_print` print.
    pub printed: Vec<Printed>,
    /// The rules whose body held, each with the index of the clause that did, sorted.
    pub rules_held: Vec<(RuleId, usize)>,
}

impl<'p> Evaluator<'p> {
    /// An evaluator of the program over this base data (an object).
    pub fn new(program: &'p Program, data: Value) -> Evaluator<'p> {
        Evaluator { program, data, builtins: builtin::functions(program).into() }
    }

    /// Finds every solution of the program's query with this index.
    ///
    /// # Errors
    /// The evaluation failed, see [`EvalError`]; so does a query that isn't there.
    pub fn query(&self, index: usize, options: &EvalOptions) -> Result<QueryResult, EvalError> {
        let query =
            self.program.queries.get(index).ok_or_else(|| EvalError::missing("the query"))?;
        let (solutions, report) = self.run(options, |machine| {
            let mut solutions = Vec::new();
            machine.frame = Frame::new(&query.scope);
            machine.subquery(&mut |machine| {
                machine.note_body(Op::Enter, query.span);
                machine.body(&query.body.exprs, &mut |machine| {
                    machine.note_body(Op::Exit, query.span);
                    solutions.push(solution(machine, query)?);
                    machine.note_body(Op::Redo, query.span);
                    Ok(())
                })
            })?;
            solutions.iter().flat_map(Solution::values).try_for_each(size::check_result)?;
            Ok(solutions)
        });
        Ok(QueryResult { solutions: solutions?, ..report })
    }

    /// The document at a path below `data`: what an entrypoint returns. `None` where it is undefined.
    ///
    /// # Errors
    /// The evaluation failed, see [`EvalError`].
    pub fn document(
        &self,
        path: &[&str],
        options: &EvalOptions,
    ) -> Result<Option<Value>, EvalError> {
        Ok(self.document_with_report(path, options)?.0)
    }

    /// The same with what else was asked for; the result's `solutions` stay empty.
    ///
    /// # Errors
    /// The evaluation failed, see [`EvalError`].
    pub fn document_with_report(
        &self,
        path: &[&str],
        options: &EvalOptions,
    ) -> Result<(Option<Value>, QueryResult), EvalError> {
        let (found, report) = self.observe(path, options);
        Ok((found?, report))
    }

    /// The same with a report even of an evaluation that failed: what it did until then.
    pub fn observe(
        &self,
        path: &[&str],
        options: &EvalOptions,
    ) -> (Result<Option<Value>, EvalError>, QueryResult) {
        let constant =
            |key: &&str| Term { span: NOWHERE, kind: TermKind::Const(Value::from(*key)) };
        let path: Vec<Term> = path.iter().map(constant).collect();
        self.run(options, |machine| {
            let mut found = None;
            machine.subquery(&mut |machine| {
                found = machine.document(NOWHERE, &path)?;
                Ok(())
            })?;
            found.iter().try_for_each(size::check_result)?;
            Ok(found)
        })
    }

    /// Runs an evaluation from beginning to end on a stack that is large enough for deep policies.
    fn run<T>(
        &self,
        options: &EvalOptions,
        evaluate: impl FnOnce(&mut Machine<'p>) -> Flow<T>,
    ) -> (Result<T, EvalError>, QueryResult) {
        stacker::grow(STACK_BYTES, || {
            let mut machine = self.machine(options);
            let found = match evaluate(&mut machine) {
                Ok(found) => Ok(found),
                Err(Stop::Failed(error)) => {
                    let span = error.span.filter(|span| *span != NOWHERE);
                    Err(EvalError { span, ..*error })
                }
                // Whoever stops a search early catches that.
                Err(Stop::Enough) => Err(EvalError::missing("the end of a search")),
            };
            (found, self.report(machine))
        })
    }

    pub(crate) fn machine(&self, options: &EvalOptions) -> Machine<'p> {
        let mut context = Context::new(options.now_ns, options.seed);
        context.runtime = options.runtime.clone();
        Machine {
            program: self.program,
            builtins: Arc::clone(&self.builtins),
            world: Rc::new(World::new(options.input.clone(), self.data.clone())),
            frame: Frame::default(),
            meter: Meter::new(options.limits.clone()),
            context,
            host: options.host.clone(),
            strict: options.strict,
            observer: Observer::new(options),
            printed: Vec::new(),
            print_bytes_left: options.print_bytes_max,
            held: Default::default(),
            reach: HashMap::new(),
        }
    }

    fn report(&self, machine: Machine<'p>) -> QueryResult {
        let observer = machine.observer;
        QueryResult {
            solutions: Vec::new(),
            trace: observer.trace,
            coverage: observer.reached.map(|reached| coverage::report(self.program, &reached)),
            profile: observer.profiler.map(|profiler| profiler.into_profile(&self.program.files)),
            builtin_errors: observer.builtin_errors.unwrap_or_default(),
            failures: observer.failures.map(Recorder::into_failures).unwrap_or_default(),
            printed: machine.printed,
            rules_held: machine.held.into_iter().collect(),
        }
    }
}

fn solution(machine: &Machine<'_>, query: &Query) -> Result<Solution, EvalError> {
    let value =
        |local, span| machine.frame.get(local).cloned().ok_or_else(|| EvalError::unbound(span));
    let bindings = query.bindings.iter();
    let bindings = bindings.map(|(name, local)| Ok((name.clone(), value(*local, query.span)?)));
    let exprs = query.exprs.iter().map(|(span, local)| match local {
        Some(local) => value(*local, *span),
        None => Ok(Value::Boolean(true)),
    });
    Ok(Solution {
        bindings: bindings.collect::<Result<_, EvalError>>()?,
        exprs: exprs.collect::<Result<_, _>>()?,
    })
}
