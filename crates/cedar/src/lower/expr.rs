//! Expressions.
//!
//! The official tree has fewer operators than the language: `a > b` is `!(a <= b)` there, and so on. The ones that it
//! lacks come back here, since they are one step where the negation is two.

use cedar_policy_core::ast::{self, ExprKind, Literal, PatternElem};
use cedar_policy_core::parser::Loc;

use super::uid;
use crate::checked::{Binary, Expr, Pattern, Var};
use crate::limits::NESTING_MAX;

/// Why an expression has no checked form, and where.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// It would be higher than [`NESTING_MAX`].
    TooDeep(Option<Loc>),
    /// It holds what only partial evaluation knows.
    Unsupported(&'static str, Option<Loc>),
}

/// The checked form of an expression.
pub(crate) fn lower(expr: &ast::Expr) -> Result<Expr, Refusal> {
    lower_at(expr, 1)
}

/// The checked form of an expression whose root is on this level of a tree.
fn lower_at(expr: &ast::Expr, level: u32) -> Result<Expr, Refusal> {
    if level > NESTING_MAX {
        return Err(Refusal::TooDeep(expr.source_loc().cloned()));
    }
    let below = |it: &ast::Expr| lower_at(it, level + 1);
    let boxed = |it: &ast::Expr| below(it).map(Box::new);
    let all = |them: &[ast::Expr]| them.iter().map(below).collect::<Result<Vec<_>, _>>();
    Ok(match expr.expr_kind() {
        ExprKind::Lit(it) => literal(it),
        ExprKind::Var(it) => Expr::Var(var(*it)),
        ExprKind::And { .. } => balanced(chain(expr, level, and_sides)?, Expr::And),
        ExprKind::Or { .. } => balanced(chain(expr, level, or_sides)?, Expr::Or),
        ExprKind::If { test_expr, then_expr, else_expr } => {
            Expr::If(Box::new([below(test_expr)?, below(then_expr)?, below(else_expr)?]))
        }
        ExprKind::UnaryApp { op: ast::UnaryOp::Not, arg } => negation(below(arg)?),
        ExprKind::UnaryApp { op: ast::UnaryOp::Neg, arg } => Expr::Negate(boxed(arg)?),
        ExprKind::UnaryApp { op: ast::UnaryOp::IsEmpty, arg } => Expr::IsEmpty(boxed(arg)?),
        ExprKind::BinaryApp { op, arg1, arg2 } => {
            Expr::Binary(binary(*op), boxed(arg1)?, boxed(arg2)?)
        }
        ExprKind::ExtensionFunctionApp { fn_name, args } => {
            Expr::Call(fn_name.to_string(), all(args)?)
        }
        ExprKind::GetAttr { expr, attr } => Expr::Attr(boxed(expr)?, attr.to_string()),
        ExprKind::HasAttr { expr, attr } => Expr::Has(boxed(expr)?, vec![attr.to_string()]),
        ExprKind::ExtHasAttr { expr, attrs } => {
            Expr::Has(boxed(expr)?, attrs.iter().map(|it| it.to_string()).collect())
        }
        ExprKind::Like { expr, pattern } => {
            Expr::Like(boxed(expr)?, pattern.iter().map(piece).collect())
        }
        ExprKind::Is { expr, entity_type } => Expr::Is(boxed(expr)?, entity_type.to_string()),
        ExprKind::Set(elements) => Expr::Set(all(elements)?),
        ExprKind::Record(members) => {
            let members = members.iter().map(|(name, it)| Ok((name.to_string(), below(it)?)));
            Expr::Record(members.collect::<Result<_, _>>()?)
        }
        ExprKind::Slot(_) => {
            return Err(Refusal::Unsupported("a slot in a condition", expr.source_loc().cloned()));
        }
        ExprKind::Unknown(_) => {
            return Err(Refusal::Unsupported("an unknown", expr.source_loc().cloned()));
        }
    })
}

