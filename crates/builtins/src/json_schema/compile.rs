//! A document to a schema: every keyword is checked, every reference resolved.

use std::collections::BTreeMap;

use palisade_value::{AnyValue, Entry, View};

use super::keywords::{self, invalid_type};
use super::references::{Pool, draft};
use super::schema::{Additional, Dependency, Draft, Items, Node, NodeId, Schema};
use crate::context::Context;
use crate::regexes;

/// How deep schemas may nest; those behind references begin anew.
const DEPTH_MAX: usize = 120;

/// How many schemas there may be.
const NODES_MAX: usize = 200_000;

/// The schema that a document describes, or what is wrong with it.
pub(super) fn compile<V: AnyValue>(ctx: &mut Context, document: &V) -> Result<Schema<V>, String> {
    let draft = draft(document)?.unwrap_or(Draft::HYBRID);
    let (pool, document) = Pool::load(document)?;
    let mut compiler = Compiler {
        ctx,
        pool,
        nodes: Vec::new(),
        targets: BTreeMap::new(),
        waiting: Vec::new(),
        depth: 0,
    };
    compiler.schema(&document, draft)?;
    compiler.follow_references()?;
    Ok(Schema { nodes: compiler.nodes })
}

struct Compiler<'c, V> {
    ctx: &'c mut Context,
    pool: Pool<V>,
    nodes: Vec<Node<V>>,
    /// The schemas that references have led to.
    targets: BTreeMap<String, NodeId>,
    /// The schemas behind references that are still to be read, with the draft of who refers to them.
    waiting: Vec<(NodeId, V, Draft)>,
    depth: usize,
}

