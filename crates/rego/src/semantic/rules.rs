//! The tree of rules: which paths the heads define, and which of them can't go together.

use std::collections::{BTreeMap, BTreeSet};

use palisade_diag::{Diagnostic, Files, Span};
use palisade_value::{AnyValue, Value};

use crate::checked::{Function, FunctionId, Node, RuleId};
use crate::names::{data_path, step};
use crate::semantic::errors;
use crate::semantic::imports::{constant_scalar, constant_text};
use crate::syntax::ast;

/// The most parts of a rule's path: the tree of documents is gone through by recursion.
const PATH_PARTS_MAX: usize = 1_000;

/// Where a head's rule stands and how.
#[derive(Clone, Debug)]
pub struct Place {
    /// The front part of the head that consists of constant scalars, package included.
    pub path: Vec<Value>,
    /// How many parts of the head's own path belong to it.
    pub constant_parts: usize,
}

/// The tree and what is needed to look names up in it.
#[derive(Debug, Default)]
pub struct Tree {
    /// The virtual documents.
    pub root: Node,
    /// The functions.
    pub functions: Vec<Function>,
    /// The rule names of every package.
    names: BTreeMap<Vec<String>, BTreeSet<String>>,
    groups: BTreeMap<Vec<Value>, Group>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Function(usize),
    Set,
    Value,
}

/// All rules of one path.
#[derive(Debug)]
struct Group {
    /// The rules' heads.
    heads: Vec<Span>,
    form: Form,
    defaults: Vec<Span>,
    has_conflict: bool,
    /// Whether the first rule gives the whole document, not a part of it.
    is_complete: bool,
    /// The rules' name in their package, for messages.
    name: String,
}

impl Group {
    /// Whether nothing can be added below the path.
    fn is_closed(&self) -> bool {
        self.is_complete || self.form != Form::Value
    }
}

/// A part of a head as messages show it.
fn key_text(term: &ast::Term) -> String {
    match &term.kind {
        ast::TermKind::Var(name) => format!("[{name}]"),
        _ => constant_scalar(term).map_or_else(|| "[…]".to_owned(), |key| step(&key)),
    }
}

/// The package's path as text.
pub fn package_path(package: &ast::Package) -> Vec<String> {
    package.path.iter().filter_map(constant_text).map(str::to_owned).collect()
}

/// Where the rules of a head stand.
pub fn place(package: &[String], head: &ast::Head) -> Place {
    let constant: Vec<Value> = head.path.iter().map_while(constant_scalar).collect();
    let constant_parts = constant.len();
    Place { path: keys(package).chain(constant).collect(), constant_parts }
}

/// A package's path as keys of the tree.
pub fn keys(package: &[String]) -> impl Iterator<Item = Value> {
    package.iter().map(|key| Value::text(key))
}

/// How many parameters the function of a head has. Without any, `f()` is an ordinary document.
pub fn arity(head: &ast::Head) -> Option<usize> {
    head.args.as_ref().map(Vec::len).filter(|arity| *arity > 0)
}

impl Tree {
    /// Declares a package.
    pub fn add_package(&mut self, path: &[String], span: Span, diagnostics: &mut Vec<Diagnostic>) {
        if path.len() > PATH_PARTS_MAX {
            return diagnostics.push(errors::path_too_long(PATH_PARTS_MAX, span));
        }
        self.root.make(&keys(path).collect::<Vec<_>>()).is_package = true;
        self.names.entry(path.to_vec()).or_default();
    }

    /// Adds a rule.
    pub fn add_rule(
        &mut self,
        id: RuleId,
        package: &[String],
        rule: &ast::Rule,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let place = place(package, &rule.head);
        if place.path.len() > PATH_PARTS_MAX {
            return diagnostics.push(errors::path_too_long(PATH_PARTS_MAX, rule.head.span));
        }
        if let Some(name) = place.path.get(package.len()).and_then(Value::as_str) {
            self.names.entry(package.to_vec()).or_default().insert(name.to_owned());
        }
        self.check_group(&place, rule, diagnostics);
        match arity(&rule.head) {
            Some(arity) => self.add_clause(id, place.path, arity, rule.is_default),
            None => self.root.make(&place.path).rules.push(id),
        }
    }

