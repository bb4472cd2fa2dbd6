//! A query against a schema: the document is walked once, and at every node the rules look at it.

use std::collections::BTreeSet;

use super::ast::{
    Argument, Definition, Directive, Document, Field, FieldDefinition, Fragment, Operation, Place,
    Selection, Spread, Type, Value, ValueKind, Variable,
};
use super::parser::Fault;
use super::rules::overlap::Overlap;
use super::rules::{fields, fragments, operations, values};
use super::schema::Schema;
use crate::failure::Failure;

/// How deep selections may nest, fragments included.
const DEPTH_MAX: usize = 200;

/// How many steps the comparison of fields may take.
pub(super) const STEPS_MAX: usize = 3_000_000;

/// Everything that is wrong with the query.
pub(super) fn validate(schema: &Schema, document: &Document) -> Result<Vec<Fault>, Failure> {
    let mut walker = Walker {
        schema,
        document,
        faults: Vec::new(),
        operation: None,
        used: BTreeSet::new(),
        walked: BTreeSet::new(),
        fields: vec![Walked::default(); document.n_fields],
        misplaced: Vec::new(),
        cyclic: BTreeSet::new(),
        spread: BTreeSet::new(),
        in_fragments: false,
        fragment_names: BTreeSet::new(),
        operation_names: BTreeSet::new(),
        overlap: Overlap::default(),
        n_steps: 0,
        depth: 0,
    };
    walker.walk();
    if walker.depth > DEPTH_MAX {
        return Err(Failure::error("document is nested too deeply"));
    }
    if walker.n_steps > STEPS_MAX {
        return Err(Failure::Halt("document takes too long to validate".into()));
    }
    Ok(walker.faults)
}

/// What the walk has found out about a field.
#[derive(Clone, Copy, Default)]
pub(super) struct Walked<'a> {
    /// The type whose field it is.
    pub(super) parent: Option<&'a Definition>,
    /// The type's field.
    pub(super) definition: Option<&'a FieldDefinition>,
}

/// What is known about a value from where it stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Expected<'a> {
    pub(super) kind: Option<&'a Type>,
    pub(super) definition: Option<&'a Definition>,
    pub(super) has_default: bool,
}

/// The walk, and what the rules remember.
pub(super) struct Walker<'a> {
    pub(super) schema: &'a Schema,
    pub(super) document: &'a Document,
    pub(super) faults: Vec<Fault>,
    /// The operation, if it isn't a fragment by itself that is walked.
    pub(super) operation: Option<&'a Operation>,
    /// The variables that the operation uses.
    pub(super) used: BTreeSet<&'a str>,
    /// The fragments that were walked already.
    walked: BTreeSet<&'a str>,
    /// The fields by their numbers.
    pub(super) fields: Vec<Walked<'a>>,
    /// Directives at the wrong place that have been reported.
    pub(super) misplaced: Vec<(&'a str, Place)>,
    /// The fragments that were searched for cycles.
    pub(super) cyclic: BTreeSet<&'a str>,
    /// The fragments that operations use.
    pub(super) spread: BTreeSet<&'a str>,
    /// Whether the operations are through.
    pub(super) in_fragments: bool,
    pub(super) fragment_names: BTreeSet<&'a str>,
    pub(super) operation_names: BTreeSet<&'a str>,
    pub(super) overlap: Overlap,
    pub(super) n_steps: usize,
    depth: usize,
}

impl<'a> Walker<'a> {
    /// Reports a fault.
    pub(super) fn report(&mut self, place: Place, parts: &[&str]) {
        self.faults.push(Fault { message: parts.concat(), position: place });
    }

    fn walk(&mut self) {
        let document = self.document;
        for operation in &document.operations {
            self.walked.clear();
            self.walk_operation(operation);
        }
        for fragment in &document.fragments {
            self.walked.clear();
            self.walk_fragment(fragment);
        }
    }

    fn walk_operation(&mut self, it: &'a Operation) {
        self.operation = Some(it);
        self.used.clear();
        for variable in &it.variables {
            operations::known_variable_type(self, variable);
        }
        let root = self.schema.root(&it.kind);
        let location = match it.kind.as_str() {
            "mutation" => "MUTATION",
            "subscription" => "SUBSCRIPTION",
            _ => "QUERY",
        };
        for variable in &it.variables {
            self.walk_default(variable);
            self.walk_directives(&variable.directives, "VARIABLE_DEFINITION");
        }
        self.walk_directives(&it.directives, location);
        self.walk_selections(root, &it.selections);
        operations::check(self, it);
        self.operation = None;
    }

    fn walk_default(&mut self, variable: &'a Variable) {
        if let Some(default) = &variable.default {
            let kind = Some(&variable.kind);
            let definition = self.schema.definition(variable.kind.name());
            self.walk_value(default, Expected { kind, definition, has_default: false });
        }
    }

