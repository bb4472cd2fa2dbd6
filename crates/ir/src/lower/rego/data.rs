//! References below `data`.
//!
//! A constant reference leads straight to a document's function or to base data. Any other reference into the tree of
//! documents gets a function of its own, which tries the keys that the tree has and asks base data for all others; so
//! only those documents are evaluated that the reference can mean.

use std::collections::BTreeSet;

use palisade_rego::checked::{Term, TermKind};
use palisade_value::{AnyValue, Value};

use super::documents::HIDDEN;
use super::emit::{Done, Emitter, Next};
use super::module::{Key, Module, Place, is_function_only};
use super::refs::constant_key;
use super::terms::refs;
use crate::lower::LowerError;
use crate::program::{Collection, Label, Reg, Stmt};

/// A key of a reference, as the function for it sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// A constant.
    Const(Value),
    /// A value: the function's next parameter.
    Param,
}

/// What is asked of the place that a reference leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    /// The value there.
    Value,
    /// The keys of what is there, as a set; they may have no value.
    Keys,
}

/// A key of a reference, as the reference has it.
enum Part<'t> {
    Known(At),
    /// It has no value yet: any key that matches.
    Open(&'t Term),
}

/// A key, with the register that holds it.
#[derive(Clone)]
enum At {
    Const(Value),
    Key(Reg),
}

impl<'p> Module<'p> {
    /// Whether the documents below a path have to be told apart by their keys.
    fn goes_on(&self, path: &[Value]) -> bool {
        match self.place(path) {
            Place::Rules(_) => false,
            Place::Tree(_) => true,
            Place::Base => !self.targets.below(path).is_empty(),
        }
    }

    /// The keys below a path that need not be base data.
    fn keys(&self, path: &[Value]) -> BTreeSet<Value> {
        let below =
            self.targets.below(path).into_iter().map(|(target, _)| target[path.len()].clone());
        let mut keys: BTreeSet<Value> = below.collect();
        if let Place::Tree(node) = self.place(path) {
            let documents = node.children.iter().filter(|(_, child)| !is_function_only(child));
            keys.extend(documents.map(|(key, _)| Value::text(key)));
        }
        keys
    }

    /// The constant front of a reference, as far as documents have to be told apart; and the rest.
    fn constant_path<'t>(&self, parts: &'t [Term]) -> (Vec<Value>, &'t [Term]) {
        let mut path = Vec::new();
        let mut rest = parts;
        while let Some((Term { kind: TermKind::Const(key), .. }, tail)) = rest.split_first()
            && self.goes_on(&path)
        {
            path.push(key.clone());
            rest = tail;
        }
        (path, rest)
    }

    /// Whether it depends on variables which documents a reference leads to.
    pub(super) fn needs_access(&self, parts: &[Term]) -> bool {
        let (path, rest) = self.constant_path(parts);
        self.goes_on(&path) && !rest.is_empty()
    }

    /// Whether it depends on variables which part of a document of rules a reference asks for.
    pub(super) fn asks_for_part(&self, parts: &[Term]) -> bool {
        let (path, rest) = self.constant_path(parts);
        let keys = &rest[..self.reach(&path).min(rest.len())];
        keys.iter().any(|key| !matches!(key.kind, TermKind::Const(_)))
    }

    /// How many keys it takes at most to get from a path to a value.
    fn depth(&self, path: &[Value]) -> usize {
        self.deepest(path, &|_| 0)
    }

    /// The same, and on into the value as far as rules tell keys apart.
    fn depth_of_keys(&self, path: &[Value]) -> usize {
        self.deepest(path, &|value| self.reach(value))
    }

    /// The most keys that it takes from a path to a value and `inside` of it.
    fn deepest(&self, path: &[Value], inside: &dyn Fn(&[Value]) -> usize) -> usize {
        if !self.goes_on(path) {
            return inside(path);
        }
        let below = self.keys(path).into_iter().map(|key| self.deepest(&joined(path, key), inside));
        1 + below.max().unwrap_or(0)
    }
}

impl<'m, 'p> Emitter<'m, 'p> {
    /// `data`, or something below it.
    pub(super) fn data_ref(&mut self, parts: &[Term], next: Next<'_, 'm, 'p>) -> Done {
        let (path, rest) = self.module.constant_path(parts);
        if self.module.goes_on(&path) && !rest.is_empty() {
            let (steps, rest) = rest.split_at(self.n_steps(&path, rest));
            self.access_ref(path, steps, rest, next)
        } else if self.is_plain_base(&path) {
            self.base_ref(path, rest, next)
        } else {
            self.document_ref(&path, rest, next)
        }
    }

    /// How many keys behind a path it is for a function to follow: all that lead to a value, and known ones behind as
    /// far as rules tell them apart.
    fn n_steps(&self, path: &[Value], rest: &[Term]) -> usize {
        let to_value = rest.len().min(self.module.depth(path));
        let into_value = rest.len().min(self.module.depth_of_keys(path));
        to_value + self.n_known(&rest[to_value..into_value])
    }

