//! What is left: the residual program, close to Rego's syntax but with variables as numbers.

use std::rc::Rc;

use palisade_value::Value;

/// A variable. Numbers are never used twice, so that bodies can be put into one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Var(pub u32);

/// A term.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A constant.
    Const(Value),
    /// A variable.
    Var(Var),
    /// `[a, b]`
    Array(Vec<Term>),
    /// `{k: v}`
    Object(Vec<(Term, Term)>),
    /// `{a, b}`
    Set(Vec<Term>),
    /// `input.a[b]`
    Ref(Box<Head>, Vec<Term>),
    /// `f(a, b)`
    Call(Callee, Vec<Term>),
    /// `[value | body]`
    ArrayComprehension(Box<Term>, Vec<Expr>),
    /// `{value | body}`
    SetComprehension(Box<Term>, Vec<Expr>),
    /// `{key: value | body}`
    ObjectComprehension(Box<(Term, Term)>, Vec<Expr>),
}

/// What a reference starts with.
#[derive(Clone, Debug, PartialEq)]
pub enum Head {
    /// `input`
    Input,
    /// `data`
    Data,
    /// Any other term.
    Term(Term),
}

/// What is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Callee {
    /// A built-in by its name.
    Builtin(String),
    /// A function by its path below `data`.
    Function(Vec<Value>),
}

/// An expression of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it says.
    pub kind: Kind,
    /// Replacements in force, front to back.
    pub with: Modifiers,
    /// Whether it may have more than one solution.
    pub generates: bool,
}

/// The `with` modifiers of an expression.
pub type Modifiers = Rc<[With]>;

/// The kinds of expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// The term has a value other than `false`.
    Term(Term),
    /// Both sides are the same.
    Unify(Term, Term),
    /// The expression does not hold, in the sense of Rego's ordinary `not`.
    Not(Box<Kind>),
    /// `every key, value in domain { body }`
    Every(Box<Every>),
}

/// `every key, value in domain { body }`
#[derive(Clone, Debug, PartialEq)]
pub struct Every {
    /// The key's variable.
    pub key: Option<Term>,
    /// The value's variable.
    pub value: Term,
    /// What is iterated.
    pub domain: Term,
    /// What holds for each.
    pub body: Vec<Expr>,
}

/// `with target as value`
#[derive(Clone, Debug, PartialEq)]
pub struct With {
    /// What is replaced.
    pub target: Target,
    /// By what.
    pub value: Replacement,
}

/// What a `with` replaces.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// A place in `input`.
    Input(Vec<Value>),
    /// A place in `data`.
    Data(Vec<Value>),
    /// A function.
    Callee(Callee),
}

/// What a `with` puts in place.
#[derive(Clone, Debug, PartialEq)]
pub enum Replacement {
    /// A value.
    Term(Term),
    /// Another function.
    Callee(Callee),
}

/// A rule of a support module.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The package, without `data`.
    pub package: Vec<String>,
    /// The front of the head that is constant scalars, without the package.
    pub name: Vec<Value>,
    /// The rest of the head's path.
    pub suffix: Vec<Term>,
    /// What it defines.
    pub kind: RuleKind,
    /// Whether it is a `default`.
    pub is_default: bool,
    /// Bodies with their values: the first, and the `else` branches.
    pub clauses: Vec<(Term, Vec<Expr>)>,
}

/// What a support rule defines.
#[derive(Clone, Debug)]
pub enum RuleKind {
    /// The value of a document.
    Value,
    /// A member of a set: the value of its one clause.
    Contains,
    /// The value of a function.
    Function(Vec<Term>),
}

impl Expr {
    /// An expression without modifiers that has one solution at most.
    pub fn new(kind: Kind) -> Expr {
        Expr { kind, with: Rc::from([]), generates: false }
    }

    /// Calls `visit` with every term, the parts of a term before it. What is nested in closures is visited too.
    pub fn terms_mut(&mut self, visit: &mut dyn FnMut(&mut Term)) {
        self.kind.terms_mut(visit);
        if self.with.iter().any(|it| matches!(it.value, Replacement::Term(_))) {
            let mut with = self.with.to_vec();
            for it in &mut with {
                if let Replacement::Term(term) = &mut it.value {
                    term.terms_mut(visit);
                }
            }
            self.with = Rc::from(with);
        }
    }

    /// The same for looking only.
    pub fn terms(&self, visit: &mut dyn FnMut(&Term)) {
        self.kind.terms(visit);
        for it in self.with.iter() {
            if let Replacement::Term(term) = &it.value {
                term.terms(visit);
            }
        }
    }
}

