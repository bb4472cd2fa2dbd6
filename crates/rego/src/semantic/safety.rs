//! Safety: every variable has a value before it is needed, and bodies are put in an order in which that is so.
//!
//! The written order is kept; only an expression that needs a variable bound further down moves behind the one that
//! binds it. [`bind`] says what an expression needs and binds, [`split`] takes expressions apart where one order fits
//! one part of them and another order another.

mod bind;
mod queue;
mod split;

use std::collections::HashSet;

use palisade_diag::{Diagnostic, Span};

use crate::checked::{
    Body, Clause, Expr, ExprKind, Local, LocalId, Query, Rule, RuleKind, Term, TermKind,
};
use crate::semantic::errors;
use crate::semantic::lower::Lowered;
use crate::semantic::safety::bind::{Binder, Bound, Missing, Outcome};
use crate::semantic::safety::queue::Queue;
use crate::semantic::walk;

/// Puts bodies of one rule or query in order.
struct Safety<'a> {
    locals: Vec<Local>,
    depths: Vec<u32>,
    assigned: HashSet<Span>,
    eager: HashSet<LocalId>,
    reported: HashSet<(LocalId, Span)>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Orders all bodies of a rule.
pub fn order_rule(lowered: Lowered<Rule>, diagnostics: &mut Vec<Diagnostic>) -> Rule {
    let Lowered { item: mut rule, depths, assigned, eager } = lowered;
    let locals = std::mem::take(&mut rule.scope.locals);
    let reported = HashSet::new();
    let mut safety = Safety { locals, depths, assigned, eager, reported, diagnostics };
    let mut bound = Bound::default();
    if let RuleKind::Function(parameters) = &mut rule.kind {
        bound = safety.parameters(parameters);
    }
    let has_branches = rule.clauses.len() > 1;
    let mut suffix = std::mem::take(&mut rule.suffix);
    for (at, clause) in rule.clauses.iter_mut().enumerate() {
        let mut bound = bound.clone();
        safety.body(&mut clause.body, &mut bound, 0);
        let mut terms: Vec<&mut Term> = Vec::new();
        if at == 0 {
            terms.extend(&mut suffix);
            if let RuleKind::Contains(member) = &mut rule.kind {
                terms.push(member);
            }
        }
        let Clause { body, value, .. } = clause;
        terms.push(value);
        safety.computed(body, terms, &mut bound, 0);
        if has_branches {
            safety.decide_in_body(clause, &bound);
        }
    }
    rule.suffix = suffix;
    rule.scope.locals = safety.locals;
    rule
}

/// Orders the body of a query.
pub fn order_query(lowered: Lowered<Query>, diagnostics: &mut Vec<Diagnostic>) -> Query {
    let Lowered { item: mut query, depths, assigned, eager } = lowered;
    let locals = std::mem::take(&mut query.scope.locals);
    let reported = HashSet::new();
    let mut safety = Safety { locals, depths, assigned, eager, reported, diagnostics };
    safety.body(&mut query.body, &mut Bound::default(), 0);
    query.scope.locals = safety.locals;
    query
}

