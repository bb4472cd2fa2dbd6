//! Removes breaks at the end of the block they leave, names of blocks that nothing breaks to, and blocks at the end of
//! another one.
//!
//! **Needs:** nothing. **Guarantees:** every name of a block is used; no block without a name is the last statement of
//! a block, of a loop's or function's body, or of a case: whoever fails there goes to the same place either way.

use crate::program::{Block, Label, Program, Stmt, visit};

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    program.functions.iter_mut().for_each(|function| flatten(&mut function.body, true));
    program
}

/// Runs the pass, but keeps the last block of a function's body: it is one rule of several.
pub fn inside(mut program: Program) -> Program {
    program.functions.iter_mut().for_each(|function| flatten(&mut function.body, false));
    program
}

/// `ends_at_failure`: whether failing in the block and coming to its end is the same.
fn flatten(block: &mut Block, ends_at_failure: bool) {
    for stmt in &mut block.stmts {
        match stmt {
            Stmt::Block { label, body } => {
                flatten(body, true);
                if matches!(body.stmts.last(), Some(Stmt::Break { label: to }) if Some(*to) == *label)
                {
                    body.stmts.pop();
                }
                *label = label.filter(|label| is_left_by(body, *label));
            }
            Stmt::Scan { body, .. } => flatten(body, true),
            Stmt::With { body, .. } => flatten(body, true),
            Stmt::Not { body } => flatten(body, false),
            Stmt::Match { cases, otherwise, .. } => {
                cases.iter_mut().for_each(|(_, case)| flatten(case, true));
                flatten(otherwise, true);
            }
            _ => {}
        }
    }
    let is_nameless = |stmt: &mut Stmt| matches!(stmt, Stmt::Block { label: None, .. });
    if ends_at_failure && let Some(Stmt::Block { body, .. }) = block.stmts.pop_if(is_nameless) {
        block.stmts.extend(body.stmts);
    }
}

fn is_left_by(body: &Block, name: Label) -> bool {
    let mut found = false;
    visit(body, &mut |stmt| found |= matches!(stmt, Stmt::Break { label } if *label == name));
    found
}
