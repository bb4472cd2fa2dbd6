//! From the trees of one file or query to checked rules: names and calls are resolved, bodies still in written order.

mod call;
mod expr;
pub mod names;
mod negation;
mod parameters;
mod template;
mod term;
mod with;

use std::collections::{BTreeSet, HashSet};

use palisade_diag::{Diagnostic, Files, Span};
use palisade_value::Value;

use crate::checked::{
    Body, Clause, Expr, ExprKind, LocalId, Query, Rule, RuleKind, Scope, Term, TermKind,
};
use crate::semantic::errors;
use crate::semantic::imports::{Environment, Root, constant_text};
use crate::semantic::lower::names::Names;
use crate::semantic::metadata::Around;
use crate::semantic::rules::{Tree, arity, place};
use crate::semantic::scope::{Lookup, Scopes};
use crate::semantic::table::Table;
use crate::syntax::{Language, ast};

/// A lowered rule or query with what the later analyses need to know of it.
#[derive(Debug)]
pub struct Lowered<T> {
    /// The rule or query.
    pub item: T,
    /// For each variable how many closures are around its body.
    pub depths: Vec<u32>,
    /// The expressions written with `:=`.
    pub assigned: HashSet<Span>,
    /// Variables whose term must have everything bound before: no iteration happens in it.
    pub eager: HashSet<LocalId>,
}

/// What the whole program shares while it is lowered.
#[derive(Debug)]
pub struct Shared<'a> {
    /// The sources.
    pub files: &'a Files,
    /// The rules.
    pub tree: &'a Tree,
    /// The built-ins.
    pub table: &'a mut Table,
    /// The parts of the language that may be used.
    pub language: Language,
    /// Names of built-ins that must not be called.
    pub unsafe_builtins: &'a [String],
    /// Whether strict checks are on.
    pub strict: bool,
    /// Whether calls of `print` stay.
    pub keep_print: bool,
    /// What is wrong.
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

/// Lowers one rule or query.
#[derive(Debug)]
pub struct Lowerer<'a, 'b> {
    shared: &'a mut Shared<'b>,
    environment: &'a Environment,
    around: Around,
    scopes: Scopes,
    assigned: HashSet<Span>,
    eager: HashSet<LocalId>,
}

/// What a name means.
#[derive(Debug)]
enum Name {
    Local(LocalId),
    Document(Root, Vec<Term>),
}

/// A constant term.
pub fn constant(span: Span, value: Value) -> Term {
    Term { span, kind: TermKind::Const(value) }
}

impl<'a, 'b> Lowerer<'a, 'b> {
    /// For a rule or query in this environment, with these annotations around it.
    pub fn new(
        shared: &'a mut Shared<'b>,
        environment: &'a Environment,
        around: Around,
    ) -> Lowerer<'a, 'b> {
        Lowerer {
            shared,
            environment,
            around,
            scopes: Scopes::default(),
            assigned: HashSet::new(),
            eager: HashSet::new(),
        }
    }

