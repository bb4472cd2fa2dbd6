//! One function being made.
//!
//! What can be true, false or an error has two labels to go on at, and fails for an error. As failing only leaves the
//! innermost block, whatever opens a labelled block does so with [`Body::join`], behind whose inside the function returns
//! without a value: an error in it never goes on where the label leads.

use palisade_value::Value;

use super::module::Module;
use crate::program::{Block, BuiltinId, Label, Reg, Stmt};

pub(super) struct Body<'m> {
    pub(super) module: &'m mut Module,
    n_regs: u32,
    n_labels: u32,
    /// A register that never gets a value.
    nothing: Reg,
    stmts: Vec<Stmt>,
}

impl<'m> Body<'m> {
    pub(super) fn new(module: &'m mut Module, n_params: u32) -> Body<'m> {
        let nothing = Reg(n_params);
        Body { module, n_regs: n_params + 1, n_labels: 0, nothing, stmts: Vec::new() }
    }

    pub(super) fn finish(self) -> (Block, u32) {
        (Block { stmts: self.stmts }, self.n_regs)
    }

    pub(super) fn reg(&mut self) -> Reg {
        self.n_regs += 1;
        Reg(self.n_regs - 1)
    }

    pub(super) fn label(&mut self) -> Label {
        self.n_labels += 1;
        Label(self.n_labels - 1)
    }

    pub(super) fn push(&mut self, stmt: Stmt) {
        self.stmts.push(stmt);
    }

    /// The statements that `inner` makes, as a block.
    pub(super) fn inside(&mut self, inner: impl FnOnce(&mut Self)) -> Block {
        let outside = std::mem::take(&mut self.stmts);
        inner(self);
        Block { stmts: std::mem::replace(&mut self.stmts, outside) }
    }

    /// A block that failing leaves.
    pub(super) fn block(&mut self, inner: impl FnOnce(&mut Self)) {
        let body = self.inside(inner);
        self.push(Stmt::Block { label: None, body });
    }

    /// A block that is left by its label alone: an error in it ends the function without a value, and so does its end.
    pub(super) fn join(&mut self, label: Label, inner: impl FnOnce(&mut Self)) {
        let body = self.inside(|body| {
            body.block(inner);
            let nothing = body.nothing;
            body.push(Stmt::Return { src: nothing });
        });
        self.push(Stmt::Block { label: Some(label), body });
    }

    pub(super) fn leave(&mut self, label: Label) {
        self.push(Stmt::Break { label });
    }

    pub(super) fn constant(&mut self, value: Value) -> Reg {
        let dst = self.reg();
        self.set(dst, value);
        dst
    }

    pub(super) fn set(&mut self, dst: Reg, value: Value) {
        let value = self.module.constant(value);
        self.push(Stmt::Const { dst, value });
    }

    /// A constant that is not worth comparing with others.
    pub(super) fn large_constant(&mut self, value: Value) -> Reg {
        let dst = self.reg();
        let value = self.module.large_constant(value);
        self.push(Stmt::Const { dst, value });
        dst
    }

    /// Calls a function of the run-time library; fails with its error.
    pub(super) fn call(&mut self, name: &str, args: Vec<Reg>) -> Reg {
        let builtin = self.module.library(name, args.len());
        self.builtin(builtin, args)
    }

    fn builtin(&mut self, builtin: BuiltinId, args: Vec<Reg>) -> Reg {
        let dst = self.reg();
        self.push(Stmt::Builtin { dst, builtin, args, pattern: None, location: None });
        dst
    }

    /// What stands under a constant key; fails if nothing does.
    pub(super) fn get(&mut self, collection: Reg, key: Value) -> Reg {
        let key = self.constant(key);
        let dst = self.reg();
        self.push(Stmt::Get { dst, collection, key });
        dst
    }
}