/// The operands of a chain of one operator on this level, in order, whichever way it is nested.
///
/// `&&` and `||` are associative, errors included: the result is a boolean or the first error in either nesting.
fn chain(
    expr: &ast::Expr,
    level: u32,
    sides: fn(&ast::Expr) -> Option<[&ast::Expr; 2]>,
) -> Result<Vec<Expr>, Refusal> {
    let mut pending = vec![expr];
    let mut operands = Vec::new();
    while let Some(expr) = pending.pop() {
        match sides(expr) {
            Some([left, right]) => pending.extend([right, left]),
            None => operands.push(expr),
        }
    }
    let height = operands.len().next_power_of_two().ilog2();
    operands.into_iter().map(|it| lower_at(it, level + height)).collect()
}

fn and_sides(expr: &ast::Expr) -> Option<[&ast::Expr; 2]> {
    match expr.expr_kind() {
        ExprKind::And { left, right } => Some([left, right]),
        _ => None,
    }
}

fn or_sides(expr: &ast::Expr) -> Option<[&ast::Expr; 2]> {
    match expr.expr_kind() {
        ExprKind::Or { left, right } => Some([left, right]),
        _ => None,
    }
}

/// The operands under one operator as low as it goes, so that long chains do not make high trees.
fn balanced(mut operands: Vec<Expr>, join: fn(Box<Expr>, Box<Expr>) -> Expr) -> Expr {
    while operands.len() > 1 {
        let mut joined = Vec::with_capacity(operands.len().div_ceil(2));
        let mut rest = operands.into_iter();
        while let Some(left) = rest.next() {
            joined.push(match rest.next() {
                Some(right) => join(Box::new(left), Box::new(right)),
                None => left,
            });
        }
        operands = joined;
    }
    // A chain has two operands at least.
    operands.pop().unwrap_or(Expr::Bool(true))
}

fn negation(expr: Expr) -> Expr {
    let opposite = |op| match op {
        Binary::Equal => Some(Binary::NotEqual),
        Binary::Less => Some(Binary::GreaterEqual),
        Binary::LessEqual => Some(Binary::Greater),
        _ => None,
    };
    match expr {
        Expr::Binary(op, left, right) => match opposite(op) {
            Some(op) => Expr::Binary(op, left, right),
            None => Expr::Not(Box::new(Expr::Binary(op, left, right))),
        },
        _ => Expr::Not(Box::new(expr)),
    }
}

fn literal(literal: &Literal) -> Expr {
    match literal {
        Literal::Bool(it) => Expr::Bool(*it),
        Literal::Long(it) => Expr::Long(*it),
        Literal::String(it) => Expr::String(it.to_string()),
        Literal::EntityUID(it) => Expr::Entity(uid(it)),
    }
}

fn var(var: ast::Var) -> Var {
    match var {
        ast::Var::Principal => Var::Principal,
        ast::Var::Action => Var::Action,
        ast::Var::Resource => Var::Resource,
        ast::Var::Context => Var::Context,
    }
}

fn binary(op: ast::BinaryOp) -> Binary {
    match op {
        ast::BinaryOp::Eq => Binary::Equal,
        ast::BinaryOp::Less => Binary::Less,
        ast::BinaryOp::LessEq => Binary::LessEqual,
        ast::BinaryOp::Add => Binary::Add,
        ast::BinaryOp::Sub => Binary::Subtract,
        ast::BinaryOp::Mul => Binary::Multiply,
        ast::BinaryOp::In => Binary::In,
        ast::BinaryOp::Contains => Binary::Contains,
        ast::BinaryOp::ContainsAll => Binary::ContainsAll,
        ast::BinaryOp::ContainsAny => Binary::ContainsAny,
        ast::BinaryOp::GetTag => Binary::GetTag,
        ast::BinaryOp::HasTag => Binary::HasTag,
    }
}

fn piece(piece: &PatternElem) -> Pattern {
    match piece {
        PatternElem::Char(it) => Pattern::Char(*it),
        PatternElem::Wildcard => Pattern::Wildcard,
    }
}
