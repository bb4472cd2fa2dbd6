//! The checked program: what the evaluators read.
//!
//! Names are resolved, bodies are in an order in which every variable is bound before it is needed, arities and types
//! have been checked. Terms stay nested as they are written.
//!
//! **Binding.** A [`TermKind::Local`] whose variable has no value yet binds it; with a value it compares. Which of the
//! two happens is fixed by the order of the body: an evaluator that goes through bodies front to back, and through a
//! term's parts left to right, never needs a value that isn't there. Variables of an enclosing body are bound in the
//! bodies nested in it (comprehensions, `not`, `every`); what a nested body binds is not visible outside.
//!
//! **Several values.** A reference with an unbound variable in it has one solution for each key; so has a call of a
//! relation (`walk`). Each solution goes on with the rest of the expression and of the body.

mod readiness;

use std::collections::BTreeMap;
use std::sync::Arc;

use palisade_diag::{Files, Span};
use palisade_value::Value;

/// A variable of a rule (or of the query), an index into [`Scope::locals`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub u32);

/// A rule, an index into [`Program::rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u32);

/// A function (all rules that define it), an index into [`Program::functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(pub u32);

/// A built-in, an index into [`Program::builtins`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BuiltinId(pub u32);

/// A whole checked program.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The sources, for places in errors and explanations.
    pub files: Arc<Files>,
    /// Every rule of every file, in the order of the files.
    pub rules: Vec<Rule>,
    /// The virtual documents under `data`.
    pub root: Node,
    /// The functions.
    pub functions: Vec<Function>,
    /// The built-ins that the program calls or replaces, by name.
    pub builtins: Vec<Builtin>,
    /// The paths (without `data`) marked `entrypoint: true`, sorted.
    pub entrypoints: Vec<Vec<String>>,
    /// The queries compiled with the program.
    pub queries: Vec<Query>,
}

/// A built-in that the program uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its name: `count`, `json.patch`.
    pub name: String,
    /// How many arguments it takes, the result not counted.
    pub arity: usize,
    /// Whether it is a relation: its array result is one solution an element.
    pub relation: bool,
}

/// A place in the tree of virtual documents.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// What lies below, by key: packages, rules and rules with longer heads.
    pub children: BTreeMap<String, Node>,
    /// The rules whose head's constant part ends here, functions excluded, in the order of the files.
    pub rules: Vec<RuleId>,
    /// The function defined here.
    pub function: Option<FunctionId>,
    /// Whether a file declares this package.
    pub is_package: bool,
}

impl Node {
    /// The node at a path below this one.
    pub fn at<'a>(&self, path: impl IntoIterator<Item = &'a str>) -> Option<&Node> {
        path.into_iter().try_fold(self, |node, key| node.children.get(key))
    }

    /// Whether evaluating the document here runs no rule at all.
    pub fn is_base_only(&self) -> bool {
        self.rules.is_empty() && self.children.values().all(Node::is_base_only)
    }
}

/// A function: its clauses in order, each a rule with [`RuleKind::Function`].
#[derive(Clone, Debug)]
pub struct Function {
    /// The path without `data`.
    pub path: Vec<String>,
    /// How many parameters it has.
    pub arity: usize,
    /// The rules that define it, defaults excluded.
    pub rules: Vec<RuleId>,
    /// The `default` rule, if any.
    pub default: Option<RuleId>,
}

/// The variables of a rule or query.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// By [`LocalId`].
    pub locals: Vec<Local>,
    /// Whether what `not` negates has variables of its own.
    pub closed_negation: bool,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name as written; `_` for wildcards, empty for those the checker made.
    pub name: String,
    /// Where it first stands.
    pub span: Span,
}

/// What a rule defines.
#[derive(Clone, Debug)]
pub enum RuleKind {
    /// The value of a document: at `path`, or with a suffix, below it.
    Value,
    /// A member of a set.
    Contains(Term),
    /// A function's value for these parameters (patterns, bound left to right).
    Function(Vec<Term>),
}

/// One rule, its `else` chain included.
///
/// It contributes to the document at `path`: without a suffix its value is that document (or a member of it, for
/// [`RuleKind::Contains`]); with a suffix `[a][b]` it is what stands under `[a][b]` there (for `Contains`: a member of
/// the set there). Contributions of several rules are put together; two different values in one place are a conflict
/// (`eval_conflict_error`). A `default` rule has one clause with an empty body and counts when no other rule of its
/// path has a value.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The whole rule.
    pub span: Span,
    /// The head.
    pub head: Span,
    /// The package's path, without `data`.
    pub package: Vec<String>,
    /// The constant front part of the head, package included, without `data`.
    pub path: Vec<String>,
    /// The rest of the head's path: starts with the first part that is no string constant.
    pub suffix: Vec<Term>,
    /// What it defines.
    pub kind: RuleKind,
    /// Whether it is a `default`.
    pub is_default: bool,
    /// The rule and its `else` branches: the first whose body holds gives the value.
    pub clauses: Vec<Clause>,
    /// Its variables.
    pub scope: Scope,
}

