//! Bodies: expressions front to back, each inside the loops that those before it make.
//!
//! **Loops are left as soon as possible.** Where only the existence of a solution counts, an expression with several
//! solutions whose variables nothing behind it needs is a question with one answer. Then the loop is left at the first
//! solution, and what follows stands behind the loop instead of in it: `some g in xs; g.ok; some h in ys; h.ok` takes
//! as many steps as the two lists have elements together, not as their product. Loops in which a later step could raise
//! an error run to their end.

use std::collections::BTreeSet;

use palisade_rego::checked::{Body, Expr, ExprKind, LocalId, Term, TermKind};

use super::emit::{Done, Emitter, Then};
use super::quiet;
use super::walk::{self, Locals};
use crate::lower::LowerError;
use crate::program::{Label, Reg, Stmt};

/// What the solutions of a body are for.
#[derive(Clone, Debug, Default)]
pub(super) struct Purpose {
    /// Whether the same solution twice counts as once.
    is_set: bool,
    /// The variables that are needed behind the body.
    needed: BTreeSet<LocalId>,
    /// Whether it is worth to leave a loop before what is behind the body.
    leaves_at_end: bool,
}

impl Purpose {
    /// Every solution counts.
    pub(super) fn each() -> Purpose {
        Purpose::default()
    }

    /// Only whether there is one.
    pub(super) fn exists() -> Purpose {
        Purpose { is_set: true, ..Purpose::default() }
    }

    /// The different values of these terms.
    pub(super) fn values<'t>(terms: impl IntoIterator<Item = &'t Term>) -> Purpose {
        let mut locals = Locals::default();
        walk::terms(terms, &mut locals);
        Purpose { is_set: true, needed: locals.0, leaves_at_end: true }
    }

    /// The same, where the caller leaves at the first solution by itself.
    pub(super) fn leaving_first(self, leaves: bool) -> Purpose {
        Purpose { leaves_at_end: self.leaves_at_end && !leaves, ..self }
    }
}

/// A way out of a loop.
struct Exit {
    label: Label,
    /// Gets a value when a solution was found.
    found: Reg,
    /// The variables as they were before the loop.
    before: Vec<Option<Reg>>,
}

/// The innermost loop around, and whether all that was lowered in it so far raises nothing.
type Around<'a> = Option<(&'a Exit, bool)>;

/// How an expression with several solutions ended.
enum Ending {
    /// What follows was lowered inside of it.
    Inside,
    /// Its loop was left; so many expressions are still to be lowered behind it.
    Behind(usize),
    /// A loop around it was left; so many expressions are still to be lowered there.
    Left(usize),
}

impl<'m, 'p> Emitter<'m, 'p> {
    /// Lowers a body; `next` follows for each of its solutions, or for fewer where the purpose allows.
    pub(super) fn body(&mut self, body: &Body, purpose: Purpose, next: Then<'_, 'm, 'p>) -> Done {
        let outer = std::mem::replace(&mut self.purpose, purpose);
        let result = self.exprs(&body.exprs, None, next);
        self.purpose = outer;
        result.map(drop)
    }

    /// Lowers a body whose variables stay visible for what follows.
    pub(super) fn open_body(&mut self, body: &Body, next: Then<'_, 'm, 'p>) -> Done {
        let outer = std::mem::replace(&mut self.purpose, Purpose::each());
        let result = self.exprs(&body.exprs, None, &mut |e| {
            let inner = std::mem::replace(&mut e.purpose, outer.clone());
            let result = next(e);
            e.purpose = inner;
            result
        });
        self.purpose = outer;
        result.map(drop)
    }

