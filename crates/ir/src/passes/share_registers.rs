//! Lets blocks that don't run together use the same registers, in functions with very many of them.
//!
//! WebAssembly engines take 50,000 locals in a function at most; a document with thousands of rules is one function.
//! Smaller functions are left alone: a register that is written once, by a constant, needs no local at all.
//!
//! **Needs:** a register that is read before it is written in its block is cleared there first; so redundant clears
//! are removed only afterwards. **Guarantees:** a function has either few registers or no more than its innermost
//! blocks need with all those around them.

use std::collections::BTreeMap;

use crate::operands;
use crate::program::{Block, Function, Program, Reg, Stmt};

/// Functions with fewer registers are left alone.
const MANY: u32 = 2_000;

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    let many = program.functions.iter_mut().filter(|function| function.n_regs > MANY);
    many.for_each(share);
    program
}

/// Where a register is used: the way to the innermost block with all its uses, as the number of each block in the one
/// around it.
type Scopes = BTreeMap<Reg, Vec<u32>>;

fn share(function: &mut Function) {
    let mut scopes = Scopes::new();
    find(&function.body, &mut Vec::new(), &mut scopes);
    let mut by_scope: BTreeMap<&[u32], Vec<Reg>> = BTreeMap::new();
    for (reg, scope) in scopes.iter().filter(|(reg, _)| reg.0 >= function.n_params) {
        by_scope.entry(scope).or_default().push(*reg);
    }
    // In the order of the map, a block comes behind those around it.
    let mut first_free: BTreeMap<&[u32], u32> = BTreeMap::new();
    let mut numbers: BTreeMap<Reg, Reg> =
        (0..function.n_params).map(|at| (Reg(at), Reg(at))).collect();
    let mut n_regs = function.n_params;
    for (scope, regs) in &by_scope {
        let around = (0..scope.len()).rev().find_map(|length| first_free.get(&scope[..length]));
        let first = around.copied().unwrap_or(function.n_params);
        numbers.extend(regs.iter().copied().zip((first..).map(Reg)));
        let free = first + regs.len() as u32;
        first_free.insert(scope, free);
        n_regs = n_regs.max(free);
    }
    rename(&mut function.body, &|reg| numbers.get(&reg).copied().unwrap_or(reg));
    function.n_regs = n_regs;
}

fn find(block: &Block, here: &mut Vec<u32>, scopes: &mut Scopes) {
    let mut n_blocks = 0;
    for stmt in &block.stmts {
        let used = operands::read(stmt)
            .into_iter()
            .chain(operands::written(stmt))
            .chain(operands::builder(stmt));
        for reg in used {
            let scope = scopes.entry(reg).or_insert_with(|| here.clone());
            let common = scope.iter().zip(here.iter()).take_while(|(a, b)| a == b).count();
            // A builder stays one: nothing else may use its register.
            let is_builder = operands::builder(stmt) == Some(reg);
            scope.truncate(if is_builder { 0 } else { common });
        }
        for inner in operands::blocks(stmt) {
            here.push(n_blocks);
            find(inner, here, scopes);
            here.pop();
            n_blocks += 1;
        }
    }
}

fn rename(block: &mut Block, to: &impl Fn(Reg) -> Reg) {
    for stmt in &mut block.stmts {
        operands::rename(stmt, to);
        match stmt {
            Stmt::Scan { body, .. }
            | Stmt::Block { body, .. }
            | Stmt::Not { body }
            | Stmt::With { body, .. } => rename(body, to),
            Stmt::Match { cases, otherwise, .. } => {
                cases.iter_mut().for_each(|(_, case)| rename(case, to));
                rename(otherwise, to);
            }
            _ => {}
        }
    }
}
