//! Conditions: a function for each, and expressions as places to go on.

use palisade_cedar::checked::{Binary, Expr};
use palisade_value::{AnyValue, Value};

use super::body::Body;
use super::module::Module;
use crate::program::{Compare, FuncId, Label, Reg, Stmt};

/// The parameters of conditions: the request and the store of entities.
pub(super) const N_PARAMS: u32 = 5;
/// The register of the store.
pub(super) const STORE: Reg = Reg(4);

/// The most cases in one function: engines take more than linear time for very many blocks in each other.
const CASES_MAX: usize = 64;

/// A function for each condition: true, false, or undefined for an error. And what a policy's row says to find it:
/// the numbers on the way to it.
pub(super) struct Conditions {
    /// Takes the parameters of conditions and, behind them, the numbers.
    pub(super) function: FuncId,
    /// How many numbers it takes.
    pub(super) n_numbers: usize,
}

impl Conditions {
    pub(super) fn lower(module: &mut Module, conditions: &[Expr]) -> Conditions {
        let mut functions: Vec<FuncId> = Vec::new();
        for (at, condition) in conditions.iter().enumerate() {
            let make = |body: &mut Body<'_>| {
                let (on_true, on_false) = (body.label(), body.label());
                let when = |body: &mut Body<'_>| body.go(condition, on_true, on_false);
                body.either(on_true, on_false, when, |body, it| body.give(it));
            };
            functions.push(module.function(format!("condition {at}"), N_PARAMS, false, make));
        }
        let mut n_numbers = 0;
        loop {
            n_numbers += 1;
            functions =
                functions.chunks(CASES_MAX).map(|chunk| choose(module, chunk, n_numbers)).collect();
            if functions.is_empty() {
                functions.push(choose(module, &[], n_numbers));
            }
            if let [function] = functions[..] {
                return Conditions { function, n_numbers };
            }
        }
    }

    /// The numbers on the way to a condition, the last one first.
    pub(super) fn numbers(&self, condition: usize) -> impl Iterator<Item = Value> {
        (0..self.n_numbers).scan(condition, |rest, _| {
            let digit = *rest % CASES_MAX;
            *rest /= CASES_MAX;
            Some(Value::integer(digit as i64))
        })
    }
}

/// A function that calls the one with a number. It takes the parameters of those, and the number last.
fn choose(module: &mut Module, functions: &[FuncId], n_numbers: usize) -> FuncId {
    let n_params = N_PARAMS + n_numbers as u32;
    module.function("choose", n_params, false, |body| {
        let mut cases = Vec::new();
        for (at, function) in functions.iter().enumerate() {
            let number = body.module.constant(Value::integer(at as i64));
            let case = body.inside(|body| {
                let dst = body.reg();
                let args = (0..n_params - 1).map(Reg).collect();
                body.push(Stmt::Call { dst, function: *function, args });
                body.push(Stmt::Return { src: dst });
            });
            cases.push((number, case));
        }
        let subject = Reg(n_params - 1);
        body.push(Stmt::Match { subject, cases, otherwise: Default::default() });
    })
}

impl Body<'_> {
    /// Returns a boolean.
    pub(super) fn give(&mut self, it: bool) {
        let src = self.constant(Value::boolean(it));
        self.push(Stmt::Return { src });
    }

    /// Does one thing at one label and another at the other; `decide` leaves to them.
    pub(super) fn either(
        &mut self,
        on_true: Label,
        on_false: Label,
        decide: impl FnOnce(&mut Self),
        mut then: impl FnMut(&mut Self, bool),
    ) {
        self.join(on_false, |body| {
            body.join(on_true, decide);
            then(body, true);
        });
        then(self, false);
    }

    /// Goes on at `on_true` or at `on_false`; fails with an error, also if the value is no boolean.
    pub(super) fn go(&mut self, expr: &Expr, on_true: Label, on_false: Label) {
        match expr {
            Expr::Bool(it) => self.leave(if *it { on_true } else { on_false }),
            Expr::Not(inner) => self.go(inner, on_false, on_true),
            Expr::And(left, right) => {
                let next = self.label();
                self.join(next, |body| body.go(left, next, on_false));
                self.go(right, on_true, on_false);
            }
            Expr::Or(left, right) => {
                let next = self.label();
                self.join(next, |body| body.go(left, on_true, next));
                self.go(right, on_true, on_false);
            }
            Expr::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                let (on_then, on_otherwise) = (self.label(), self.label());
                let decide = |body: &mut Self| body.go(condition, on_then, on_otherwise);
                self.either(on_then, on_otherwise, decide, |body, it| {
                    body.go(if it { then } else { otherwise }, on_true, on_false);
                });
            }
            Expr::Binary(op @ (Binary::Equal | Binary::NotEqual), left, right) => {
                let (lhs, rhs) = (self.value(left), self.value(right));
                let op = if *op == Binary::Equal { Compare::Equal } else { Compare::NotEqual };
                self.fork(Stmt::Compare { op, lhs, rhs }, on_true, on_false);
            }
            Expr::Binary(Binary::Greater, left, right) => {
                let args = vec![self.value(left), self.value(right)];
                let src = self.call("less_equal", args);
                self.fork(Stmt::Test { src }, on_false, on_true);
            }
            Expr::Binary(Binary::GreaterEqual, left, right) => {
                let args = vec![self.value(left), self.value(right)];
                let src = self.call("less", args);
                self.fork(Stmt::Test { src }, on_false, on_true);
            }
            _ => {
                let value = self.value(expr);
                let src = if is_boolean(expr) { value } else { self.call("boolean", vec![value]) };
                self.fork(Stmt::Test { src }, on_true, on_false);
            }
        }
    }

    /// Goes on at one label if a statement succeeds, at another if it fails.
    fn fork(&mut self, test: Stmt, on_true: Label, on_false: Label) {
        self.block(|body| {
            body.push(test);
            body.leave(on_true);
        });
        self.leave(on_false);
    }
}

/// Whether the value of an expression is a boolean whatever its parts are.
fn is_boolean(expr: &Expr) -> bool {
    match expr {
        Expr::Bool(_)
        | Expr::Not(_)
        | Expr::And(..)
        | Expr::Or(..)
        | Expr::Has(..)
        | Expr::Like(..)
        | Expr::Is(..)
        | Expr::IsEmpty(_) => true,
        Expr::Binary(op, ..) => {
            !matches!(op, Binary::Add | Binary::Subtract | Binary::Multiply | Binary::GetTag)
        }
        _ => false,
    }
}

/// Whether the value of an expression is computed by going on at one of two places.
pub(super) fn is_decided(expr: &Expr) -> bool {
    use Binary::{Equal, Greater, GreaterEqual, NotEqual};
    match expr {
        Expr::Not(_) | Expr::And(..) | Expr::Or(..) => true,
        Expr::Binary(op, ..) => matches!(op, Equal | NotEqual | Greater | GreaterEqual),
        _ => false,
    }
}
