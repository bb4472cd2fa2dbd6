//! The evaluator for whoever evaluates a program in parts: single expressions, terms and documents, with what has been
//! found out remembered from one to the next.
//!
//! There is no `with` around what is asked here; what is inside brings its own. The caller provides the stack.

use palisade_diag::Span;
use palisade_rego::checked::{Expr, Scope, Term, TermKind};
use palisade_value::Value;

use crate::error::EvalError;
use crate::evaluator::{EvalOptions, Evaluator, NOWHERE};
use crate::frame::Frame;
use crate::machine::{Flow, Machine, Stop};

/// The values of the variables of a scope; none where there is none yet.
pub type Variables = Vec<Option<Value>>;

/// An evaluation that is asked one thing after another.
pub struct Session<'p> {
    machine: Machine<'p>,
}

impl<'p> Evaluator<'p> {
    /// Begins a session.
    pub fn session(&self, options: &EvalOptions) -> Session<'p> {
        Session { machine: self.machine(options) }
    }
}

impl<'p> Session<'p> {
    /// The variables after each solution of an expression, `most` at the most.
    ///
    /// # Errors
    /// The evaluation failed, or has more solutions.
    pub fn expression(
        &mut self,
        scope: &'p Scope,
        variables: Variables,
        expr: &Expr,
        most: usize,
    ) -> Result<Vec<Variables>, EvalError> {
        let mut found = Vec::new();
        self.run(scope, variables, |machine| {
            machine.with(&expr.with, expr, &mut |machine| {
                found.push(machine.frame.slots().to_vec());
                limit(found.len(), most, expr.span)
            })
        })?;
        Ok(found)
    }

    /// Each value of a term and the variables that go with it, `most` at the most.
    ///
    /// # Errors
    /// The evaluation failed, or there are more values.
    pub fn term(
        &mut self,
        scope: &'p Scope,
        variables: Variables,
        term: &Term,
        most: usize,
    ) -> Result<Vec<(Value, Variables)>, EvalError> {
        let mut found = Vec::new();
        self.run(scope, variables, |machine| {
            machine.term(term, &mut |machine, value| {
                found.push((value, machine.frame.slots().to_vec()));
                limit(found.len(), most, term.span)
            })
        })?;
        Ok(found)
    }

    /// The document at a path below `data`.
    ///
    /// # Errors
    /// The evaluation failed.
    pub fn document(&mut self, path: &[Value]) -> Result<Option<Value>, EvalError> {
        let constant = |key: &Value| Term { span: NOWHERE, kind: TermKind::Const(key.clone()) };
        let path: Vec<Term> = path.iter().map(constant).collect();
        let mut found = None;
        self.machine.frame = Frame::default();
        let flow = self.machine.document(NOWHERE, &path).map(|document| found = document);
        finish(flow)?;
        Ok(found)
    }

    /// Counts a step that is taken outside, for the same limits.
    ///
    /// # Errors
    /// A limit is reached.
    pub fn tick(&mut self, span: Span) -> Result<(), EvalError> {
        self.machine.meter.tick(span)
    }

    fn run(
        &mut self,
        scope: &'p Scope,
        variables: Variables,
        search: impl FnOnce(&mut Machine<'p>) -> Flow,
    ) -> Result<(), EvalError> {
        self.machine.frame = Frame::with_values(scope, variables);
        finish(search(&mut self.machine))
    }
}

fn limit(found: usize, most: usize, span: Span) -> Flow {
    if found > most { Err(EvalError::cancelled(span, "too many solutions").into()) } else { Ok(()) }
}

fn finish(flow: Flow) -> Result<(), EvalError> {
    match flow {
        Ok(()) => Ok(()),
        Err(Stop::Failed(error)) => {
            let span = error.span.filter(|span| *span != NOWHERE);
            Err(EvalError { span, ..*error })
        }
        // Whoever stops a search early catches that.
        Err(Stop::Enough) => Err(EvalError::missing("the end of a search")),
    }
}
