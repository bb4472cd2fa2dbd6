//! Going through checked trees.

use palisade_diag::Span;

use crate::checked::{Body, Expr, ExprKind, LocalId, Term, TermKind, WithValue};

/// The parts of a term that belong to the same body, in order of evaluation.
pub fn parts(term: &Term) -> Vec<&Term> {
    match &term.kind {
        TermKind::Array(items)
        | TermKind::Set(items)
        | TermKind::Input(items)
        | TermKind::Data(items)
        | TermKind::Call(_, items) => items.iter().collect(),
        TermKind::Object(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
        TermKind::Ref(head, path) => std::iter::once(&**head).chain(path).collect(),
        _ => Vec::new(),
    }
}

/// The parts of a term that belong to the same body, to be changed.
pub fn parts_mut(term: &mut Term) -> Vec<&mut Term> {
    match &mut term.kind {
        TermKind::Array(items)
        | TermKind::Set(items)
        | TermKind::Input(items)
        | TermKind::Data(items)
        | TermKind::Call(_, items) => items.iter_mut().collect(),
        TermKind::Object(entries) => {
            entries.iter_mut().flat_map(|(key, value)| [key, value]).collect()
        }
        TermKind::Ref(head, path) => std::iter::once(&mut **head).chain(path).collect(),
        _ => Vec::new(),
    }
}

/// The body of a comprehension and the terms computed in it.
pub fn comprehension(term: &Term) -> Option<(&Body, Vec<&Term>)> {
    match &term.kind {
        TermKind::ArrayComprehension(value, body) | TermKind::SetComprehension(value, body) => {
            Some((body, vec![value]))
        }
        TermKind::ObjectComprehension(key, value, body) => Some((body, vec![key, value])),
        _ => None,
    }
}

/// The body of a comprehension and the terms computed in it, to be changed.
pub fn comprehension_mut(term: &mut Term) -> Option<(&mut Body, Vec<&mut Term>)> {
    match &mut term.kind {
        TermKind::ArrayComprehension(value, body) | TermKind::SetComprehension(value, body) => {
            Some((body, vec![value]))
        }
        TermKind::ObjectComprehension(key, value, body) => Some((body, vec![key, value])),
        _ => None,
    }
}

/// The terms of an expression that belong to the same body: those of `with` first.
pub fn terms(expr: &Expr) -> Vec<&Term> {
    let mut terms: Vec<&Term> = expr
        .with
        .iter()
        .filter_map(|with| match &with.value {
            WithValue::Term(term) => Some(term),
            WithValue::Callee(_) => None,
        })
        .collect();
    match &expr.kind {
        ExprKind::Term(term) => terms.push(term),
        ExprKind::Unify(left, right) => terms.extend([left, right]),
        ExprKind::SomeIn { key, value, collection } => {
            terms.push(collection);
            terms.extend(key);
            terms.push(value);
        }
        ExprKind::Every { domain, .. } => terms.push(domain),
        ExprKind::Not(_) | ExprKind::Or(_) | ExprKind::And(_) => {}
    }
    terms
}

/// The terms of an expression that belong to the same body, to be changed.
pub fn terms_mut(expr: &mut Expr) -> Vec<&mut Term> {
    let mut terms: Vec<&mut Term> = expr
        .with
        .iter_mut()
        .filter_map(|with| match &mut with.value {
            WithValue::Term(term) => Some(term),
            WithValue::Callee(_) => None,
        })
        .collect();
    match &mut expr.kind {
        ExprKind::Term(term) => terms.push(term),
        ExprKind::Unify(left, right) => terms.extend([left, right]),
        ExprKind::SomeIn { key, value, collection } => {
            terms.push(collection);
            terms.extend(key);
            terms.push(value);
        }
        ExprKind::Every { domain, .. } => terms.push(domain),
        ExprKind::Not(_) | ExprKind::Or(_) | ExprKind::And(_) => {}
    }
    terms
}

/// The bodies nested in an expression, those in its terms left out.
pub fn bodies(expr: &Expr) -> &[Body] {
    match &expr.kind {
        ExprKind::Not(body) | ExprKind::And(body) | ExprKind::Every { body, .. } => {
            std::slice::from_ref(body)
        }
        ExprKind::Or(bodies) => bodies,
        _ => &[],
    }
}

/// The bodies nested in an expression, to be changed.
pub fn bodies_mut(expr: &mut Expr) -> &mut [Body] {
    match &mut expr.kind {
        ExprKind::Not(body) | ExprKind::And(body) | ExprKind::Every { body, .. } => {
            std::slice::from_mut(body)
        }
        ExprKind::Or(bodies) => bodies,
        _ => &mut [],
    }
}

/// Calls `visit` with every variable of a body, nested bodies included.
pub fn locals_of_body(body: &Body, visit: &mut dyn FnMut(LocalId, Span)) {
    for expr in &body.exprs {
        terms(expr).into_iter().for_each(|term| locals_of_term(term, visit));
        bodies(expr).iter().for_each(|body| locals_of_body(body, visit));
    }
}

/// Calls `visit` with every variable of a term, nested bodies included.
pub fn locals_of_term(term: &Term, visit: &mut dyn FnMut(LocalId, Span)) {
    if let TermKind::Local(local) = &term.kind {
        visit(*local, term.span);
    }
    if let Some((body, terms)) = comprehension(term) {
        locals_of_body(body, visit);
        terms.into_iter().for_each(|term| locals_of_term(term, visit));
    }
    parts(term).into_iter().for_each(|part| locals_of_term(part, visit));
}
