//! Reading documents: input, base data, what stands in a collection.

use palisade_abi::image::{self, tag};
use palisade_ir::program::{ConstId, Reg, SlotId};
use wasm_encoder::{BlockType, Instruction as I, ValType};

use super::{Emitter, memarg};

impl<'p> Emitter<'_, 'p> {
    /// The input at a path: one load from the slot that the input reader captured it into.
    pub(super) fn input(&mut self, dst: Reg, path: &'p [String]) {
        if self.linker.input_is_replaced() {
            self.load_word(self.linker.slot(SlotId(0)));
            self.push([I::LocalTee(dst.0), I::I64Eqz, I::If(BlockType::Empty)]);
            self.depth += 1;
            self.captured_input(dst, path);
            self.push([I::Else]);
            self.walk(dst, path);
            self.push([I::End]);
            self.depth -= 1;
            self.push([I::LocalGet(dst.0), I::I64Eqz]);
        } else {
            self.captured_input(dst, path);
            self.push([I::LocalGet(dst.0), I::I64Eqz]);
        }
        self.fail_if();
    }

    fn captured_input(&mut self, dst: Reg, path: &[String]) {
        let cell = self.linker.input_slot(path);
        self.load_word(cell);
        self.push([I::LocalTee(dst.0), I::I64Const(tag::MASK as i64), I::I64And]);
        self.push([
            I::I64Const(tag::RAW as i64),
            I::I64Eq,
            I::If(BlockType::Empty),
            I::I32Const(cell as i32),
        ]);
        self.rt("rt_force");
        self.push([I::LocalSet(dst.0), I::End]);
    }

    /// Follows a path in the document in `dst`; undefined if it ends early.
    fn walk(&mut self, dst: Reg, path: &[String]) {
        for key in path {
            self.push([I::LocalGet(dst.0)]);
            let key = self.linker.text(key);
            self.word(key);
            self.rt("rt_get");
            self.push([I::LocalSet(dst.0)]);
        }
    }

    /// Base data at a path: one load from the slot that was filled when the data was frozen or loaded.
    pub(super) fn data(&mut self, dst: Reg, path: &[String]) {
        let cell = self.linker.data_slot(path);
        self.load_word(cell);
        self.set_or_fail(dst);
    }

    pub(super) fn lookup(&mut self, dst: Reg, collection: Reg, key: Reg) {
        self.get(collection);
        self.get(key);
        self.rt("rt_get");
        self.set_or_fail(dst);
    }

    pub(super) fn put(&mut self, dst: Reg, base: Reg, path: &[ConstId], value: Reg) {
        let keys = self.linker.constant_words(path);
        self.get(base);
        self.push([I::I32Const(keys as i32), I::I32Const(path.len() as i32)]);
        self.get(value);
        self.rt("rt_put");
        self.set(dst);
    }

    /// Runs `body` with slots replaced.
    pub(super) fn with(&mut self, slots: &[(SlotId, Reg)], body: &'p palisade_ir::program::Block) {
        let block = self.local(ValType::I32);
        let frame = self.local(ValType::I64);
        self.push([I::I32Const(slots.len() as i32 * 2)]);
        self.rt("rt_scratch");
        self.push([I::LocalSet(block)]);
        for (at, (slot, value)) in slots.iter().enumerate() {
            let offset = at as u32 * 16;
            self.push([
                I::LocalGet(block),
                I::I64Const(i64::from(slot.0)),
                I::I64Store(memarg(offset, 3)),
            ]);
            self.push([I::LocalGet(block)]);
            self.get(*value);
            self.push([I::I64Store(memarg(offset + 8, 3))]);
        }
        self.push([I::LocalGet(block), I::I32Const(slots.len() as i32)]);
        self.rt("rt_with_enter");
        self.push([I::LocalSet(frame)]);
        self.nested(None, body);
        self.push([I::LocalGet(frame)]);
        self.rt("rt_with_leave");
    }

    pub(super) fn test(&mut self, src: Reg) {
        // Undefined is 0 and `false` one bit: without that bit both are 0.
        self.get(src);
        self.push([I::I64Const(!image::FALSE as i64), I::I64And, I::I64Eqz]);
        self.fail_if();
    }
}
