//! The documents below `data`: what rules define, packages, and replaced base data.

use palisade_rego::checked::{Node, Rule, RuleKind};
use palisade_value::{AnyValue, Value};

use super::emit::{Done, Emitter};
use super::module::{Key, Place, is_function_only};
use super::parts::goals;
use crate::lower::LowerError;
use crate::program::{Collection, Compare, Reg, Stmt};

/// The error of a document with two values.
const DOCUMENT_CONFLICT: &str = "complete rules must not produce multiple outputs";
/// The error of an object with two values for a key.
pub(super) const OBJECT_CONFLICT: &str = "object keys must be unique";
/// The key that `data` as a whole doesn't show.
pub(super) const HIDDEN: &str = "system";

impl<'m, 'p> Emitter<'m, 'p> {
    /// The body of a document's function.
    pub(super) fn document(&mut self, path: &[Value]) -> Done {
        self.replacement_first(path)?;
        match self.module.place(path) {
            Place::Rules(node) => self.rules_document(node, path, &[]),
            Place::Tree(node) => self.tree_document(node, path),
            Place::Base => {
                let base = self.base_or_undefined(path)?;
                self.put_replacements(base, path)?;
                self.push(Stmt::Return { src: base });
                Ok(())
            }
        }
    }

    /// Returns what replaces a document, if something does.
    pub(super) fn replacement_first(&mut self, path: &[Value]) -> Done {
        for (target, slot) in self.module.targets.covering(path) {
            let (replacement, found) = (self.reg(), self.cleared());
            self.push(Stmt::Slot { dst: replacement, slot });
            self.block(|e| {
                e.push(Stmt::Defined { src: replacement });
                e.block(|e| {
                    let src = e.get_path(replacement, &path[target.len()..]);
                    e.push(Stmt::Move { dst: found, src });
                    Ok(())
                })?;
                e.push(Stmt::Return { src: found });
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Documents further down, with base data on top.
    fn tree_document(&mut self, node: &'p Node, path: &[Value]) -> Done {
        let builder = self.start(Collection::Object);
        for (key, child) in &node.children {
            if is_function_only(child) || (path.is_empty() && key.as_str() == Some(HIDDEN)) {
                continue;
            }
            let child = [path, std::slice::from_ref(key)].concat();
            self.block(|e| {
                let value = e.call_key(Key::Document(child), Vec::new());
                let key = e.constant(key);
                e.push(Stmt::Insert { builder, key, value });
                Ok(())
            })?;
        }
        let over = self.close(builder, None);
        let under = if path.is_empty() { self.base_root()? } else { self.base_or_undefined(path)? };
        let document = self.reg();
        self.push(Stmt::Merge { dst: document, under, over });
        self.put_replacements(document, path)?;
        self.push(Stmt::Return { src: document });
        Ok(())
    }

    /// All base data that shows.
    fn base_root(&mut self) -> Result<Reg, LowerError> {
        let builder = self.start(Collection::Object);
        let root = self.base(&[]);
        self.scan(root, |e, key, value| {
            e.unless_hidden(key);
            e.push(Stmt::Insert { builder, key, value });
            Ok(())
        })?;
        Ok(self.close(builder, None))
    }

    /// Fails if a key of all base data doesn't show.
    pub(super) fn unless_hidden(&mut self, key: Reg) {
        let hidden = self.constant(&Value::text(HIDDEN));
        self.push(Stmt::Compare { op: Compare::NotEqual, lhs: key, rhs: hidden });
    }

    fn base_or_undefined(&mut self, path: &[Value]) -> Result<Reg, LowerError> {
        let dst = self.cleared();
        self.block(|e| {
            e.base_into(dst, path);
            Ok(())
        })?;
        Ok(dst)
    }

    /// Base data at a path; fails if there is none.
    pub(super) fn base(&mut self, path: &[Value]) -> Reg {
        let dst = self.reg();
        self.base_into(dst, path);
        dst
    }

    fn base_into(&mut self, dst: Reg, path: &[Value]) {
        let keys: Vec<String> = path.iter().map_while(string_key).collect();
        let Some((last, rest)) = path[keys.len()..].split_last() else {
            return self.push(Stmt::Data { dst, path: keys });
        };
        let base = self.reg();
        self.push(Stmt::Data { dst: base, path: keys });
        let collection = self.get_path(base, rest);
        let key = self.constant(last);
        self.push(Stmt::Get { dst, collection, key });
    }

    /// Puts what replaces something below a document into it.
    fn put_replacements(&mut self, document: Reg, path: &[Value]) -> Done {
        for (target, slot) in self.module.targets.below(path) {
            let value = self.reg();
            self.push(Stmt::Slot { dst: value, slot });
            self.block(|e| {
                e.push(Stmt::Defined { src: value });
                e.put(document, document, &target[path.len()..], value);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// What the rules at a node, and below it, define; with keys, only as much as can lie under them.
    pub(super) fn rules_document(&mut self, node: &'p Node, path: &[Value], keys: &[Reg]) -> Done {
        let rules = self.module.rules_at(node);
        let is_leaf = node.children.values().all(is_without_rules);
        if rules.iter().all(|rule| is_complete(rule)) && is_leaf {
            let (defaults, rules): (Vec<_>, Vec<_>) =
                rules.into_iter().partition(|rule| rule.is_default);
            return self.value_of(&rules, defaults.first().copied(), &[], DOCUMENT_CONFLICT);
        }
        if rules.iter().all(|rule| is_member(rule)) && is_leaf {
            return self.set_document(&rules, keys);
        }
        if rules.iter().all(|rule| is_entry(rule)) && is_leaf {
            return self.object_document(&rules, keys);
        }
        self.nested_document(node, path, keys)
    }

    fn set_document(&mut self, rules: &[&'p Rule], keys: &[Reg]) -> Done {
        let builder = self.start(Collection::Set);
        for rule in rules {
            self.rule(rule, &goals(rule, keys), false, &mut |e, _, then| {
                let RuleKind::Contains(member) = &rule.kind else { return Ok(()) };
                e.term(member, &mut |e, value| {
                    e.only_under(keys, rule, &[value]);
                    e.push(Stmt::Append { builder, value });
                    then(e, None)
                })
            })?;
        }
        let src = self.close(builder, None);
        self.push(Stmt::Return { src });
        Ok(())
    }

    fn object_document(&mut self, rules: &[&'p Rule], keys: &[Reg]) -> Done {
        let builder = self.start(Collection::Object);
        for rule in rules {
            self.rule(rule, &goals(rule, keys), false, &mut |e, clause, then| {
                let parts: Vec<_> = rule.suffix.iter().chain([&clause.value]).collect();
                e.terms(&parts, &mut |e, parts| {
                    e.only_under(keys, rule, &parts);
                    e.push(Stmt::Insert { builder, key: parts[0], value: parts[1] });
                    then(e, None)
                })
            })?;
        }
        let conflict = rules.first().map(|rule| self.module.conflict(OBJECT_CONFLICT, rule.span));
        let src = self.close(builder, conflict);
        self.push(Stmt::Return { src });
        Ok(())
    }
}

/// `p := value`
pub(super) fn is_complete(rule: &Rule) -> bool {
    matches!(rule.kind, RuleKind::Value) && rule.suffix.is_empty()
}

/// `p contains member`
fn is_member(rule: &Rule) -> bool {
    matches!(rule.kind, RuleKind::Contains(_)) && rule.suffix.is_empty()
}

/// `p[key] := value`
fn is_entry(rule: &Rule) -> bool {
    matches!(rule.kind, RuleKind::Value) && rule.suffix.len() == 1
}

fn is_without_rules(node: &Node) -> bool {
    node.rules.is_empty() && node.children.values().all(is_without_rules)
}

fn string_key(key: &Value) -> Option<String> {
    match key {
        Value::String(key) => Some(key.to_string()),
        _ => None,
    }
}
