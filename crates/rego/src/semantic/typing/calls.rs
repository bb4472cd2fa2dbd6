//! Calls of functions and built-ins: whether the arguments are what they take.

use palisade_diag::Span;
use palisade_value::Value;
use palisade_value::types::{Signature, Type};

use crate::checked::{Callee, Term, TermKind, WithTarget};
use crate::semantic::errors;
use crate::semantic::typing::infer::Inference;
use crate::semantic::typing::overlap::overlap;
use crate::semantic::typing::select;

impl Inference<'_, '_> {
    /// The type of a call's result. `result` is how a message shows the argument that takes it, if there is one.
    pub(super) fn call(
        &mut self,
        callee: Callee,
        args: &[Term],
        span: Span,
        result: &[&str],
    ) -> Type {
        let have = self.operands(args);
        let Some((name, signature)) = self.types.signature(callee) else { return Type::Any };
        let mut fits = true;
        for ((arg, have), want) in args.iter().zip(&have).zip(&signature.parameters) {
            fits &= overlap(have, &want.kind) && members_fit(arg, &want.kind);
            self.bind(arg, &want.kind);
        }
        if !fits {
            let have: Vec<String> = have.iter().map(Type::to_string).collect();
            let have: Vec<&str> =
                have.iter().map(String::as_str).chain(result.iter().copied()).collect();
            let error =
                errors::invalid_arguments(&name, span, &have.join(", "), &wanted(&signature));
            self.diagnostics.push(error);
        }
        signature.result.clone()
    }
}

impl Inference<'_, '_> {
    /// Whether what stands in for a function takes what the function is called with.
    pub(super) fn replacement(&mut self, target: &WithTarget, by: Callee, span: Span) {
        let original = match target {
            WithTarget::Function(id) => Callee::Function(*id),
            WithTarget::Builtin(id) => Callee::Builtin(*id),
            WithTarget::Input(_) | WithTarget::Data(_) => return,
        };
        let Some((name, wanted)) = self.types.signature(original) else { return };
        let Some((_, found)) = self.types.signature(by) else { return };
        let mut pairs = wanted.parameters.iter().zip(&found.parameters);
        if pairs.all(|(wanted, found)| overlap(&wanted.kind, &found.kind)) {
            return;
        }
        let text = |signature: &Signature| {
            let parameters = signature.parameters.iter().map(|it| it.to_string());
            parameters.collect::<Vec<_>>().join(", ")
        };
        self.diagnostics.push(errors::arity_mismatch(&name, span, &text(&found), &text(&wanted)));
    }
}

fn wanted(signature: &Signature) -> String {
    let parameters = signature.parameters.iter().map(|it| it.to_string());
    parameters.chain([signature.result.to_string()]).collect::<Vec<_>>().join(", ")
}

/// Whether each constant member of a written set is what the parameter's sets have. Of other sets it is not known which
/// of the members there are.
fn members_fit(arg: &Term, want: &Type) -> bool {
    let constants: Vec<&Value> = match &arg.kind {
        TermKind::Const(Value::Set(members)) => members.iter().collect(),
        TermKind::Set(items) => items.iter().filter_map(constant).collect(),
        _ => return true,
    };
    let fits = |member: &Value| {
        let kind = select::of_constant(member);
        want.members().iter().any(|it| match it {
            Type::Set(want) => overlap(&kind, want),
            other => *other == Type::Any,
        })
    };
    constants.into_iter().all(fits)
}

fn constant(term: &Term) -> Option<&Value> {
    match &term.kind {
        TermKind::Const(value) => Some(value),
        _ => None,
    }
}
