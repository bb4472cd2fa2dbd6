//! From what is written to OPA's shape: the file.

use palisade_diag::Span;

use super::{Annotations, Expr, Import, Location, Module, Term, Terms, Value};
use crate::syntax::ast::{self, Scope, Target, TermKind};

/// What is kept while one file is read.
pub(super) struct Builder<'a> {
    pub(super) text: &'a str,
    /// How many wildcards have been met.
    wildcards: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str) -> Builder<'a> {
        Builder { text, wildcards: 0 }
    }

    pub(super) fn module(&mut self, module: &ast::Module) -> Module {
        let imports = module.imports.iter().map(|it| self.import(it)).collect();
        let mut rules = Vec::new();
        // Where the rules of the file are once further bodies are rules.
        let mut places = Vec::new();
        for rule in &module.rules {
            places.push(rules.len());
            rules.extend(self.rule(rule));
        }
        Module {
            package: word(module.package.span, "package"),
            path: self.package_path(&module.package.path),
            imports,
            rules,
            comments: module
                .comments
                .iter()
                .map(|it| (location(it.span), it.text.clone()))
                .collect(),
            annotations: module.annotations.iter().map(|it| annotations(it, &places)).collect(),
        }
    }

    fn package_path(&mut self, path: &[ast::Term]) -> Vec<Term> {
        let first = path.first().map(|it| variable(it.span, "data"));
        first.into_iter().chain(path.iter().map(|it| self.term(it))).collect()
    }

    fn import(&mut self, import: &ast::Import) -> Import {
        let path = &import.path;
        let head = match &path.head.kind {
            TermKind::Var(name) => variable(path.head.span, name),
            _ => self.term(&path.head),
        };
        let parts = std::iter::once(head).chain(path.path.iter().map(|it| self.term(it))).collect();
        Import {
            location: word(import.span, "import"),
            path: term(location(path.span), Value::Ref(parts)),
            alias: import.alias.as_ref().map(|it| it.text.clone()),
        }
    }

    /// A wildcard's own name.
    pub(super) fn wildcard(&mut self) -> String {
        self.wildcards += 1;
        format!("${}", self.wildcards - 1)
    }

    /// Whether a character stands at a byte.
    pub(super) fn has_at(&self, at: u32, character: char) -> bool {
        self.text.get(at as usize..).is_some_and(|it| it.starts_with(character))
    }

    /// The first byte at or behind `from` that is neither space nor in a comment.
    pub(super) fn skip_space(&self, from: u32) -> u32 {
        let mut at = from as usize;
        loop {
            let rest = self.text.get(at..).unwrap_or_default();
            let gap = rest.len() - rest.trim_start().len();
            at += gap;
            if !rest.trim_start().starts_with('#') {
                return at as u32;
            }
            at += rest.trim_start().find('\n').unwrap_or(rest.len() - gap);
        }
    }
}

fn annotations(it: &ast::Annotations, places: &[usize]) -> Annotations {
    Annotations {
        location: location(it.span),
        scope: match it.scope {
            Scope::Rule => "rule",
            Scope::Document => "document",
            Scope::Package => "package",
            Scope::Subpackages => "subpackages",
        },
        rule: match it.target {
            Target::Package => None,
            Target::Rule(at) => places.get(at).copied(),
        },
        value: it.value.clone(),
    }
}

pub(super) fn location(span: Span) -> Location {
    Location { at: span.start, start: span.start, end: span.end }
}

/// Where the word is that a span starts with.
pub(super) fn word(span: Span, word: &str) -> Location {
    Location { end: span.start + word.len() as u32, ..location(span) }
}

pub(super) fn term(location: Location, value: Value) -> Term {
    Term { location: Some(location), value }
}

pub(super) fn variable(span: Span, name: &str) -> Term {
    term(location(span), Value::Var(name.to_owned()))
}

/// The body of a rule that has none.
pub(super) fn always(at: Location) -> Vec<Expr> {
    let terms = Terms::Term(term(at, Value::Boolean(true)));
    vec![Expr { location: at, negated: false, terms, with: Vec::new() }]
}
