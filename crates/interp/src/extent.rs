//! What the rules at a place and below it give together.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use palisade_rego::checked::{Node, Rule, RuleId, RuleKind, TermKind};
use palisade_value::{AnyValue, Entry, Value};

use crate::error::EvalError;
use crate::machine::{Flow, Machine, Stop, settle};

/// A document that is being put together.
enum Document {
    /// The value of a rule: nothing is put into it.
    Value(Value),
    /// What rules with longer heads put here.
    Object(BTreeMap<Value, Option<Document>>),
    /// What `contains` rules put here.
    Set(BTreeSet<Value>),
}

/// Two contributions that exclude each other.
struct Conflict;

impl<'p> Machine<'p> {
    /// The document at a node with rules, or as much of it as lies below the keys.
    pub(crate) fn extent(&mut self, node: &'p Node, keys: &[Value]) -> Flow<Option<Value>> {
        let world = Rc::clone(&self.world);
        let address = std::ptr::from_ref(node).addr();
        for asked in [&[], keys] {
            if let Some(known) = world.documents.borrow().get(&(address, asked.to_vec())) {
                return Ok(known.clone());
            }
        }
        self.look_up(node);
        let mut document = self.empty_document(node);
        self.contribute(node, &mut Vec::new(), keys, &mut document)?;
        let value = document.map(Document::into_value);
        world.documents.borrow_mut().insert((address, keys.to_vec()), value.clone());
        Ok(value)
    }

    /// Reports which rules make the document at a node.
    fn look_up(&mut self, node: &'p Node) {
        if !self.is_traced() {
            return;
        }
        let program = self.program;
        let all = rules_below(node).filter_map(|id| program.rules.get(id.0 as usize));
        let rules: Vec<&Rule> = all.filter(|rule| !rule.is_default).collect();
        let is_early = node.children.is_empty() && is_one_constant(rules.iter().copied());
        let first = node.rules.first().and_then(|id| program.rules.get(id.0 as usize));
        if let Some(first) = first {
            self.index(&first.path, rules.len(), is_early);
        }
    }

    /// What stands at the node if no rule's body holds: partial sets and objects are then empty.
    fn empty_document(&self, node: &Node) -> Option<Document> {
        let rules = node.rules.iter().filter_map(|id| self.program.rules.get(id.0 as usize));
        let mut partial = rules.filter_map(|rule| match rule.kind {
            _ if !rule.suffix.is_empty() => Some(Document::Object(BTreeMap::new())),
            RuleKind::Contains(_) => Some(Document::Set(BTreeSet::new())),
            _ => None,
        });
        partial.next()
    }

    fn contribute(
        &mut self,
        node: &'p Node,
        prefix: &mut Vec<Value>,
        keys: &[Value],
        document: &mut Option<Document>,
    ) -> Flow {
        self.contribute_rules(node, prefix, keys, document)?;
        let (key, keys) = match keys.split_first() {
            Some((key, keys)) => (Some(key), keys),
            None => (None, keys),
        };
        for (name, child) in &node.children {
            if key.is_none_or(|key| key == name) {
                prefix.push(name.clone());
                let flow = self.contribute(child, prefix, keys, document);
                prefix.pop();
                flow?;
            }
        }
        Ok(())
    }

    /// The contributions of the rules whose head ends at the node, or else of their defaults.
    fn contribute_rules(
        &mut self,
        node: &'p Node,
        prefix: &[Value],
        keys: &[Value],
        document: &mut Option<Document>,
    ) -> Flow {
        let program = self.program;
        let rules =
            || node.rules.iter().filter_map(|id| Some((*id, program.rules.get(id.0 as usize)?)));
        let one_value =
            is_one_constant(rules().map(|(_, rule)| rule).filter(|rule| !rule.is_default));
        let mut any = false;
        for (id, rule) in rules().filter(|(_, rule)| !rule.is_default) {
            any |= self.contribute_rule(id, rule, prefix, keys, document)?;
            if any && one_value {
                break;
            }
        }
        for (id, rule) in rules().filter(|(_, rule)| rule.is_default && !any) {
            self.contribute_rule(id, rule, prefix, keys, document)?;
        }
        Ok(())
    }

    /// Whether the rule contributed anything.
    fn contribute_rule(
        &mut self,
        id: RuleId,
        rule: &'p Rule,
        prefix: &[Value],
        keys: &[Value],
        document: &mut Option<Document>,
    ) -> Flow<bool> {
        let is_set = matches!(rule.kind, RuleKind::Contains(_));
        let enough = is_one_constant(std::iter::once(rule));
        let mut any = false;
        settle(self.rule_with_keys(id, rule, keys, &mut |_, parts| {
            let path_len = rule.suffix.len();
            // A head that could not be held against the keys beforehand may lead elsewhere.
            if parts
                .iter()
                .take(path_len + usize::from(is_set))
                .zip(keys)
                .any(|(part, key)| part != key)
            {
                return Ok(());
            }
            any = true;
            let path: Vec<Value> =
                prefix.iter().chain(parts.iter().take(path_len)).cloned().collect();
            let Some(leaf) = parts.get(path_len) else {
                return Err(EvalError::missing("the value of a rule").into());
            };
            insert(document, &path, leaf.clone(), is_set).map_err(|Conflict| {
                match path.is_empty() {
                    true => EvalError::complete_conflict(rule.span),
                    false => EvalError::key_conflict(rule.span),
                }
            })?;
            if enough { Err(Stop::Enough) } else { Ok(()) }
        }))?;
        Ok(any)
    }
}

/// The rules at a node and below it.
fn rules_below(node: &Node) -> Box<dyn Iterator<Item = RuleId> + '_> {
    let below = node.children.values().flat_map(rules_below);
    Box::new(node.rules.iter().copied().chain(below))
}

/// Whether all these rules can only give one and the same constant in one and the same place.
pub(crate) fn is_one_constant<'r>(mut rules: impl Iterator<Item = &'r Rule>) -> bool {
    let mut constant = None;
    rules.all(|rule| {
        rule.suffix.is_empty()
            && !matches!(rule.kind, RuleKind::Contains(_))
            && rule.clauses.iter().all(|clause| match &clause.value.kind {
                TermKind::Const(value) => *constant.get_or_insert(value) == value,
                _ => false,
            })
    })
}

/// Puts a value, or a member of a set, into the document.
fn insert(
    slot: &mut Option<Document>,
    path: &[Value],
    leaf: Value,
    is_member: bool,
) -> Result<(), Conflict> {
    if let Some((key, rest)) = path.split_first() {
        return match slot.get_or_insert_with(|| Document::Object(BTreeMap::new())) {
            Document::Object(entries) => {
                insert(entries.entry(key.clone()).or_insert(None), rest, leaf, is_member)
            }
            Document::Value(_) | Document::Set(_) => Err(Conflict),
        };
    }
    match slot {
        None if is_member => *slot = Some(Document::Set(BTreeSet::from([leaf]))),
        None => *slot = Some(Document::Value(leaf)),
        Some(Document::Set(members)) if is_member => {
            members.insert(leaf);
        }
        Some(Document::Value(value)) if !is_member && *value == leaf => {}
        Some(_) => return Err(Conflict),
    }
    Ok(())
}

impl Document {
    fn into_value(self) -> Value {
        match self {
            Document::Value(value) => value,
            Document::Set(members) => Value::set_from_sorted(members.into_iter().collect()),
            Document::Object(entries) => {
                let entries = entries.into_iter().filter_map(|(key, document)| {
                    Some(Entry { key, value: document?.into_value() })
                });
                Value::object_from_sorted(entries.collect())
            }
        }
    }
}
