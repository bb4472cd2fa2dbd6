//! Calls: which function or built-in is meant, and whether the number of arguments fits.

use palisade_diag::Span;
use palisade_value::types::Type;

use crate::checked::{Callee, ExprKind, Term, TermKind};
use crate::semantic::errors;
use crate::semantic::imports::{Root, constant_text};
use crate::semantic::lower::{Lowerer, term};
use crate::semantic::rules::data_path;
use crate::semantic::scope::Lookup;
use crate::semantic::similar;
use crate::syntax::ast;

/// A callee with its name for messages.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) callee: Callee,
    pub(super) name: String,
    pub(super) arity: usize,
}

impl Lowerer<'_, '_> {
    /// A call inside a term.
    pub(super) fn call(&mut self, callee: &ast::Term, args: &[ast::Term], span: Span) -> TermKind {
        let args: Vec<Term> = args.iter().map(|arg| self.term(arg)).collect();
        if equation(callee) && args.len() == 2 {
            return self.builtin_call("equal", args, span);
        }
        if let Some(metadata) = self.metadata_call(callee, &args, span) {
            return metadata;
        }
        self.called_with(callee, args, span)
    }

    /// A call of what a term names.
    pub(super) fn called_with(
        &mut self,
        callee: &ast::Term,
        args: Vec<Term>,
        span: Span,
    ) -> TermKind {
        match self.called(callee) {
            Ok(target) if target.arity == args.len() => TermKind::Call(target.callee, args),
            Ok(target) => self.wrong_arity(&target, &args, span),
            Err(name) => self.not_callable(&name, args.len(), callee.span),
        }
    }

    /// A call by operator. The name of an operator's built-in may be that of a rule, which is called then.
    pub(super) fn operator(&mut self, name: &str, args: Vec<Term>, span: Span) -> TermKind {
        match self.operator_of_policy(name, span) {
            Some(callee) => self.called_by_operator(name, &callee, args, span),
            None => self.builtin_call(name, args, span),
        }
    }

    /// A call by operator of what the policy gives its built-in's name. Nobody sees a name where an operator is: what is
    /// wrong with the call says where it comes from.
    pub(super) fn called_by_operator(
        &mut self,
        name: &str,
        callee: &ast::Term,
        args: Vec<Term>,
        span: Span,
    ) -> TermKind {
        let n_before = self.shared.diagnostics.len();
        let call = self.called_with(callee, args, span);
        let operator = match name {
            "eq" => Some("="),
            _ => self.shared.table.get(name).and_then(|entry| entry.infix),
        };
        for diagnostic in self.shared.diagnostics.iter_mut().skip(n_before) {
            errors::explain_operator(diagnostic, operator, name);
        }
        call
    }

    /// What an operator calls if the policy gives its built-in's name another meaning.
    pub(super) fn operator_of_policy(&self, name: &str, span: Span) -> Option<ast::Term> {
        let mut parts = name.split('.');
        let head = parts.next()?;
        if !self.is_document(head) && !self.scopes.is_declared(head) {
            return None;
        }
        let term = |kind| ast::Term { span, kind };
        let head = Box::new(term(ast::TermKind::Var(head.to_owned())));
        let path: Vec<ast::Term> = parts
            .map(|part| term(ast::TermKind::String { text: part.to_owned(), raw: false }))
            .collect();
        Some(match path.is_empty() {
            true => *head,
            false => term(ast::TermKind::Ref(ast::Ref { span, head, path })),
        })
    }

    /// A call that is a whole expression: one more argument takes the result.
    pub(super) fn call_expr(
        &mut self,
        callee: &ast::Term,
        args: &[ast::Term],
        span: Span,
    ) -> ExprKind {
        if is_print(callee) && !self.is_document("print") {
            return ExprKind::Term(self.print(args, span));
        }
        let mut args: Vec<Term> = args.iter().map(|arg| self.term(arg)).collect();
        if equation(callee) && args.len() == 2 {
            let right = args.pop().unwrap_or_else(|| Self::truth(span));
            let left = args.pop().unwrap_or_else(|| Self::truth(span));
            return ExprKind::Unify(left, right);
        }
        if let Some(kind) = self.metadata_call(callee, &args, span) {
            return ExprKind::Term(Term { span, kind });
        }
        let kind = match self.called(callee) {
            Ok(target) if target.arity + 1 == args.len() => {
                let result = args.pop().unwrap_or_else(|| Self::truth(span));
                let call = Term { span, kind: TermKind::Call(target.callee, args) };
                return ExprKind::Unify(result, call);
            }
            Ok(target) if target.arity == args.len() => TermKind::Call(target.callee, args),
            Ok(target) => self.wrong_arity(&target, &args, span),
            Err(name) => self.not_callable(&name, args.len(), callee.span),
        };
        ExprKind::Term(Term { span, kind })
    }

