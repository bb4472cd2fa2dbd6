//! Calls of functions and built-ins.

use palisade_diag::Span;
use palisade_rego::checked::{Callee, Function, FunctionId, Rule, RuleKind, Term};

use crate::error::PartialError;
use crate::machine::{Flow, Machine, ThenSymbol};
use crate::outcome::RuleOutcomes;
use crate::residual;
use crate::rules::Placed;
use crate::support::hint;
use crate::symbol::Symbol;
use crate::unify::{Goal, Side};
use crate::want::Want;
use crate::world::Mock;

impl<'p> Machine<'p> {
    /// Calls `then` with what a call may give.
    pub(crate) fn call(
        &mut self,
        callee: Callee,
        arguments: &'p [Term],
        span: Span,
        want: &Want,
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        self.terms(arguments, &mut |machine, symbols| {
            machine.tick(span)?;
            let world = machine.worlds.get(machine.world);
            match (world.callees.get(&callee), callee) {
                (Some(Mock::Unknown(name)), _) => {
                    machine.call_later(name.clone(), symbols, "", true, then)
                }
                (Some(Mock::Value | Mock::Callee(_)), _) => {
                    Err(PartialError::missing("a replaced function", span))
                }
                (None, Callee::Builtin(id)) => {
                    let builtin = machine.program.builtins.get(id.0 as usize);
                    let builtin =
                        builtin.ok_or_else(|| PartialError::missing("a built-in", span))?;
                    if is_gone(&builtin.name) {
                        let what = "a call of a built-in that Rego v1 no longer has";
                        return Err(PartialError::unsupported(what, span));
                    }
                    let name = residual::Callee::Builtin(builtin.name.clone());
                    machine.call_later(name, symbols, "", builtin.relation, then)
                }
                (None, Callee::Function(id)) => machine.function(id, symbols, span, want, then),
            }
        })
    }

    fn call_later(
        &mut self,
        callee: residual::Callee,
        arguments: &[Symbol],
        hint: &str,
        generates: bool,
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let arguments = arguments.iter().map(Symbol::term).collect();
        self.save_value(residual::Term::Call(callee, arguments), generates, hint, then)
    }

    fn function(
        &mut self,
        id: FunctionId,
        arguments: &[Symbol],
        span: Span,
        want: &Want,
        then: ThenSymbol<'_, 'p>,
    ) -> Flow {
        let program = self.program;
        let function = program.functions.get(id.0 as usize);
        let function = function.ok_or_else(|| PartialError::missing("a function", span))?;
        let placed = match self.is_left(&function.path) {
            true => Placed::Support,
            false => {
                let (rules, default) = self.function_outcomes(function, arguments)?;
                let rules: Vec<&RuleOutcomes> = rules.iter().collect();
                self.decide(&rules, default, want)
            }
        };
        match placed {
            Placed::Undefined => Ok(()),
            Placed::Known(value) => then(self, Symbol::Known(value)),
            Placed::Inline(outcomes) => {
                outcomes.into_iter().try_for_each(|outcome| self.put_in_place(&outcome, then))
            }
            Placed::Support => {
                let hint = hint(&function.path);
                let name = residual::Callee::Function(self.function_support(id)?);
                self.call_later(name, arguments, &hint, false, then)
            }
        }
    }

    /// What the rules of a function give for these arguments, and what its default does.
    pub(crate) fn function_outcomes(
        &mut self,
        function: &'p Function,
        arguments: &[Symbol],
    ) -> Flow<(Vec<RuleOutcomes>, Option<Symbol>)> {
        let program = self.program;
        let mut found = Vec::new();
        for id in &function.rules {
            let Some(rule) = program.rules.get(id.0 as usize) else { continue };
            let clauses = self.outcomes_for(rule, arguments)?;
            found.push(RuleOutcomes { id: *id, clauses });
        }
        let default = function.default.and_then(|id| program.rules.get(id.0 as usize));
        let default = match default {
            Some(rule) => {
                let outcomes = self.outcomes_for(rule, arguments)?;
                outcomes.into_iter().flatten().next().map(|outcome| outcome.value)
            }
            None => None,
        };
        Ok((found, default))
    }

    fn outcomes_for(
        &mut self,
        rule: &'p Rule,
        arguments: &[Symbol],
    ) -> Flow<Vec<Vec<crate::outcome::Outcome>>> {
        let RuleKind::Function(parameters) = &rule.kind else { return Ok(Vec::new()) };
        if parameters.len() != arguments.len() {
            return Ok(Vec::new());
        }
        let goals: Vec<Goal<'p>> = parameters
            .iter()
            .zip(arguments)
            .map(|(parameter, argument)| (parameter, Side::Symbol(argument.clone())))
            .collect();
        self.rule_outcomes(rule, &goals)
    }
}

/// Whether Rego v1, which is what comes out, has no such built-in under any name.
fn is_gone(name: &str) -> bool {
    let replaced = ["re_match", "set_diff", "net.cidr_overlap"];
    let mut all = palisade_builtins::declarations().iter();
    all.any(|it| it.name == name && it.deprecated && !replaced.contains(&name))
}
