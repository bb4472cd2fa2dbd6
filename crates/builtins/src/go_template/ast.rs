//! What a template consists of.

use std::collections::BTreeMap;
use std::ops::Range;

/// The templates by their names; the one that is rendered is called `template`.
pub(super) type Templates = BTreeMap<String, Vec<Node>>;

/// A piece of text or an action.
pub(super) enum Node {
    Text(String),
    Print(Pipeline),
    If(Control),
    With(Control),
    Range(Control),
    Template { name: String, operand: Option<Pipeline>, place: Range<usize> },
    Break,
    Continue,
}

/// An action with a body, and with another for when it doesn't apply.
pub(super) struct Control {
    pub(super) pipeline: Pipeline,
    pub(super) body: Vec<Node>,
    pub(super) otherwise: Vec<Node>,
}

/// Commands, each of which gets the result of the one before as its last operand.
pub(super) struct Pipeline {
    /// The variables that get the result.
    pub(super) variables: Vec<String>,
    /// Whether they exist already.
    pub(super) assigns: bool,
    pub(super) commands: Vec<Command>,
}

/// A function with its operands, or one operand alone.
pub(super) struct Command {
    pub(super) operands: Vec<Operand>,
    pub(super) place: Range<usize>,
}

/// An operand and where it stands in the text.
pub(super) struct Operand {
    pub(super) kind: OperandKind,
    pub(super) place: Range<usize>,
}

pub(super) enum OperandKind {
    Dot,
    Nil,
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    /// The value's field, its field, and so on.
    Fields(Vec<String>),
    /// A variable, its field, and so on.
    Variable(String, Vec<String>),
    Function(String),
    Pipeline(Box<Pipeline>, Vec<String>),
    /// A function without operands, and fields of its result.
    Chain(String, Vec<String>),
}

impl OperandKind {
    /// Whether it can only be a value.
    pub(super) fn is_constant(&self) -> bool {
        matches!(
            self,
            OperandKind::Dot
                | OperandKind::Nil
                | OperandKind::Boolean(_)
                | OperandKind::Integer(_)
                | OperandKind::Float(_)
                | OperandKind::Text(_)
        )
    }
}
