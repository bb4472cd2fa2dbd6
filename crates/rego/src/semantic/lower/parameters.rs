//! The parameters of functions: patterns, and terms that the bodies compare.

use std::collections::BTreeSet;

use palisade_value::Value;

use crate::checked::{Body, Expr, ExprKind, Term, TermKind};
use crate::semantic::errors;
use crate::semantic::lower::{Lowerer, constant, names};
use crate::semantic::scope::Origin;
use crate::syntax::ast;

/// The parameters of one rule.
pub(super) struct Parameters<'t> {
    /// As the checked rule has them.
    pub(super) terms: Vec<Term>,
    /// What the bodies have to look at: the parameter's variable and what is written in its place.
    left: Vec<(Term, Left<'t>)>,
}

/// A parameter that is no pattern which can be held against a value.
enum Left<'t> {
    /// It is computed and compared.
    Compared(&'t ast::Term),
    /// It has a variable as a key or a member of a set, where nothing gives it a value: it never matches, as in OPA.
    Never(&'t ast::Term),
}

impl<'t> Parameters<'t> {
    /// The parameters that are computed.
    pub(super) fn compared(&self) -> impl Iterator<Item = &'t ast::Term> {
        self.left.iter().filter_map(|(_, left)| match left {
            Left::Compared(arg) => Some(*arg),
            Left::Never(_) => None,
        })
    }
}

impl Lowerer<'_, '_> {
    /// Declares the parameters.
    pub(super) fn parameters<'t>(&mut self, args: &'t [ast::Term]) -> Parameters<'t> {
        let patterns = || args.iter().filter(|arg| names::is_pattern(arg));
        for (name, span) in names::Names::of([], patterns(), false).used {
            if names::is_root(&name) {
                self.report(errors::parameter_shadows_root(&name, span));
            }
            self.scopes.declare(&name, span, Origin::Parameter, self.shared.diagnostics);
        }
        let mut parameters = Parameters { terms: Vec::new(), left: Vec::new() };
        let mut bound = BTreeSet::new();
        for arg in args {
            let left = match names::is_pattern(arg) {
                true if can_match(arg, &mut bound) => None,
                true => Some(Left::Never(arg)),
                false => Some(Left::Compared(arg)),
            };
            let parameter = match left {
                None => self.term(arg),
                Some(left) => {
                    let local = self.scopes.fresh("", arg.span);
                    let parameter = Term { span: arg.span, kind: TermKind::Local(local) };
                    if !self.report_computed(arg) {
                        parameters.left.push((parameter.clone(), left));
                    }
                    parameter
                }
            };
            parameters.terms.push(parameter);
        }
        self.scopes.unread_once(&names::repeated(patterns()));
        parameters
    }

    /// Reports what must not stand among parameters. Whether there is something.
    fn report_computed(&mut self, arg: &ast::Term) -> bool {
        if let Some(span) = names::call_in(arg) {
            self.report(errors::call_in_parameters(span));
            return true;
        }
        let reference = names::reference_in(arg);
        if let Some((name, span)) = reference {
            self.report(errors::unsafe_var(name, span));
        }
        reference.is_some()
    }

    /// A body behind what the parameters ask for.
    pub(super) fn clause_body(
        &mut self,
        parameters: &Parameters<'_>,
        body: Option<&ast::Body>,
    ) -> Body {
        let mut lowered = Body::default();
        for (parameter, left) in &parameters.left {
            match left {
                Left::Compared(arg) => {
                    let kind = ExprKind::Unify(parameter.clone(), self.term(arg));
                    lowered.exprs.push(Expr { span: arg.span, with: Vec::new(), kind });
                }
                Left::Never(arg) => self.never(arg, parameter, &mut lowered),
            }
        }
        lowered.exprs.extend(self.body(names::exprs(body)).exprs);
        lowered
    }

    /// `false`, and behind it something that gives the parameter's variables a value.
    fn never(&mut self, arg: &ast::Term, parameter: &Term, body: &mut Body) {
        let span = arg.span;
        let mut push = |kind| body.exprs.push(Expr { span, with: Vec::new(), kind });
        push(ExprKind::Term(constant(span, Value::Boolean(false))));
        for (name, _) in names::variables(arg) {
            let variable = ast::Term { span, kind: ast::TermKind::Var(name.to_owned()) };
            push(ExprKind::Unify(self.term(&variable), parameter.clone()));
        }
    }
}

/// Whether every variable of a pattern has or gets a value where it is reached; adds those to the bound ones.
fn can_match<'t>(pattern: &'t ast::Term, bound: &mut BTreeSet<&'t str>) -> bool {
    names::variables(pattern).into_iter().fold(true, |fits, (name, is_key)| {
        let fits = fits && (!is_key || bound.contains(name));
        bound.insert(name);
        fits
    })
}