    fn walk_fragment(&mut self, it: &'a Fragment) {
        let definition = self.schema.definition(&it.condition);
        self.walk_directives(&it.directives, "FRAGMENT_DEFINITION");
        self.walk_selections(definition, &it.selections);
        fragments::check_definition(self, it, definition);
    }

    fn walk_directives(&mut self, directives: &'a [Directive], location: &str) {
        for directive in directives {
            let definition = self.schema.directive(&directive.name);
            for argument in &directive.arguments {
                let known = definition.and_then(|it| it.argument(&argument.name));
                self.walk_argument(argument, known);
            }
            fields::check_directive(self, directive, definition, location);
        }
        fields::unique_directives(self, directives);
    }

    fn walk_argument(&mut self, argument: &'a Argument, known: Option<&'a FieldDefinition>) {
        let expected = known.map_or(Expected::default(), |it| self.expected(it));
        self.walk_value(&argument.value, expected);
    }

    /// What a field of an input or an argument says about its value.
    fn expected(&self, it: &'a FieldDefinition) -> Expected<'a> {
        Expected {
            kind: Some(&it.kind),
            definition: self.schema.definition(it.kind.name()),
            has_default: it.has_default(),
        }
    }

    /// The definition of a variable in the operation.
    pub(super) fn variable(&self, name: &str) -> Option<&'a Variable> {
        self.operation?.variables.iter().find(|it| it.name == name)
    }

    fn walk_value(&mut self, value: &'a Value, expected: Expected<'a>) {
        if value.kind == ValueKind::Variable && self.variable(&value.raw).is_some() {
            self.used.insert(&value.raw);
        }
        for child in &value.children {
            let inner = match value.kind {
                ValueKind::Object => {
                    let field = expected.definition.and_then(|it| it.field(&child.name));
                    field.map_or(Expected::default(), |it| self.expected(it))
                }
                ValueKind::List => match expected.kind.and_then(|it| it.element.as_deref()) {
                    Some(element) => Expected {
                        kind: Some(element),
                        definition: expected.definition,
                        has_default: false,
                    },
                    None => Expected::default(),
                },
                _ => continue,
            };
            self.walk_value(&child.value, inner);
        }
        values::check(self, value, expected);
    }

    fn walk_selections(&mut self, parent: Option<&'a Definition>, selections: &'a [Selection]) {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            // Left as it is, the depth says that the walk was given up.
            return;
        }
        for selection in selections {
            match selection {
                Selection::Field(it) => self.walk_field(parent, it),
                Selection::Inline(it) => {
                    let inner = match it.condition.as_str() {
                        "" => parent,
                        name => self.schema.definition(name),
                    };
                    self.walk_directives(&it.directives, "INLINE_FRAGMENT");
                    self.walk_selections(inner, &it.selections);
                    if self.depth <= DEPTH_MAX {
                        fragments::check_inline(self, it, parent);
                    }
                }
                Selection::Spread(it) => self.walk_spread(parent, it),
            }
            if self.depth > DEPTH_MAX {
                return;
            }
        }
        self.depth -= 1;
    }

    fn walk_field(&mut self, parent: Option<&'a Definition>, it: &'a Field) {
        let schema = self.schema;
        let definition = match it.name.as_str() {
            "__typename" => Some(&schema.type_name),
            name => parent.and_then(|it| it.field(name)),
        };
        if let Some(walked) = self.fields.get_mut(it.id) {
            *walked = Walked { parent, definition };
        }
        let inner = definition.and_then(|it| schema.definition(it.kind.name()));
        for argument in &it.arguments {
            let known = definition.and_then(|it| it.argument(&argument.name));
            self.walk_argument(argument, known);
        }
        self.walk_directives(&it.directives, "FIELD");
        self.walk_selections(inner, &it.selections);
        if self.depth <= DEPTH_MAX {
            fields::check(self, it, Walked { parent, definition });
        }
    }

    fn walk_spread(&mut self, parent: Option<&'a Definition>, it: &'a Spread) {
        let document = self.document;
        let fragment = document.fragment(&it.name);
        let inner = fragment.and_then(|it| self.schema.definition(&it.condition));
        self.walk_directives(&it.directives, "FRAGMENT_SPREAD");
        if let Some(fragment) = fragment
            && self.walked.insert(&fragment.name)
        {
            self.walk_directives(&fragment.directives, "FRAGMENT_DEFINITION");
            self.walk_selections(inner, &fragment.selections);
        }
        if self.depth <= DEPTH_MAX {
            fragments::check_spread(self, it, fragment, parent);
        }
    }
}
