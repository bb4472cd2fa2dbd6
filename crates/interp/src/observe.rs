//! Where the evaluation reports what it does: to the trace, to coverage, to the profile.

use std::collections::BTreeSet;

use palisade_diag::Span;
use palisade_rego::checked::{Clause, Expr, Rule, Term};
use palisade_value::Value;

use crate::error::EvalError;
use crate::evaluator::EvalOptions;
use crate::extent::is_one_constant;
use crate::failure::Recorder;
use crate::machine::{Flow, Machine};
use crate::profile::Profiler;
use crate::trace::{Event, Op, Subject, Trace};

/// What is recorded, and which query is under way.
#[derive(Default)]
pub(crate) struct Observer {
    pub(crate) trace: Option<Trace>,
    /// The places that were reached.
    pub(crate) reached: Option<BTreeSet<Span>>,
    pub(crate) profiler: Option<Profiler>,
    pub(crate) failures: Option<Recorder>,
    pub(crate) builtin_errors: Option<Vec<EvalError>>,
    query: u64,
    parent: u64,
    depth: usize,
    last_query: u64,
    /// The expression that is being evaluated.
    at: Option<Span>,
}

impl Observer {
    /// Records what the options ask for.
    pub(crate) fn new(options: &EvalOptions) -> Observer {
        Observer {
            trace: options.trace.then(Trace::default),
            reached: options.coverage.then(BTreeSet::new),
            profiler: options.profile.clone().map(Profiler::new),
            failures: options.failures.then(Recorder::default),
            builtin_errors: options.builtin_errors.then(Vec::new),
            ..Observer::default()
        }
    }

    /// Records an error that made a call undefined, once for each place and text.
    pub(crate) fn builtin_error(&mut self, error: impl FnOnce() -> EvalError) {
        if let Some(errors) = self.builtin_errors.as_mut().filter(|it| it.len() < ERRORS_MAX) {
            let error = error();
            if !errors.contains(&error) {
                errors.push(error);
            }
        }
    }
}

/// How many errors of built-ins are recorded; who has so many looks at the first ones.
const ERRORS_MAX: usize = 1000;

impl<'p> Machine<'p> {
    /// Runs something as a query of its own.
    pub(crate) fn subquery(&mut self, run: &mut dyn FnMut(&mut Machine<'p>) -> Flow) -> Flow {
        let before = (self.observer.query, self.observer.parent, self.observer.at);
        self.observer.last_query += 1;
        self.observer.parent = self.observer.query;
        self.observer.query = self.observer.last_query;
        self.observer.depth += 1;
        let flow = run(self);
        self.observer.depth -= 1;
        (self.observer.query, self.observer.parent, self.observer.at) = before;
        flow
    }

    /// Whether steps are recorded.
    pub(crate) fn is_traced(&self) -> bool {
        self.observer.trace.is_some()
    }

    /// Reports a step at an expression.
    pub(crate) fn note(&mut self, op: Op, span: Span) {
        self.observer.at = Some(span);
        self.record(op, Subject::Expr, span, Said::default());
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

    /// Reports a step at a query or nested body.
    pub(crate) fn note_body(&mut self, op: Op, span: Span) {
        self.record(op, Subject::Body, span, Said::default());
    }

    /// Reports what the policy has to say.
    pub(crate) fn note_text(&mut self, span: Span, text: &str) {
        let said = Said { message: text.to_owned(), ..Said::default() };
        self.record(Op::Note, Subject::Expr, span, said);
    }

    /// Reports that these rules are what the document or function at a path comes from.
    pub(crate) fn index(&mut self, path: &[String], rules: usize, is_early: bool) {
        let (Some(_), Some(span)) = (&self.observer.trace, self.observer.at) else { return };
        let plural = if rules == 1 { "" } else { "s" };
        let early = if is_early { ", early exit" } else { "" };
        let message = format!("(matched {rules} rule{plural}{early})");
        let said = Said { path: Some(dotted(path)), message };
        self.record(Op::Index, Subject::Expr, span, said);
    }

    /// Reports the beginning of a rule.
    pub(crate) fn enter(&mut self, rule: &Rule) {
        self.note_rule(Op::Enter, rule, rule.head, "");
    }

    /// Reports a solution of a rule.
    pub(crate) fn exit(&mut self, rule: &Rule, clause: &Clause) {
        self.reach_place(rule.head);
        self.reach_place(clause.span);
        let is_last = is_one_constant(std::iter::once(rule));
        self.note_rule(Op::Exit, rule, clause.span, if is_last { "early" } else { "" });
    }

    /// Reports that a rule is asked for its next solution.
    pub(crate) fn redo(&mut self, rule: &Rule, clause: &Clause) {
        self.note_rule(Op::Redo, rule, clause.span, "");
    }

    fn note_rule(&mut self, op: Op, rule: &Rule, span: Span, message: &str) {
        if self.is_traced() {
            let said = Said { path: Some(dotted(&rule.path)), message: message.to_owned() };
            self.record(op, Subject::Rule, span, said);
        }
    }

    fn reach_place(&mut self, span: Span) {
        if let Some(reached) = &mut self.observer.reached {
            reached.insert(span);
        }
    }

    fn record(&mut self, op: Op, subject: Subject, span: Span, said: Said) {
        let Observer { trace: Some(trace), query, parent, depth, .. } = &mut self.observer else {
            return;
        };
        trace.events.push(Event {
            op,
            query: *query,
            parent: *parent,
            depth: *depth,
            subject,
            span,
            path: said.path,
            message: said.message,
            bindings: self.frame.named(),
        });
    }
}

/// What an event says besides its place.
#[derive(Default)]
struct Said {
    path: Option<String>,
    message: String,
}

/// A path below `data` as policies write it: `data.authz.allow`.
fn dotted(path: &[String]) -> String {
    format!("data.{}", path.join("."))
}
