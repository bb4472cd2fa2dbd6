//! Calls of generated functions and built-ins.

use palisade_ir::program::{BuiltinId, FuncId, Location, PatternId, Reg};
use wasm_encoder::{BlockType, Instruction as I};

use super::Emitter;

impl Emitter<'_, '_> {
    pub(super) fn call(&mut self, dst: Reg, function: FuncId, args: &[Reg]) {
        for arg in args {
            self.get(*arg);
        }
        self.push([I::Call(self.linker.function(function))]);
        self.set_or_fail(dst);
    }

    /// Pushes the address of a known pattern's tables; the function that takes it, and then the built-in's arguments.
    pub(super) fn known_pattern(&mut self, builtin: BuiltinId, pattern: PatternId) -> u32 {
        let tables = self.linker.pattern(pattern);
        self.push([I::I32Const(tables as i32)]);
        self.linker.builtin_with_pattern(builtin)
    }

    /// Calls the function of a built-in. Only where it has no value is the place noted: it may have raised an error.
    pub(super) fn builtin(
        &mut self,
        dst: Reg,
        index: u32,
        args: &[Reg],
        location: Option<&Location>,
    ) {
        for arg in args {
            self.get(*arg);
        }
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
