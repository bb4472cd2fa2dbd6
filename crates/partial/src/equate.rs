//! Equations of symbols: decided where both sides are known, taken apart where their parts are.

use palisade_value::{AnyValue, Kind as ValueKind, Value};

use crate::machine::{Flow, Machine, Then};
use crate::residual::Kind;
use crate::symbol::Symbol;

impl<'p> Machine<'p> {
    /// Goes on if both symbols are the same, or with an equation where that is not known.
    pub(crate) fn equate(&mut self, left: &Symbol, right: &Symbol, then: Then<'_, 'p>) -> Flow {
        match compare(left, right) {
            Some(true) => then(self),
            Some(false) => Ok(()),
            None => match pairs(left, right) {
                Some(pairs) => self.equate_all(&pairs, then),
                None => self.save(Kind::Unify(left.term(), right.term()), false, then),
            },
        }
    }

    fn equate_all(&mut self, pairs: &[(Symbol, Symbol)], then: Then<'_, 'p>) -> Flow {
        let Some(((left, right), rest)) = pairs.split_first() else {
            return then(self);
        };
        self.equate(left, right, &mut |machine| machine.equate_all(rest, then))
    }
}

/// Whether two symbols are the same, where that is known.
fn compare(left: &Symbol, right: &Symbol) -> Option<bool> {
    match (left, right) {
        (Symbol::Known(left), Symbol::Known(right)) => Some(left == right),
        (Symbol::Var(left), Symbol::Var(right)) if left == right => Some(true),
        (Symbol::Var(_), _) | (_, Symbol::Var(_)) => None,
        (left, right) if kind(left) != kind(right) => Some(false),
        (Symbol::Array(_), _) | (_, Symbol::Array(_)) if length(left) != length(right) => {
            Some(false)
        }
        (left, right) => match (entries(left), entries(right)) {
            (Some(left), Some(right)) => {
                let keys = left.iter().map(|(key, _)| key);
                (!keys.eq(right.iter().map(|(key, _)| key))).then_some(false)
            }
            _ => None,
        },
    }
}

/// The entries of an object of which all keys are known, by key.
fn entries(symbol: &Symbol) -> Option<Vec<(Value, Symbol)>> {
    match symbol {
        Symbol::Known(Value::Object(entries)) => Some(
            entries.iter().map(|it| (it.key.clone(), Symbol::Known(it.value.clone()))).collect(),
        ),
        other => other.keyed(),
    }
}

/// The parts that must be the same for two symbols to be it.
fn pairs(left: &Symbol, right: &Symbol) -> Option<Vec<(Symbol, Symbol)>> {
    if let (Some(left), Some(right)) = (entries(left), entries(right)) {
        let values = left.into_iter().zip(right).map(|((_, left), (_, right))| (left, right));
        return Some(values.collect());
    }
    let items = |symbol: &Symbol| match symbol {
        Symbol::Array(items) => Some(items.to_vec()),
        Symbol::Known(Value::Array(items)) => {
            Some(items.iter().cloned().map(Symbol::Known).collect())
        }
        _ => None,
    };
    let (left, right) = (items(left)?, items(right)?);
    Some(left.into_iter().zip(right).collect())
}

fn kind(symbol: &Symbol) -> ValueKind {
    match symbol {
        Symbol::Known(value) => value.kind(),
        Symbol::Array(_) => ValueKind::Array,
        Symbol::Object(_) => ValueKind::Object,
        Symbol::Set(_) => ValueKind::Set,
        // Of a variable nothing is known; it is compared before.
        Symbol::Var(_) => ValueKind::Null,
    }
}

fn length(symbol: &Symbol) -> usize {
    match symbol {
        Symbol::Known(value) => value.items().len(),
        Symbol::Array(items) => items.len(),
        _ => 0,
    }
}
