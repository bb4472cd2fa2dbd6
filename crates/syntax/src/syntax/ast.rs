//! The syntax tree: what is written, with its places. Nothing is resolved or rewritten here.
//!
//! Every node has the [`Span`] of its text. Comments are kept beside the tree in source order; together with the spans
//! they suffice to print the file again.

use palisade_diag::{FileId, Span};

/// Which Rego a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// Before OPA 1.0: `if` and `contains` only by `import future.keywords`.
    V0,
    /// OPA 1.0 and later; also a v0 file with `import rego.v1`.
    V1,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Module {
    /// The file it was read from.
    pub file: FileId,
    /// The language version in force in the file, `import rego.v1` taken into account.
    pub version: Version,
    /// `package a.b`
    pub package: Package,
    /// The imports in order, those of keywords too.
    pub imports: Vec<Import>,
    /// The rules in order.
    pub rules: Vec<Rule>,
    /// All comments in order.
    pub comments: Vec<Comment>,
    /// The metadata blocks, parsed.
    pub annotations: Vec<Annotations>,
}

/// `package a.b["c"]`
#[derive(Clone, Debug)]
pub struct Package {
    /// The whole statement.
    pub span: Span,
    /// The path, without `data`. Its parts are string constants.
    pub path: Vec<Term>,
}

/// `import data.a.b as c`
#[derive(Clone, Debug)]
pub struct Import {
    /// The whole statement.
    pub span: Span,
    /// The path, head included: `data`, `input`, `future` or `rego`.
    pub path: Ref,
    /// The name after `as`.
    pub alias: Option<Name>,
}

/// An identifier with its place.
#[derive(Clone, Debug)]
pub struct Name {
    /// Where.
    pub span: Span,
    /// The text.
    pub text: String,
}

/// `# …` up to the end of the line.
#[derive(Clone, Debug)]
pub struct Comment {
    /// From the `#` to the last character.
    pub span: Span,
    /// The text behind the `#`.
    pub text: String,
}

/// A `# METADATA` block: the YAML below it as a value, and what it stands above.
#[derive(Clone, Debug)]
pub struct Annotations {
    /// The block of comments.
    pub span: Span,
    /// What the block applies to.
    pub scope: Scope,
    /// The package, or the index of the rule, that the block stands above.
    pub target: Target,
    /// The YAML document, as written.
    pub value: palisade_value::Value,
}

/// What a metadata block applies to: `scope:` in it, or by where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The one rule below.
    Rule,
    /// All rules of that name in the file's package.
    Document,
    /// The package of this file.
    Package,
    /// The package and everything below it.
    Subpackages,
}

/// What a metadata block stands above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The package statement.
    Package,
    /// The rule with this index in [`Module::rules`].
    Rule(usize),
}

/// One rule as written: head, body and its `else` chain.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The whole rule.
    pub span: Span,
    /// Whether it is written `default …`.
    pub is_default: bool,
    /// What the rule defines.
    pub head: Head,
    /// The body; absent where there is none written (`p := 1`, `default p := 1`).
    pub body: Option<Body>,
    /// The `else` branches in order.
    pub elses: Vec<Else>,
    /// Further bodies of the same head, as in v0's `p { … } { … }`.
    pub more_bodies: Vec<Body>,
}

/// The head of a rule.
#[derive(Clone, Debug)]
pub struct Head {
    /// From the name to the value.
    pub span: Span,
    /// The name with all that is appended to it: `p`, `p.q[x]`. The first part is a string constant too.
    /// For a partial set in v0 (`p[x] { … }`) the last bracket is not here but in `contains`.
    pub path: Vec<Term>,
    /// The parameters of a function. `f()` has none of them, but a list: it is the rule `f`.
    pub args: Option<Vec<Term>>,
    /// The member of a partial set: `contains x`, or v0's `p[x]`.
    pub contains: Option<Term>,
    /// The value behind `=` or `:=`.
    pub value: Option<Term>,
    /// Which of the two is written.
    pub assign: Option<Assign>,
    /// Whether `if` is written.
    pub has_if: bool,
    /// Whether a v0 bracket was read as a set's member rather than `contains` being written.
    pub is_bracket_set: bool,
}

/// The two ways to give a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assign {
    /// `=`
    Unify,
    /// `:=`
    Declare,
}

/// `else := v if { … }`
#[derive(Clone, Debug)]
pub struct Else {
    /// From `else` to the end.
    pub span: Span,
    /// The value; `true` where absent.
    pub value: Option<Term>,
    /// Which sign is written before the value.
    pub assign: Option<Assign>,
    /// The body, if any.
    pub body: Option<Body>,
}

/// Expressions that must all hold.
#[derive(Clone, Debug)]
pub struct Body {
    /// With the braces, if there are any.
    pub span: Span,
    /// In the order in which they are written.
    pub exprs: Vec<Expr>,
}

