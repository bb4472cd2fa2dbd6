//! Taking expressions apart: equations of composites into equations of their parts, references out of terms.

use palisade_value::Value;

use crate::checked::{Expr, ExprKind, Term, TermKind};
use crate::semantic::lower::constant;
use crate::semantic::walk;

/// `[a, b] = [c, d]` as `a = c` and `b = d`, in any depth. Any other expression stays as it is.
pub fn equations(expr: Expr) -> Vec<Expr> {
    let Expr { span, with, kind } = expr;
    let ExprKind::Unify(left, right) = kind else { return vec![Expr { span, with, kind }] };
    let mut pairs = Vec::new();
    pair_up(left, right, &mut pairs);
    pairs
        .into_iter()
        .map(|(left, right)| Expr { span, with: with.clone(), kind: ExprKind::Unify(left, right) })
        .collect()
}

fn pair_up(left: Term, right: Term, pairs: &mut Vec<(Term, Term)>) {
    match (left.kind, right.kind) {
        (TermKind::Array(a), TermKind::Array(b)) if a.len() == b.len() => {
            a.into_iter().zip(b).for_each(|(a, b)| pair_up(a, b, pairs));
        }
        (TermKind::Array(a), TermKind::Const(Value::Array(b))) if a.len() == b.len() => {
            let constants = b.iter().map(|value| constant(right.span, value.clone()));
            a.into_iter().zip(constants).for_each(|(a, b)| pair_up(a, b, pairs));
        }
        (TermKind::Const(Value::Array(a)), TermKind::Array(b)) if a.len() == b.len() => {
            let constants = a.iter().map(|value| constant(left.span, value.clone()));
            constants.zip(b).for_each(|(a, b)| pair_up(a, b, pairs));
        }
        (TermKind::Object(a), TermKind::Object(b)) if same_keys(&a, &b) => {
            a.into_iter().zip(b).for_each(|((_, a), (_, b))| pair_up(a, b, pairs));
        }
        (a, b) => {
            pairs.push((Term { span: left.span, kind: a }, Term { span: right.span, kind: b }))
        }
    }
}

/// Whether two objects have the same constant keys in the same order, none twice.
fn same_keys(a: &[(Term, Term)], b: &[(Term, Term)]) -> bool {
    let keys = |entries: &[(Term, Term)]| -> Option<Vec<Value>> {
        entries
            .iter()
            .map(|(key, _)| match &key.kind {
                TermKind::Const(value) => Some(value.clone()),
                _ => None,
            })
            .collect()
    };
    match (keys(a), keys(b)) {
        (Some(a), Some(b)) => {
            let mut distinct = a.clone();
            distinct.sort();
            distinct.dedup();
            distinct.len() == a.len() && a == b
        }
        _ => false,
    }
}

/// The first reference in an expression for which `binds` holds, inner ones before the ones around them.
pub fn binding_reference<'a>(
    expr: &'a mut Expr,
    binds: &dyn Fn(&Term) -> bool,
) -> Option<&'a mut Term> {
    walk::terms_mut(expr).into_iter().find_map(|term| in_term(term, binds))
}

fn in_term<'a>(term: &'a mut Term, binds: &dyn Fn(&Term) -> bool) -> Option<&'a mut Term> {
    let is_reference =
        matches!(term.kind, TermKind::Input(_) | TermKind::Data(_) | TermKind::Ref(..));
    if is_reference && binds(term) {
        return Some(term);
    }
    walk::parts_mut(term).into_iter().find_map(|part| in_term(part, binds))
}
