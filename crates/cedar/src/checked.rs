//! Checked Cedar: a set of policies as the compiler and the reference evaluator read it.
//!
//! Names are resolved, template links have become policies, and of the official crates nothing is left, so that what
//! comes behind does not depend on them. Policies that share a condition (the links of a template, mostly) share it here
//! too.

use std::collections::BTreeMap;

use palisade_value::Value;

/// A set of policies with what is known beside them.
#[derive(Clone, Debug, Default)]
pub struct PolicySet {
    /// In the order of the sources, links behind the policies.
    pub policies: Vec<Policy>,
    /// The conditions that policies refer to, none twice.
    pub conditions: Vec<Expr>,
    /// What entities and requests are like, if that is known.
    pub schema: Option<Schema>,
    /// The entities known at build time, actions of the schema included.
    pub entities: Vec<Entity>,
}

/// A policy without slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its name in decisions: `policy0`, the name of a link, what `@id` says where that was asked for.
    pub id: String,
    /// What it does when it is satisfied.
    pub effect: Effect,
    /// The annotations, by name.
    pub annotations: BTreeMap<String, String>,
    /// Which principals it is about.
    pub principal: Scope,
    /// Which actions it is about.
    pub action: ActionScope,
    /// Which resources it is about.
    pub resource: Scope,
    /// All of its clauses as one expression, an index into [`PolicySet::conditions`]; absent where it has none.
    pub condition: Option<usize>,
    /// The file it stands in.
    pub file: String,
    /// The row it starts in, from 1.
    pub row: u32,
}

/// What a satisfied policy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Allows the request, unless it is forbidden.
    Permit,
    /// Denies the request, whatever permits it.
    Forbid,
}

/// Which principals or resources a policy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All.
    Any,
    /// This one.
    Eq(Uid),
    /// This one and what lies below it.
    In(Uid),
    /// Those of a type.
    Is(String),
    /// Those of a type that lie in something.
    IsIn(String, Uid),
}

/// Which actions a policy is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionScope {
    /// All.
    Any,
    /// This one.
    Eq(Uid),
    /// What lies in one of these.
    In(Vec<Uid>),
}

/// The name of an entity: `User::"alice"`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid {
    /// Its type, with namespaces: `PhotoApp::User`.
    pub ty: String,
    /// Its name in the type.
    pub id: String,
}

/// An entity that is known at build time, its values in the form that `palisade_builtins::cedar` documents.
#[derive(Clone, Debug)]
pub struct Entity {
    /// Its name.
    pub uid: Uid,
    /// A record.
    pub attrs: Value,
    /// A record: the tags.
    pub tags: Value,
    /// What it lies in directly.
    pub parents: Vec<Uid>,
}

/// What entities and requests are like.
#[derive(Clone, Debug, PartialEq)]
pub struct Schema {
    /// The entity types by name.
    pub entities: BTreeMap<String, EntityType>,
    /// The actions.
    pub actions: BTreeMap<Uid, Action>,
}

/// What the entities of a type are like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntityType {
    /// The attributes.
    pub attrs: BTreeMap<String, Attribute>,
    /// What the tags are, if it may have tags.
    pub tags: Option<Type>,
    /// The types that it may lie in directly or indirectly.
    pub ancestors: Vec<String>,
    /// The only names that it has, if they are enumerated.
    pub names: Option<Vec<String>>,
}

/// What an action is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Action {
    /// The types of principal.
    pub principals: Vec<String>,
    /// The types of resource.
    pub resources: Vec<String>,
    /// The attributes of the context.
    pub context: BTreeMap<String, Attribute>,
}

/// An attribute of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// What it is.
    pub ty: Type,
    /// Whether it is always there.
    pub is_required: bool,
}

/// A type of a schema.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// A boolean.
    Bool,
    /// An integer of 64 bits.
    Long,
    /// A string.
    String,
    /// An entity of a type.
    Entity(String),
    /// A set of elements of a type.
    Set(Box<Type>),
    /// A record with these attributes and no others.
    Record(BTreeMap<String, Attribute>),
    /// A value of an extension.
    Extension(Extension),
}

/// The types that are not in the core of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extension {
    /// `ip("10.0.0.0/8")`
    IpAddr,
    /// `decimal("1.5")`
    Decimal,
    /// `datetime("2026-01-01")`
    Datetime,
    /// `duration("1h")`
    Duration,
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A boolean.
    Bool(bool),
    /// An integer.
    Long(i64),
    /// A string.
    String(String),
    /// An entity.
    Entity(Uid),
    /// `principal`
    Var(Var),
    /// `!it`: it must be a boolean.
    Not(Box<Expr>),
    /// `-it`
    Negate(Box<Expr>),
    /// `it.isEmpty()`
    IsEmpty(Box<Expr>),
    /// Both: the right one is looked at only if the left one is true. Both must be booleans.
    And(Box<Expr>, Box<Expr>),
    /// Either: the right one is looked at only if the left one is false. Both must be booleans.
    Or(Box<Expr>, Box<Expr>),
    /// `if … then … else …`
    If(Box<[Expr; 3]>),
    /// An operator on two values, the left one computed first.
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// `it.name`, of a record or an entity.
    Attr(Box<Expr>, String),
    /// `it has a.b`: whether there is such an attribute.
    Has(Box<Expr>, Vec<String>),
    /// `it like "a*"`
    Like(Box<Expr>, Vec<Pattern>),
    /// `it is Type`
    Is(Box<Expr>, String),
    /// A set.
    Set(Vec<Expr>),
    /// A record; sorted by name, computed in this order.
    Record(Vec<(String, Expr)>),
    /// A function of an extension, by its name in Cedar: `isInRange`. Also one that does not exist, or with another
    /// number of arguments than it takes; that is an error once it is reached.
    Call(String, Vec<Expr>),
}

/// What a request is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Var {
    /// Who.
    Principal,
    /// Wants to do what.
    Action,
    /// With what.
    Resource,
    /// Under which circumstances.
    Context,
}

/// The operators on two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Binary {
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
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `in`
    In,
    /// `.contains()`
    Contains,
    /// `.containsAll()`
    ContainsAll,
    /// `.containsAny()`
    ContainsAny,
    /// `.getTag()`
    GetTag,
    /// `.hasTag()`
    HasTag,
}

/// A piece of a pattern of `like`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// This character.
    Char(char),
    /// Any number of any characters: `*`.
    Wildcard,
}
