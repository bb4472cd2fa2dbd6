//! Terms: every symbol that a term may have.

use palisade_rego::checked::{Term, TermKind};
use palisade_value::{AnyValue, Value};

use crate::error::PartialError;
use crate::machine::{Flow, Machine, ThenSymbol, ThenSymbols};
use crate::options::KEYS_MAX;
use crate::residual::{self, Head};
use crate::symbol::Symbol;
use crate::want::Want;
use crate::world::Status;

impl<'p> Machine<'p> {
    /// Calls `then` with each symbol of the term.
    pub(crate) fn term(&mut self, term: &'p Term, then: ThenSymbol<'_, 'p>) -> Flow {
        self.wanted(term, &Want::Any, then)
    }

    /// The same where something is asked of the value; whether the symbol is that is still to be looked at.
    pub(crate) fn wanted(&mut self, term: &'p Term, want: &Want, then: ThenSymbol<'_, 'p>) -> Flow {
        match &term.kind {
            TermKind::Const(value) => return then(self, Symbol::Known(value.clone())),
            TermKind::Local(local) => {
                return match self.frame.get(*local).cloned() {
                    Some(symbol) => then(self, symbol),
                    None => Err(PartialError::missing("the value of a variable", term.span)),
                };
            }
            _ => {}
        }
        if self.known_term(term, then)? {
            return Ok(());
        }
        match &term.kind {
            TermKind::Const(_) | TermKind::Local(_) => Ok(()),
            TermKind::Array(items) => {
                self.terms(items, &mut |machine, parts| then(machine, Symbol::array(parts)))
            }
            TermKind::Set(items) => {
                self.terms(items, &mut |machine, parts| then(machine, Symbol::set(parts)))
            }
            TermKind::Object(entries) => {
                let parts: Vec<&Term> =
                    entries.iter().flat_map(|(key, value)| [key, value]).collect();
                self.terms(parts, &mut |machine, parts| then(machine, Symbol::object(parts)))
            }
            TermKind::Input(path) => self.input(&[], path, then),
            TermKind::Data(path) => self.data(term.span, path, want, then),
            TermKind::Ref(head, path) => {
                self.term(head, &mut |machine, symbol| machine.access(symbol, path, then))
            }
            TermKind::Call(callee, arguments) => {
                self.call(*callee, arguments, term.span, want, then)
            }
            TermKind::ArrayComprehension(..)
            | TermKind::SetComprehension(..)
            | TermKind::ObjectComprehension(..) => self.comprehension(term, then),
        }
    }

    /// Calls `then` with each combination of the terms' symbols, the last term varying fastest.
    pub(crate) fn terms(
        &mut self,
        terms: impl IntoIterator<Item = &'p Term>,
        then: ThenSymbols<'_, 'p>,
    ) -> Flow {
        let terms: Vec<&'p Term> = terms.into_iter().collect();
        self.combine(&terms, &mut Vec::with_capacity(terms.len()), then)
    }

