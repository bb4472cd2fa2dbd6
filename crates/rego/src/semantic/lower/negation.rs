//! What the ordinary `not` evaluates before it negates.
//!
//! `not f(g(x), input.a)` means `v = g(x); w = input.a; not f(v, w)`: if `g(x)` or `input.a` is undefined, the whole
//! expression is, and not true. Only the outermost call, reference or equation is negated. A reference that is an
//! operand of an equation itself stays inside, so `not input.a == 1` is true when `input.a` is undefined.

use crate::checked::{BuiltinId, Callee, ExprKind, LocalId, Term, TermKind};
use crate::semantic::scope::Scopes;

/// A term that is evaluated before the negation.
#[derive(Debug)]
pub(super) struct Hoisted {
    /// Its value.
    pub(super) local: LocalId,
    /// The term.
    pub(super) term: Term,
    /// Whether every variable in it must have a value from elsewhere.
    pub(super) is_eager: bool,
}

struct Hoister<'a> {
    scopes: &'a mut Scopes,
    hoisted: Vec<Hoisted>,
}

/// Takes out of a negated expression what is evaluated before it, in that order.
pub(super) fn hoist(
    kind: &mut ExprKind,
    is_equation: bool,
    equal: Option<BuiltinId>,
    scopes: &mut Scopes,
) -> Vec<Hoisted> {
    let mut hoister = Hoister { scopes, hoisted: Vec::new() };
    match kind {
        ExprKind::Unify(left, right) if is_equation => {
            hoister.calls(left);
            hoister.calls(right);
            hoister.operand(left);
            hoister.operand(right);
        }
        ExprKind::Unify(result, Term { kind: TermKind::Call(_, args), .. }) => {
            hoister.arguments(args);
            hoister.calls(result);
            hoister.reference(result);
        }
        ExprKind::Term(Term { kind: TermKind::Call(callee, args), .. }) => {
            if equal.is_some_and(|equal| *callee == Callee::Builtin(equal)) {
                args.iter_mut().for_each(|arg| hoister.calls(arg));
                args.iter_mut().for_each(|arg| hoister.operand(arg));
            } else {
                hoister.arguments(args);
            }
        }
        ExprKind::Term(term) => {
            hoister.calls(term);
            hoister.operand(term);
        }
        ExprKind::Every { domain, .. } => hoister.take(domain, false),
        _ => {}
    }
    hoister.hoisted
}

impl Hoister<'_> {
    fn take(&mut self, term: &mut Term, is_eager: bool) {
        let span = term.span;
        let local = self.scopes.fresh("", span);
        let taken = std::mem::replace(term, Term { span, kind: TermKind::Local(local) });
        self.hoisted.push(Hoisted { local, term: taken, is_eager });
    }

    fn arguments(&mut self, args: &mut [Term]) {
        args.iter_mut().for_each(|arg| self.calls(arg));
        args.iter_mut().for_each(|arg| self.reference(arg));
    }

    /// Takes out the calls in a term, itself included.
    fn calls(&mut self, term: &mut Term) {
        match &mut term.kind {
            TermKind::Call(..) => self.take(term, false),
            TermKind::Array(items)
            | TermKind::Set(items)
            | TermKind::Input(items)
            | TermKind::Data(items) => {
                items.iter_mut().for_each(|it| self.calls(it));
            }
            TermKind::Object(entries) => entries.iter_mut().for_each(|(key, value)| {
                self.calls(key);
                self.calls(value);
            }),
            TermKind::Ref(head, path) => {
                self.calls(head);
                path.iter_mut().for_each(|it| self.calls(it));
            }
            _ => {}
        }
    }

    /// An operand that may be undefined itself: only what is in it is taken out.
    fn operand(&mut self, term: &mut Term) {
        match &mut term.kind {
            TermKind::Input(path) | TermKind::Data(path) | TermKind::Ref(_, path) => {
                path.iter_mut().for_each(|it| self.reference(it));
            }
            _ => self.reference(term),
        }
    }

    /// Takes out the references in a term, itself included.
    fn reference(&mut self, term: &mut Term) {
        match &mut term.kind {
            TermKind::Input(path) | TermKind::Data(path) | TermKind::Ref(_, path) => {
                path.iter_mut().for_each(|it| self.reference(it));
                self.take(term, true);
            }
            TermKind::Array(items) | TermKind::Set(items) => {
                items.iter_mut().for_each(|it| self.reference(it))
            }
            TermKind::Object(entries) => {
                entries.iter_mut().for_each(|(_, value)| self.reference(value))
            }
            _ => {}
        }
    }
}