impl<V: AnyValue> Compiler<'_, V> {
    fn schema(&mut self, document: &V, draft: Draft) -> Result<NodeId, String> {
        let id = self.reserve()?;
        self.schema_at(id, document, draft)?;
        Ok(id)
    }

    fn reserve(&mut self) -> Result<NodeId, String> {
        if self.nodes.len() >= NODES_MAX {
            return Err("schema is too large".to_owned());
        }
        self.push();
        Ok(self.nodes.len() - 1)
    }

    #[inline(never)]
    fn push(&mut self) {
        self.nodes.push(Node::new());
    }

    fn schema_at(&mut self, id: NodeId, document: &V, draft: Draft) -> Result<(), String> {
        if self.depth >= DEPTH_MAX {
            return Err("schema is nested too deeply".to_owned());
        }
        self.depth += 1;
        let mut node = blank();
        match document.view() {
            View::Boolean(it) if draft >= Draft::SIX => node.pass = Some(it),
            View::Object(_) => self.keywords(document, draft, &mut node)?,
            _ => return Err("Expected: Valid Schema, given: Invalid JSON".to_owned()),
        }
        self.depth -= 1;
        self.put(id, &mut node);
        Ok(())
    }

    #[inline(never)]
    fn put(&mut self, id: NodeId, node: &mut Node<V>) {
        if let Some(slot) = self.nodes.get_mut(id) {
            std::mem::swap(slot, node);
        }
    }

    fn keywords(&mut self, it: &V, draft: Draft, node: &mut Node<V>) -> Result<(), String> {
        let has_old_id = it.get_str("id").is_some();
        let id =
            if draft == Draft::FOUR || draft == Draft::HYBRID && has_old_id { "id" } else { "$id" };
        keywords::string(it, id)?;
        self.definitions(it, draft)?;
        keywords::string(it, "title")?;
        keywords::string(it, "description")?;
        if let Some(address) = keywords::string(it, "$ref")? {
            match self.targets.get(&address) {
                Some(target) => node.target = Some(*target),
                None => return self.reference(address, draft, node),
            }
        }
        keywords::types(it, node)?;
        self.object_schemas(it, draft, node)?;
        self.array_schemas(it, draft, node)?;
        keywords::numbers(it, draft, node)?;
        keywords::strings(self.ctx, it, node)?;
        keywords::objects(it, node)?;
        keywords::arrays(it, node)?;
        if draft >= Draft::SIX {
            node.contains = self.optional(it, "contains", draft)?;
        }
        keywords::values(it, draft, node)?;
        node.one_of = self.list(it, "oneOf", draft)?;
        node.any_of = self.list(it, "anyOf", draft)?;
        node.all_of = self.list(it, "allOf", draft)?;
        node.not = self.schema_or_boolean(it, "not", draft)?;
        if draft >= Draft::SEVEN {
            node.condition = self.schema_or_boolean(it, "if", draft)?;
            node.consequence = self.schema_or_boolean(it, "then", draft)?;
            node.alternative = self.schema_or_boolean(it, "else", draft)?;
        }
        Ok(())
    }

    fn reference(
        &mut self,
        address: String,
        draft: Draft,
        node: &mut Node<V>,
    ) -> Result<(), String> {
        let (schema, own_draft) = self.pool.get(&address)?;
        if !is_schema(&schema) {
            return Err("Valid Schema must be of type object".to_owned());
        }
        let id = self.reserve()?;
        self.targets.insert(address, id);
        self.waiting.push((id, schema, own_draft.unwrap_or(draft)));
        node.target = Some(id);
        Ok(())
    }

    /// Reads what references lead to, one after the other: a chain of them is no nesting.
    fn follow_references(&mut self) -> Result<(), String> {
        while let Some((id, schema, draft)) = self.waiting.pop() {
            self.schema_at(id, &schema, draft)?;
        }
        Ok(())
    }

    fn definitions(&mut self, it: &V, draft: Draft) -> Result<(), String> {
        let Some(definitions) = it.get_str("definitions") else { return Ok(()) };
        let wrong = || invalid_type("Array Of Schemas", "definitions");
        let View::Object(entries) = definitions.view() else { return Err(wrong()) };
        for Entry { value, .. } in entries {
            if !is_schema(value) {
                return Err(wrong());
            }
            self.schema(value, draft)?;
        }
        Ok(())
    }

    fn object_schemas(&mut self, it: &V, draft: Draft, node: &mut Node<V>) -> Result<(), String> {
        if let Some(properties) = it.get_str("properties") {
            let View::Object(entries) = properties.view() else {
                return Err("Properties must be of type object".to_owned());
            };
            node.properties = self.named(entries, draft)?;
        }
        if let Some(additional) = self.additional(it, "additionalProperties", draft)? {
            node.additional_properties = additional;
        }
        if let Some(patterns) = it.get_str("patternProperties") {
            let View::Object(entries) = patterns.view() else {
                return Err(invalid_type("Valid Schema", "patternProperties"));
            };
            for Entry { key, .. } in entries {
                let pattern = key.as_str().unwrap_or("");
                if regexes::compiled(self.ctx, pattern).is_err() {
                    return Err(["Invalid regex pattern '", pattern, "'"].concat());
                }
            }
            node.pattern_properties = self.named(entries, draft)?;
        }
        if let Some(names) = it.get_str("propertyNames").filter(|_| draft >= Draft::SIX) {
            if !is_schema(&names) {
                return Err(invalid_type("Valid Schema", "patternProperties"));
            }
            node.property_names = Some(self.schema(&names, draft)?);
        }
        self.dependencies(it, draft, node)
    }

    fn named(
        &mut self,
        entries: &[Entry<V>],
        draft: Draft,
    ) -> Result<Vec<(String, NodeId)>, String> {
        let one = |it: &Entry<V>| {
            Ok((it.key.as_str().unwrap_or("").to_owned(), self.schema(&it.value, draft)?))
        };
        entries.iter().map(one).collect()
    }

    fn dependencies(&mut self, it: &V, draft: Draft, node: &mut Node<V>) -> Result<(), String> {
        let Some(dependencies) = it.get_str("dependencies") else { return Ok(()) };
        let View::Object(entries) = dependencies.view() else {
            return Err("dependencies must be of type object".to_owned());
        };
        let wrong = || "Dependency must be of type Schema Or Array Of Strings".to_owned();
        for Entry { key, value } in entries {
            let dependency = match value.view() {
                View::Array(names) => {
                    let names = names.iter().map(|it| it.as_str().map(str::to_owned));
                    let names: Option<Vec<String>> = names.collect();
                    Dependency::Properties(names.ok_or_else(wrong)?)
                }
                View::Boolean(_) | View::Object(_) => {
                    Dependency::Schema(self.schema(value, draft)?)
                }
                _ => return Err(wrong()),
            };
            node.dependencies.push((key.as_str().unwrap_or("").to_owned(), dependency));
        }
        Ok(())
    }

    fn array_schemas(&mut self, it: &V, draft: Draft, node: &mut Node<V>) -> Result<(), String> {
        if let Some(items) = it.get_str("items") {
            let wrong = || invalid_type("Valid Schema/Array Of Schemas", "items");
            node.items = match items.view() {
                View::Array(many) => {
                    let mut ids = Vec::with_capacity(many.len());
                    for one in many {
                        if !is_schema(one) {
                            return Err(wrong());
                        }
                        ids.push(self.schema(one, draft)?);
                    }
                    Items::Positional(ids)
                }
                View::Object(_) | View::Boolean(_) => Items::Each(self.schema(&items, draft)?),
                _ => return Err(wrong()),
            };
        }
        if let Some(additional) = self.additional(it, "additionalItems", draft)? {
            node.additional_items = additional;
        }
        Ok(())
    }

    fn additional(
        &mut self,
        it: &V,
        key: &str,
        draft: Draft,
    ) -> Result<Option<Additional>, String> {
        let Some(value) = it.get_str(key) else { return Ok(None) };
        match value.view() {
            View::Boolean(it) => Ok(Some(Additional::Allowed(it))),
            View::Object(_) => Ok(Some(Additional::Schema(self.schema(&value, draft)?))),
            _ => Err(invalid_type("boolean/Valid Schema", key)),
        }
    }

    fn optional(&mut self, it: &V, key: &str, draft: Draft) -> Result<Option<NodeId>, String> {
        it.get_str(key).map(|it| self.schema(&it, draft)).transpose()
    }

    fn schema_or_boolean(
        &mut self,
        it: &V,
        key: &str,
        draft: Draft,
    ) -> Result<Option<NodeId>, String> {
        match it.get_str(key) {
            Some(it) if !is_schema(&it) => Err([key, " must be of an object"].concat()),
            _ => self.optional(it, key, draft),
        }
    }

    fn list(&mut self, it: &V, key: &str, draft: Draft) -> Result<Vec<NodeId>, String> {
        let items = keywords::array(it, key)?;
        items.iter().map(|it| self.schema(it, draft)).collect()
    }
}

/// A node on the heap. Nodes are large, and the guest's stack is small: none may lie in a frame of the recursion.
#[inline(never)]
fn blank<V: AnyValue>() -> Box<Node<V>> {
    Box::new(Node::new())
}

fn is_schema<V: AnyValue>(it: &V) -> bool {
    matches!(it.view(), View::Object(_) | View::Boolean(_))
}
