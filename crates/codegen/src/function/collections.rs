//! Building and iterating over arrays, sets and objects.

use palisade_abi::image::tag;
use palisade_ir::program::{Block, Collection, ErrorInfo, Reg};
use wasm_encoder::{BlockType, Instruction as I, ValType};

use super::{Emitter, memarg};

impl<'p> Emitter<'_, 'p> {
    /// Fills a block of the arena with words and lets the guest take it over.
    pub(super) fn list(&mut self, dst: Reg, items: &[Reg], take: &'static str) {
        let block = self.fill(items);
        self.push([I::LocalGet(block), I::I32Const(items.len() as i32)]);
        self.rt(take);
        self.set(dst);
    }

    pub(super) fn object(&mut self, dst: Reg, entries: &[(Reg, Reg)]) {
        let words: Vec<Reg> = entries.iter().flat_map(|(key, value)| [*key, *value]).collect();
        let block = self.fill(&words);
        self.push([I::LocalGet(block), I::I32Const(entries.len() as i32)]);
        self.rt("rt_object");
        self.set(dst);
    }

    fn fill(&mut self, words: &[Reg]) -> u32 {
        let block = self.local(ValType::I32);
        self.push([I::I32Const(words.len() as i32)]);
        self.rt("rt_scratch");
        self.push([I::LocalSet(block)]);
        for (at, word) in words.iter().enumerate() {
            self.push([I::LocalGet(block)]);
            self.get(*word);
            self.push([I::I64Store(memarg(at as u32 * 8, 3))]);
        }
        block
    }

    pub(super) fn start(&mut self, dst: Reg, kind: Collection) {
        let kind = match kind {
            Collection::Array => tag::ARRAY,
            Collection::Set => tag::SET,
            Collection::Object => tag::OBJECT,
        };
        self.push([I::I32Const(kind as i32)]);
        self.rt("rt_start");
        self.set(dst);
    }

    pub(super) fn append(&mut self, builder: Reg, value: Reg) {
        self.get(builder);
        self.get(value);
        self.rt("rt_append");
    }

    pub(super) fn insert(&mut self, builder: Reg, key: Reg, value: Reg) {
        self.get(builder);
        self.get(key);
        self.get(value);
        self.rt("rt_insert");
    }

    pub(super) fn finish(&mut self, dst: Reg, builder: Reg, conflict: Option<&ErrorInfo>) {
        let record = conflict.map_or(0, |error| self.linker.error_record(error));
        self.get(builder);
        self.push([I::I32Const(record as i32)]);
        self.rt("rt_finish_collection");
        self.set(dst);
    }

    /// Walks over the words of a collection. All composites are plain words in memory, so no call is needed.
    pub(super) fn scan(&mut self, collection: Reg, key: Reg, value: Reg, body: &'p Block) {
        let (address, left, index) =
            (self.local(ValType::I32), self.local(ValType::I32), self.local(ValType::I64));
        let kind = self.local(ValType::I32);
        self.open();
        let done = self.depth;
        self.get(collection);
        self.push([I::I32WrapI64, I::I32Const(tag::MASK as i32), I::I32And, I::LocalSet(kind)]);
        self.failing_to(done, |emitter| {
            emitter.is(collection, palisade_ir::program::Type::Collection);
            emitter.get(collection);
            emitter.push([I::I32WrapI64, I::I32Const(4), I::I32ShrU, I::LocalTee(left), I::I32Eqz]);
            emitter.fail_if();
        });
        self.get(collection);
        self.push([I::I64Const(32), I::I64ShrU, I::I32WrapI64, I::LocalSet(address)]);
        // Integers are words with the lowest bit set: index 0 is 1, and the next one is two more.
        self.push([I::I64Const(1), I::LocalSet(index)]);
        self.push([I::Loop(BlockType::Empty)]);
        self.depth += 1;
        let next = self.depth;
        self.load_entry(kind, address, index, key, value);
        self.open();
        let inner = self.depth;
        self.failing_to(inner, |emitter| emitter.block(body));
        self.close();
        self.push([I::LocalGet(index), I::I64Const(2), I::I64Add, I::LocalSet(index)]);
        self.push([I::LocalGet(left), I::I32Const(1), I::I32Sub, I::LocalTee(left)]);
        self.push([I::BrIf(self.depth - next), I::End]);
        self.depth -= 1;
        self.close();
    }

    /// Loads key and value of the entry at `address` and moves on to the next.
    fn load_entry(&mut self, kind: u32, address: u32, index: u32, key: Reg, value: Reg) {
        self.push([
            I::LocalGet(kind),
            I::I32Const(tag::OBJECT as i32),
            I::I32Eq,
            I::If(BlockType::Empty),
        ]);
        self.push([I::LocalGet(address), I::I64Load(memarg(0, 3)), I::LocalSet(key.0)]);
        self.push([I::LocalGet(address), I::I64Load(memarg(8, 3)), I::LocalSet(value.0)]);
        self.push([
            I::LocalGet(address),
            I::I32Const(16),
            I::I32Add,
            I::LocalSet(address),
            I::Else,
        ]);
        self.push([I::LocalGet(address), I::I64Load(memarg(0, 3)), I::LocalSet(value.0)]);
        self.push([I::LocalGet(index), I::LocalGet(value.0)]);
        self.push([I::LocalGet(kind), I::I32Const(tag::ARRAY as i32), I::I32Eq, I::Select]);
        self.push([I::LocalSet(key.0)]);
        self.push([I::LocalGet(address), I::I32Const(8), I::I32Add, I::LocalSet(address), I::End]);
    }
}
