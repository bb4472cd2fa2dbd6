//! Calls that are written with signs, and where that takes parentheses.

use crate::tree::{Term, Value};

/// The dotted name of an operator.
pub(super) fn name(operator: &Term) -> Option<String> {
    let Value::Ref(parts) = &operator.value else {
        return None;
    };
    let names = parts.iter().map(|part| match &part.value {
        Value::Var(text) | Value::String { text, .. } => Some(text.as_str()),
        _ => None,
    });
    names.collect::<Option<Vec<_>>>().map(|names| names.join("."))
}

/// A call as signs write it.
pub(super) enum Infix<'a> {
    /// `a + b`
    Binary(&'static str, &'a Term, &'a Term),
    /// `x in xs`
    In(&'a Term, &'a Term),
    /// `k, v in xs`
    KeyIn(&'a Term, &'a Term, &'a Term),
}

impl Infix<'_> {
    /// How tightly the sign binds; assignments least.
    pub(super) fn tightness(&self) -> u8 {
        match self {
            Infix::Binary("=" | ":=", ..) => 0,
            Infix::In(..) | Infix::KeyIn(..) => 1,
            Infix::Binary("|", ..) => 3,
            Infix::Binary("&", ..) => 4,
            Infix::Binary("+" | "-", ..) => 5,
            Infix::Binary("*" | "/" | "%", ..) => 6,
            Infix::Binary(..) => 2,
        }
    }
}

/// A call as signs write it, if there is such a way.
pub(super) fn infix(call: &[Term]) -> Option<Infix<'_>> {
    let (operator, operands) = call.split_first()?;
    let name = name(operator)?;
    match (name.as_str(), operands) {
        ("internal.member_2", [value, items]) => Some(Infix::In(value, items)),
        ("internal.member_3", [key, value, items]) => Some(Infix::KeyIn(key, value, items)),
        (name, [lhs, rhs]) => sign(name).map(|sign| Infix::Binary(sign, lhs, rhs)),
        _ => None,
    }
}

/// The call that a term is, as signs write it.
pub(super) fn infix_term(term: &Term) -> Option<Infix<'_>> {
    match &term.value {
        // Assignments are no terms.
        Value::Call(call) => infix(call).filter(|it| it.tightness() > 0),
        _ => None,
    }
}

fn sign(name: &str) -> Option<&'static str> {
    Some(match name {
        "eq" => "=",
        "assign" => ":=",
        "plus" => "+",
        "minus" => "-",
        "mul" => "*",
        "div" => "/",
        "rem" => "%",
        "and" => "&",
        "or" => "|",
        "equal" => "==",
        "neq" => "!=",
        "lt" => "<",
        "lte" => "<=",
        "gt" => ">",
        "gte" => ">=",
        _ => return None,
    })
}