    fn combine(
        &mut self,
        rest: &[&'p Term],
        symbols: &mut Vec<Symbol>,
        then: ThenSymbols<'_, 'p>,
    ) -> Flow {
        let Some((first, rest)) = rest.split_first() else {
            return then(self, symbols);
        };
        self.term(first, &mut |machine, symbol| {
            symbols.push(symbol);
            let flow = machine.combine(rest, symbols, then);
            symbols.pop();
            flow
        })
    }

    /// A reference into `input`, from the place that the first keys lead to.
    fn input(&mut self, place: &[Value], path: &'p [Term], then: ThenSymbol<'_, 'p>) -> Flow {
        let status = self.worlds.get(self.world).input.at(place);
        let key = path.split_first().filter(|(first, _)| !self.is_open(first));
        match (status, key) {
            (Status::Untouched | Status::Known, _) => {
                let known = self.options.input.as_ref();
                let known = known.and_then(|input| at(input, place));
                match known {
                    Some(value) => self.access(Symbol::Known(value), path, then),
                    None => Ok(()),
                }
            }
            (Status::Below, Some((first, rest))) => {
                let start = place.to_vec();
                self.term(first, &mut |machine, key| match key {
                    Symbol::Known(key) => {
                        let place = [start.as_slice(), &[key]].concat();
                        machine.input(&place, rest, then)
                    }
                    // Which part it is only shows later: all of it must be there then.
                    other => {
                        let keys = constants(&start).chain([other.term()]).collect();
                        machine.later(Head::Input, keys, false, rest, then)
                    }
                })
            }
            (Status::Unknown | Status::Below, _) => {
                let keys = constants(place).collect();
                self.later(Head::Input, keys, false, path, then)
            }
        }
    }

    /// A reference that is left to the residual body; what its last keys are is evaluated now.
    pub(crate) fn later(
        &mut self,
        head: Head,
        mut keys: Vec<residual::Term>,
        generates: bool,
        path: &'p [Term],
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let Some((first, rest)) = path.split_first() else {
            let hint = match keys.last() {
                Some(residual::Term::Const(key)) => key.as_str().unwrap_or_default().to_owned(),
                _ => String::new(),
            };
            return match (&head, keys.is_empty()) {
                (Head::Term(residual::Term::Var(var)), true) => then(self, Symbol::Var(*var)),
                _ => {
                    let term = residual::Term::Ref(Box::new(head), keys);
                    self.save_value(term, generates, &hint, then)
                }
            };
        };
        self.tick(first.span)?;
        if self.is_open(first) {
            let key = self.fresh(&self.hint_of(Some(first)));
            keys.push(residual::Term::Var(key));
            return self.matches(first, Symbol::Var(key), &mut |machine| {
                machine.later(head.clone(), keys.clone(), true, rest, then)
            });
        }
        self.term(first, &mut |machine, key| {
            let keys = keys.iter().cloned().chain([key.term()]).collect();
            machine.later(head.clone(), keys, generates, rest, then)
        })
    }

    /// Into the parts of a symbol.
    pub(crate) fn access(
        &mut self,
        symbol: Symbol,
        path: &'p [Term],
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let Some((first, rest)) = path.split_first() else {
            return then(self, symbol);
        };
        self.tick(first.span)?;
        if let Symbol::Var(_) = symbol {
            return self.later(Head::Term(symbol.term()), Vec::new(), false, path, then);
        }
        if self.is_open(first) {
            let hint = self.hint_of(Some(first));
            return self.iterate(&symbol, &hint, &mut |machine, key, part| {
                machine.matches(first, key, &mut |machine| machine.access(part.clone(), rest, then))
            });
        }
        self.term(first, &mut |machine, key| {
            machine.part(&symbol, &key, &mut |machine, part| machine.access(part, rest, then))
        })
    }

    /// The part of a symbol under a key.
    fn part(&mut self, symbol: &Symbol, key: &Symbol, then: ThenSymbol<'_, 'p>) -> Flow {
        match (symbol, key) {
            (Symbol::Known(value), Symbol::Known(key)) => match value.get(key) {
                Some(part) => then(self, Symbol::Known(part)),
                None => Ok(()),
            },
            (Symbol::Known(value), _) if !self.exact && is_small(value) => {
                let entries: Vec<(Value, Value)> = crate::body::entries(value).collect();
                entries.into_iter().try_for_each(|(found, part)| {
                    self.equate(key, &Symbol::Known(found), &mut |machine| {
                        then(machine, Symbol::Known(part.clone()))
                    })
                })
            }
            (Symbol::Known(Value::Array(_) | Value::Object(_) | Value::Set(_)), _) => {
                self.part_later(symbol, key, then)
            }
            (Symbol::Known(_), _) => Ok(()),
            (Symbol::Array(items), Symbol::Known(key)) => {
                let at = match key {
                    Value::Integer(at) => usize::try_from(*at).ok(),
                    Value::Decimal(_) => {
                        return self.part_later(symbol, &Symbol::Known(key.clone()), then);
                    }
                    _ => None,
                };
                match at.and_then(|at| items.get(at)) {
                    Some(part) => then(self, part.clone()),
                    None => Ok(()),
                }
            }
            (Symbol::Object(_), Symbol::Known(wanted)) => match symbol.keyed() {
                Some(keyed) => match keyed.into_iter().find(|(found, _)| found == wanted) {
                    Some((_, part)) => then(self, part),
                    None => Ok(()),
                },
                None => self.part_later(symbol, key, then),
            },
            _ => self.part_later(symbol, key, then),
        }
    }

    fn part_later(&mut self, symbol: &Symbol, key: &Symbol, then: ThenSymbol<'_, 'p>) -> Flow {
        let head = Box::new(Head::Term(symbol.term()));
        self.save_value(residual::Term::Ref(head, vec![key.term()]), false, "", then)
    }
}

/// Whether each key of a collection is tried by itself.
fn is_small(value: &Value) -> bool {
    match value {
        Value::Array(items) | Value::Set(items) => items.len() <= KEYS_MAX,
        Value::Object(entries) => entries.len() <= KEYS_MAX,
        _ => false,
    }
}

/// What lies at a path in a value.
pub(crate) fn at(value: &Value, path: &[Value]) -> Option<Value> {
    path.iter().try_fold(value.clone(), |value, key| value.get(key))
}

pub(crate) fn constants(path: &[Value]) -> impl Iterator<Item = residual::Term> + '_ {
    path.iter().cloned().map(residual::Term::Const)
}
