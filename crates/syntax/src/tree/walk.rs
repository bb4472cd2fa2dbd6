//! Visits every expression of a rule.

use super::{Expr, Part, Rule, Term, Terms, Value};

/// Calls `see` with each expression, inside comprehensions and branches too.
pub fn walk_rule(rule: &Rule, see: &mut impl FnMut(&Expr)) {
    let head = &rule.head;
    let terms = head.reference.iter().chain(&head.args).chain(&head.key).chain(&head.value);
    terms.for_each(|it| walk_term(it, see));
    rule.body.iter().for_each(|it| walk_expr(it, see));
    if let Some(branch) = &rule.otherwise {
        walk_rule(branch, see);
    }
}

fn walk_expr(expr: &Expr, see: &mut impl FnMut(&Expr)) {
    see(expr);
    match &expr.terms {
        Terms::Term(it) => walk_term(it, see),
        Terms::Call(terms) | Terms::Some { symbols: terms, .. } => {
            terms.iter().for_each(|it| walk_term(it, see));
        }
        Terms::Every(every) => {
            walk_term(&every.domain, see);
            every.body.iter().for_each(|it| walk_expr(it, see));
        }
        Terms::Not { body, .. } => body.iter().for_each(|it| walk_expr(it, see)),
        Terms::Logical(it) => {
            let exprs = it.lhs.body.iter().chain(&it.rhs.body);
            exprs.for_each(|it| walk_expr(it, see));
        }
    }
    for with in &expr.with {
        walk_term(&with.target, see);
        walk_term(&with.value, see);
    }
}

fn walk_term(term: &Term, see: &mut impl FnMut(&Expr)) {
    match &term.value {
        Value::Null
        | Value::Boolean(_)
        | Value::Number(_)
        | Value::String { .. }
        | Value::Var(_) => {}
        Value::Template { parts, .. } => parts.iter().for_each(|part| match part {
            Part::Text(it) | Part::Scalar(it) => walk_term(it, see),
            Part::Expr(it) => walk_expr(it, see),
        }),
        Value::Ref(terms) | Value::Array(terms) | Value::Set(terms) | Value::Call(terms) => {
            terms.iter().for_each(|it| walk_term(it, see));
        }
        Value::Object(pairs) => pairs.iter().for_each(|(key, value)| {
            walk_term(key, see);
            walk_term(value, see);
        }),
        Value::ArrayComprehension(head, body) | Value::SetComprehension(head, body) => {
            walk_term(head, see);
            body.iter().for_each(|it| walk_expr(it, see));
        }
        Value::ObjectComprehension(key, value, body) => {
            walk_term(key, see);
            walk_term(value, see);
            body.iter().for_each(|it| walk_expr(it, see));
        }
    }
}