impl Rule {
    /// The terms of the head, but for the value: the suffix, then the member or the parameters. For a document they are
    /// what keys that are asked for are held against.
    pub fn head_terms(&self) -> impl Iterator<Item = &Term> {
        let last: &[Term] = match &self.kind {
            RuleKind::Contains(member) => std::slice::from_ref(member),
            RuleKind::Function(parameters) => parameters,
            RuleKind::Value => &[],
        };
        self.suffix.iter().chain(last)
    }
}

/// A body and the value it gives.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The head and body, or the `else` branch.
    pub span: Span,
    /// The condition.
    pub body: Body,
    /// The value when it holds; `true` where none is written. Unused for [`RuleKind::Contains`].
    pub value: Term,
}

/// Expressions in the order in which they are to be evaluated.
#[derive(Clone, Debug, Default)]
pub struct Body {
    /// In order of evaluation.
    pub exprs: Vec<Expr>,
}

/// One expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// The expression as written.
    pub span: Span,
    /// Replacements that hold while it is evaluated, applied front to back. Their values are evaluated outside.
    pub with: Vec<With>,
    /// What it says.
    pub kind: ExprKind,
}

/// The kinds of expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// The term must have a value other than `false`; one solution a value of the term.
    Term(Term),
    /// Both sides must be the same value; variables without a value are bound, arrays and objects are taken apart.
    /// One side at least has its inputs bound when its turn comes.
    Unify(Term, Term),
    /// One solution for each key and value of the collection that match the patterns.
    /// Keys are array indices, object keys, or the members themselves in sets.
    SomeIn {
        /// The pattern for the key, if given.
        key: Option<Term>,
        /// The pattern for the value.
        value: Term,
        /// What is iterated. No solution if it is no collection.
        collection: Term,
    },
    /// The body has no solution.
    Not(Body),
    /// The body has a solution for each element. Undefined if the domain is undefined or no collection.
    Every {
        /// The key's variable.
        key: Option<LocalId>,
        /// The value's variable.
        value: LocalId,
        /// What is iterated.
        domain: Term,
        /// What must hold.
        body: Body,
    },
    /// At least one body has a solution; one solution in all. Variables bound inside stay inside.
    Or(Vec<Body>),
    /// The body has a solution; one solution for each of its solutions, variables bound inside stay visible.
    And(Body),
}

/// A replacement.
#[derive(Clone, Debug)]
pub struct With {
    /// As written.
    pub span: Span,
    /// What is replaced.
    pub target: WithTarget,
    /// By what.
    pub value: WithValue,
}

/// What a `with` replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WithTarget {
    /// `input` or a path in it.
    Input(Vec<Value>),
    /// A path below `data`, base or virtual.
    Data(Vec<Value>),
    /// A function.
    Function(FunctionId),
    /// A built-in.
    Builtin(BuiltinId),
}

/// What a `with` puts in place.
#[derive(Clone, Debug)]
pub enum WithValue {
    /// A value. For a function or built-in: every call returns it.
    Term(Term),
    /// Another function or built-in.
    Callee(Callee),
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// A built-in.
    Builtin(BuiltinId),
    /// A function of the program.
    Function(FunctionId),
}

/// A term.
#[derive(Clone, Debug)]
pub struct Term {
    /// As written.
    pub span: Span,
    /// What it is.
    pub kind: TermKind,
}

/// The kinds of term.
#[derive(Clone, Debug)]
pub enum TermKind {
    /// A constant, scalars and ground composites alike.
    Const(Value),
    /// A variable.
    Local(LocalId),
    /// `[a, b]`
    Array(Vec<Term>),
    /// `{k: v}`
    Object(Vec<(Term, Term)>),
    /// `{a, b}`
    Set(Vec<Term>),
    /// `input`, or something in it.
    Input(Vec<Term>),
    /// `data`, or something below it. The evaluator walks [`Program::root`] along the path and base data beside it.
    Data(Vec<Term>),
    /// An access to the parts of any other term.
    Ref(Box<Term>, Vec<Term>),
    /// A call. Undefined if the function is; an error of a built-in makes it undefined too unless strict.
    Call(Callee, Vec<Term>),
    /// `[value | body]`, in the order of the solutions.
    ArrayComprehension(Box<Term>, Body),
    /// `{value | body}`
    SetComprehension(Box<Term>, Body),
    /// `{key: value | body}`; two values for one key are a conflict.
    ObjectComprehension(Box<Term>, Box<Term>, Body),
}

/// A query: a body of which all solutions are wanted.
#[derive(Clone, Debug)]
pub struct Query {
    /// As written.
    pub span: Span,
    /// The body. Each expression that is a plain term is written as `local = term`, so that `false` is a value.
    pub body: Body,
    /// The variables that a solution shows, sorted by name. No wildcards, none the checker made.
    pub bindings: Vec<(String, LocalId)>,
    /// The written expressions in order: their text's place, and the variable with their value (`true` where none).
    pub exprs: Vec<(Span, Option<LocalId>)>,
    /// Its variables.
    pub scope: Scope,
}