impl Kind {
    fn terms_mut(&mut self, visit: &mut dyn FnMut(&mut Term)) {
        match self {
            Kind::Term(term) => term.terms_mut(visit),
            Kind::Unify(left, right) => {
                left.terms_mut(visit);
                right.terms_mut(visit);
            }
            Kind::Not(inner) => inner.terms_mut(visit),
            Kind::Every(every) => {
                every.key.iter_mut().for_each(|it| it.terms_mut(visit));
                every.value.terms_mut(visit);
                every.domain.terms_mut(visit);
                every.body.iter_mut().for_each(|it| it.terms_mut(visit));
            }
        }
    }

    /// Calls `visit` with every term, the parts of a term before it.
    pub fn terms(&self, visit: &mut dyn FnMut(&Term)) {
        match self {
            Kind::Term(term) => term.terms(visit),
            Kind::Unify(left, right) => {
                left.terms(visit);
                right.terms(visit);
            }
            Kind::Not(inner) => inner.terms(visit),
            Kind::Every(every) => {
                every.key.iter().for_each(|it| it.terms(visit));
                every.value.terms(visit);
                every.domain.terms(visit);
                every.body.iter().for_each(|it| it.terms(visit));
            }
        }
    }
}

impl Term {
    /// Calls `visit` with every part and then with the term itself.
    pub fn terms_mut(&mut self, visit: &mut dyn FnMut(&mut Term)) {
        match self {
            Term::Const(_) | Term::Var(_) => {}
            Term::Array(items) | Term::Set(items) | Term::Call(_, items) => {
                items.iter_mut().for_each(|it| it.terms_mut(visit));
            }
            Term::Object(entries) => entries.iter_mut().for_each(|(key, value)| {
                key.terms_mut(visit);
                value.terms_mut(visit);
            }),
            Term::Ref(head, path) => {
                if let Head::Term(term) = &mut **head {
                    term.terms_mut(visit);
                }
                path.iter_mut().for_each(|it| it.terms_mut(visit));
            }
            Term::ArrayComprehension(value, body) | Term::SetComprehension(value, body) => {
                value.terms_mut(visit);
                body.iter_mut().for_each(|it| it.terms_mut(visit));
            }
            Term::ObjectComprehension(entry, body) => {
                entry.0.terms_mut(visit);
                entry.1.terms_mut(visit);
                body.iter_mut().for_each(|it| it.terms_mut(visit));
            }
        }
        visit(self);
    }

    /// The same for looking only.
    pub fn terms(&self, visit: &mut dyn FnMut(&Term)) {
        match self {
            Term::Const(_) | Term::Var(_) => {}
            Term::Array(items) | Term::Set(items) | Term::Call(_, items) => {
                items.iter().for_each(|it| it.terms(visit));
            }
            Term::Object(entries) => entries.iter().for_each(|(key, value)| {
                key.terms(visit);
                value.terms(visit);
            }),
            Term::Ref(head, path) => {
                if let Head::Term(term) = &**head {
                    term.terms(visit);
                }
                path.iter().for_each(|it| it.terms(visit));
            }
            Term::ArrayComprehension(value, body) | Term::SetComprehension(value, body) => {
                value.terms(visit);
                body.iter().for_each(|it| it.terms(visit));
            }
            Term::ObjectComprehension(entry, body) => {
                entry.0.terms(visit);
                entry.1.terms(visit);
                body.iter().for_each(|it| it.terms(visit));
            }
        }
        visit(self);
    }

    /// Whether it is made of constants and variables alone, so that it always has exactly one value.
    pub fn is_total(&self) -> bool {
        match self {
            Term::Const(_) | Term::Var(_) => true,
            Term::Array(items) | Term::Set(items) => items.iter().all(Term::is_total),
            Term::Object(entries) => {
                entries.iter().all(|(key, value)| key.is_total() && value.is_total())
            }
            _ => false,
        }
    }
}

/// Puts a term in the place of a variable, everywhere.
pub fn substitute(body: &mut [Expr], var: Var, by: &Term) {
    for expr in body {
        expr.terms_mut(&mut |term| {
            if *term == Term::Var(var) {
                *term = by.clone();
            }
            flatten(term);
        });
    }
}

/// A reference that starts with a reference is one reference.
fn flatten(term: &mut Term) {
    if let Term::Ref(head, path) = term
        && let Head::Term(Term::Ref(inner, front)) = &mut **head
    {
        let inner = std::mem::replace(&mut **inner, Head::Input);
        front.append(path);
        *path = std::mem::take(front);
        **head = inner;
    }
}
