//! Makes residual bodies readable: names that stand for one term give way to it, what is said twice is said once, and
//! bodies that contradict themselves are dropped.
//!
//! **Why it changes nothing.** A body is a conjunction, and a variable of its own stands for whatever makes it true.
//! An equation `v = term` may go when `term` takes the place of `v`, as long as some place where `v` stood fails the body
//! when `term` is undefined, as the equation did. A call is never written twice, and nothing moves between different
//! `with` modifiers.

use std::collections::BTreeSet;

use palisade_value::{AnyValue, Value};

use crate::residual::{Expr, Head, Kind, Term, Var, substitute};
use crate::uses::{self, Uses};

/// How many expressions a body has that is made readable. It takes the cube of that, and nobody reads longer ones.
const EXPRESSIONS_MAX: usize = 200;

/// Which variables of a body matter outside it.
#[derive(Clone, Debug)]
pub(crate) struct Visible {
    /// Variables before this one come from outside.
    own: Var,
    /// Variables of the body that are seen outside all the same.
    seen: BTreeSet<Var>,
}

impl Visible {
    /// Nothing is seen; the body's own variables are those from `own` on.
    pub(crate) fn from(own: Var) -> Visible {
        Visible { own, seen: BTreeSet::new() }
    }

    /// The variables of a term are seen outside.
    pub(crate) fn see(&mut self, term: &Term) {
        term.terms(&mut |term| {
            if let Term::Var(var) = term {
                self.seen.insert(*var);
            }
        });
    }

    /// Whether a variable may go.
    fn is_free(&self, var: Var) -> bool {
        var >= self.own && !self.seen.contains(&var)
    }
}

/// The body in simpler terms; none if it cannot hold.
pub(crate) fn body(mut body: Vec<Expr>, visible: &Visible) -> Option<Vec<Expr>> {
    loop {
        body = decided(body)?;
        if body.len() > EXPRESSIONS_MAX {
            return Some(body);
        }
        if !(rename(&mut body, visible) || share(&mut body, visible) || inline(&mut body, visible))
        {
            break;
        }
    }
    let body = distinct(body);
    (!contradicts(&body)).then_some(body)
}

/// Drops what always holds; none if something never does.
fn decided(body: Vec<Expr>) -> Option<Vec<Expr>> {
    let mut kept = Vec::with_capacity(body.len());
    for mut expr in body {
        if let Kind::Term(term) | Kind::Unify(_, term) = &mut expr.kind {
            looked_up(term)?;
        }
        match truth(&expr.kind) {
            Some(true) => {}
            Some(false) => return None,
            None => kept.push(expr),
        }
    }
    Some(kept)
}

/// Looks known keys up in known collections; none if they are not there.
fn looked_up(term: &mut Term) -> Option<()> {
    while let Term::Ref(head, path) = term
        && let Head::Term(Term::Const(value)) = &mut **head
        && let Some(Term::Const(key)) = path.first()
    {
        let part = value.get(key)?;
        path.remove(0);
        *value = part;
        if path.is_empty() {
            *term = Term::Const(value.clone());
        }
    }
    Some(())
}

fn truth(kind: &Kind) -> Option<bool> {
    match kind {
        Kind::Term(Term::Const(value)) => Some(!value.is_false()),
        Kind::Term(Term::Array(_) | Term::Object(_) | Term::Set(_)) => None,
        Kind::Unify(Term::Const(left), Term::Const(right)) => Some(left == right),
        Kind::Unify(Term::Var(left), Term::Var(right)) if left == right => Some(true),
        _ => None,
    }
}

/// Puts one variable, or a constant, in the place of another variable that is the same; says whether it did.
fn rename(body: &mut Vec<Expr>, visible: &Visible) -> bool {
    for at in 0..body.len() {
        let Some(Expr { kind: Kind::Unify(left, right), .. }) = body.get(at) else { continue };
        let choice = match (left, right) {
            (Term::Var(left), Term::Var(right)) if visible.is_free(*left) => {
                Some((*left, Term::Var(*right)))
            }
            (Term::Var(left), Term::Var(right)) if visible.is_free(*right) => {
                Some((*right, Term::Var(*left)))
            }
            (Term::Var(var), Term::Const(value)) | (Term::Const(value), Term::Var(var))
                if visible.is_free(*var)
                    && !is_defined(body, at, *var)
                    && (is_collection(value) || !is_head(body, *var)) =>
            {
                Some((*var, Term::Const(value.clone())))
            }
            _ => None,
        };
        if let Some((var, by)) = choice {
            body.remove(at);
            substitute(body, var, &by);
            return true;
        }
    }
    false
}

fn is_collection(value: &Value) -> bool {
    matches!(value, Value::Array(_) | Value::Object(_) | Value::Set(_))
}