    /// Lowers a rule with the first of its bodies, or one of the further ones.
    pub fn rule(
        mut self,
        rule: &ast::Rule,
        body: Option<&ast::Body>,
        elses: &[ast::Else],
    ) -> Lowered<Rule> {
        let head = &rule.head;
        let place = place(&self.environment.package, head);
        let suffix = head.path.get(place.constant_parts..).unwrap_or(&[]);
        self.check_head(rule, suffix, elses);
        self.open_frame(false, BTreeSet::new());
        let args = head.args.as_deref().unwrap_or(&[]);
        let parameters = self.parameters(args);

        let head_terms: Vec<&ast::Term> =
            parameters.compared().chain(suffix).chain(&head.contains).chain(&head.value).collect();
        self.open(false, names::exprs(body), &head_terms);
        let lowered = self.clause_body(&parameters, body);
        let suffix = suffix.iter().map(|term| self.term(term)).collect();
        let member = head.contains.as_ref().map(|term| self.term(term));
        let value = self.value(head.value.as_ref(), head.span);
        self.close();
        let mut clauses = vec![Clause { span: rule_span(rule, body), body: lowered, value }];
        for branch in elses {
            let head_terms: Vec<&ast::Term> = parameters.compared().chain(&branch.value).collect();
            self.open(false, names::exprs(branch.body.as_ref()), &head_terms);
            let body = self.clause_body(&parameters, branch.body.as_ref());
            let value = self.value(branch.value.as_ref(), branch.span);
            self.close();
            clauses.push(Clause { span: branch.span, body, value });
        }
        self.close();

        let kind = match (member, arity(head)) {
            (Some(member), _) => RuleKind::Contains(member),
            (None, Some(_)) => RuleKind::Function(parameters.terms),
            (None, None) => RuleKind::Value,
        };
        let rule = Rule {
            span: rule.span,
            head: head.span,
            package: self.environment.package.clone(),
            path: place.path,
            suffix,
            kind,
            is_default: rule.is_default,
            clauses,
            scope: Scope {
                locals: self.scopes.locals,
                closed_negation: self.environment.improved_not,
            },
        };
        Lowered {
            item: rule,
            depths: self.scopes.depths,
            assigned: self.assigned,
            eager: self.eager,
        }
    }

    fn check_head(&mut self, rule: &ast::Rule, suffix: &[ast::Term], elses: &[ast::Else]) {
        let head = &rule.head;
        if let Some(branch) = elses.first()
            && !suffix.is_empty()
        {
            self.report(errors::else_on_partial(branch.span));
        }
        self.check_head_path(head);
        let name = head.path.first().and_then(constant_text);
        if let Some(name @ ("input" | "data")) = name
            && self.environment.is_strict
        {
            self.report(errors::shadows_root("rule", name, head.span));
        }
    }

    /// Reports a head that is longer than the capabilities know of.
    fn check_head_path(&mut self, head: &ast::Head) {
        let language = self.shared.language;
        let [first, rest @ ..] = head.path.as_slice() else { return };
        let path = rest.last().map_or(first.span, |last| first.span.to(last.span));
        let text = self.shared.files.slice(path);
        // `p.q` and `p["q"]` are told apart by what stands before the key.
        let is_plain = |key: &ast::Term| self.shared.files.slice(key.span).starts_with(['"', '`']);
        let is_single = matches!(rest, [key] if constant_text(key).is_none() || is_plain(key));
        if !rest.is_empty() && !is_single && !language.head_prefixes && !language.head_refs {
            let error = errors::head_refs_unsupported(text, head.span);
            self.report(error);
            return;
        }
        // The last part of a partial object's head has always been free.
        let front = if head.contains.is_some() { rest.len() } else { rest.len().max(1) - 1 };
        if !language.head_refs && rest.iter().take(front).any(|it| constant_text(it).is_none()) {
            let error = errors::general_head_refs_unsupported(text, head.span);
            self.report(error);
        }
    }

    fn value(&mut self, value: Option<&ast::Term>, span: Span) -> Term {
        match value {
            Some(value) => self.term(value),
            None => constant(span, Value::Boolean(true)),
        }
    }

    /// Lowers a query.
    pub fn query(mut self, body: &ast::Body) -> Lowered<Query> {
        self.open(false, &body.exprs, &[]);
        let mut lowered = Body::default();
        let mut captures = Vec::new();
        for expr in &body.exprs {
            let start = lowered.exprs.len();
            self.expr(expr, &mut lowered.exprs);
            let captured = lowered.exprs.get_mut(start..).and_then(|new| new.last_mut());
            let local = captured.and_then(|new| self.capture(expr, new));
            captures.push((expr.span, local));
        }
        // A query's variables are its result: none of them is unused.
        self.scopes.close(false, self.shared.diagnostics);
        let mut bindings: Vec<(String, LocalId)> = self
            .scopes
            .locals
            .iter()
            .zip(&self.scopes.depths)
            .enumerate()
            .filter(|(_, (local, depth))| {
                **depth == 0 && !local.name.is_empty() && local.name != "_"
            })
            .map(|(at, (local, _))| (local.name.clone(), LocalId(at as u32)))
            .collect();
        bindings.sort();
        let query = Query {
            span: body.span,
            body: lowered,
            bindings,
            exprs: captures,
            scope: Scope {
                locals: self.scopes.locals,
                closed_negation: self.environment.improved_not,
            },
        };
        Lowered {
            item: query,
            depths: self.scopes.depths,
            assigned: self.assigned,
            eager: self.eager,
        }
    }