    fn print(&mut self, args: &[ast::Term], span: Span) -> Term {
        if self.shared.table.is_withheld("print") {
            return Term { span, kind: self.unknown("print", span) };
        }
        if !self.shared.keep_print || self.shared.table.get("internal.print").is_none() {
            return Self::truth(span);
        }
        let parts = args.iter().map(|arg| self.optional(arg)).collect();
        let argument = Term { span, kind: term::array(parts) };
        Term { span, kind: self.builtin_call("internal.print", vec![argument], span) }
    }

    /// A call of a built-in by operator or by the checker itself.
    pub(super) fn builtin_call(&mut self, name: &str, args: Vec<Term>, span: Span) -> TermKind {
        match self.shared.table.intern(name) {
            Some(id) => TermKind::Call(Callee::Builtin(id), args),
            None => self.unknown(name, span),
        }
    }

    /// `rego.metadata.rule()` and `rego.metadata.chain()`: known as soon as the files are.
    fn metadata_call(&mut self, callee: &ast::Term, args: &[Term], span: Span) -> Option<TermKind> {
        let (head, rest) = dotted(callee).filter(|_| args.is_empty())?;
        if matches!(self.scopes.peek(&head), Lookup::Local(_)) || self.is_document(&head) {
            return None;
        }
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let name = match (head.as_str(), rest.as_slice()) {
            ("rego", ["metadata", "rule"]) => "rego.metadata.rule",
            ("rego", ["metadata", "chain"]) => "rego.metadata.chain",
            _ => return None,
        };
        if self.shared.table.is_withheld(name) {
            return Some(self.unknown(name, span));
        }
        Some(TermKind::Const(match name {
            "rego.metadata.rule" => self.around.rule.clone(),
            _ => self.around.chain.clone(),
        }))
    }

    /// What is called; reports what must not be. The name of an unknown function is empty if that is reported.
    fn called(&mut self, callee: &ast::Term) -> Result<Target, String> {
        if let Some((head, rest)) = dotted(callee)
            && self.scopes.is_declared(&head)
        {
            let name = rest.iter().fold(head, |text, part| text + "." + part);
            self.report(errors::shadowed_function(&name, callee.span));
            return Err(String::new());
        }
        let target = self.target(callee)?;
        if let Callee::Builtin(id) = target.callee {
            let is_deprecated =
                self.shared.table.used(id).is_some_and(|(_, entry)| entry.deprecated);
            if is_deprecated && self.environment.is_strict {
                self.report(errors::deprecated_builtin(&target.name, callee.span));
            }
            if self.shared.unsafe_builtins.contains(&target.name) {
                self.report(errors::unsafe_builtin(&target.name, callee.span));
            }
        }
        Ok(target)
    }

    /// What a callee means, or its name if it means nothing.
    pub(super) fn target(&mut self, callee: &ast::Term) -> Result<Target, String> {
        let Some((head, rest)) = dotted(callee) else {
            return Err(self.shared.files.slice(callee.span).to_owned());
        };
        let is_variable = matches!(self.scopes.peek(&head), Lookup::Local(_));
        if !is_variable && let Some((root, front)) = self.document(&head, callee.span) {
            let front: Vec<&str> = front.iter().filter_map(term::constant_text).collect();
            let path: Vec<&str> =
                front.into_iter().chain(rest.iter().map(String::as_str)).collect();
            if root == Root::Input {
                return Err(path.iter().fold("input".to_owned(), |text, part| text + "." + part));
            }
            return self.function_target(&path).ok_or_else(|| data_path(&path));
        }
        let name = rest.iter().fold(head, |text, part| text + "." + part);
        self.builtin_target(&name).ok_or(name)
    }