/// Whether a reference starts with the variable. None can start with a scalar.
fn is_head(body: &[Expr], var: Var) -> bool {
    let mut found = false;
    for expr in body {
        expr.terms(&mut |term| {
            if let Term::Ref(head, _) = term {
                found |= **head == Head::Term(Term::Var(var));
            }
        });
    }
    found
}

/// Whether another expression says what a variable is.
fn is_defined(body: &[Expr], except: usize, var: Var) -> bool {
    body.iter().enumerate().any(|(at, expr)| {
        at != except && definition(expr).is_some_and(|(defined, _)| defined == var)
    })
}

/// `v = term`, where the term is no mere pattern.
fn definition(expr: &Expr) -> Option<(Var, &Term)> {
    match &expr.kind {
        Kind::Unify(Term::Var(var), term) if !term.is_total() => Some((*var, term)),
        _ => None,
    }
}

/// Two names for the same reference become one; says whether any did.
fn share(body: &mut Vec<Expr>, visible: &Visible) -> bool {
    for at in 0..body.len() {
        let Some((first, term)) = body.get(at).and_then(definition) else { continue };
        if !matches!(term, Term::Ref(..)) {
            continue;
        }
        for later in at + 1..body.len() {
            let same = match body.get(later).and_then(definition) {
                Some((_, other)) => other == term && body[later].with == body[at].with,
                None => false,
            };
            let Some((second, _)) = body.get(later).and_then(definition).filter(|_| same) else {
                continue;
            };
            let (gone, stays, removed) = match (visible.is_free(second), visible.is_free(first)) {
                (true, _) => (second, first, later),
                (false, true) => (first, second, at),
                (false, false) => continue,
            };
            if gone == stays {
                body.remove(later);
                return true;
            }
            body.remove(removed);
            substitute(body, gone, &Term::Var(stays));
            return true;
        }
    }
    false
}

/// Puts a term in the place of its name; says whether it did.
fn inline(body: &mut Vec<Expr>, visible: &Visible) -> bool {
    for at in 0..body.len() {
        let Some((var, term)) = body.get(at).and_then(definition) else { continue };
        if !visible.is_free(var) {
            continue;
        }
        let uses = uses::of(body, at, var);
        if !fits(term, body[at].generates, &uses) {
            continue;
        }
        let term = term.clone();
        let expr = body.remove(at);
        if expr.generates {
            for other in body.iter_mut() {
                let mut is_there = false;
                other.terms(&mut |it| is_there |= *it == Term::Var(var));
                other.generates |= is_there;
            }
        }
        substitute(body, var, &term);
        return true;
    }
    false
}

/// Whether a term may stand wherever its name does.
fn fits(term: &Term, generates: bool, uses: &Uses) -> bool {
    if uses.blocked || uses.strict == 0 {
        return false;
    }
    match term {
        Term::Ref(head, path) => {
            let is_plain = path.iter().all(|key| key.is_total() || matches!(key, Term::Ref(..)));
            let is_large = matches!(&**head, Head::Term(Term::Const(_)));
            let total = uses.strict + uses.lenient;
            let fits_often = total == 1 || !(is_large || is_call(head));
            match generates {
                true => is_plain && fits_often && uses.lenient == 0 && uses.strict == uses.direct,
                false => is_plain && fits_often,
            }
        }
        Term::Call(..)
        | Term::ArrayComprehension(..)
        | Term::SetComprehension(..)
        | Term::ObjectComprehension(..) => {
            let is_once = uses.strict == 1 && uses.lenient == 0;
            let is_seen_whole = uses.negated == 0 && uses.heads == 0;
            is_once && is_seen_whole && (!generates || uses.direct == 1)
        }
        _ => false,
    }
}

fn is_call(head: &Head) -> bool {
    matches!(head, Head::Term(term) if !matches!(term, Term::Var(_) | Term::Ref(..)))
}

/// Says nothing twice.
fn distinct(body: Vec<Expr>) -> Vec<Expr> {
    let mut kept: Vec<Expr> = Vec::with_capacity(body.len());
    for expr in body {
        if !kept.contains(&expr) {
            kept.push(expr);
        }
    }
    kept
}

/// Whether one reference is said to be two different constants.
fn contradicts(body: &[Expr]) -> bool {
    let constant = |expr: &'_ Expr| -> Option<(Term, Value)> {
        if !expr.with.is_empty() || expr.generates {
            return None;
        }
        match &expr.kind {
            Kind::Unify(term @ Term::Ref(..), Term::Const(value))
            | Kind::Unify(Term::Const(value), term @ Term::Ref(..)) => {
                Some((term.clone(), value.clone()))
            }
            _ => None,
        }
    };
    let constants: Vec<(Term, Value)> = body.iter().filter_map(constant).collect();
    constants.iter().enumerate().any(|(at, (term, value))| {
        constants[at + 1..].iter().any(|(other, found)| other == term && found != value)
    })
}
