//! Calls of generated functions and built-ins.

use palisade_ir::program::{BuiltinId, FuncId, Reg};
use wasm_encoder::Instruction as I;

use super::Emitter;

impl Emitter<'_, '_> {
    pub(super) fn call(&mut self, dst: Reg, function: FuncId, args: &[Reg]) {
        for arg in args {
            self.get(*arg);
        }
        self.push([I::Call(function.0)]);
        self.set_or_fail(dst);
    }

    pub(super) fn builtin(&mut self, dst: Reg, builtin: BuiltinId, args: &[Reg]) {
        for arg in args {
            self.get(*arg);
        }
        let index = self.linker.builtin(builtin);
        self.push([I::Call(index)]);
        self.set_or_fail(dst);
    }
}
