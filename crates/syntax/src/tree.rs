//! The tree in the shape that OPA gives it: what `palisade parse` and `rego.parse_module` print and what `fmt` lays out.
//!
//! [`crate::syntax::ast`] says what is written; this tree says what OPA makes of it: operators are calls, wildcards are
//! numbered, each body of a rule is a rule of its own, a rule without body has the body `true`. Locations follow OPA's
//! parser as well, in places where they surprise: `(a).b` stands where `a` does.

mod annotations;
mod build;
mod exprs;
mod json;
mod order;
mod pretty;
mod rules;
mod terms;
mod walk;

use palisade_diag::{FileId, Files};

use crate::syntax::ast;
pub use json::{JsonOptions, body_json, json, rule_json};
pub use order::{compare, same, same_annotations, same_rule, sorted, sorted_pairs};
pub use pretty::pretty;
pub use walk::walk_rule;

/// A stretch of the file: where it is said to be, and the text that it is said to cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The byte that gives row and column.
    pub at: u32,
    /// The first byte of the text.
    pub start: u32,
    /// The byte behind the text.
    pub end: u32,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Module {
    /// Where the word `package` is.
    pub package: Location,
    /// The path with `data` in front.
    pub path: Vec<Term>,
    /// The imports in order.
    pub imports: Vec<Import>,
    /// The rules in order, further bodies as further rules.
    pub rules: Vec<Rule>,
    /// The comments in order: the text behind `#`.
    pub comments: Vec<(Location, String)>,
    /// The metadata blocks.
    pub annotations: Vec<Annotations>,
}

/// `import data.a as b`
#[derive(Clone, Debug)]
pub struct Import {
    /// Where the word `import` is.
    pub location: Location,
    /// A ref.
    pub path: Term,
    /// The name after `as`.
    pub alias: Option<String>,
}

/// A metadata block with what it stands above.
#[derive(Clone, Debug)]
pub struct Annotations {
    /// Where the block is.
    pub location: Location,
    /// The scope by its name.
    pub scope: &'static str,
    /// The index of the rule below in [`Module::rules`], or none for the package.
    pub rule: Option<usize>,
    /// The fields as written.
    pub value: palisade_value::Value,
}

/// A rule, or a branch of one.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The whole rule as far as OPA keeps it.
    pub location: Location,
    /// Whether it is written `default …`.
    pub is_default: bool,
    /// What it defines.
    pub head: Head,
    /// What must hold; `true` where nothing is written.
    pub body: Vec<Expr>,
    /// The next branch.
    pub otherwise: Option<Box<Rule>>,
}

/// The head of a rule.
#[derive(Clone, Debug)]
pub struct Head {
    /// From the name to the value.
    pub location: Location,
    /// The name, where OPA keeps one beside the ref.
    pub name: Option<String>,
    /// The name with all that is appended to it.
    pub reference: Vec<Term>,
    /// The parameters.
    pub args: Vec<Term>,
    /// The member of a partial set, or the key of a partial object.
    pub key: Option<Term>,
    /// The value; none for a partial set.
    pub value: Option<Term>,
    /// Whether `:=` is written.
    pub assign: bool,
}

/// One expression of a body.
#[derive(Clone, Debug)]
pub struct Expr {
    /// With `not` and `with`.
    pub location: Location,
    /// Whether `not` stands before it.
    pub negated: bool,
    /// What it says.
    pub terms: Terms,
    /// Its `with` modifiers.
    pub with: Vec<With>,
}

/// What an expression says.
#[derive(Clone, Debug)]
pub enum Terms {
    /// A term.
    Term(Term),
    /// A call: the operator and its operands.
    Call(Vec<Term>),
    /// `some …`: variables, or one call of `in`.
    Some {
        /// Where the word `some` is.
        location: Location,
        /// What is declared.
        symbols: Vec<Term>,
    },
    /// `every k, v in xs { … }`
    Every(Box<Every>),
    /// Improved negation.
    Not {
        /// What must not hold.
        body: Vec<Expr>,
        /// Whether braces are written.
        is_explicit: bool,
    },
    /// `and` and `or`.
    Logical(Box<Logical>),
}

/// `every k, v in xs { … }`
#[derive(Clone, Debug)]
pub struct Every {
    /// Where the word `every` is.
    pub location: Location,
    /// The variable for the key.
    pub key: Option<Term>,
    /// The variable for the value.
    pub value: Term,
    /// What is iterated.
    pub domain: Term,
    /// What must hold for each.
    pub body: Vec<Expr>,
}

/// `a and b`, `a or b`
#[derive(Clone, Debug)]
pub struct Logical {
    /// `and` or `or`
    pub operator: &'static str,
    /// The left side.
    pub lhs: Operand,
    /// The right side.
    pub rhs: Operand,
}

/// A side of `and` or `or`.
#[derive(Clone, Debug)]
pub struct Operand {
    /// What must hold.
    pub body: Vec<Expr>,
    /// Whether braces are written.
    pub is_explicit: bool,
}

/// `with target as value`
#[derive(Clone, Debug)]
pub struct With {
    /// The whole modifier.
    pub location: Location,
    /// What is replaced.
    pub target: Term,
    /// By what.
    pub value: Term,
}

/// A term.
#[derive(Clone, Debug)]
pub struct Term {
    /// Where it is; nowhere, if it is not written.
    pub location: Option<Location>,
    /// What it is.
    pub value: Value,
}

/// The kinds of term.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number as written.
    Number(String),
    /// A string.
    String {
        /// Its content.
        text: String,
        /// Where its literal is, quotes included; none for a name behind a dot.
        literal: Option<Location>,
    },
    /// `$"…"`
    Template {
        /// The parts in order.
        parts: Vec<Part>,
        /// Whether it is written in back-quotes.
        is_raw: bool,
    },
    /// A variable; `$0`, `$1`, … for wildcards.
    Var(String),
    /// A chain of accesses; the first part is what is accessed.
    Ref(Vec<Term>),
    /// `[a, b]`
    Array(Vec<Term>),
    /// `{k: v}` in the order written, no key twice.
    Object(Vec<(Term, Term)>),
    /// `{a, b}` in the order written, no member twice.
    Set(Vec<Term>),
    /// `[x | body]`
    ArrayComprehension(Box<Term>, Vec<Expr>),
    /// `{x | body}`
    SetComprehension(Box<Term>, Vec<Expr>),
    /// `{k: v | body}`
    ObjectComprehension(Box<Term>, Box<Term>, Vec<Expr>),
    /// A call: the operator and its operands.
    Call(Vec<Term>),
}

/// A part of a template string.
#[derive(Clone, Debug)]
pub enum Part {
    /// Literal text.
    Text(Term),
    /// `{1}`: OPA keeps scalars as terms.
    Scalar(Term),
    /// `{expr}`
    Expr(Expr),
}

/// Gives a body that was read without diagnostics OPA's shape.
pub fn body(files: &Files, file: FileId, body: &ast::Body) -> Vec<Expr> {
    build::Builder::new(files.text(file)).body(body)
}

/// Gives a file that was read without diagnostics OPA's shape.
pub fn module(files: &Files, module: &ast::Module) -> Module {
    build::Builder::new(files.text(module.file)).module(module)
}
