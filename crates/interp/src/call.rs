//! Calls of functions and built-ins.

use std::rc::Rc;

use palisade_diag::Span;
use palisade_rego::checked::{Callee, FunctionId, RuleId, RuleKind, Term};
use palisade_value::Value;

use crate::error::EvalError;
use crate::extent::is_one_constant;
use crate::machine::{Flow, Machine, Stop, ThenValue, settle};
use crate::unify::{Goal, Side};
use crate::world::Mock;

impl<'p> Machine<'p> {
    /// Calls `then` with the result for each combination of the arguments' values.
    pub(crate) fn call(
        &mut self,
        callee: Callee,
        arguments: &[Term],
        span: Span,
        then: ThenValue<'_, 'p>,
    ) -> Flow {
        let relation = self.is_relation(callee);
        self.terms(arguments, &mut |machine, values| match machine.result(callee, values, span)? {
            Some(Value::Array(solutions)) if relation => {
                solutions.iter().try_for_each(|solution| {
                    machine.tick(span)?;
                    then(machine, solution.clone())
                })
            }
            Some(value) => then(machine, value),
            None => Ok(()),
        })
    }

    /// Whether the call, as replaced, has a solution for each element of its result.
    fn is_relation(&self, callee: Callee) -> bool {
        let callee = match self.world.mock(callee) {
            Some(Mock::Callee(callee)) => *callee,
            Some(Mock::Value(_)) => return false,
            None => callee,
        };
        match callee {
            Callee::Builtin(id) => {
                self.program.builtins.get(id.0 as usize).is_some_and(|it| it.relation)
            }
            Callee::Function(_) => false,
        }
    }

    fn result(&mut self, callee: Callee, values: &[Value], span: Span) -> Flow<Option<Value>> {
        self.tick(span)?;
        match self.world.mock(callee).cloned() {
            Some(Mock::Value(value)) => Ok(Some(value)),
            Some(Mock::Callee(replacement)) => {
                // What stands in for a function sees the originals, so that it can call them.
                let mut world = self.world.fresh();
                world.mocks.clear();
                let outer = std::mem::replace(&mut self.world, Rc::new(world));
                let result = self.original(replacement, values, span);
                self.world = outer;
                result
            }
            None => self.original(callee, values, span),
        }
    }

    fn original(&mut self, callee: Callee, values: &[Value], span: Span) -> Flow<Option<Value>> {
        match callee {
            Callee::Builtin(id) => self.builtin(id, values, span),
            Callee::Function(id) => self.function(id, values),
        }
    }

    fn function(&mut self, id: FunctionId, values: &[Value]) -> Flow<Option<Value>> {
        let world = Rc::clone(&self.world);
        let key = (id, values.to_vec());
        if let Some(known) = world.calls.borrow().get(&key) {
            return Ok(known.clone());
        }
        let result = self.function_result(id, values)?;
        world.calls.borrow_mut().insert(key, result.clone());
        Ok(result)
    }

    fn function_result(&mut self, id: FunctionId, values: &[Value]) -> Flow<Option<Value>> {
        let program = self.program;
        let function =
            program.functions.get(id.0 as usize).ok_or_else(|| EvalError::missing("a function"))?;
        let rules = function.rules.iter().filter_map(|id| program.rules.get(id.0 as usize));
        let one_value = is_one_constant(rules);
        self.index(&function.path, function.rules.len(), one_value);
        let mut result = None;
        for rule in &function.rules {
            self.function_rule(*rule, values, &mut result)?;
            if one_value && result.is_some() {
                break;
            }
        }
        if let (None, Some(default)) = (&result, function.default) {
            self.function_rule(default, values, &mut result)?;
        }
        Ok(result)
    }

    /// Evaluates one clause of a function; its result must be that of the clauses before.
    fn function_rule(&mut self, id: RuleId, values: &[Value], result: &mut Option<Value>) -> Flow {
        let program = self.program;
        let rule = program.rules.get(id.0 as usize).ok_or_else(|| EvalError::missing("a rule"))?;
        let RuleKind::Function(parameters) = &rule.kind else {
            return Err(EvalError::missing("a function's rule").into());
        };
        if parameters.len() != values.len() {
            return Ok(());
        }
        let goals: Vec<Goal<'_>> = parameters
            .iter()
            .zip(values)
            .map(|(parameter, value)| (parameter, Side::Value(value.clone())))
            .collect();
        let enough = is_one_constant(std::iter::once(rule));
        settle(self.rule(id, rule, &goals, &mut |_, parts| {
            let value = parts.last();
            if result.is_some() && result.as_ref() != value {
                return Err(EvalError::function_conflict(rule.span).into());
            }
            *result = value.cloned();
            if enough { Err(Stop::Enough) } else { Ok(()) }
        }))
    }
}
