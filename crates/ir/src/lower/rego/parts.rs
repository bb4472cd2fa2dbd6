//! Parts of documents: what lies under known keys of a document that rules define.
//!
//! Who asks for `p[k]` is not told of conflicts and errors under other keys. But mostly there are none, and then it is
//! best to make the whole document, which is kept, and to look into it as often as is asked. So that is tried first, once.
//! If it raises an error, that is forgotten, and only those rules are asked that can have the key.

use palisade_rego::checked::{Node, Rule};
use palisade_value::Value;

use super::emit::{Done, Emitter};
use super::module::{Key, Module, Place};
use super::observed::is_observed;
use super::rules::Goal;
use crate::lower::LowerError;
use crate::program::{Reg, Stmt};

impl Module<'_> {
    /// How many keys of a document its rules can tell apart; none if no rules define it.
    pub(super) fn reach(&self, path: &[Value]) -> usize {
        match self.place(path) {
            Place::Rules(node) => self.reach_below(node),
            Place::Base | Place::Tree(_) => 0,
        }
    }

    fn reach_below(&self, node: &Node) -> usize {
        let own = self.rules_at(node).into_iter().map(|rule| rule.head_terms().count());
        let below = node.children.values().map(|child| 1 + self.reach_below(child));
        own.chain(below).max().unwrap_or(0)
    }

    /// Whether something else than an error can tell a part from the whole document: the outside sees what is printed
    /// and what the host is asked.
    fn tells_parts(&mut self, path: &[Value]) -> bool {
        let Place::Rules(node) = self.place(path) else { return false };
        if let Some(known) = self.observed.get(path) {
            return *known;
        }
        let is_observed = is_observed(self.source, node);
        self.observed.insert(path.to_vec(), is_observed);
        is_observed
    }
}

impl<'m, 'p> Emitter<'m, 'p> {
    /// What a document of rules has under these keys, as many as its reach at most; fails if there is nothing.
    pub(super) fn document_at(
        &mut self,
        path: &[Value],
        keys: Vec<Reg>,
    ) -> Result<Reg, LowerError> {
        let whole = Key::Document(path.to_vec());
        if keys.is_empty() {
            return Ok(self.call_key(whole, keys));
        }
        let part = Key::Part(path.to_vec(), keys.len());
        if self.module.tells_parts(path) {
            let document = self.call_key(part, keys.clone());
            return Ok(self.get_all(document, &keys));
        }
        let sound = self.call_key(Key::Sound(path.to_vec()), Vec::new());
        let found = self.cleared();
        self.labelled(|e, done| {
            e.block(|e| {
                e.push(Stmt::Test { src: sound });
                e.block(|e| e.look_into(whole, Vec::new(), &keys, found))?;
                e.push(Stmt::Break { label: done });
                Ok(())
            })?;
            e.look_into(part, keys.clone(), &keys, found)
        })?;
        self.push(Stmt::Defined { src: found });
        Ok(found)
    }

    /// Puts into `found` what a document has under the keys; fails if there is nothing.
    fn look_into(&mut self, document: Key, args: Vec<Reg>, keys: &[Reg], found: Reg) -> Done {
        let document = self.call_key(document, args);
        let src = self.get_all(document, keys);
        self.push(Stmt::Move { dst: found, src });
        Ok(())
    }

    /// The body of the function that says whether a document can be made without an error. It is found out once; while
    /// an error is in the air that came from elsewhere, it can't be.
    pub(super) fn sound(&mut self, path: &[Value]) -> Done {
        self.block(|e| {
            e.push(Stmt::Sound);
            e.block(|e| {
                let src = e.call_key(Key::Document(path.to_vec()), Vec::new());
                e.push(Stmt::Defined { src });
                Ok(())
            })?;
            e.block(|e| {
                e.push(Stmt::Forget);
                e.return_boolean(false);
                Ok(())
            })?;
            e.return_boolean(true);
            Ok(())
        })?;
        self.return_boolean(false);
        Ok(())
    }

    fn return_boolean(&mut self, value: bool) {
        let src = self.constant(&Value::Boolean(value));
        self.push(Stmt::Return { src });
    }

    /// The body of a part's function: the document without what can't lie under the keys, its parameters.
    pub(super) fn part(&mut self, path: &[Value], n_keys: usize) -> Done {
        let keys: Vec<Reg> = (0..n_keys as u32).map(Reg).collect();
        self.replacement_first(path)?;
        let Place::Rules(node) = self.module.place(path) else {
            unreachable!("only documents of rules have parts")
        };
        self.rules_document(node, path, &keys)
    }

    /// Lowers what can only lie under the constant keys `front`, where they are the keys asked for; gives it the keys
    /// that are left.
    pub(super) fn under(
        &mut self,
        front: &[Value],
        keys: &[Reg],
        fill: impl FnOnce(&mut Self, &[Reg]) -> Done,
    ) -> Done {
        self.block(|e| {
            for (name, key) in front.iter().zip(keys) {
                let name = e.constant(name);
                e.equal(*key, name);
            }
            fill(e, keys.get(front.len()..).unwrap_or_default())
        })
    }

    /// Fails if the head of a rule turned out to lead to other keys than those asked for.
    pub(super) fn only_under(&mut self, keys: &[Reg], rule: &Rule, parts: &[Reg]) {
        for (key, (term, part)) in keys.iter().zip(rule.head_terms().zip(parts)) {
            if !term.is_key_pattern() {
                self.equal(*part, *key);
            }
        }
    }

    fn get_all(&mut self, value: Reg, keys: &[Reg]) -> Reg {
        keys.iter().fold(value, |value, key| self.get(value, *key))
    }
}

/// What the head of a rule has to match before the body is evaluated.
pub(super) fn goals<'p>(rule: &'p Rule, keys: &[Reg]) -> Vec<Goal<'p>> {
    keys.iter().copied().zip(rule.head_terms()).filter(|(_, term)| term.is_key_pattern()).collect()
}
