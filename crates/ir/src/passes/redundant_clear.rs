//! Removes [`Stmt::Clear`] of registers that can't have a value yet.
//!
//! **Needs:** registers start undefined. **Guarantees:** outside of loops, no register is cleared before it is written.

use std::collections::BTreeSet;

use crate::operands;
use crate::program::{Block, Program, Reg, Stmt};

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    for function in &mut program.functions {
        let mut written: BTreeSet<Reg> = (0..function.n_params).map(Reg).collect();
        clean(&mut function.body, false, &mut written);
    }
    program
}

fn clean(block: &mut Block, in_loop: bool, written: &mut BTreeSet<Reg>) {
    block.stmts.retain_mut(|stmt| {
        match stmt {
            Stmt::Clear { dst } => return in_loop || written.contains(dst),
            Stmt::Scan { body, .. } => clean(body, true, written),
            Stmt::Block { body, .. } | Stmt::Not { body } | Stmt::With { body, .. } => {
                clean(body, in_loop, written);
            }
            Stmt::Match { cases, otherwise, .. } => {
                cases.iter_mut().for_each(|(_, case)| clean(case, in_loop, written));
                clean(otherwise, in_loop, written);
            }
            _ => {}
        }
        written.extend(operands::written(stmt));
        true
    });
}
