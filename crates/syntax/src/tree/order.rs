//! The order in which OPA sorts what is not yet evaluated, and what follows from it: equality, groundness.

use std::cmp::Ordering;

use palisade_value::{AnyValue, order};

use super::{Expr, Head, Module, Operand, Part, Rule, Term, Terms, Value, With};

/// Compares two terms without their places.
pub fn compare(a: &Term, b: &Term) -> Ordering {
    let kinds = rank(&a.value).cmp(&rank(&b.value));
    kinds.then_with(|| match (&a.value, &b.value) {
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => numbers(a, b),
        (Value::String { text: a, .. }, Value::String { text: b, .. })
        | (Value::Var(a), Value::Var(b)) => a.cmp(b),
        (
            Value::Template { parts: a, is_raw: raw_a },
            Value::Template { parts: b, is_raw: raw_b },
        ) => raw_a.cmp(raw_b).then_with(|| slices(a, b, part)),
        (Value::Ref(a), Value::Ref(b))
        | (Value::Array(a), Value::Array(b))
        | (Value::Call(a), Value::Call(b)) => slices(a, b, compare),
        (Value::Set(a), Value::Set(b)) => slices(&sorted(a), &sorted(b), |a, b| compare(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            slices(&sorted_pairs(a), &sorted_pairs(b), |(k1, v1), (k2, v2)| {
                compare(k1, k2).then_with(|| compare(v1, v2))
            })
        }
        (Value::ArrayComprehension(t1, a), Value::ArrayComprehension(t2, b))
        | (Value::SetComprehension(t1, a), Value::SetComprehension(t2, b)) => {
            compare(t1, t2).then_with(|| slices(a, b, expr))
        }
        (Value::ObjectComprehension(k1, v1, a), Value::ObjectComprehension(k2, v2, b)) => {
            let pairs = compare(k1, k2).then_with(|| compare(v1, v2));
            pairs.then_with(|| slices(a, b, expr))
        }
        _ => Ordering::Equal,
    })
}

/// Members or elements in their order.
pub fn sorted(items: &[Term]) -> Vec<&Term> {
    let mut items: Vec<_> = items.iter().collect();
    items.sort_by(|a, b| compare(a, b));
    items
}

/// Pairs in the order of their keys.
pub fn sorted_pairs(pairs: &[(Term, Term)]) -> Vec<&(Term, Term)> {
    let mut pairs: Vec<_> = pairs.iter().collect();
    pairs.sort_by(|(a, _), (b, _)| compare(a, b));
    pairs
}

/// Whether a term says the same whatever its variables are.
pub(crate) fn is_ground(term: &Term) -> bool {
    match &term.value {
        Value::Null | Value::Boolean(_) | Value::Number(_) | Value::String { .. } => true,
        Value::Ref(terms) => terms.iter().skip(1).all(is_ground),
        Value::Array(terms) | Value::Set(terms) | Value::Call(terms) => terms.iter().all(is_ground),
        Value::Object(pairs) => pairs.iter().all(|(key, value)| is_ground(key) && is_ground(value)),
        _ => false,
    }
}

/// Whether two files say the same: places left out, and what a rule's parts are called besides.
pub fn same(a: &Module, b: &Module) -> bool {
    slices(&a.path, &b.path, compare).is_eq()
        && a.rules.len() == b.rules.len()
        && a.rules.iter().zip(&b.rules).all(|(a, b)| same_rule(a, b))
        && same_annotations(a, b)
}

/// Whether two files have the same metadata above the same rules.
pub fn same_annotations(a: &Module, b: &Module) -> bool {
    a.annotations.len() == b.annotations.len()
        && a.annotations
            .iter()
            .zip(&b.annotations)
            .all(|(a, b)| a.scope == b.scope && a.rule == b.rule && a.value == b.value)
}

/// Whether two rules say the same.
pub fn same_rule(a: &Rule, b: &Rule) -> bool {
    let branches = match (&a.otherwise, &b.otherwise) {
        (None, None) => true,
        (Some(a), Some(b)) => same_rule(a, b),
        _ => false,
    };
    branches
        && a.is_default == b.is_default
        && same_head(&a.head, &b.head)
        && slices(&a.body, &b.body, expr).is_eq()
}

/// The key counts where it is a set's member only: otherwise it is the last part of the path.
fn same_head(a: &Head, b: &Head) -> bool {
    let member = |head: &Head| head.key.clone().filter(|_| head.value.is_none());
    slices(&a.reference, &b.reference, compare).is_eq()
        && slices(&a.args, &b.args, compare).is_eq()
        && options(a.value.as_ref(), b.value.as_ref()).is_eq()
        && options(member(a).as_ref(), member(b).as_ref()).is_eq()
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Boolean(_) => 1,
        Value::Number(_) => 2,
        Value::String { .. } => 3,
        Value::Template { .. } => 4,
        Value::Var(_) => 5,
        Value::Ref(_) => 6,
        Value::Array(_) => 7,
        Value::Object(_) => 8,
        Value::Set(_) => 9,
        Value::ArrayComprehension(..) => 10,
        Value::ObjectComprehension(..) => 11,
        Value::SetComprehension(..) => 12,
        Value::Call(_) => 13,
    }
}

