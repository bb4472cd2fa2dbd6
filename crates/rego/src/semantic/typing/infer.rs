//! The types of one rule's terms.

use palisade_diag::{Diagnostic, Span};
use palisade_value::AnyValue;
use palisade_value::types::Type;

use crate::checked::{
    Body, Callee, Expr, ExprKind, LocalId, Scope, Term, TermKind, WithTarget, WithValue,
};
use crate::semantic::errors;
use crate::semantic::rules::data_path;
use crate::semantic::typing::overlap::overlap;
use crate::semantic::typing::{Types, limited, select};
use crate::semantic::walk;

/// Infers the types of one rule or query.
#[derive(Debug)]
pub struct Inference<'a, 'b> {
    types: &'a mut Types<'b>,
    scope: &'a Scope,
    locals: Vec<Option<Type>>,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// Whether documents are replaced by ones of unknown types.
    is_replaced: bool,
}

impl<'a, 'b> Inference<'a, 'b> {
    /// For the variables of one rule or query.
    pub fn new(
        types: &'a mut Types<'b>,
        scope: &'a Scope,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Inference<'a, 'b> {
        let locals = vec![None; scope.locals.len()];
        Inference { types, scope, locals, diagnostics, is_replaced: false }
    }

    /// Goes through a body in its order.
    pub fn body(&mut self, body: &Body) {
        body.exprs.iter().for_each(|expr| self.expr(expr));
    }

    fn expr(&mut self, expr: &Expr) {
        for with in &expr.with {
            if let WithValue::Term(term) = &with.value {
                self.term(term);
            }
        }
        let outer = self.is_replaced;
        self.is_replaced |=
            expr.with.iter().any(|with| !matches!(with.target, WithTarget::Input(_)));
        match &expr.kind {
            ExprKind::Term(term) => {
                self.whole(term, false);
            }
            ExprKind::Unify(left, right) => self.unify(left, right, expr.span),
            ExprKind::SomeIn { key, value, collection } => {
                let collection = self.term(collection);
                let (keys, values) = select::entries(&collection).unwrap_or((Type::Any, Type::Any));
                key.iter().for_each(|key| self.bind(key, &keys));
                self.bind(value, &values);
            }
            ExprKind::Every { key, value, domain, .. } => {
                let domain = self.term(domain);
                let (keys, values) = select::entries(&domain).unwrap_or((Type::Any, Type::Any));
                key.iter().for_each(|key| self.set(*key, &keys));
                self.set(*value, &values);
            }
            ExprKind::Not(_) | ExprKind::Or(_) | ExprKind::And(_) => {}
        }
        walk::bodies(expr).iter().for_each(|body| self.body(body));
        self.is_replaced = outer;
    }

    fn unify(&mut self, left: &Term, right: &Term, span: Span) {
        let (left_type, right_type) = (self.term(left), self.term(right));
        if !overlap(&left_type, &right_type) {
            let error = errors::match_error(span, &left_type.to_string(), &right_type.to_string());
            self.diagnostics.push(error);
        }
        self.bind(left, &right_type);
        self.bind(right, &left_type);
    }

    fn set(&mut self, local: LocalId, kind: &Type) {
        if let Some(slot @ None) = self.locals.get_mut(local.0 as usize) {
            *slot = Some(limited(kind.clone()));
        }
    }

