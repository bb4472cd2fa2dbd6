//! The types of documents and functions: what the rules at a path, and below it, give together.

use std::collections::BTreeMap;
use std::rc::Rc;

use palisade_value::Value;
use palisade_value::types::{Parameter, Signature, Type};

use crate::checked::{Callee, FunctionId, Node, RuleId};
use crate::names::data_path;
use crate::semantic::rules::Tree;
use crate::semantic::table::Table;
use crate::semantic::typing::{PARTS_MAX, limited};

/// A part of the path from a rule's document to what the rule gives.
#[derive(Clone, Debug)]
pub(super) enum Key {
    /// This key.
    Fixed(Value),
    /// Any keys of this type.
    Each(Type),
    /// What is given is a member of a set.
    Member,
}

/// What one rule contributes.
#[derive(Clone, Debug)]
pub(super) struct Contribution {
    /// The way from the document to the value.
    pub(super) keys: Vec<Key>,
    /// What the rule's parameters can be, if it defines a function.
    pub(super) parameters: Vec<Type>,
    /// What it gives there.
    pub(super) value: Type,
}

impl Contribution {
    /// The same place with any value.
    pub(super) fn anything(self) -> Contribution {
        let parameters = self.parameters.iter().map(|_| Type::Any).collect();
        Contribution { parameters, value: Type::Any, ..self }
    }
}

/// What is known of the program's types so far.
#[derive(Debug)]
pub(super) struct Types<'a> {
    pub(super) tree: &'a Tree,
    pub(super) table: &'a Table,
    /// By rule.
    rules: Vec<Option<Contribution>>,
    /// The documents whose rules are all inferred, by their first rule.
    documents: BTreeMap<RuleId, Type>,
    functions: BTreeMap<FunctionId, Rc<Signature>>,
}

impl<'a> Types<'a> {
    /// Nothing is known of so many rules.
    pub(super) fn new(tree: &'a Tree, table: &'a Table, rules: usize) -> Types<'a> {
        let (documents, functions) = (BTreeMap::new(), BTreeMap::new());
        Types { tree, table, rules: vec![None; rules], documents, functions }
    }

    /// What a rule contributes is known.
    pub(super) fn set(&mut self, rule: RuleId, contribution: Contribution) {
        if let Some(slot) = self.rules.get_mut(rule.0 as usize) {
            *slot = Some(contribution);
        }
    }

    fn all_of<'r>(&self, rules: impl Iterator<Item = &'r RuleId>) -> Option<Vec<Contribution>> {
        rules.map(|rule| self.rules.get(rule.0 as usize)?.clone()).collect()
    }

    /// The document at a node.
    pub(super) fn document(&mut self, node: &Node) -> Type {
        limited(self.part(node, &mut { PARTS_MAX }))
    }

    /// The document at a node, as far as the parts that are left suffice.
    fn part(&mut self, node: &Node, left: &mut usize) -> Type {
        let first = node.rules.first();
        if let Some(known) = first.and_then(|first| self.documents.get(first)) {
            return known.clone();
        }
        if *left == 0 {
            return Type::Any;
        }
        *left -= 1;
        let Some(rules) = self.all_of(node.rules.iter()) else { return Type::Any };
        let mut parts: Vec<(Vec<Key>, Type)> =
            rules.into_iter().map(|it| (it.keys, it.value)).collect();
        for (key, child) in &node.children {
            if child.function.is_none() || !child.children.is_empty() {
                parts.push((vec![Key::Fixed(key.clone())], self.part(child, left)));
            }
        }
        let slices: Vec<(&[Key], &Type)> =
            parts.iter().map(|(keys, value)| (keys.as_slice(), value)).collect();
        let whole = limited(together(&slices));
        if let Some(first) = first {
            self.documents.insert(*first, whole.clone());
        }
        whole
    }

    /// The name and the types of what is called.
    pub(super) fn signature(&mut self, callee: Callee) -> Option<(String, Rc<Signature>)> {
        match callee {
            Callee::Builtin(id) => {
                let (builtin, entry) = self.table.used(id)?;
                Some((builtin.name.clone(), Rc::new(entry.signature.clone())))
            }
            Callee::Function(id) => {
                let function = self.tree.function(id)?;
                Some((data_path(&function.path), self.function(id)?))
            }
        }
    }

    fn function(&mut self, id: FunctionId) -> Option<Rc<Signature>> {
        if let Some(known) = self.functions.get(&id) {
            return Some(Rc::clone(known));
        }
        let function = self.tree.function(id)?;
        let clauses = self.all_of(function.rules.iter().chain(&function.default))?;
        let (parameters, results): (Vec<Vec<Type>>, Vec<Type>) =
            clauses.into_iter().map(|clause| (clause.parameters, clause.value)).unzip();
        let unnamed = |kind| Parameter { name: None, kind: limited(kind) };
        let signature = Rc::new(Signature {
            parameters: united(parameters).into_iter().map(unnamed).collect(),
            result: limited(Type::union(results).unwrap_or(Type::Any)),
        });
        self.functions.insert(id, Rc::clone(&signature));
        Some(signature)
    }
}

/// What parameters can be that have these types in the several clauses of a function.
pub(super) fn united(clauses: Vec<Vec<Type>>) -> Vec<Type> {
    let length = clauses.iter().map(Vec::len).max().unwrap_or(0);
    let mut columns: Vec<Vec<Type>> = vec![Vec::new(); length];
    for clause in clauses {
        columns.iter_mut().zip(clause).for_each(|(column, kind)| column.push(kind));
    }
    columns.into_iter().map(|column| Type::union(column).unwrap_or(Type::Any)).collect()
}

/// The document that contributions make: sets and objects grow, other values are alternatives.
fn together(parts: &[(&[Key], &Type)]) -> Type {
    let mut fixed: BTreeMap<&Value, Vec<(&[Key], &Type)>> = BTreeMap::new();
    let mut each: Vec<(&[Key], &Type)> = Vec::new();
    let (mut keys, mut members, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for (path, value) in parts {
        let value: &Type = value;
        match path.split_first() {
            None => kinds.push(value.clone()),
            Some((Key::Member, _)) => members.push(value.clone()),
            Some((Key::Fixed(key), rest)) => fixed.entry(key).or_default().push((rest, value)),
            Some((Key::Each(key), rest)) => {
                keys.push(key.clone());
                each.push((rest, value));
            }
        }
    }
    kinds.extend(Type::union(members).map(Type::set_of));
    let fixed: Vec<(Value, Type)> =
        fixed.into_iter().map(|(key, rest)| (key.clone(), together(&rest))).collect();
    if !each.is_empty() {
        // A computed key may be one of the others: nothing is known of a single one.
        keys.extend(fixed.iter().map(|(key, _)| Type::of(key)));
        let values = fixed.into_iter().map(|(_, value)| value).chain([together(&each)]);
        kinds.extend(
            Type::union(keys).zip(Type::union(values)).map(|it| Type::object_of(it.0, it.1)),
        );
    } else if !fixed.is_empty() {
        // Beside single keys there may be base data.
        let dynamic = Some(Box::new((Type::String, Type::Any)));
        kinds.push(Type::Object { fixed, dynamic });
    }
    Type::union(kinds).unwrap_or(Type::Any)
}
