//! Comparisons and tests of a value's kind.

use palisade_abi::image::{self, tag};
use palisade_ir::program::{Compare, Reg, Type};
use palisade_value::{AnyValue, Num, Value, View};
use wasm_encoder::{BlockType, Instruction as I, MemArg, ValType};

use super::Emitter;

/// Strings up to this length are compared with a constant by plain loads.
const INLINE_TEXT_MAX: usize = 32;

impl Emitter<'_, '_> {
    pub(super) fn compare(&mut self, op: Compare, lhs: Reg, rhs: Reg) {
        match op {
            Compare::Equal => self.equal(lhs, rhs),
            Compare::NotEqual => self.not(|emitter| emitter.equal(lhs, rhs)),
            Compare::Less => self.ordered(lhs, rhs, I::I64LtS, I::I32LtS),
            Compare::LessEqual => self.ordered(lhs, rhs, I::I64LeS, I::I32LeS),
            Compare::Greater => self.ordered(lhs, rhs, I::I64GtS, I::I32GtS),
            Compare::GreaterEqual => self.ordered(lhs, rhs, I::I64GeS, I::I32GeS),
        }
    }

    /// Fails unless both are the same value.
    fn equal(&mut self, lhs: Reg, rhs: Reg) {
        match (self.known(lhs), self.known(rhs)) {
            (None, Some(constant)) => self.equal_constant(lhs, rhs, constant),
            (Some(constant), None) => self.equal_constant(rhs, lhs, constant),
            _ => {
                self.equal_flag(lhs, rhs);
                self.push([I::I32Eqz]);
                self.fail_if();
            }
        }
    }

    /// 1 if both are the same value, else 0.
    pub(super) fn equal_flag(&mut self, lhs: Reg, rhs: Reg) {
        self.get(lhs);
        self.get(rhs);
        self.push([I::I64Eq, I::If(BlockType::Result(ValType::I32)), I::I32Const(1), I::Else]);
        self.get(lhs);
        self.get(rhs);
        self.rt("rt_equal");
        self.push([I::End]);
    }

    fn equal_constant(&mut self, reg: Reg, constant_reg: Reg, constant: &Value) {
        match constant.view() {
            View::Null | View::Boolean(_) => {
                self.get(reg);
                self.get(constant_reg);
                self.push([I::I64Ne]);
                self.fail_if();
            }
            View::String(text) if text.len() <= INLINE_TEXT_MAX => self.equal_text(reg, text),
            View::Number(Num::Int(it)) if image::INTEGER_RANGE.contains(&it) => {
                self.equal_integer(reg, constant_reg)
            }
            _ => {
                self.equal_flag(reg, constant_reg);
                self.push([I::I32Eqz]);
                self.fail_if();
            }
        }
    }

    /// Integers have one word each, but `1.0` is the same number as `1`.
    fn equal_integer(&mut self, reg: Reg, constant: Reg) {
        self.get(reg);
        self.get(constant);
        self.push([I::I64Ne, I::If(BlockType::Empty)]);
        self.depth += 1;
        self.get(reg);
        self.push([
            I::I64Const(tag::MASK as i64),
            I::I64And,
            I::I64Const(tag::DECIMAL as i64),
            I::I64Ne,
        ]);
        self.fail_if();
        self.get(reg);
        self.get(constant);
        self.rt("rt_equal");
        self.push([I::I32Eqz]);
        self.fail_if();
        self.push([I::End]);
        self.depth -= 1;
    }

    /// Compares tag and length at once, then the bytes in the widest loads that fit, the last one overlapping.
    fn equal_text(&mut self, reg: Reg, text: &str) {
        let tag_and_length = image::pack(tag::STRING, 0, text.len()) as u32;
        self.get(reg);
        self.push([I::I32WrapI64, I::I32Const(tag_and_length as i32), I::I32Ne]);
        self.fail_if();
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return;
        }
        let address = self.local(ValType::I32);
        self.get(reg);
        self.push([I::I64Const(32), I::I64ShrU, I::I32WrapI64, I::LocalSet(address)]);
        let mut at = 0;
        while at < bytes.len() {
            let width = load_width(bytes.len());
            let from = at.min(bytes.len() - width);
            self.differs(address, from, &bytes[from..from + width]);
            self.fail_if();
            at += width;
        }
    }

    /// Whether the bytes in memory at `address + offset` differ from these 1, 2, 4 or 8.
    fn differs(&mut self, address: u32, offset: usize, bytes: &[u8]) {
        let memarg = MemArg { offset: offset as u64, align: 0, memory_index: 0 };
        let value = bytes.iter().rev().fold(0u64, |value, byte| value << 8 | u64::from(*byte));
        self.push([I::LocalGet(address)]);
        match bytes.len() {
            8 => self.push([I::I64Load(memarg), I::I64Const(value as i64), I::I64Ne]),
            4 => self.push([I::I32Load(memarg), I::I32Const(value as u32 as i32), I::I32Ne]),
            2 => self.push([I::I32Load16U(memarg), I::I32Const(value as i32), I::I32Ne]),
            _ => self.push([I::I32Load8U(memarg), I::I32Const(value as i32), I::I32Ne]),
        }
    }

    /// Integers keep their order as words; everything else is the guest's business.
    fn ordered(&mut self, lhs: Reg, rhs: Reg, words: I<'static>, orders: I<'static>) {
        self.get(lhs);
        self.get(rhs);
        self.push([I::I64And, I::I64Const(1), I::I64And, I::I32WrapI64]);
        self.push([I::If(BlockType::Result(ValType::I32))]);
        self.get(lhs);
        self.get(rhs);
        self.push([words, I::Else]);
        self.get(lhs);
        self.get(rhs);
        self.rt("rt_compare");
        self.push([I::I32Const(0), orders, I::End, I::I32Eqz]);
        self.fail_if();
    }

    pub(super) fn is(&mut self, src: Reg, ty: Type) {
        let tag_of = self.local(ValType::I64);
        self.get(src);
        self.push([I::I64Const(tag::MASK as i64), I::I64And, I::LocalSet(tag_of)]);
        let is_not = |tag: u64| [I::LocalGet(tag_of), I::I64Const(tag as i64), I::I64Ne];
        match ty {
            Type::Array => self.push(is_not(tag::ARRAY)),
            Type::Object => self.push(is_not(tag::OBJECT)),
            Type::Set => self.push(is_not(tag::SET)),
            Type::Collection => {
                self.push(is_not(tag::ARRAY));
                self.push(is_not(tag::OBJECT));
                self.push([I::I32And]);
                self.push(is_not(tag::SET));
                self.push([I::I32And]);
            }
        }
        self.fail_if();
    }

    pub(super) fn length(&mut self, src: Reg, length: u32) {
        self.get(src);
        self.push([
            I::I32WrapI64,
            I::I32Const(4),
            I::I32ShrU,
            I::I32Const(length as i32),
            I::I32Ne,
        ]);
        self.fail_if();
    }
}

/// The widest load for a text of this length.
fn load_width(length: usize) -> usize {
    match length {
        8.. => 8,
        4.. => 4,
        2.. => 2,
        _ => 1,
    }
}
