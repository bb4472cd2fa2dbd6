//! One IR function to one Wasm function.
//!
//! Registers are locals of type `i64` holding value words (`palisade_abi::image`); undefined is 0. An IR block is a
//! Wasm block; a statement that fails branches to the end of the block it stands in.
//!
//! The statements are grouped by family in the modules below, each adding methods to [`Emitter`].

mod calls;
mod collections;
mod compare;
mod control;
mod reads;
mod registers;

use std::collections::BTreeMap;

use palisade_abi::image;
use palisade_ir::program::{Block, ConstId, ErrorInfo, Function, Label, Program, Reg, Stmt};
use palisade_value::Value;
use wasm_encoder::{BlockType, Instruction as I, MemArg, ValType};

use crate::module::Linker;

/// A place that can be branched to: how many blocks are open inside it, itself included.
type Target = u32;

/// Turns one function into instructions.
pub struct Emitter<'m, 'p> {
    linker: &'m mut Linker<'p>,
    program: &'p Program,
    code: Vec<I<'static>>,
    /// The types of the locals behind the registers.
    scratch: Vec<ValType>,
    /// Which of them are in use, in the order in which they were taken.
    taken: Vec<u32>,
    /// Which of them were used by statements before.
    free: Vec<u32>,
    n_regs: u32,
    /// How many blocks are open.
    depth: u32,
    /// Where a failing statement goes.
    fail: Target,
    labels: Vec<(Label, Target)>,
    /// The cell that keeps the function's value.
    memo: Option<u32>,
    /// Registers that hold one constant wherever they are defined.
    constants: BTreeMap<Reg, ConstId>,
}

/// A finished body: the locals behind the parameters, and the instructions.
pub struct Body {
    /// By type, in order.
    pub locals: Vec<ValType>,
    /// Without the final `end`.
    pub code: Vec<I<'static>>,
}

/// Emits a function.
pub fn emit<'p>(
    linker: &mut Linker<'p>,
    program: &'p Program,
    function: &'p Function,
    memo: Option<u32>,
) -> Body {
    let mut emitter = Emitter {
        linker,
        program,
        code: Vec::new(),
        scratch: Vec::new(),
        taken: Vec::new(),
        free: Vec::new(),
        n_regs: function.n_regs,
        depth: 0,
        fail: 0,
        labels: Vec::new(),
        memo,
        constants: registers::constants(function),
    };
    emitter.function(function);
    let mut locals = vec![ValType::I64; (function.n_regs - function.n_params) as usize];
    locals.extend(emitter.scratch);
    Body { locals, code: emitter.code }
}