    /// Gives the variables of a pattern the types that they get from a value.
    fn bind(&mut self, pattern: &Term, kind: &Type) {
        match &pattern.kind {
            TermKind::Local(local) => self.set(*local, kind),
            TermKind::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let index = palisade_value::Value::Integer(at as i64);
                    self.bind(item, &select::at(kind, &index).unwrap_or(Type::Any));
                }
            }
            TermKind::Object(entries) => {
                for (key, value) in entries {
                    let found = match &key.kind {
                        TermKind::Const(key) => select::at(kind, key),
                        _ => None,
                    };
                    self.bind(value, &found.unwrap_or(Type::Any));
                }
            }
            _ => {}
        }
    }

    /// The type of a term inside an expression.
    pub fn term(&mut self, term: &Term) -> Type {
        self.whole(term, true)
    }

    fn whole(&mut self, term: &Term, is_nested: bool) -> Type {
        match &term.kind {
            TermKind::Const(value) => limited(Type::of(value)),
            TermKind::Local(local) => {
                self.locals.get(local.0 as usize).cloned().flatten().unwrap_or(Type::Any)
            }
            TermKind::Array(items) => Type::Array {
                prefix: items.iter().map(|item| self.term(item)).collect(),
                rest: None,
            },
            TermKind::Set(items) => {
                let members: Vec<Type> = items.iter().map(|item| self.term(item)).collect();
                Type::set_of(Type::union(members).unwrap_or(Type::Any))
            }
            TermKind::Object(entries) => self.object(entries),
            TermKind::Input(path) => {
                path.iter().for_each(|part| {
                    self.term(part);
                });
                Type::Any
            }
            TermKind::Data(path) => self.data(path, term.span),
            TermKind::Ref(head, path) => {
                let kind = self.term(head);
                let name = match &head.kind {
                    TermKind::Local(local) => self.name(*local),
                    _ => "…".to_owned(),
                };
                self.path(kind, &name, path, term.span)
            }
            TermKind::Call(callee, args) => self.call(*callee, args, term.span, is_nested),
            TermKind::ArrayComprehension(value, body) => {
                self.body(body);
                Type::array_of(self.term(value))
            }
            TermKind::SetComprehension(value, body) => {
                self.body(body);
                Type::set_of(self.term(value))
            }
            TermKind::ObjectComprehension(key, value, body) => {
                self.body(body);
                let key = self.term(key);
                Type::object_of(key, self.term(value))
            }
        }
    }

    fn object(&mut self, entries: &[(Term, Term)]) -> Type {
        let mut fixed = Vec::new();
        let mut keys = Vec::new();
        let mut values = Vec::new();
        for (key, value) in entries {
            let (key_type, value_type) = (self.term(key), self.term(value));
            match &key.kind {
                TermKind::Const(key) => fixed.push((key.clone(), value_type)),
                _ => {
                    keys.push(key_type);
                    values.push(value_type);
                }
            }
        }
        fixed.sort();
        // A key written twice with values of two types: either may win.
        fixed.dedup_by(|later, first| {
            let is_same = later.0 == first.0;
            if is_same {
                first.1 = Type::Any;
            }
            is_same
        });
        let dynamic = Type::union(keys).zip(Type::union(values)).map(Box::new);
        Type::Object { fixed, dynamic }
    }

    fn name(&self, local: LocalId) -> String {
        self.scope.locals.get(local.0 as usize).map(|local| local.name.clone()).unwrap_or_default()
    }

    /// A reference below `data`: known where it leads to rules.
    fn data(&mut self, path: &[Term], span: Span) -> Type {
        let mut node = &self.types.tree.root;
        let mut names: Vec<&str> = Vec::new();
        for (at, part) in path.iter().enumerate() {
            let key = match &part.kind {
                TermKind::Const(key) => key.as_str(),
                _ => None,
            };
            let Some(child) = key.and_then(|key| node.children.get(key)) else { break };
            names.extend(key);
            node = child;
            if !node.rules.is_empty() {
                let kind = self.types.document(node);
                let rest = path.get(at + 1..).unwrap_or(&[]);
                return self.path(kind, &data_path(&names), rest, span);
            }
        }
        path.iter().for_each(|part| {
            self.term(part);
        });
        Type::Any
    }

    /// What stands at a path below a term of a known type.
    fn path(&mut self, mut kind: Type, name: &str, path: &[Term], span: Span) -> Type {
        let mut text = name.to_owned();
        for part in path {
            let found = match &part.kind {
                TermKind::Const(key) => {
                    text += &key_text(key);
                    select::at(&kind, key)
                }
                _ => {
                    let is_bound = self.is_bound(part);
                    let key = self.term(part);
                    text += &format!("[{}]", part_text(part, |local| self.name(local)));
                    let entries = select::entries(&kind);
                    if let Some((keys, _)) = &entries {
                        self.bind(part, keys);
                    }
                    entries
                        .filter(|(keys, _)| !is_bound || overlap(keys, &key))
                        .map(|(_, values)| values)
                }
            };
            match found {
                Some(found) => kind = found,
                None => {
                    self.undefined(&text, &kind, span);
                    return Type::Any;
                }
            }
        }
        kind
    }

    fn is_bound(&self, term: &Term) -> bool {
        let mut is_bound = true;
        walk::locals_of_term(term, &mut |local, _| {
            is_bound &= self.locals.get(local.0 as usize).is_some_and(Option::is_some);
        });
        is_bound
    }

    fn undefined(&mut self, text: &str, kind: &Type, span: Span) {
        if self.is_replaced {
            return;
        }
        let keys = select::known_keys(kind).map(|keys| format!("[{}]", keys.join(" ")));
        self.diagnostics.push(errors::undefined_ref(
            text,
            span,
            &kind.to_string(),
            keys.as_deref(),
        ));
    }

    fn call(&mut self, callee: Callee, args: &[Term], span: Span, is_nested: bool) -> Type {
        let have: Vec<Type> = args.iter().map(|arg| self.term(arg)).collect();
        let id = match callee {
            Callee::Function(function) => return self.types.result(function),
            Callee::Builtin(id) => id,
        };
        let Some((builtin, entry)) = self.types.table.used(id) else { return Type::Any };
        if let ("equal", [left, right]) = (builtin.name.as_str(), have.as_slice())
            && !overlap(left, right)
            && !self.is_replaced
        {
            self.diagnostics.push(errors::match_error(span, &left.to_string(), &right.to_string()));
        }
        let signature = &entry.signature;
        let fits =
            have.iter().zip(&signature.parameters).all(|(have, want)| overlap(have, &want.kind));
        if !fits && !self.is_replaced {
            let mut have: Vec<String> = have.iter().map(Type::to_string).collect();
            if is_nested {
                have.push("???".to_owned());
            }
            let result = signature.result.to_string();
            let want: Vec<String> =
                signature.parameters.iter().map(|it| it.to_string()).chain([result]).collect();
            let error =
                errors::invalid_arguments(&builtin.name, span, &have.join(", "), &want.join(", "));
            self.diagnostics.push(error);
        }
        signature.result.clone()
    }
}

/// A key as it is appended to a reference.
fn key_text(key: &palisade_value::Value) -> String {
    let is_name = |text: &str| {
        text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
            && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    match key.as_str() {
        Some(text) if is_name(text) => format!(".{text}"),
        _ => format!("[{key}]"),
    }
}

fn part_text(part: &Term, name: impl Fn(LocalId) -> String) -> String {
    match &part.kind {
        TermKind::Local(local) => name(*local),
        _ => "…".to_owned(),
    }
}