fn numbers(a: &str, b: &str) -> Ordering {
    let [a, b] = [a, b].map(palisade_value::Value::decimal);
    order::compare(&a, &b)
}

fn slices<T>(a: &[T], b: &[T], compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    let pairs = a.iter().zip(b).map(|(a, b)| compare(a, b));
    pairs.into_iter().find(|it| it.is_ne()).unwrap_or_else(|| a.len().cmp(&b.len()))
}

fn options(a: Option<&Term>, b: Option<&Term>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => compare(a, b),
        _ => a.is_some().cmp(&b.is_some()),
    }
}

fn part(a: &Part, b: &Part) -> Ordering {
    match (a, b) {
        (Part::Text(a) | Part::Scalar(a), Part::Text(b) | Part::Scalar(b)) => compare(a, b),
        (Part::Expr(a), Part::Expr(b)) => expr(a, b),
        _ => matches!(a, Part::Expr(_)).cmp(&matches!(b, Part::Expr(_))),
    }
}

fn expr(a: &Expr, b: &Expr) -> Ordering {
    let kinds = form(&a.terms).cmp(&form(&b.terms)).then(a.negated.cmp(&b.negated));
    kinds.then_with(|| terms(&a.terms, &b.terms)).then_with(|| slices(&a.with, &b.with, with))
}

fn form(terms: &Terms) -> u8 {
    match terms {
        Terms::Some { .. } => 0,
        Terms::Term(_) => 1,
        Terms::Call(_) => 2,
        Terms::Every(_) => 3,
        Terms::Not { .. } => 4,
        Terms::Logical(it) if it.operator == "and" => 5,
        Terms::Logical(_) => 6,
    }
}

fn terms(a: &Terms, b: &Terms) -> Ordering {
    match (a, b) {
        (Terms::Term(a), Terms::Term(b)) => compare(a, b),
        (Terms::Call(a), Terms::Call(b))
        | (Terms::Some { symbols: a, .. }, Terms::Some { symbols: b, .. }) => slices(a, b, compare),
        (Terms::Every(a), Terms::Every(b)) => options(a.key.as_ref(), b.key.as_ref())
            .then_with(|| compare(&a.value, &b.value))
            .then_with(|| compare(&a.domain, &b.domain))
            .then_with(|| slices(&a.body, &b.body, expr)),
        (Terms::Not { body: a, .. }, Terms::Not { body: b, .. }) => slices(a, b, expr),
        (Terms::Logical(a), Terms::Logical(b)) => {
            operand(&a.lhs, &b.lhs).then_with(|| operand(&a.rhs, &b.rhs))
        }
        _ => Ordering::Equal,
    }
}

fn operand(a: &Operand, b: &Operand) -> Ordering {
    slices(&a.body, &b.body, expr)
}

fn with(a: &With, b: &With) -> Ordering {
    compare(&a.target, &b.target).then_with(|| compare(&a.value, &b.value))
}