    /// Gives how many expressions are left if it left the loop around; otherwise `next` was lowered.
    fn exprs(
        &mut self,
        exprs: &[Expr],
        mut around: Around<'_>,
        next: Then<'_, 'm, 'p>,
    ) -> Result<Option<usize>, LowerError> {
        let mut rest = exprs;
        loop {
            if let Some((exit, true)) = around
                && self.may_leave(exit, rest)
            {
                self.mark(exit.found);
                self.push(Stmt::Break { label: exit.label });
                return Ok(Some(rest.len()));
            }
            let Some((first, behind)) = rest.split_first() else {
                return next(self).map(|()| None);
            };
            around = around
                .map(|(exit, is_quiet)| (exit, is_quiet && quiet::is_quiet(self.module, first)));
            if self.is_straight(first) {
                // Lowered without nesting, so that long bodies don't need a deep stack.
                self.expr(first, &mut |_| Ok(()))?;
                rest = behind;
                continue;
            }
            match self.expr_around(first, behind, around, next)? {
                Ending::Inside => return Ok(None),
                Ending::Left(left) => return Ok(Some(left)),
                Ending::Behind(left) => rest = &behind[behind.len() - left..],
            }
        }
    }

    /// Lowers an expression that may have several solutions, and what follows it.
    fn expr_around(
        &mut self,
        first: &Expr,
        behind: &[Expr],
        around: Around<'_>,
        next: Then<'_, 'm, 'p>,
    ) -> Result<Ending, LowerError> {
        let own = Exit { label: self.label(), found: self.reg(), before: self.locals.clone() };
        let is_quiet = quiet::is_quiet(self.module, first);
        let depth = self.depth();
        let mut ending = Ending::Inside;
        let (stmts, ()) = self.apart(|e| {
            e.expr(first, &mut |e| {
                let is_loop = e.depth() > depth;
                let around = if is_loop { Some((&own, is_quiet)) } else { around };
                ending = match stacker::maybe_grow(STACK_LEFT, STACK_MORE, || {
                    e.exprs(behind, around, next)
                })? {
                    None => Ending::Inside,
                    Some(left) if is_loop => Ending::Behind(left),
                    Some(left) => Ending::Left(left),
                };
                Ok(())
            })
        })?;
        if let Ending::Behind(_) = ending {
            self.locals = own.before;
            self.push(Stmt::Clear { dst: own.found });
            self.push(Stmt::Block { label: Some(own.label), body: stmts });
            self.push(Stmt::Defined { src: own.found });
        } else {
            stmts.stmts.into_iter().for_each(|stmt| self.push(stmt));
        }
        Ok(ending)
    }

    /// Whether nothing that was bound in the loop is needed any more.
    fn may_leave(&self, exit: &Exit, rest: &[Expr]) -> bool {
        if !self.purpose.is_set || (rest.is_empty() && !self.purpose.leaves_at_end) {
            return false;
        }
        let bound = self.bound_since(&exit.before);
        if bound.iter().any(|id| self.purpose.needed.contains(id)) {
            return false;
        }
        let mut used = Locals::default();
        rest.iter().for_each(|expr| walk::expr(expr, &mut used));
        !bound.iter().any(|id| used.0.contains(id))
    }

    /// Whether what follows an expression surely stands in the same block.
    fn is_straight(&self, expr: &Expr) -> bool {
        let is_variable = |term: &Term| matches!(term.kind, TermKind::Local(_));
        expr.with.is_empty()
            && match &expr.kind {
                ExprKind::Term(term) => self.is_single(term),
                ExprKind::Unify(a, b) => {
                    (self.is_single(a) && (is_variable(b) || self.is_single(b)))
                        || (self.is_single(b) && is_variable(a))
                }
                ExprKind::Not(_) | ExprKind::Or(_) => true,
                ExprKind::Every { domain, .. } => self.is_single(domain),
                ExprKind::SomeIn { .. } | ExprKind::And(_) => false,
            }
    }
}

/// How much stack must be left for the expressions inside of a loop.
const STACK_LEFT: usize = 128 * 1024;
/// How much stack is added otherwise.
const STACK_MORE: usize = 2 * 1024 * 1024;
