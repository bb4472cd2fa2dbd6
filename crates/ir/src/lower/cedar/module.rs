//! What all functions share: constants, the functions of the run-time library, the functions made so far.

use std::collections::BTreeMap;

use palisade_value::Value;

use super::body::Body;
use crate::constants::Constants;
use crate::program::{Builtin, BuiltinId, ConstId, Entrypoint, FuncId, Function, Program};

/// The program being made.
#[derive(Default)]
pub(super) struct Module {
    constants: Constants,
    builtins: Vec<Builtin>,
    builtin_ids: BTreeMap<String, BuiltinId>,
    functions: Vec<Function>,
}

impl Module {
    pub(super) fn constant(&mut self, value: Value) -> ConstId {
        self.constants.id(&value)
    }

    /// A constant too large to look for another one like it.
    pub(super) fn large_constant(&mut self, value: Value) -> ConstId {
        self.constants.add(value)
    }

    /// A function of `palisade_builtins::cedar`, by its name there.
    pub(super) fn library(&mut self, name: &str, arity: usize) -> BuiltinId {
        let name = format!("cedar.{name}");
        let next = BuiltinId(self.builtins.len() as u32);
        let id = *self.builtin_ids.entry(name.clone()).or_insert(next);
        if id == next {
            self.builtins.push(Builtin { name, arity, calls: Vec::new() });
        }
        id
    }

    /// Makes a function. Errors in it end it without a value.
    pub(super) fn function(
        &mut self,
        name: impl Into<String>,
        n_params: u32,
        is_memo: bool,
        make: impl FnOnce(&mut Body<'_>),
    ) -> FuncId {
        let mut body = Body::new(self, n_params);
        make(&mut body);
        let (body, n_regs) = body.finish();
        let function = Function { name: name.into(), n_params, n_regs, is_memo, body };
        self.functions.push(function);
        FuncId(self.functions.len() as u32 - 1)
    }

    pub(super) fn finish(self, entrypoints: Vec<(String, FuncId)>) -> Program {
        let entrypoints =
            entrypoints.into_iter().map(|(path, function)| Entrypoint { path, function });
        Program {
            constants: self.constants.into_values(),
            functions: self.functions,
            builtins: self.builtins,
            entrypoints: entrypoints.collect(),
            slots: vec!["input".to_owned()],
            ..Program::default()
        }
    }
}
