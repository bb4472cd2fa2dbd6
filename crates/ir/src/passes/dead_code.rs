//! Removes statements that can't run.
//!
//! **Needs:** nothing. **Guarantees:** no statement stands behind a [`Stmt::Return`] or [`Stmt::Break`] in its block,
//! and no block without a name is empty.

use crate::operands;
use crate::program::{Block, Program, Stmt};

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    for function in &mut program.functions {
        clean(&mut function.body);
    }
    program
}

fn clean(block: &mut Block) {
    let leaves = |stmt: &Stmt| matches!(stmt, Stmt::Return { .. } | Stmt::Break { .. });
    if let Some(at) = block.stmts.iter().position(leaves) {
        block.stmts.truncate(at + 1);
    }
    for stmt in &mut block.stmts {
        operands::blocks_mut(stmt).into_iter().for_each(clean);
    }
    block.stmts.retain(|stmt| !matches!(stmt, Stmt::Block { body, .. } if body.stmts.is_empty()));
}
