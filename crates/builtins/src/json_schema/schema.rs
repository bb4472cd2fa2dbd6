//! A schema ready for use.

use palisade_value::AnyValue;

/// A draft of the specification, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Draft(pub(super) u8);

impl Draft {
    pub(super) const FOUR: Draft = Draft(4);
    pub(super) const SIX: Draft = Draft(6);
    pub(super) const SEVEN: Draft = Draft(7);
    /// What a schema that names none is: all drafts together.
    pub(super) const HYBRID: Draft = Draft(u8::MAX);

    /// The draft whose meta-schema has this address.
    pub(super) fn of_address(address: &str) -> Option<Draft> {
        match address {
            "http://json-schema.org/draft-04/schema" => Some(Draft::FOUR),
            "http://json-schema.org/draft-06/schema" => Some(Draft::SIX),
            "http://json-schema.org/draft-07/schema" => Some(Draft::SEVEN),
            _ => None,
        }
    }
}

/// A schema: its parts refer to each other by their places. The first is the whole.
pub(super) struct Schema<V> {
    pub(super) nodes: Vec<Node<V>>,
}

/// The place of a node.
pub(super) type NodeId = usize;

/// A boolean where anything is allowed or not, or a schema for it.
pub(super) enum Additional {
    Allowed(bool),
    Schema(NodeId),
}

/// What a property depends on.
pub(super) enum Dependency {
    Properties(Vec<String>),
    Schema(NodeId),
}

/// The schema or the schemas of an array's elements.
pub(super) enum Items {
    Each(NodeId),
    Positional(Vec<NodeId>),
}

/// One schema, its keywords checked.
pub(super) struct Node<V> {
    /// The schemas `true` and `false`.
    pub(super) pass: Option<bool>,
    pub(super) target: Option<NodeId>,
    pub(super) types: Vec<String>,

    pub(super) multiple_of: Option<V>,
    pub(super) maximum: Option<V>,
    pub(super) exclusive_maximum: Option<V>,
    pub(super) minimum: Option<V>,
    pub(super) exclusive_minimum: Option<V>,

    pub(super) min_length: Option<i64>,
    pub(super) max_length: Option<i64>,
    pub(super) pattern: Option<String>,
    pub(super) format: Option<String>,

    pub(super) min_properties: Option<i64>,
    pub(super) max_properties: Option<i64>,
    pub(super) required: Vec<String>,
    pub(super) properties: Vec<(String, NodeId)>,
    pub(super) pattern_properties: Vec<(String, NodeId)>,
    pub(super) additional_properties: Additional,
    pub(super) property_names: Option<NodeId>,
    pub(super) dependencies: Vec<(String, Dependency)>,

    pub(super) min_items: Option<i64>,
    pub(super) max_items: Option<i64>,
    pub(super) unique_items: bool,
    pub(super) items: Items,
    pub(super) additional_items: Additional,
    pub(super) contains: Option<NodeId>,

    /// JSON text, numbers as doubles.
    pub(super) constant: Option<String>,
    /// JSON texts, numbers as doubles.
    pub(super) choices: Vec<String>,

    pub(super) one_of: Vec<NodeId>,
    pub(super) any_of: Vec<NodeId>,
    pub(super) all_of: Vec<NodeId>,
    pub(super) not: Option<NodeId>,
    pub(super) condition: Option<NodeId>,
    pub(super) consequence: Option<NodeId>,
    pub(super) alternative: Option<NodeId>,
}

impl<V: AnyValue> Node<V> {
    /// The schema that everything matches.
    pub(super) fn new() -> Node<V> {
        Node {
            pass: None,
            target: None,
            types: Vec::new(),
            multiple_of: None,
            maximum: None,
            exclusive_maximum: None,
            minimum: None,
            exclusive_minimum: None,
            min_length: None,
            max_length: None,
            pattern: None,
            format: None,
            min_properties: None,
            max_properties: None,
            required: Vec::new(),
            properties: Vec::new(),
            pattern_properties: Vec::new(),
            additional_properties: Additional::Allowed(true),
            property_names: None,
            dependencies: Vec::new(),
            min_items: None,
            max_items: None,
            unique_items: false,
            items: Items::Positional(Vec::new()),
            additional_items: Additional::Allowed(true),
            contains: None,
            constant: None,
            choices: Vec::new(),
            one_of: Vec::new(),
            any_of: Vec::new(),
            all_of: Vec::new(),
            not: None,
            condition: None,
            consequence: None,
            alternative: None,
        }
    }

    /// The types as messages name them.
    pub(super) fn type_names(&self) -> String {
        match self.types.as_slice() {
            [one] => one.clone(),
            many => ["[", &many.join(","), "]"].concat(),
        }
    }
}