    /// Makes a plain term `local = term`, so that the query can show its value.
    fn capture(&mut self, written: &ast::Expr, expr: &mut Expr) -> Option<LocalId> {
        let ExprKind::Term(term) = &mut expr.kind else { return None };
        if written.negated || !matches!(written.kind, ast::ExprKind::Term(_)) {
            return None;
        }
        let local = self.scopes.fresh_at("", written.span, 0);
        let span = term.span;
        let term = std::mem::replace(term, constant(span, Value::Null));
        expr.kind = ExprKind::Unify(Term { span, kind: TermKind::Local(local) }, term);
        Some(local)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.shared.diagnostics.push(diagnostic);
    }

    /// Opens a body: the names that stand in it directly and mean nothing outside become its variables.
    fn open(&mut self, closure: bool, exprs: &[ast::Expr], terms: &[&ast::Term]) {
        let names = Names::of(exprs, terms.iter().copied(), self.environment.improved_not);
        self.open_frame(closure, names.declared.clone());
        for (name, span) in &names.used {
            if !names.declared.contains(name)
                && !self.is_document(name)
                && self.scopes.peek(name) == Lookup::Unknown
            {
                self.scopes.used(name, *span);
            }
        }
    }

    fn open_frame(&mut self, closure: bool, declared: BTreeSet<String>) {
        self.scopes.open(closure, declared);
    }

    fn close(&mut self) {
        self.scopes.close(self.shared.strict, self.shared.diagnostics);
    }

    fn body(&mut self, exprs: &[ast::Expr]) -> Body {
        let mut body = Body::default();
        for expr in exprs {
            self.expr(expr, &mut body.exprs);
        }
        body
    }

    fn is_document(&self, name: &str) -> bool {
        matches!(name, "input" | "data")
            || self.environment.aliases.contains_key(name)
            || self.shared.tree.has_rule(&self.environment.package, name)
    }

    fn name(&mut self, name: &str, span: Span) -> Name {
        if name == "_" {
            return Name::Local(self.scopes.fresh("_", span));
        }
        match self.scopes.lookup(name) {
            Lookup::Local(local) => return Name::Local(local),
            Lookup::Pending => return Name::Local(self.scopes.used(name, span)),
            Lookup::Unknown => {}
        }
        match self.document(name, span) {
            Some((root, path)) => Name::Document(root, path),
            None => Name::Local(self.scopes.used(name, span)),
        }
    }

    /// The document that a name means when no variable hides it.
    fn document(&mut self, name: &str, span: Span) -> Option<(Root, Vec<Term>)> {
        if let Some(alias) = self.environment.aliases.get(name) {
            alias.used.set(true);
            let path = alias.path.iter().map(|term| self.constant_term(term, span)).collect();
            return Some((alias.root, path));
        }
        if self.shared.tree.has_rule(&self.environment.package, name) {
            let parts = self.environment.package.iter().map(String::as_str).chain([name]);
            return Some((
                Root::Data,
                parts.map(|part| constant(span, Value::from(part))).collect(),
            ));
        }
        match name {
            "input" => Some((Root::Input, Vec::new())),
            "data" => Some((Root::Data, Vec::new())),
            _ => None,
        }
    }
}

fn rule_span(rule: &ast::Rule, body: Option<&ast::Body>) -> Span {
    match body {
        Some(body) if body.span.file == rule.head.span.file => rule.head.span.to(body.span),
        _ => rule.head.span,
    }
}
