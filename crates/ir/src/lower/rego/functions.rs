//! The policy's functions, calls, and callees that `with` can replace.

use palisade_diag::Span;
use palisade_rego::checked::{Callee, FunctionId};
use palisade_value::Value;

use super::emit::{Done, Emitter, Next};
use super::module::Key;
use super::targets::Mocked;
use crate::lower::LowerError;
use crate::program::{Block, Reg, Stmt};

/// The error of a function with two values.
const FUNCTION_CONFLICT: &str = "functions must not produce multiple outputs for same inputs";

impl<'m, 'p> Emitter<'m, 'p> {
    /// The body of a function of the policy.
    pub(super) fn function(&mut self, id: FunctionId) -> Done {
        let source = self.module.source;
        let function = &source.functions[id.0 as usize];
        let rules: Vec<_> = function.rules.iter().map(|id| &source.rules[id.0 as usize]).collect();
        let default = function.default.map(|id| &source.rules[id.0 as usize]);
        let args: Vec<Reg> = (0..function.arity as u32).map(Reg).collect();
        self.value_of(&rules, default, &args, FUNCTION_CONFLICT)
    }

    /// A call with these arguments: one solution, or one an element if the callee is a relation.
    pub(super) fn call_values(
        &mut self,
        callee: Mocked,
        args: Vec<Reg>,
        span: Span,
        next: Next<'_, 'm, 'p>,
    ) -> Done {
        if let Mocked::Builtin(id) = callee {
            self.module.note_call(id, span);
        }
        let value = match self.module.targets.callee(callee) {
            Some(_) => self.call_key(Key::Mock(callee), args),
            None => self.call(callee, args, Some(span)),
        };
        if self.is_relation(callee) {
            return self.scan(value, |e, _, solution| next(e, solution));
        }
        next(self, value)
    }

    /// Whether each element of the callee's result is a solution.
    pub(super) fn is_relation(&self, callee: Mocked) -> bool {
        match callee {
            Mocked::Builtin(id) => self.module.source.builtins[id.0 as usize].relation,
            Mocked::Function(_) => false,
        }
    }

    /// A call of the callee itself.
    fn call(&mut self, callee: Mocked, args: Vec<Reg>, span: Option<Span>) -> Reg {
        match callee.callee() {
            Callee::Function(id) => self.call_key(Key::Function(id), args),
            Callee::Builtin(id) => {
                let builtin = self.module.builtin(id);
                let dst = self.reg();
                let location = span.map(|span| self.module.location(span));
                self.push(Stmt::Builtin { dst, builtin, args, pattern: None, location });
                dst
            }
        }
    }

    /// The body of the function that stands for a callee which can be replaced.
    pub(super) fn mock(&mut self, callee: Mocked) -> Done {
        let Some(slot) = self.module.targets.callee(callee) else { return Ok(()) };
        let args: Vec<Reg> = (0..self.module.arity(callee) as u32).map(Reg).collect();
        let replacement = self.reg();
        self.push(Stmt::Slot { dst: replacement, slot });
        self.block(|e| {
            e.push(Stmt::Undefined { src: replacement });
            let src = e.call(callee, args.clone(), None);
            e.push(Stmt::Return { src });
            Ok(())
        })?;
        self.push(Stmt::Defined { src: replacement });
        let choice = self.get_const(replacement, &Value::Integer(0));
        let mut cases = vec![(
            self.module.constant(&Value::Integer(0)),
            self.mocked_value(callee, replacement)?,
        )];
        for (at, by) in self.module.targets.replacements(callee).into_iter().enumerate() {
            let choice = self.module.constant(&Value::Integer(at as i64 + 1));
            cases.push((choice, self.mocked_call(by, &args)?));
        }
        self.push(Stmt::Match { subject: choice, cases, otherwise: Block::default() });
        Ok(())
    }

    fn mocked_value(&mut self, callee: Mocked, replacement: Reg) -> Result<Block, LowerError> {
        let (block, ()) = self.nested(|e| {
            let value = e.get_const(replacement, &Value::Integer(1));
            let src = if e.is_relation(callee) { e.array(vec![value]) } else { value };
            e.push(Stmt::Return { src });
            Ok(())
        })?;
        Ok(block)
    }

    /// Inside of what stands in for a callee, nothing is replaced: it may call the original.
    fn mocked_call(&mut self, by: Mocked, args: &[Reg]) -> Result<Block, LowerError> {
        let (block, ()) = self.nested(|e| {
            let (empty, result) = (e.cleared(), e.cleared());
            let slots = e.module.targets.callee_slots().map(|slot| (slot, empty)).collect();
            let (body, ()) = e.nested(|e| {
                let src = e.call(by, args.to_vec(), None);
                e.push(Stmt::Move { dst: result, src });
                Ok(())
            })?;
            e.push(Stmt::With { slots, body });
            e.push(Stmt::Return { src: result });
            Ok(())
        })?;
        Ok(block)
    }
}
