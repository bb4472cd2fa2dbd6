//! `with`: what is replaced, and by what.

use palisade_value::Value;

use crate::checked::{Callee, Term, TermKind, With, WithTarget, WithValue};
use crate::semantic::errors;
use crate::semantic::imports::Root;
use crate::semantic::lower::call::{Target, dotted, joined};
use crate::semantic::lower::{Lowerer, constant, term};
use crate::semantic::scope::Lookup;
use crate::semantic::similar;
use crate::syntax::ast;

/// Built-ins that the compiler or the evaluators treat in their own way.
const IRREPLACEABLE: [&str; 5] =
    ["eq", "assign", "print", "rego.metadata.chain", "rego.metadata.rule"];

impl Lowerer<'_, '_> {
    /// Lowers the modifiers of an expression; one with an error is left out.
    pub(super) fn withs(&mut self, withs: &[ast::With]) -> Vec<With> {
        withs.iter().filter_map(|with| self.with(with)).collect()
    }

    fn with(&mut self, with: &ast::With) -> Option<With> {
        let (target, wanted) = self.with_target(&with.target)?;
        let value = match &wanted {
            Some(wanted) => self.in_place_of_function(wanted, with),
            None => WithValue::Term(self.in_place_of_document(&target, &with.value)),
        };
        Some(With { span: with.span, target, value })
    }

    /// What replaces a function: another one, or the value that all its calls have.
    fn in_place_of_function(&mut self, wanted: &Target, with: &ast::With) -> WithValue {
        let errors = self.shared.diagnostics.len();
        let Some(callee) = self.with_callee(&with.value) else {
            let is_faulty = self.shared.diagnostics.len() > errors;
            return WithValue::Term(match is_faulty {
                true => Term { span: with.value.span, kind: term::anything() },
                false => self.term(&with.value),
            });
        };
        if wanted.arity != callee.arity {
            let (have, want) = (self.parameters_text(&callee), self.parameters_text(wanted));
            self.report(errors::arity_mismatch(&wanted.name, with.span, &have, &want));
        }
        if self.shared.unsafe_builtins.contains(&callee.name) {
            let fault = format!("target must not be unsafe: {:?}", callee.name);
            self.report(errors::irreplaceable(&fault, with.value.span));
        }
        WithValue::Callee(callee.callee)
    }

    /// What replaces a document. Below `data` a function may be named, which as a document is undefined.
    fn in_place_of_document(&mut self, target: &WithTarget, value: &ast::Term) -> Term {
        let is_free = |head: &str| self.scopes.peek(head) == Lookup::Unknown;
        if matches!(target, WithTarget::Data(_))
            && dotted(value).is_some_and(|(head, _)| is_free(&head) && self.is_document(&head))
            && let Ok(Target { callee: Callee::Function(id), .. }) = self.target(value)
            && let Some(function) = self.shared.tree.function(id)
        {
            let path = function.path.iter().map(|it| constant(value.span, it.clone()));
            return Term { span: value.span, kind: TermKind::Data(path.collect()) };
        }
        self.term(value)
    }

    fn with_target(&mut self, target: &ast::Term) -> Option<(WithTarget, Option<Target>)> {
        let head = match &target.kind {
            ast::TermKind::Var(name) => name,
            ast::TermKind::Ref(reference) => match &reference.head.kind {
                ast::TermKind::Var(name) => name,
                _ => return self.bad_target(target),
            },
            _ => return self.bad_target(target),
        };
        if self.scopes.peek(head) == Lookup::Unknown && self.is_document(head) {
            return self.document_target(target);
        }
        match self.target(target) {
            Ok(found) => self.callee_target(found, target),
            Err(_) => self.bad_target(target),
        }
    }

    fn document_target(&mut self, target: &ast::Term) -> Option<(WithTarget, Option<Target>)> {
        if let Ok(found) = self.target(target) {
            return self.callee_target(found, target);
        }
        let (root, path) = self.document_path(target)?;
        let Some(values) =
            path.iter().map(|it| term::constant_value(it).cloned()).collect::<Option<Vec<Value>>>()
        else {
            return self.bad_target(target);
        };
        match root {
            Root::Input => Some((WithTarget::Input(values), None)),
            Root::Data if self.is_part_of_rule(&path) => {
                self.report(errors::partial_with_target(target.span));
                None
            }
            Root::Data => Some((WithTarget::Data(values), None)),
        }
    }

    /// The document that a reference names.
    fn document_path(&mut self, target: &ast::Term) -> Option<(Root, Vec<Term>)> {
        match &target.kind {
            ast::TermKind::Var(name) => self.document(name, target.span),
            ast::TermKind::Ref(reference) => {
                let ast::TermKind::Var(name) = &reference.head.kind else { return None };
                let (root, mut path) = self.document(name, reference.head.span)?;
                path.extend(reference.path.iter().map(|part| self.term(part)).collect::<Vec<_>>());
                Some((root, path))
            }
            _ => None,
        }
    }

    /// Whether the path leads into what a rule defines, not to a whole rule or package.
    fn is_part_of_rule(&self, path: &[Term]) -> bool {
        let mut node = &self.shared.tree.root;
        for key in path {
            let is_rule = !node.rules.is_empty() || node.function.is_some();
            match term::constant_value(key).and_then(|key| node.children.get(key)) {
                Some(child) => node = child,
                None => return is_rule,
            }
        }
        false
    }

    fn callee_target(
        &mut self,
        found: Target,
        target: &ast::Term,
    ) -> Option<(WithTarget, Option<Target>)> {
        let id = match found.callee {
            Callee::Function(id) => return Some((WithTarget::Function(id), Some(found))),
            Callee::Builtin(id) => id,
        };
        let is_relation = self.shared.table.used(id).is_some_and(|(builtin, _)| builtin.relation);
        let fault = if found.name.starts_with("internal.") {
            format!("replacement of internal function {:?} invalid", found.name)
        } else if IRREPLACEABLE.contains(&found.name.as_str()) {
            format!("replacement of {:?} invalid", found.name)
        } else if is_relation {
            "target must not be a relation".to_owned()
        } else {
            return Some((WithTarget::Builtin(id), Some(found)));
        };
        self.report(errors::irreplaceable(&fault, target.span));
        None
    }

    fn bad_target<T>(&mut self, target: &ast::Term) -> Option<T> {
        let near = dotted(target).and_then(|(head, rest)| {
            let name = joined(head, &rest);
            similar::nearest(&name, self.shared.table.names()).map(str::to_owned)
        });
        self.report(errors::bad_with_target(target.span, near));
        None
    }

    /// The function that a replacement names, if it names one and isn't a value.
    fn with_callee(&mut self, value: &ast::Term) -> Option<Target> {
        let (head, rest) = dotted(value)?;
        if self.scopes.peek(&head) != Lookup::Unknown {
            return None;
        }
        match self.target(value) {
            Ok(target) => Some(target),
            Err(name) => {
                if !rest.is_empty() && !self.is_document(&head) {
                    self.unknown(&name, value.span);
                }
                None
            }
        }
    }
}
