//! Blocks, branches and returns.

use palisade_abi::image;
use palisade_ir::program::{Block, ConstId, Label, Reg};
use wasm_encoder::Instruction as I;

use super::{Emitter, memarg};

impl<'p> Emitter<'_, 'p> {
    pub(super) fn nested(&mut self, label: Option<Label>, body: &'p Block) {
        self.open();
        let end = self.depth;
        if let Some(label) = label {
            self.labels.push((label, end));
        }
        self.failing_to(end, |emitter| emitter.block(body));
        if label.is_some() {
            self.labels.pop();
        }
        self.close();
    }

    /// Leaves the block with this label. The verifier has seen to it that there is one.
    pub(super) fn leave(&mut self, label: Label) {
        let target =
            self.labels.iter().rev().find(|(it, _)| *it == label).map(|(_, target)| *target);
        let target = target.expect("a label is only left inside its block");
        let depth = self.branch_depth(target);
        self.push([I::Br(depth)]);
    }

    /// Fails if `inner` comes to its end.
    pub(super) fn not(&mut self, inner: impl FnOnce(&mut Self)) {
        self.open();
        let end = self.depth;
        self.failing_to(end, inner);
        self.fail_always();
        self.close();
    }

    /// One block a case, the guest says which one the subject goes to.
    pub(super) fn matching(
        &mut self,
        subject: Reg,
        cases: &'p [(ConstId, Block)],
        otherwise: &'p Block,
    ) {
        let constants: Vec<ConstId> = cases.iter().map(|(constant, _)| *constant).collect();
        let table = self.linker.match_table(&constants);
        self.open();
        let end = self.depth;
        self.open();
        let other = self.depth;
        for _ in cases {
            self.open();
        }
        self.get(subject);
        self.push([I::I32Const(table as i32)]);
        self.rt("rt_match");
        // The last opened block belongs to case 0; no match is -1, which is beyond the table as unsigned.
        let depths: Vec<u32> = (0..cases.len() as u32).collect();
        let default = self.branch_depth(other);
        self.push([I::BrTable(depths.into(), default)]);
        for (_, case) in cases {
            self.close();
            self.failing_to(end, |emitter| emitter.block(case));
            let depth = self.branch_depth(end);
            self.push([I::Br(depth)]);
        }
        self.close();
        self.failing_to(end, |emitter| emitter.block(otherwise));
        self.close();
    }

    pub(super) fn ret(&mut self, src: Reg) {
        if let Some(cell) = self.memo {
            self.push([I::I32Const(0)]);
            self.get(src);
            self.word(image::MEMO_UNDEFINED);
            self.get(src);
            self.push([I::I64Eqz, I::I32Eqz, I::Select, I::I64Store(memarg(cell, 3))]);
        }
        self.get(src);
        self.push([I::Return]);
    }
}
