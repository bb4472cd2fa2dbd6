//! Symbolic values: what is known of a value while some documents are unknown.

use std::rc::Rc;

use palisade_value::any::Entry;
use palisade_value::{AnyValue, Value};

use crate::residual::{Term, Var};

/// A value that always exists, known in whole, in part, or only by the name of a residual variable.
#[derive(Clone, Debug, PartialEq)]
pub enum Symbol {
    /// Known.
    Known(Value),
    /// The value of a variable that an expression of the residual body binds.
    Var(Var),
    /// An array of which not all is known.
    Array(Rc<[Symbol]>),
    /// An object of which not all is known.
    Object(Rc<[(Symbol, Symbol)]>),
    /// A set of which not all is known.
    Set(Rc<[Symbol]>),
}

impl Symbol {
    /// An array.
    pub fn array(items: &[Symbol]) -> Symbol {
        match known(items) {
            Some(items) => Symbol::Known(Value::array(items)),
            None => Symbol::Array(items.into()),
        }
    }

    /// A set.
    pub fn set(members: &[Symbol]) -> Symbol {
        match known(members) {
            Some(members) => Symbol::Known(Value::set(members)),
            None => Symbol::Set(members.into()),
        }
    }

    /// An object from keys and values that take turns.
    pub fn object(parts: &[Symbol]) -> Symbol {
        if let Some(parts) = known(parts) {
            let entries = parts.chunks_exact(2).filter_map(|pair| match pair {
                [key, value] => Some(Entry { key: key.clone(), value: value.clone() }),
                _ => None,
            });
            return Symbol::Known(Value::object(entries.collect()));
        }
        let entries = parts.chunks_exact(2).filter_map(|pair| match pair {
            [key, value] => Some((key.clone(), value.clone())),
            _ => None,
        });
        Symbol::Object(entries.collect())
    }

    /// The value, where all of it is known.
    pub fn known(&self) -> Option<&Value> {
        match self {
            Symbol::Known(value) => Some(value),
            _ => None,
        }
    }

    /// The entries of an object with known keys, no key twice.
    pub fn keyed(&self) -> Option<Vec<(Value, Symbol)>> {
        let Symbol::Object(entries) = self else { return None };
        let mut keyed: Vec<(Value, Symbol)> = Vec::with_capacity(entries.len());
        for (key, value) in entries.iter() {
            let key = key.known()?;
            if keyed.iter().any(|(other, _)| other == key) {
                return None;
            }
            keyed.push((key.clone(), value.clone()));
        }
        keyed.sort_by(|(left, _), (right, _)| left.cmp(right));
        Some(keyed)
    }

    /// The term that stands for it.
    pub fn term(&self) -> Term {
        let terms = |items: &[Symbol]| items.iter().map(Symbol::term).collect();
        match self {
            Symbol::Known(value) => Term::Const(value.clone()),
            Symbol::Var(var) => Term::Var(*var),
            Symbol::Array(items) => Term::Array(terms(items)),
            Symbol::Set(items) => Term::Set(terms(items)),
            Symbol::Object(entries) => Term::Object(
                entries.iter().map(|(key, value)| (key.term(), value.term())).collect(),
            ),
        }
    }

    /// Puts other variables in.
    pub fn rename(&self, rename: &mut dyn FnMut(Var) -> Var) -> Symbol {
        match self {
            Symbol::Known(_) => self.clone(),
            Symbol::Var(var) => Symbol::Var(rename(*var)),
            Symbol::Array(items) => {
                Symbol::Array(items.iter().map(|it| it.rename(rename)).collect())
            }
            Symbol::Set(items) => Symbol::Set(items.iter().map(|it| it.rename(rename)).collect()),
            Symbol::Object(entries) => Symbol::Object(
                entries
                    .iter()
                    .map(|(key, value)| (key.rename(rename), value.rename(rename)))
                    .collect(),
            ),
        }
    }
}

fn known(symbols: &[Symbol]) -> Option<Vec<Value>> {
    symbols.iter().map(|it| it.known().cloned()).collect()
}
