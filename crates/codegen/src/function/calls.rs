//! Calls of generated functions and built-ins.

use palisade_ir::program::{BuiltinId, FuncId, Location, Reg};
use wasm_encoder::{BlockType, Instruction as I};

use super::Emitter;

impl Emitter<'_, '_> {
    pub(super) fn call(&mut self, dst: Reg, function: FuncId, args: &[Reg]) {
        for arg in args {
            self.get(*arg);
        }
        self.push([I::Call(function.0)]);
        self.set_or_fail(dst);
    }

    /// Calls a built-in. Only where it has no value is the place noted: it may have raised an error.
    pub(super) fn builtin(
        &mut self,
        dst: Reg,
        builtin: BuiltinId,
        args: &[Reg],
        location: Option<&Location>,
    ) {
        for arg in args {
            self.get(*arg);
        }
        let index = self.linker.builtin(builtin);
        let Some(location) = location else {
            self.push([I::Call(index)]);
            return self.set_or_fail(dst);
        };
        self.push([I::Call(index), I::LocalTee(dst.0), I::I64Eqz, I::If(BlockType::Empty)]);
        self.depth += 1;
        let location = self.linker.location(location);
        self.word(location);
        self.rt("rt_locate");
        self.fail_always();
        self.push([I::End]);
        self.depth -= 1;
    }
}