/// One expression of a body.
#[derive(Clone, Debug)]
pub struct Expr {
    /// With `not` and `with`.
    pub span: Span,
    /// Whether `not` stands before it.
    pub negated: bool,
    /// What it says.
    pub kind: ExprKind,
    /// Its `with` modifiers in order.
    pub with: Vec<With>,
}

/// The kinds of expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A term: it must have a value other than `false`.
    Term(Term),
    /// `a = b` or `a := b`
    Assign(Assign, Box<Term>, Box<Term>),
    /// `some x, y`
    SomeVars(Vec<Name>),
    /// `some x in xs`, `some k, v in xs`
    SomeIn {
        /// The pattern for the key, if given.
        key: Option<Term>,
        /// The pattern for the value.
        value: Term,
        /// What is iterated.
        collection: Term,
    },
    /// `every k, v in xs { … }`
    Every {
        /// The name for the key, if given. A variable term.
        key: Option<Term>,
        /// The name for the value. A variable term.
        value: Term,
        /// What is iterated.
        domain: Term,
        /// What must hold for each.
        body: Body,
    },
    /// What improved negation negates: `not { … }`, or `not x`, where the body has the span of its one expression.
    /// Also a braced operand of `and` and `or`.
    Body(Body),
    /// Experimental: both sides must hold.
    And(Vec<Expr>),
    /// Experimental: one side must hold.
    Or(Vec<Expr>),
}

/// `with target as value`
#[derive(Clone, Debug)]
pub struct With {
    /// The whole modifier.
    pub span: Span,
    /// What is replaced: a ref or a variable.
    pub target: Term,
    /// By what.
    pub value: Term,
}

/// A term.
#[derive(Clone, Debug)]
pub struct Term {
    /// Its text.
    pub span: Span,
    /// What it is.
    pub kind: TermKind,
}

/// A chain of accesses: `input.a[b].c`.
#[derive(Clone, Debug)]
pub struct Ref {
    /// The whole chain.
    pub span: Span,
    /// What is accessed: a variable, a call, a composite or a comprehension.
    pub head: Box<Term>,
    /// The parts: `.a` is the string constant `a`.
    pub path: Vec<Term>,
}

/// The kinds of term.
#[derive(Clone, Debug)]
pub enum TermKind {
    /// `null`
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A number as written.
    Number(String),
    /// A string, escapes resolved. `raw` tells back-quotes.
    String {
        /// The content.
        text: String,
        /// Whether it is written in back-quotes.
        raw: bool,
    },
    /// `$"…{x}…"`
    Template {
        /// The parts in order.
        parts: Vec<TemplatePart>,
        /// Whether it is written in back-quotes.
        raw: bool,
    },
    /// A name, `_` included.
    Var(String),
    /// A chain of at least one access.
    Ref(Ref),
    /// `[a, b]`
    Array(Vec<Term>),
    /// `{k: v}`
    Object(Vec<(Term, Term)>),
    /// `{a, b}`, `set()`
    Set(Vec<Term>),
    /// `[x | body]`
    ArrayComprehension(Box<Term>, Body),
    /// `{x | body}`
    SetComprehension(Box<Term>, Body),
    /// `{k: v | body}`
    ObjectComprehension(Box<Term>, Box<Term>, Body),
    /// `f(a, b)`. The callee is a variable or a chain of constant accesses.
    Call(Box<Term>, Vec<Term>),
    /// `a + b`, `a == b`, …; also `-x`, which is `0 - x` with the `0` standing at the sign.
    Infix(Infix, Box<Term>, Box<Term>),
    /// `x in xs`, `k, v in xs`
    In {
        /// The key, if given.
        key: Option<Box<Term>>,
        /// The value.
        value: Box<Term>,
        /// Where it is looked for.
        collection: Box<Term>,
    },
    /// `(a)`
    Parens(Box<Term>),
    /// What could not be read; a diagnostic says why.
    Error,
}

/// A part of a template string.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Literal text, escapes resolved.
    Text(String),
    /// `{expr}`: an expression without `not`, with its `with` modifiers.
    Expr(Box<Expr>),
}

/// The infix operators that are calls of built-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Infix {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Rem,
    /// `&`
    And,
    /// `|`
    Or,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
}

impl Infix {
    /// The built-in that the operator calls.
    pub fn builtin(self) -> &'static str {
        match self {
            Infix::Plus => "plus",
            Infix::Minus => "minus",
            Infix::Mul => "mul",
            Infix::Div => "div",
            Infix::Rem => "rem",
            Infix::And => "and",
            Infix::Or => "or",
            Infix::Equal => "equal",
            Infix::NotEqual => "neq",
            Infix::Less => "lt",
            Infix::LessEqual => "lte",
            Infix::Greater => "gt",
            Infix::GreaterEqual => "gte",
        }
    }
}
