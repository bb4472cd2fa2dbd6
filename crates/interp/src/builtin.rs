//! Built-ins: calling them, and what their failures mean.

use palisade_abi::host::host_function;
use palisade_builtins::{Failure, Function};
use palisade_diag::Span;
use palisade_rego::checked::{BuiltinId, Program};
use palisade_value::Value;

use crate::error::{Code, EvalError};
use crate::machine::{Flow, Machine};
use crate::print::PRINT;

/// The built-ins of a program, by their index in it; `None` for those that don't exist here.
pub(crate) fn functions(program: &Program) -> Vec<Option<Function<Value>>> {
    program.builtins.iter().map(|builtin| palisade_builtins::lookup(&builtin.name)).collect()
}

impl Machine<'_> {
    pub(crate) fn builtin(
        &mut self,
        id: BuiltinId,
        values: &[Value],
        span: Span,
    ) -> Flow<Option<Value>> {
        let program = self.program;
        let at = id.0 as usize;
        let builtin = program.builtins.get(at).ok_or_else(|| EvalError::missing("a built-in"))?;
        if builtin.name == PRINT.name {
            values.iter().for_each(|arguments| self.print(arguments, span));
            return Ok(Some(Value::Boolean(true)));
        }
        if let Some(function) = host_function(&builtin.name) {
            return self.host_function(function, values, span);
        }
        let Some(function) = self.builtins.get(at).copied().flatten() else {
            return Err(EvalError::missing(&format!("built-in {}", builtin.name)).into());
        };
        if let ("trace", [Value::String(message)]) = (builtin.name.as_str(), values) {
            self.note_text(span, message);
        }
        match function(&mut self.context, values) {
            Ok(value) => Ok(Some(value)),
            Err(Failure::Undefined) => Ok(None),
            Err(failure) => {
                let error =
                    || EvalError::new(code(&failure), span, format!("{}: {failure}", builtin.name));
                if self.strict || failure.is_halt() {
                    return Err(error().into());
                }
                self.observer.builtin_error(error);
                Ok(None)
            }
        }
    }
}

fn code(failure: &Failure) -> Code {
    match failure {
        Failure::Operand(..) | Failure::Type(_) => Code::Type,
        Failure::Undefined | Failure::Error(_) => Code::Builtin,
        Failure::Halt(_) => Code::Internal,
        Failure::Input(_) => Code::Input,
    }
}
