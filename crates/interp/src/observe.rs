//! Where the evaluation reports what it does: to the trace, to coverage, to the profile.

use std::collections::BTreeSet;

use palisade_diag::Span;
use palisade_rego::checked::{Clause, Expr, Rule, Term};
use palisade_value::Value;

use crate::evaluator::EvalOptions;
use crate::failure::Recorder;
use crate::machine::{Flow, Machine};
use crate::profile::Profiler;
use crate::trace::{Event, Op, Trace};

/// What is recorded, and which query is under way.
#[derive(Default)]
pub(crate) struct Observer {
    pub(crate) trace: Option<Trace>,
    /// The places that were reached.
    pub(crate) reached: Option<BTreeSet<Span>>,
    pub(crate) profiler: Option<Profiler>,
    pub(crate) failures: Option<Recorder>,
    query: u64,
    parent: u64,
    depth: usize,
    last_query: u64,
}

impl Observer {
    /// Records what the options ask for.
    pub(crate) fn new(options: &EvalOptions) -> Observer {
        Observer {
            trace: options.trace.then(Trace::default),
            reached: options.coverage.then(BTreeSet::new),
            profiler: options.profile.clone().map(Profiler::new),
            failures: options.failures.then(Recorder::default),
            ..Observer::default()
        }
    }
}

impl<'p> Machine<'p> {
    /// Runs something as a query of its own.
    pub(crate) fn subquery(&mut self, run: &mut dyn FnMut(&mut Machine<'p>) -> Flow) -> Flow {
        let before = (self.observer.query, self.observer.parent);
        self.observer.last_query += 1;
        self.observer.parent = self.observer.query;
        self.observer.query = self.observer.last_query;
        self.observer.depth += 1;
        let flow = run(self);
        self.observer.depth -= 1;
        (self.observer.query, self.observer.parent) = before;
        flow
    }

    /// Reports a step at an expression or body.
    pub(crate) fn note(&mut self, op: Op, span: Span) {
        self.record(op, span, None);
        if op == Op::Eval {
            self.reach_place(span);
        }
        if let (Op::Eval | Op::Redo, Some(profiler)) = (op, &mut self.observer.profiler) {
            profiler.at(op, span);
        }
    }

    /// Reports that an expression is evaluated.
    pub(crate) fn begin(&mut self, expr: &Expr) {
        self.note(Op::Eval, expr.span);
        if let Some(failures) = &mut self.observer.failures {
            failures.begin(expr.span, self.observer.depth);
        }
    }

    /// Reports that an expression has no solution.
    pub(crate) fn fail(&mut self, expr: &Expr) {
        self.note(Op::Fail, expr.span);
        if let Some(failures) = &mut self.observer.failures {
            failures.fail(expr, &self.frame, self.observer.depth);
        }
    }

    /// Reports that a term is evaluated.
    pub(crate) fn begin_term(&mut self, term: &Term) {
        if let Some(failures) = &mut self.observer.failures {
            failures.term(term);
        }
    }

    /// Reports a value of a term.
    pub(crate) fn found(&mut self, term: &Term, value: &Value) {
        if let Some(failures) = &mut self.observer.failures {
            failures.value(term, value);
        }
    }

    /// Reports a step that is printed as this text.
    pub(crate) fn note_text(&mut self, op: Op, span: Span, text: &str) {
        self.record(op, span, Some(text));
    }

    /// Reports the beginning of a rule.
    pub(crate) fn enter(&mut self, rule: &Rule) {
        if self.observer.trace.is_some() {
            self.note_text(Op::Enter, rule.head, &name(rule));
        }
    }

    /// Reports a solution of a rule.
    pub(crate) fn exit(&mut self, rule: &Rule, clause: &Clause) {
        self.reach_place(rule.head);
        self.reach_place(clause.span);
        if self.observer.trace.is_some() {
            self.note_text(Op::Exit, clause.span, &name(rule));
        }
    }

    fn reach_place(&mut self, span: Span) {
        if let Some(reached) = &mut self.observer.reached {
            reached.insert(span);
        }
    }

    fn record(&mut self, op: Op, span: Span, text: Option<&str>) {
        let Observer { trace: Some(trace), query, parent, depth, .. } = &mut self.observer else {
            return;
        };
        trace.events.push(Event {
            op,
            query: *query,
            parent: *parent,
            depth: *depth,
            span,
            text: text.map(str::to_owned),
            bindings: self.frame.named(),
        });
    }
}

/// A rule's name as policies write it: `data.authz.allow`.
fn name(rule: &Rule) -> String {
    format!("data.{}", rule.path.join("."))
}