impl Safety<'_> {
    fn fresh(&mut self, span: Span, depth: u32) -> LocalId {
        self.locals.push(Local { name: String::new(), span });
        self.depths.push(depth);
        LocalId(self.locals.len() as u32 - 1)
    }

    fn binder<'s>(&'s self, bound: &'s Bound, depth: u32) -> Binder<'s> {
        Binder::new(bound, depth, &self.depths, &self.assigned, &self.eager)
    }

    fn parameters(&mut self, parameters: &mut [Term]) -> Bound {
        let mut bound = Bound::default();
        let mut binder = self.binder(&bound, 0);
        parameters.iter().for_each(|term| binder.pattern(term));
        let outcome = binder.finish();
        bound.extend(&outcome.bound);
        self.report(&outcome.missing);
        parameters.iter_mut().for_each(|term| self.closures_in_term(term, &bound, 0));
        bound
    }

    /// Orders a body and the bodies in it; afterwards `bound` holds its variables too.
    fn body(&mut self, body: &mut Body, bound: &mut Bound, depth: u32) {
        let written = std::mem::take(&mut body.exprs);
        let mut queue = Queue::new(written.into_iter().flat_map(split::equations));
        loop {
            if let Some(expr) = queue.pop_ready(|expr| self.look(expr, bound, depth)) {
                queue.wake(&self.place(expr, body, bound, depth));
            } else if queue.is_empty() {
                return;
            } else if let Some(parts) = queue.divide_first(|expr| self.divide(expr, bound, depth)) {
                for expr in parts {
                    queue.wake(&self.place(expr, body, bound, depth));
                }
            } else {
                queue.wake(&self.give_up(&queue.hopeless(), bound));
            }
        }
    }

    fn look(&self, expr: &Expr, bound: &Bound, depth: u32) -> Outcome {
        let mut binder = self.binder(bound, depth);
        binder.expr(expr);
        binder.finish()
    }

    /// Puts an expression at the end of a body. Gives the variables that have got values.
    fn place(
        &mut self,
        mut expr: Expr,
        body: &mut Body,
        bound: &mut Bound,
        depth: u32,
    ) -> Vec<LocalId> {
        let mut binder = self.binder(bound, depth);
        let swap = binder.expr(&expr);
        let locals = binder.finish().bound;
        bound.extend(&locals);
        if let (true, ExprKind::Unify(left, right)) = (swap, &mut expr.kind) {
            std::mem::swap(left, right);
        }
        self.closures(&mut expr, bound, depth);
        body.exprs.push(expr);
        locals
    }

    /// Takes out of an expression the references that bind something, if that makes it ready.
    fn divide(&mut self, expr: &Expr, bound: &Bound, depth: u32) -> Option<Vec<Expr>> {
        let mut replacements = self.binder(bound, depth);
        replacements.replacements(expr);
        let has_replacements = replacements.finish().missing.is_empty();
        if matches!(expr.kind, ExprKind::Not(_)) || self.is_eager(expr) || !has_replacements {
            return None;
        }
        let mut expr = expr.clone();
        let mut bound = bound.clone();
        let mut taken = Vec::new();
        loop {
            let term =
                split::binding_reference(&mut expr, &|term| self.binds(term, &bound, depth))?;
            let span = term.span;
            let mut binder = self.binder(&bound, depth);
            binder.eval(term);
            let locals = binder.finish().bound;
            bound.extend(&locals);
            let local = self.fresh(span, depth);
            bound.insert(local);
            let local = Term { span, kind: TermKind::Local(local) };
            let reference = std::mem::replace(term, local.clone());
            let kind = ExprKind::Unify(local, reference);
            taken.push(Expr { span: expr.span, with: expr.with.clone(), kind });
            if self.look(&expr, &bound, depth).missing.is_empty() {
                taken.push(expr);
                return Some(taken);
            }
        }
    }

    fn is_eager(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Unify(Term { kind: TermKind::Local(local), .. }, _) => {
                self.eager.contains(local)
            }
            _ => false,
        }
    }

    /// Whether a term can be evaluated now and gives values to variables.
    fn binds(&self, term: &Term, bound: &Bound, depth: u32) -> bool {
        let mut binder = self.binder(bound, depth);
        binder.eval(term);
        let outcome = binder.finish();
        outcome.missing.is_empty() && !outcome.bound.is_empty()
    }

    /// Nothing can go on: reports what is missing and takes it for bound, so that other errors are found.
    fn give_up(&mut self, missing: &[Missing], bound: &mut Bound) -> Vec<LocalId> {
        self.report(missing);
        let locals: Vec<LocalId> = missing.iter().map(|it| it.local).collect();
        bound.extend(&locals);
        locals
    }

    fn report(&mut self, missing: &[Missing]) {
        for it in missing {
            let Some(local) = self.locals.get(it.local.0 as usize) else { continue };
            if !local.name.is_empty() && self.reported.insert((it.local, it.span)) {
                self.diagnostics.push(errors::unsafe_var(&local.name, it.span));
            }
        }
    }

    /// Orders the bodies in an expression.
    fn closures(&mut self, expr: &mut Expr, bound: &Bound, depth: u32) {
        walk::terms_mut(expr)
            .into_iter()
            .for_each(|term| self.closures_in_term(term, bound, depth));
        let own: Vec<LocalId> = match &expr.kind {
            ExprKind::Every { key, value, .. } => key.iter().copied().chain([*value]).collect(),
            _ => Vec::new(),
        };
        for body in walk::bodies_mut(expr) {
            let mut inner = bound.clone();
            inner.extend(&own);
            self.body(body, &mut inner, depth + 1);
        }
    }

    fn closures_in_term(&mut self, term: &mut Term, bound: &Bound, depth: u32) {
        if let Some((body, terms)) = walk::comprehension_mut(term) {
            let mut inner = bound.clone();
            self.body(body, &mut inner, depth + 1);
            self.computed(body, terms, &mut inner, depth + 1);
        }
        walk::parts_mut(term)
            .into_iter()
            .for_each(|part| self.closures_in_term(part, bound, depth));
    }

    /// Terms computed from a body's solutions. One that binds variables itself is evaluated at the body's end.
    fn computed(
        &mut self,
        body: &mut Body,
        mut terms: Vec<&mut Term>,
        bound: &mut Bound,
        depth: u32,
    ) {
        let mut at = 0;
        while at < terms.len() {
            let Some(parts) = self.as_last(terms[at], bound, depth) else {
                at += 1;
                continue;
            };
            for expr in parts {
                self.place(expr, body, bound, depth);
            }
            // What has been bound may be what an earlier term waits for.
            at = 0;
        }
        let mut binder = self.binder(bound, depth);
        terms.iter().for_each(|term| binder.eval(term));
        let missing = binder.finish().missing;
        self.give_up(&missing, bound);
        terms.into_iter().for_each(|term| self.closures_in_term(term, bound, depth));
    }

    /// A term that binds variables as expressions, and the variable with its value in its place.
    fn as_last(&mut self, term: &mut Term, bound: &Bound, depth: u32) -> Option<Vec<Expr>> {
        let span = term.span;
        let binds = self.binds(term, bound, depth);
        if !binds && !bind::can_bind_any(term) {
            return None;
        }
        let local = Term { span, kind: TermKind::Local(self.fresh(span, depth)) };
        let expr =
            Expr { span, with: Vec::new(), kind: ExprKind::Unify(local.clone(), term.clone()) };
        let parts = if binds { vec![expr] } else { self.divide(&expr, bound, depth)? };
        *term = local;
        Some(parts)
    }

    /// Where an `else` follows, a value that may be undefined belongs to the condition.
    fn decide_in_body(&mut self, clause: &mut Clause, bound: &Bound) {
        if !bind::may_be_undefined(&clause.value) {
            return;
        }
        let span = clause.value.span;
        let local = Term { span, kind: TermKind::Local(self.fresh(span, 0)) };
        let value = std::mem::replace(&mut clause.value, local.clone());
        let expr = Expr { span, with: Vec::new(), kind: ExprKind::Unify(local, value) };
        self.place(expr, &mut clause.body, &mut bound.clone(), 0);
    }
}