impl<'p> Emitter<'_, 'p> {
    fn function(&mut self, function: &'p Function) {
        if let Some(cell) = self.memo {
            self.return_memo(cell);
        }
        self.open();
        self.fail = self.depth;
        self.block(&function.body);
        self.close();
        if let Some(cell) = self.memo {
            self.store_word(cell, image::MEMO_UNDEFINED);
        }
        self.word(image::UNDEFINED);
    }

    /// Returns the kept value if there is one.
    fn return_memo(&mut self, cell: u32) {
        let kept = self.local(ValType::I64);
        self.load_word(cell);
        self.push([I::LocalTee(kept), I::I64Eqz, I::I32Eqz, I::If(BlockType::Empty)]);
        self.push([I::LocalGet(kept), I::I64Const(0), I::LocalGet(kept)]);
        self.word(image::MEMO_UNDEFINED);
        self.push([I::I64Ne, I::Select, I::Return, I::End]);
    }

    fn block(&mut self, block: &'p Block) {
        for stmt in &block.stmts {
            let n_taken = self.taken.len();
            self.stmt(stmt);
            self.free.extend(self.taken.drain(n_taken..));
        }
    }

    fn stmt(&mut self, stmt: &'p Stmt) {
        match stmt {
            Stmt::Const { dst, value } => {
                self.constant(*value);
                self.set(*dst);
            }
            Stmt::Move { dst, src } => {
                self.get(*src);
                self.set(*dst);
            }
            Stmt::Clear { dst } => {
                self.word(image::UNDEFINED);
                self.set(*dst);
            }
            Stmt::Input { dst, path } => self.input(*dst, path),
            Stmt::Data { dst, path } => self.data(*dst, path),
            Stmt::Slot { dst, slot } => {
                self.load_word(self.linker.slot(*slot));
                self.set(*dst);
            }
            Stmt::Get { dst, collection, key } => self.lookup(*dst, *collection, *key),
            Stmt::Put { dst, base, path, value } => self.put(*dst, *base, path, *value),
            Stmt::Defined { src } => {
                self.get(*src);
                self.push([I::I64Eqz]);
                self.fail_if();
            }
            Stmt::Undefined { src } => {
                self.get(*src);
                self.push([I::I64Eqz, I::I32Eqz]);
                self.fail_if();
            }
            Stmt::Test { src } => self.test(*src),
            Stmt::Is { src, ty } => self.is(*src, *ty),
            Stmt::Length { src, length } => self.length(*src, *length),
            Stmt::Compare { op, lhs, rhs } => self.compare(*op, *lhs, *rhs),
            Stmt::Call { dst, function, args } => self.call(*dst, *function, args),
            Stmt::Builtin { dst, builtin, args, pattern, location } => {
                let function = match pattern {
                    Some(pattern) => self.known_pattern(*builtin, *pattern),
                    None => self.linker.builtin(*builtin),
                };
                self.builtin(*dst, function, args, location.as_ref());
            }
            Stmt::Array { dst, items } => self.list(*dst, items, "rt_array"),
            Stmt::Set { dst, items } => self.list(*dst, items, "rt_set"),
            Stmt::Object { dst, entries } => self.object(*dst, entries),
            Stmt::Start { dst, kind } => self.start(*dst, *kind),
            Stmt::Append { builder, value } => self.append(*builder, *value),
            Stmt::Insert { builder, key, value } => self.insert(*builder, *key, *value),
            Stmt::Finish { dst, builder, conflict } => {
                self.finish(*dst, *builder, conflict.as_ref())
            }
            Stmt::Merge { dst, under, over } => {
                self.get(*under);
                self.get(*over);
                self.rt("rt_merge");
                self.set(*dst);
            }
            Stmt::AssignOnce { dst, src, conflict } => self.assign_once(*dst, *src, conflict),
            Stmt::Raise { error } => self.raise(error),
            Stmt::Sound => {
                self.rt("rt_has_raised");
                self.fail_if();
            }
            Stmt::Forget => {
                self.rt("rt_forget");
                self.push([I::I32Eqz]);
                self.fail_if();
            }
            Stmt::Held { rule } => {
                let cell = self.linker.held(*rule);
                self.push([I::I32Const(0), I::I32Const(1), I::I32Store8(memarg(cell, 0))]);
            }
            Stmt::Scan { collection, key, value, body } => {
                self.scan(*collection, *key, *value, body)
            }
            Stmt::Block { label, body } => self.nested(*label, body),
            Stmt::Break { label } => self.leave(*label),
            Stmt::Not { body } => self.not(|emitter| emitter.block(body)),
            Stmt::Match { subject, cases, otherwise } => self.matching(*subject, cases, otherwise),
            Stmt::With { slots, body } => self.with(slots, body),
            Stmt::Return { src } => self.ret(*src),
        }
    }

    fn assign_once(&mut self, dst: Reg, src: Reg, conflict: &'p ErrorInfo) {
        self.get(dst);
        self.push([I::I64Eqz, I::If(BlockType::Empty)]);
        self.get(src);
        self.set(dst);
        self.push([I::Else]);
        self.depth += 1;
        self.equal_flag(dst, src);
        self.push([I::I32Eqz, I::If(BlockType::Empty)]);
        self.raise(conflict);
        self.push([I::End, I::End]);
        self.depth -= 1;
    }

    fn raise(&mut self, error: &ErrorInfo) {
        let record = self.linker.error_record(error);
        self.push([I::I32Const(record as i32)]);
        self.rt("rt_raise");
    }

    fn push(&mut self, instructions: impl IntoIterator<Item = I<'static>>) {
        self.code.extend(instructions);
    }

    fn get(&mut self, reg: Reg) {
        match self.constants.get(&reg) {
            Some(constant) => self.constant(*constant),
            None => self.push([I::LocalGet(reg.0)]),
        }
    }

    fn set(&mut self, reg: Reg) {
        self.push([I::LocalSet(reg.0)]);
    }

    fn word(&mut self, word: u64) {
        self.push([I::I64Const(word as i64)]);
    }

    fn constant(&mut self, constant: ConstId) {
        let word = self.linker.constant(constant);
        self.word(word);
    }

    /// The constant that a register always holds.
    fn known(&self, reg: Reg) -> Option<&'p Value> {
        self.constants.get(&reg).map(|constant| &self.program.constants[constant.0 as usize])
    }

    /// Calls a function of the guest.
    fn rt(&mut self, name: &'static str) {
        let index = self.linker.rt(name);
        self.push([I::Call(index)]);
    }

    fn load_word(&mut self, address: u32) {
        self.push([I::I32Const(0), I::I64Load(memarg(address, 3))]);
    }

    fn store_word(&mut self, address: u32, word: u64) {
        self.push([I::I32Const(0), I::I64Const(word as i64), I::I64Store(memarg(address, 3))]);
    }

    /// A local until the statement ends, with anything in it. A local more costs the compiler behind a table as long as
    /// the function.
    fn local(&mut self, ty: ValType) -> u32 {
        let is_alike = |at: &u32| self.scratch.get((at - self.n_regs) as usize) == Some(&ty);
        let local = match self.free.iter().rposition(is_alike) {
            Some(at) => self.free.remove(at),
            None => {
                self.scratch.push(ty);
                self.n_regs + self.scratch.len() as u32 - 1
            }
        };
        self.taken.push(local);
        local
    }

    /// Opens a block; its end is the target `self.depth`.
    fn open(&mut self) {
        self.push([I::Block(BlockType::Empty)]);
        self.depth += 1;
    }

    fn close(&mut self) {
        self.push([I::End]);
        self.depth -= 1;
    }

    fn branch_depth(&self, target: Target) -> u32 {
        self.depth - target
    }

    fn fail_if(&mut self) {
        let depth = self.branch_depth(self.fail);
        self.push([I::BrIf(depth)]);
    }

    fn fail_always(&mut self) {
        let depth = self.branch_depth(self.fail);
        self.push([I::Br(depth)]);
    }

    /// Runs `inner` with failures going to `target`.
    fn failing_to(&mut self, target: Target, inner: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.fail, target);
        inner(self);
        self.fail = outer;
    }

    /// Sets a register to the word on the stack and fails if it is undefined.
    fn set_or_fail(&mut self, reg: Reg) {
        self.push([I::LocalTee(reg.0), I::I64Eqz]);
        self.fail_if();
    }
}

/// A memory access at a constant address.
fn memarg(address: u32, align: u32) -> MemArg {
    MemArg { offset: u64::from(address), align, memory_index: 0 }
}
