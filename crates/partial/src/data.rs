//! References into `data`: what is unknown, virtual documents, and base data beside them.

use std::collections::BTreeSet;

use palisade_diag::Span;
use palisade_rego::checked::{Node, Term};
use palisade_value::{AnyValue, Value};

use crate::machine::{Flow, Machine, ThenSymbol};
use crate::residual::{self, Head};
use crate::support::hint;
use crate::symbol::Symbol;
use crate::term::constants;
use crate::want::Want;
use crate::world::Status;

/// The document below `data` that a reference to all of `data` leaves out, as OPA does.
pub(crate) const SYSTEM: &str = "system";

/// A place below `data` on the way of a reference.
#[derive(Clone)]
pub(crate) struct Place<'p> {
    /// The virtual documents here.
    pub(crate) node: Option<&'p Node>,
    /// The base data here.
    pub(crate) base: Option<Value>,
    /// The way from `data`.
    pub(crate) path: Vec<Value>,
}

impl<'p> Machine<'p> {
    /// Calls `then` with each symbol that the path below `data` leads to.
    pub(crate) fn data(
        &mut self,
        span: Span,
        path: &'p [Term],
        want: &Want,
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let root = Place {
            node: Some(&self.program.root),
            base: Some(self.data.clone()),
            path: Vec::new(),
        };
        self.descend(&root, span, path, want, then)
    }

    pub(crate) fn child(place: &Place<'p>, key: &Value) -> Place<'p> {
        let path = [place.path.as_slice(), std::slice::from_ref(key)].concat();
        let below = |node: &'p Node| node.children.get(key);
        Place {
            node: place.node.and_then(below),
            base: place.base.as_ref().and_then(|base| base.get(key)),
            path,
        }
    }

    fn descend(
        &mut self,
        place: &Place<'p>,
        span: Span,
        path: &'p [Term],
        want: &Want,
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        self.tick(span)?;
        let status = self.worlds.get(self.world).data.at(&place.path);
        if status == Status::Unknown {
            return self.data_later(place, path, then);
        }
        let Some(node) = place.node else {
            return self.base_part(place, status, span, path, then);
        };
        if !node.rules.is_empty() {
            return self.rules_part(place, node, path, want, then);
        }
        let Some((first, rest)) = path.split_first() else {
            return self.whole(place, node, then);
        };
        if !self.is_open(first) {
            return self.term(first, &mut |machine, key| match key {
                Symbol::Known(key) => {
                    let child = Self::child(place, &key);
                    machine.descend(&child, span, rest, want, then)
                }
                key => machine.try_keys(place, node, &key, span, rest, then),
            });
        }
        if self.exact {
            return self
                .whole(place, node, &mut |machine, symbol| machine.access(symbol, path, then));
        }
        self.keys(place).into_iter().try_for_each(|key| {
            let child = Self::child(place, &key);
            self.matches(first, Symbol::Known(key), &mut |machine| {
                machine.descend(&child, span, rest, want, then)
            })
        })
    }

    /// Each document of a package against a key that is unknown.
    fn try_keys(
        &mut self,
        place: &Place<'p>,
        node: &'p Node,
        key: &Symbol,
        span: Span,
        rest: &'p [Term],
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        if self.exact {
            return self.whole(place, node, &mut |machine, symbol| {
                machine.later(Head::Term(symbol.term()), vec![key.term()], false, rest, then)
            });
        }
        self.keys(place).into_iter().try_for_each(|found| {
            let child = Self::child(place, &found);
            self.equate(key, &Symbol::Known(found), &mut |machine| {
                machine.descend(&child, span, rest, &Want::Any, then)
            })
        })
    }

    /// A reference that has come to where there is only base data.
    fn base_part(
        &mut self,
        place: &Place<'p>,
        status: Status,
        span: Span,
        path: &'p [Term],
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        if status != Status::Below {
            return match &place.base {
                Some(base) => self.access(Symbol::Known(base.clone()), path, then),
                None => Ok(()),
            };
        }
        let next = path.split_first().filter(|(first, _)| !self.is_open(first));
        let Some((first, rest)) = next else {
            return self.data_later(place, path, then);
        };
        self.term(first, &mut |machine, key| match key {
            Symbol::Known(key) => {
                let child = Self::child(place, &key);
                machine.descend(&child, span, rest, &Want::Any, then)
            }
            key => {
                let keys = constants(&place.path).chain([key.term()]).collect();
                machine.later(Head::Data, keys, false, rest, then)
            }
        })
    }

    fn data_later(
        &mut self,
        place: &Place<'p>,
        path: &'p [Term],
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        self.later(Head::Data, constants(&place.path).collect(), false, path, then)
    }

    /// The whole document of a package: base data, and what rules give beside it.
    fn whole(&mut self, place: &Place<'p>, node: &'p Node, then: ThenSymbol<'_, 'p>) -> Flow {
        let untouched = self.worlds.get(self.world).data.at(&place.path) == Status::Untouched;
        if node.children.is_empty() && node.function.is_some() {
            return match &place.base {
                Some(base) if untouched => then(self, Symbol::Known(base.clone())),
                _ => Ok(()),
            };
        }
        if untouched && let Some(document) = self.known_document(node, &place.path)? {
            return match document {
                Some(value) => then(self, Symbol::Known(value)),
                None => Ok(()),
            };
        }
        let path = self.package_support(place)?;
        let hint = hint(&path);
        let term = crate::machine::data_ref(&path, Vec::<residual::Term>::new());
        self.save_value(term, false, &hint, then)
    }

    /// The keys at a place, in order: those of base data, of the virtual documents, and of what is unknown below.
    pub(crate) fn keys(&self, place: &Place<'_>) -> BTreeSet<Value> {
        let base = place.base.iter().flat_map(crate::body::entries).map(|(key, _)| key);
        let nodes = place.node.iter().flat_map(|node| node.children.keys());
        let world = self.worlds.get(self.world);
        let mut keys: BTreeSet<Value> = base.chain(nodes.cloned()).collect();
        keys.extend(world.data.keys_below(&place.path).cloned());
        if place.path.is_empty() {
            keys.remove(&Value::text(SYSTEM));
        }
        keys
    }
}
