//! Keeps only those values that may be asked for twice.
//!
//! **Needs:** memo functions have no parameters. **Guarantees:** a memo function is called from several places, from
//! inside of a loop, or by a function that may itself run several times in one evaluation. The replacements of a
//! `with` don't count: they set kept values aside anyway.

use crate::program::{Block, Program, Stmt};

/// How a function is called.
#[derive(Clone, Copy, Default)]
struct Calls {
    count: u32,
    in_loop: bool,
    /// One of the callers.
    caller: usize,
}

/// Runs the pass.
pub fn run(mut program: Program) -> Program {
    let mut calls = vec![Calls::default(); program.functions.len()];
    for (caller, function) in program.functions.iter().enumerate() {
        count(&function.body, caller, false, &mut calls);
    }
    for entrypoint in &program.entrypoints {
        // The host's call: one, and its caller runs once.
        calls[entrypoint.function.0 as usize].count += 1;
    }
    let once: Vec<bool> = (0..calls.len()).map(|at| runs_once(at, &program, &calls, 0)).collect();
    for (function, once) in program.functions.iter_mut().zip(once) {
        function.is_memo &= !once;
    }
    program
}

/// Whether nothing can ask twice for the function's value, even if it isn't kept.
fn runs_once(at: usize, program: &Program, calls: &[Calls], depth: usize) -> bool {
    let own = calls[at];
    if own.count > 1 || own.in_loop || depth > calls.len() {
        return false;
    }
    let is_called_by_host =
        program.entrypoints.iter().any(|entrypoint| entrypoint.function.0 as usize == at);
    is_called_by_host
        || program.functions[own.caller].is_memo
        || runs_once(own.caller, program, calls, depth + 1)
}

fn count(block: &Block, caller: usize, in_loop: bool, calls: &mut [Calls]) {
    for stmt in &block.stmts {
        match stmt {
            Stmt::Call { function, .. } => {
                let callee = &mut calls[function.0 as usize];
                callee.count += 1;
                callee.in_loop |= in_loop;
                callee.caller = caller;
            }
            Stmt::Scan { body, .. } => count(body, caller, true, calls),
            Stmt::Block { body, .. } | Stmt::Not { body } | Stmt::With { body, .. } => {
                count(body, caller, in_loop, calls);
            }
            Stmt::Match { cases, otherwise, .. } => {
                cases.iter().for_each(|(_, case)| count(case, caller, in_loop, calls));
                count(otherwise, caller, in_loop, calls);
            }
            _ => {}
        }
    }
}
