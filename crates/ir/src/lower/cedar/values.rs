//! Expressions as values.

use palisade_cedar::checked::{Binary, Expr, Pattern, Var};
use palisade_value::{AnyValue, Value};

use super::body::Body;
use super::conditions::{STORE, is_decided};
use super::constants::{entity, extension_arity};
use crate::program::{Reg, Stmt};

impl Body<'_> {
    /// The value of an expression; fails with an error.
    pub(super) fn value(&mut self, expr: &Expr) -> Reg {
        match expr {
            _ if is_decided(expr) => self.decided(expr),
            Expr::Bool(it) => self.constant(Value::boolean(*it)),
            Expr::Long(it) => self.constant(Value::integer(*it)),
            Expr::String(it) => self.constant(Value::text(it)),
            Expr::Entity(it) => self.constant(entity(it)),
            Expr::Var(it) => variable(*it),
            Expr::Negate(inner) => {
                let value = self.value(inner);
                self.call("negate", vec![value])
            }
            Expr::IsEmpty(inner) => {
                let value = self.value(inner);
                self.call("is_empty", vec![value])
            }
            Expr::If(parts) => self.choice(parts),
            Expr::Binary(op, left, right) => self.binary(*op, left, right),
            Expr::Attr(of, name) => self.attribute(of, name),
            Expr::Has(of, names) => {
                let of = self.value(of);
                let names = names.iter().map(|name| Value::text(name)).collect();
                let names = self.constant(Value::array(names));
                self.call("has", vec![of, names, STORE])
            }
            Expr::Like(of, pattern) => {
                let of = self.value(of);
                let texts = self.constant(texts_between(pattern));
                self.call("like", vec![of, texts])
            }
            Expr::Is(of, ty) => {
                let of = self.value(of);
                let ty = self.constant(Value::text(ty));
                self.call("is", vec![of, ty])
            }
            Expr::Set(items) => {
                let items = items.iter().map(|item| self.value(item)).collect();
                let dst = self.reg();
                self.push(Stmt::Set { dst, items });
                dst
            }
            Expr::Record(entries) => self.record(entries),
            Expr::Call(name, args) => self.extension(name, args),
            // Decided above.
            Expr::Not(_) | Expr::And(..) | Expr::Or(..) => self.decided(expr),
        }
    }

    /// A boolean that is made by going on at one of two places.
    fn decided(&mut self, expr: &Expr) -> Reg {
        let (dst, done) = (self.reg(), self.label());
        let (on_true, on_false) = (self.label(), self.label());
        self.join(done, |body| {
            let decide = |body: &mut Self| body.go(expr, on_true, on_false);
            body.either(on_true, on_false, decide, |body, it| {
                body.set(dst, Value::boolean(it));
                body.leave(done);
            });
        });
        dst
    }

    fn choice(&mut self, [condition, then, otherwise]: &[Expr; 3]) -> Reg {
        let (dst, done) = (self.reg(), self.label());
        let (on_true, on_false) = (self.label(), self.label());
        self.join(done, |body| {
            let decide = |body: &mut Self| body.go(condition, on_true, on_false);
            body.either(on_true, on_false, decide, |body, it| {
                let src = body.value(if it { then } else { otherwise });
                body.push(Stmt::Move { dst, src });
                body.leave(done);
            });
        });
        dst
    }

    fn binary(&mut self, op: Binary, left: &Expr, right: &Expr) -> Reg {
        let (left, right) = (self.value(left), self.value(right));
        let (name, needs_store) = match op {
            Binary::Less => ("less", false),
            Binary::LessEqual => ("less_equal", false),
            Binary::Add => ("add", false),
            Binary::Subtract => ("subtract", false),
            Binary::Multiply => ("multiply", false),
            Binary::Contains => ("contains", false),
            Binary::ContainsAll => ("contains_all", false),
            Binary::ContainsAny => ("contains_any", false),
            Binary::In => ("in", true),
            Binary::GetTag => ("get_tag", true),
            Binary::HasTag => ("has_tag", true),
            Binary::Equal | Binary::NotEqual | Binary::Greater | Binary::GreaterEqual => {
                unreachable!("decided, and not computed")
            }
        };
        let mut args = vec![left, right];
        if needs_store {
            args.push(STORE);
        }
        self.call(name, args)
    }

    fn attribute(&mut self, of: &Expr, name: &str) -> Reg {
        let value = self.value(of);
        let key = self.constant(Value::text(name));
        if !matches!(of, Expr::Var(Var::Context)) {
            return self.call("attr", vec![value, key, STORE]);
        }
        // The context is a record, so that the library is only asked for the message where there is no such attribute.
        let (dst, done) = (self.reg(), self.label());
        self.join(done, |body| {
            body.block(|body| {
                body.push(Stmt::Get { dst, collection: value, key });
                body.leave(done);
            });
            body.call("attr", vec![value, key, STORE]);
        });
        dst
    }

    fn record(&mut self, entries: &[(String, Expr)]) -> Reg {
        let entries = entries.iter().map(|(name, expr)| {
            let value = self.value(expr);
            (self.constant(Value::text(name)), value)
        });
        let entries = entries.collect();
        let dst = self.reg();
        self.push(Stmt::Object { dst, entries });
        dst
    }

    fn extension(&mut self, name: &str, args: &[Expr]) -> Reg {
        let args: Vec<Reg> = args.iter().map(|arg| self.value(arg)).collect();
        let message = match extension_arity(name) {
            Some(arity) if arity == args.len() => return self.call(name, args),
            Some(arity) => format!(
                "wrong number of arguments provided to extension function `{name}`: expected {arity}, got {}",
                args.len()
            ),
            None => format!("extension function `{name}` does not exist"),
        };
        let message = self.constant(Value::string(message));
        self.call("fail", vec![message])
    }
}

fn variable(var: Var) -> Reg {
    Reg(match var {
        Var::Principal => 0,
        Var::Action => 1,
        Var::Resource => 2,
        Var::Context => 3,
    })
}

/// The texts between the wildcards of a pattern: `a*b` is `["a", "b"]`.
fn texts_between(pattern: &[Pattern]) -> Value {
    let texts = pattern.split(|it| *it == Pattern::Wildcard).map(|piece| {
        let chars = piece.iter().filter_map(|it| match it {
            Pattern::Char(it) => Some(*it),
            Pattern::Wildcard => None,
        });
        Value::string(chars.collect())
    });
    Value::array(texts.collect())
}