    fn add_clause(&mut self, id: RuleId, path: Vec<Value>, arity: usize, is_default: bool) {
        let node = self.root.make(&path);
        let function = match node.function {
            Some(function) => function,
            None => {
                let function = FunctionId(self.functions.len() as u32);
                node.function = Some(function);
                self.functions.push(Function { path, arity, rules: Vec::new(), default: None });
                function
            }
        };
        if let Some(function) = self.functions.get_mut(function.0 as usize) {
            match is_default {
                true => function.default = function.default.or(Some(id)),
                false => function.rules.push(id),
            }
        }
    }

    fn check_group(&mut self, place: &Place, rule: &ast::Rule, diagnostics: &mut Vec<Diagnostic>) {
        let head = &rule.head;
        let is_whole = place.constant_parts == head.path.len();
        let form = match (arity(head), &head.contains) {
            (Some(arity), _) => Form::Function(arity),
            (None, Some(_)) if is_whole => Form::Set,
            (None, _) => Form::Value,
        };
        let is_complete = is_whole && form == Form::Value;
        let name: Vec<&str> = head.path.iter().map_while(constant_text).collect();
        let group = self.groups.entry(place.path.clone()).or_insert_with(|| Group {
            heads: Vec::new(),
            form,
            defaults: Vec::new(),
            has_conflict: false,
            is_complete,
            name: name.join("."),
        });
        if let Some(first) = group.heads.first()
            && (group.form != form || group.is_complete != is_complete)
        {
            let keys: String = head.path.iter().skip(place.constant_parts).map(key_text).collect();
            let text = data_path(&place.path) + &keys;
            // Of several conflicts of one path the first tells enough.
            if !std::mem::replace(&mut group.has_conflict, true) {
                diagnostics.push(errors::conflicting_rules(&text, *first, head.span));
            }
        }
        group.heads.push(head.span);
        if rule.is_default {
            group.defaults.push(head.span);
        }
    }

    /// Reports what can be seen only of the whole tree: several defaults, complete rules with rules or packages below.
    pub fn check(
        &self,
        packages: &[(Vec<String>, Span)],
        files: &Files,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let place = |span: &Span| format!("{}:{}", files.name(span.file), files.start(*span).row);
        for (path, group) in &self.groups {
            if let [first, further @ ..] = group.defaults.as_slice()
                && !further.is_empty()
            {
                let places: Vec<String> = group.defaults.iter().map(place).collect();
                let path = data_path(path);
                diagnostics.push(errors::multiple_defaults(&path, *first, further, &places));
            }
            let below: Vec<_> = self
                .groups
                .range(path.clone()..)
                .skip(1)
                .take_while(|(other, _)| group.is_closed() && other.starts_with(path))
                .collect();
            if let (Some(span), Some((_, other))) = (group.heads.first(), below.first()) {
                let names: Vec<String> = below.iter().map(|(path, _)| data_path(*path)).collect();
                diagnostics.extend(
                    other
                        .heads
                        .first()
                        .map(|it| errors::rule_conflicts(&data_path(path), &names, *span, *it)),
                );
            }
        }
        for (path, span) in packages {
            let Some(group) =
                self.groups.get(&keys(path).collect::<Vec<_>>()).filter(|group| group.is_closed())
            else {
                continue;
            };
            diagnostics.extend(group.heads.iter().map(|head| {
                errors::package_conflicts(&path.join("."), &group.name, &place(head), *span, *head)
            }));
        }
    }

    /// Whether the package has rules of this name.
    pub fn has_rule(&self, package: &[String], name: &str) -> bool {
        self.names.get(package).is_some_and(|names| names.contains(name))
    }

    /// The function at a path.
    pub fn function_at(&self, path: &[Value]) -> Option<FunctionId> {
        self.root.at(path.iter().cloned())?.function
    }

    /// The function of an id.
    pub fn function(&self, id: FunctionId) -> Option<&Function> {
        self.functions.get(id.0 as usize)
    }

    /// The paths of all functions as text.
    pub fn function_names(&self) -> impl Iterator<Item = String> {
        self.functions.iter().map(|function| data_path(&function.path))
    }
}