    /// A reference into base data that nothing replaces.
    fn base_ref(&mut self, mut path: Vec<Value>, rest: &[Term], next: Next<'_, 'm, 'p>) -> Done {
        let front = path.len();
        path.extend(rest.iter().map_while(constant_key).map(Value::text));
        let value = self.base(&path);
        self.ref_steps(value, &rest[path.len() - front..], next)
    }

    /// A reference into the document at a path.
    fn document_ref(&mut self, path: &[Value], rest: &[Term], next: Next<'_, 'm, 'p>) -> Done {
        let reach = rest.len().min(self.module.reach(path));
        let (keys, rest) = rest.split_at(self.n_known(&rest[..reach]));
        self.terms(&refs(keys), &mut |e, keys| {
            let value = e.document_at(path, keys)?;
            e.ref_steps(value, rest, next)
        })
    }

    /// How many of the terms in front have a value.
    fn n_known(&self, terms: &[Term]) -> usize {
        terms.iter().take_while(|term| self.is_ready(term)).count()
    }

    fn is_plain_base(&self, path: &[Value]) -> bool {
        matches!(self.module.place(path), Place::Base)
            && self.module.targets.covering(path).is_empty()
            && self.module.targets.below(path).is_empty()
    }

    /// A reference with keys that aren't constant, `rest` behind the point where it is a value in any case.
    ///
    /// A key that has no value yet goes through all that there are, and each is looked up on its own: who needs no more
    /// than the first is not told of errors behind the others.
    fn access_ref(
        &mut self,
        path: Vec<Value>,
        steps: &[Term],
        rest: &[Term],
        next: Next<'_, 'm, 'p>,
    ) -> Done {
        let is_known = |it: &&Term| !matches!(it.kind, TermKind::Const(_)) && self.is_ready(it);
        let known: Vec<&Term> = steps.iter().filter(is_known).collect();
        self.terms(&known, &mut |e, values| {
            let mut values = values.into_iter();
            let mut value_of = |step| if e.is_ready(step) { values.next() } else { None };
            let parts: Vec<Part<'_>> = steps
                .iter()
                .map(|step| match &step.kind {
                    TermKind::Const(key) => Part::Known(At::Const(key.clone())),
                    _ => value_of(step).map_or(Part::Open(step), |it| Part::Known(At::Key(it))),
                })
                .collect();
            e.each_access(&path, Vec::new(), &parts, &mut |e, found| e.ref_steps(found, rest, next))
        })
    }