    fn function_target(&self, path: &[&str]) -> Option<Target> {
        let id = self.shared.tree.function_at(path.iter().copied())?;
        let function = self.shared.tree.function(id)?;
        Some(Target { callee: Callee::Function(id), name: data_path(path), arity: function.arity })
    }

    fn builtin_target(&mut self, name: &str) -> Option<Target> {
        let id = self.shared.table.intern(name)?;
        let (builtin, _) = self.shared.table.used(id)?;
        Some(Target { callee: Callee::Builtin(id), name: name.to_owned(), arity: builtin.arity })
    }

    /// Reports a call of what is no function: a rule that takes no arguments, or nothing at all.
    fn not_callable(&mut self, name: &str, have: usize, span: Span) -> TermKind {
        let path = name.strip_prefix("data.").map(|path| path.split('.'));
        let node = path.and_then(|path| self.shared.tree.root.at(path));
        if have == 0 || node.is_none_or(|node| node.rules.is_empty()) {
            return self.unknown(name, span);
        }
        self.report(errors::wrong_argument_count(name, 0, have, span));
        term::anything()
    }

    /// Reports a name that is no function.
    pub(super) fn unknown(&mut self, name: &str, span: Span) -> TermKind {
        if name.is_empty() {
            return term::anything();
        }
        if self.shared.table.is_withheld(name) {
            self.report(errors::not_in_capabilities(name, span));
            return term::anything();
        }
        let known: Vec<String> = self
            .shared
            .table
            .names()
            .map(str::to_owned)
            .chain(self.shared.tree.function_names())
            .collect();
        let near = similar::nearest(name, known.iter().map(String::as_str)).map(str::to_owned);
        self.report(errors::undefined_function(name, span, near));
        term::anything()
    }

    fn wrong_arity(&mut self, target: &Target, args: &[Term], span: Span) -> TermKind {
        if let Callee::Function(_) = target.callee {
            self.report(errors::wrong_argument_count(&target.name, target.arity, args.len(), span));
            return term::anything();
        }
        let want = self.parameters_text(target);
        let have: Vec<String> = args.iter().map(type_text).collect();
        let have = have.join(", ");
        self.report(errors::arity_mismatch(&target.name, span, &have, &want));
        term::anything()
    }

    /// The parameters' types of a callee, as messages show them.
    pub(super) fn parameters_text(&self, target: &Target) -> String {
        let parameters: Vec<String> = match target.callee {
            Callee::Function(_) => vec!["any".to_owned(); target.arity],
            Callee::Builtin(id) => self
                .shared
                .table
                .used(id)
                .map(|(_, entry)| {
                    entry.signature.parameters.iter().map(|it| it.to_string()).collect()
                })
                .unwrap_or_default(),
        };
        parameters.join(", ")
    }
}

fn is_print(callee: &ast::Term) -> bool {
    matches!(&callee.kind, ast::TermKind::Var(name) if name == "print")
}

/// Whether the callee is the function form of `=` or `:=`.
fn equation(callee: &ast::Term) -> bool {
    matches!(&callee.kind, ast::TermKind::Var(name) if name == "eq" || name == "assign")
}

/// The parts of a name: `json.patch`.
pub(super) fn dotted(callee: &ast::Term) -> Option<(String, Vec<String>)> {
    match &callee.kind {
        ast::TermKind::Var(name) => Some((name.clone(), Vec::new())),
        ast::TermKind::Parens(inner) => dotted(inner),
        ast::TermKind::Ref(reference) => {
            let ast::TermKind::Var(head) = &reference.head.kind else { return None };
            let rest: Option<Vec<String>> =
                reference.path.iter().map(|part| constant_text(part).map(str::to_owned)).collect();
            Some((head.clone(), rest?))
        }
        _ => None,
    }
}

/// The type of an argument as far as it can be seen at once.
fn type_text(arg: &Term) -> String {
    match &arg.kind {
        TermKind::Const(value) => Type::of(value).to_string(),
        _ => "???".to_owned(),
    }
}
