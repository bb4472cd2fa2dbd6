//! Removes functions that no entrypoint reaches.
//!
//! **Needs:** every [`FuncId`] exists. **Guarantees:** every function is reached; the order of those left is kept.

use std::collections::BTreeMap;

use crate::operands;
use crate::program::{Block, FuncId, Program, Stmt, visit};

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    let reached = reached(&program);
    let kept = program
        .functions
        .iter()
        .enumerate()
        .filter(|(at, _)| reached[*at])
        .map(|(at, _)| at as u32);
    let new_ids: BTreeMap<u32, FuncId> =
        kept.zip(0..).map(|(old, new)| (old, FuncId(new))).collect();
    let rename = |id: &mut FuncId| {
        if let Some(new) = new_ids.get(&id.0) {
            *id = *new;
        }
    };
    let mut at = 0;
    program.functions.retain(|_| {
        at += 1;
        reached[at - 1]
    });
    program.entrypoints.iter_mut().for_each(|entrypoint| rename(&mut entrypoint.function));
    program.functions.iter_mut().for_each(|function| calls(&mut function.body, &rename));
    program
}

fn reached(program: &Program) -> Vec<bool> {
    let mut reached = vec![false; program.functions.len()];
    let mut open: Vec<FuncId> =
        program.entrypoints.iter().map(|entrypoint| entrypoint.function).collect();
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut reached[id.0 as usize], true) {
            continue;
        }
        visit(&program.functions[id.0 as usize].body, &mut |stmt| {
            if let Stmt::Call { function, .. } = stmt {
                open.push(*function);
            }
        });
    }
    reached
}

fn calls(block: &mut Block, rename: &impl Fn(&mut FuncId)) {
    for stmt in &mut block.stmts {
        if let Stmt::Call { function, .. } = stmt {
            rename(function);
        }
        operands::blocks_mut(stmt).into_iter().for_each(|nested| calls(nested, rename));
    }
}