    /// Goes on behind the keys `front`, through all keys where the next one is open.
    fn each_access(
        &mut self,
        path: &[Value],
        mut front: Vec<At>,
        mut parts: &[Part<'_>],
        next: Next<'_, 'm, 'p>,
    ) -> Done {
        while let Some((Part::Known(at), rest)) = parts.split_first() {
            front.push(at.clone());
            parts = rest;
        }
        let Some((Part::Open(term), rest)) = parts.split_first() else {
            let found = self.call_access(path, &front, Wanted::Value);
            return next(self, found);
        };
        let behind = |key| front.iter().cloned().chain([At::Key(key)]).collect();
        // An open key before this one may have given it its value.
        if self.is_ready(term) {
            return self.term(term, &mut |e, key| e.each_access(path, behind(key), rest, next));
        }
        let keys = self.call_access(path, &front, Wanted::Keys);
        self.scan(keys, |e, key, _| {
            e.match_term(key, term, &mut |e| e.each_access(path, behind(key), rest, next))
        })
    }

    fn call_access(&mut self, path: &[Value], front: &[At], wanted: Wanted) -> Reg {
        let mut args = Vec::new();
        let steps = front.iter().map(|at| match at {
            At::Const(key) => Step::Const(key.clone()),
            At::Key(key) => {
                args.push(*key);
                Step::Param
            }
        });
        let key = Key::Access(path.to_vec(), steps.collect(), wanted);
        self.call_key(key, args)
    }

    /// The body of a reference's function.
    pub(super) fn access(&mut self, path: &[Value], steps: &[Step], wanted: Wanted) -> Done {
        let mut params = (0..).map(Reg);
        let steps: Vec<At> = steps
            .iter()
            .map(|step| match step {
                Step::Const(key) => At::Const(key.clone()),
                Step::Param => At::Key(params.next().unwrap_or(Reg(0))),
            })
            .collect();
        self.labelled(|e, label| {
            for (target, slot) in e.module.targets.covering(path) {
                e.replacement_steps(slot, &path[target.len()..], &steps, wanted, label)?;
            }
            e.tree_steps(path, &steps, wanted)
        })
    }

    /// If a slot is filled, the reference goes on in what it holds and nowhere else.
    fn replacement_steps(
        &mut self,
        slot: crate::program::SlotId,
        path: &[Value],
        steps: &[At],
        wanted: Wanted,
        done: Label,
    ) -> Done {
        let replacement = self.reg();
        self.push(Stmt::Slot { dst: replacement, slot });
        self.block(|e| {
            e.push(Stmt::Defined { src: replacement });
            e.block(|e| {
                let value = e.get_path(replacement, path);
                e.value_steps(value, steps, wanted)
            })?;
            e.push(Stmt::Break { label: done });
            Ok(())
        })
    }

    /// Goes on from a place in the tree.
    fn tree_steps(&mut self, path: &[Value], steps: &[At], wanted: Wanted) -> Done {
        if !self.module.goes_on(path) {
            return self.document_steps(path, steps, wanted);
        }
        let Some((step, rest)) = steps.split_first() else {
            let src = match wanted {
                Wanted::Value => return self.document_steps(path, steps, wanted),
                Wanted::Keys => self.all_keys(path)?,
            };
            self.push(Stmt::Return { src });
            return Ok(());
        };
        match step {
            At::Const(key) if self.module.keys(path).contains(key) => {
                self.child_steps(path, key, rest, wanted)
            }
            At::Const(_) => {
                let base = self.base(path);
                self.value_steps(base, steps, wanted)
            }
            At::Key(key) => self.key_steps(path, *key, rest, wanted),
        }
    }

    /// Goes on from the document that a place is.
    fn document_steps(&mut self, path: &[Value], steps: &[At], wanted: Wanted) -> Done {
        if self.is_plain_base(path) {
            let value = self.base(path);
            return self.value_steps(value, steps, wanted);
        }
        let mut keys = Vec::new();
        for step in steps.iter().take(self.module.reach(path)) {
            match step {
                At::Const(key) => keys.push(self.constant(key)),
                At::Key(key) => keys.push(*key),
            }
        }
        let rest = &steps[keys.len()..];
        let value = self.document_at(path, keys)?;
        self.value_steps(value, rest, wanted)
    }

    /// The set of the keys that documents and base data have at a place.
    fn all_keys(&mut self, path: &[Value]) -> Result<Reg, LowerError> {
        let builder = self.start(Collection::Set);
        let shows = |key: &Value| !path.is_empty() || *key != Value::text(HIDDEN);
        for key in self.module.keys(path).into_iter().filter(shows) {
            let value = self.constant(&key);
            self.push(Stmt::Append { builder, value });
        }
        self.block(|e| {
            let base = e.base(path);
            e.append_keys(builder, base, |e, key| {
                if path.is_empty() {
                    e.unless_hidden(key);
                }
            })
        })?;
        Ok(self.close(builder, None))
    }

    /// Adds those keys of a collection to a set at which `filter` does not fail.
    fn append_keys(
        &mut self,
        builder: Reg,
        collection: Reg,
        filter: impl FnOnce(&mut Self, Reg),
    ) -> Done {
        self.scan(collection, |e, value, _| {
            filter(e, value);
            e.push(Stmt::Append { builder, value });
            Ok(())
        })
    }

    fn key_steps(&mut self, path: &[Value], key: Reg, rest: &[At], wanted: Wanted) -> Done {
        let mut cases = Vec::new();
        for name in self.module.keys(path) {
            let (case, ()) = self.nested(|e| e.child_steps(path, &name, rest, wanted))?;
            cases.push((self.module.constant(&name), case));
        }
        let (otherwise, ()) = self.nested(|e| {
            let base = e.base(path);
            let value = e.get(base, key);
            e.value_steps(value, rest, wanted)
        })?;
        self.push(Stmt::Match { subject: key, cases, otherwise });
        Ok(())
    }

    fn child_steps(&mut self, path: &[Value], key: &Value, rest: &[At], wanted: Wanted) -> Done {
        let child = joined(path, key.clone());
        let own = self.module.targets.covering(&child).pop().filter(|(target, _)| *target == child);
        match own {
            None => self.tree_steps(&child, rest, wanted),
            Some((_, slot)) => self.labelled(|e, label| {
                e.replacement_steps(slot, &[], rest, wanted, label)?;
                e.tree_steps(&child, rest, wanted)
            }),
        }
    }

    /// Goes on inside of a value.
    fn value_steps(&mut self, value: Reg, steps: &[At], wanted: Wanted) -> Done {
        match steps.split_first() {
            None => self.found(value, wanted),
            Some((At::Const(key), rest)) => {
                let value = self.get_const(value, key);
                self.value_steps(value, rest, wanted)
            }
            Some((At::Key(key), rest)) => {
                let value = self.get(value, *key);
                self.value_steps(value, rest, wanted)
            }
        }
    }

    fn found(&mut self, value: Reg, wanted: Wanted) -> Done {
        let src = match wanted {
            Wanted::Value => value,
            Wanted::Keys => {
                let builder = self.start(Collection::Set);
                self.block(|e| e.append_keys(builder, value, |_, _| {}))?;
                self.close(builder, None)
            }
        };
        self.push(Stmt::Return { src });
        Ok(())
    }
}

fn joined(path: &[Value], key: Value) -> Vec<Value> {
    let mut path = path.to_vec();
    path.push(key);
    path
}
