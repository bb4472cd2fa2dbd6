//! The types of terms, and references to what is never there.

use palisade_diag::Span;
use palisade_value::types::Type;
use palisade_value::{AnyValue, Value};

use crate::checked::{Body, LocalId, Term, TermKind};
use crate::names::data_path;
use crate::semantic::errors;
use crate::semantic::typing::infer::Inference;
use crate::semantic::typing::overlap::overlap;
use crate::semantic::typing::{limited, select};
use crate::semantic::walk;

impl Inference<'_, '_> {
    /// The type of a term inside an expression.
    pub(super) fn operand(&mut self, term: &Term) -> Type {
        match &term.kind {
            TermKind::Const(value) => limited(select::of_constant(value)),
            TermKind::Local(local) => self.local(*local).cloned().unwrap_or(Type::Any),
            TermKind::Array(items) => Type::Array { prefix: self.operands(items), rest: None },
            TermKind::Set(items) => {
                Type::set_of(Type::union(self.operands(items)).unwrap_or(Type::Any))
            }
            TermKind::Object(entries) => self.object(entries),
            TermKind::Input(path) => {
                let overlay = self.overlay;
                self.below(&overlay.input, "input", path, term.span)
            }
            TermKind::Data(path) => self.data(path, term.span),
            TermKind::Ref(head, path) => {
                let kind = self.operand(head);
                let name = match &head.kind {
                    TermKind::Local(local) => self.name(*local),
                    _ => "…".to_owned(),
                };
                self.path(kind, &name, path, term.span)
            }
            TermKind::Call(callee, args) => self.call(*callee, args, term.span, &["???"]),
            TermKind::ArrayComprehension(value, body) => {
                let [value] = self.closure(body, [value]);
                Type::array_of(value)
            }
            TermKind::SetComprehension(value, body) => {
                let [value] = self.closure(body, [value]);
                Type::set_of(value)
            }
            TermKind::ObjectComprehension(key, value, body) => {
                let [key, value] = self.closure(body, [key, value]);
                Type::object_of(key, value)
            }
        }
    }

    /// The types of several terms.
    pub(super) fn operands(&mut self, terms: &[Term]) -> Vec<Type> {
        terms.iter().map(|term| self.operand(term)).collect()
    }

    /// Terms computed in a body of its own: what variables of the outer body are used for in it says nothing outside.
    fn closure<const N: usize>(&mut self, body: &Body, terms: [&Term; N]) -> [Type; N] {
        let mark = self.mark();
        self.body(body);
        let kinds = terms.map(|term| self.operand(term));
        self.forget(mark);
        kinds
    }

    fn object(&mut self, entries: &[(Term, Term)]) -> Type {
        let mut fixed = Vec::new();
        let mut keys = Vec::new();
        let mut values = Vec::new();
        for (key, value) in entries {
            let (key_type, value_type) = (self.operand(key), self.operand(value));
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

    /// What stands at a path below a document of a known type, which may be large: only what the path leads to is copied.
    fn below(&mut self, whole: &Type, name: &str, path: &[Term], span: Span) -> Type {
        let (mut kind, mut text) = (whole, name.to_owned());
        let mut rest = path;
        while let [first, behind @ ..] = rest
            && let TermKind::Const(key) = &first.kind
            && let Some(found) = select::field(kind, key)
        {
            text += &key_text(key);
            (kind, rest) = (found, behind);
        }
        let kind = self.path(kind.clone(), &text, rest, span);
        limited(kind)
    }

    /// What a schema says of base data at a path.
    fn base(&mut self, path: &[Term], span: Span) -> Option<Type> {
        let leads_to = |target: &[Value]| {
            target.len() <= path.len()
                && target.iter().zip(path).all(|(key, part)| match &part.kind {
                    TermKind::Const(found) => found == key,
                    _ => false,
                })
        };
        let overlay = self.overlay;
        let (target, kind) = overlay.data.iter().rev().find(|(target, _)| leads_to(target))?;
        let name = target.iter().fold("data".to_owned(), |text, key| text + &key_text(key));
        Some(self.below(kind, &name, path.get(target.len()..).unwrap_or_default(), span))
    }

    /// A reference below `data`: known as far as it leads along packages and rules.
    pub(super) fn data(&mut self, path: &[Term], span: Span) -> Type {
        if let Some(kind) = self.base(path, span) {
            return kind;
        }
        let tree = self.types.tree;
        let mut node = &tree.root;
        let mut keys: Vec<&Value> = Vec::new();
        for part in path {
            let TermKind::Const(key) = &part.kind else { break };
            let Some(child) = node.children.get(key) else { break };
            keys.push(key);
            node = child;
        }
        let rest = path.get(keys.len()..).unwrap_or(&[]);
        let kind = self.types.document(node);
        // Where documents of several rules and packages are gone through, only the next key is known.
        let known = if node.children.is_empty() { rest.len() } else { 1 };
        let (near, far) = rest.split_at(known.min(rest.len()));
        let kind = self.path(kind, &data_path(keys), near, span);
        if far.is_empty() {
            return kind;
        }
        self.operands(far);
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
                    text += &format!("[{}]", self.part_text(part));
                    self.entry(&kind, part)
                }
            };
            kind = match found {
                Some(found) => found,
                None if select::is_open(&kind) => Type::Any,
                None => {
                    self.undefined(&text, &kind, part, span);
                    return Type::Any;
                }
            };
        }
        kind
    }

    /// What stands under a key that isn't constant. A variable without a type gets that of the keys.
    fn entry(&mut self, kind: &Type, part: &Term) -> Option<Type> {
        let is_typed = self.is_typed(part);
        let key = self.operand(part);
        let (keys, values) = select::entries(kind)?;
        self.bind(part, &keys);
        (!is_typed || overlap(&keys, &key)).then_some(values)
    }

    fn is_typed(&self, term: &Term) -> bool {
        let mut is_typed = true;
        walk::locals_of_term(term, &mut |local, _| is_typed &= self.local(local).is_some());
        is_typed
    }

    fn undefined(&mut self, text: &str, kind: &Type, part: &Term, span: Span) {
        let error = match select::entries(kind) {
            None => errors::undefined_ref(text, span, &kind.to_string(), None),
            Some((keys, _)) => {
                let have = match &part.kind {
                    TermKind::Const(key) => key.to_string(),
                    _ => self.part_text(part),
                };
                let want = match select::known_keys(kind).as_slice() {
                    [] => format!("want (type): {keys}"),
                    known => format!("want (one of): [{}]", known.join(" ")),
                };
                errors::undefined_ref(text, span, &have, Some(&want))
            }
        };
        self.diagnostics.push(error);
    }

    fn part_text(&self, part: &Term) -> String {
        match &part.kind {
            TermKind::Local(local) => self.name(*local),
            _ => "…".to_owned(),
        }
    }
}

/// A key as it is appended to a reference.
fn key_text(key: &Value) -> String {
    let is_name = |text: &str| {
        text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
            && text.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
    };
    match key.as_str() {
        Some(text) if is_name(text) => format!(".{text}"),
        _ => format!("[{key}]"),
    }
}
