//! Improvements of a program that keep its meaning: one pass a file, each says what it needs and what it guarantees.

pub mod constant_regex;
pub mod dead_code;
pub mod dead_functions;
pub mod flatten;
pub mod memo;
pub mod redundant_clear;
pub mod rule_index;
pub mod share_registers;
pub mod split_functions;

use crate::program::Program;

/// Runs all passes.
pub fn optimize(program: Program) -> Program {
    let program = flatten::inside(dead_code::run(constant_regex::run(program)));
    let program = flatten::run(split_functions::run(rule_index::run(program)));
    let program = redundant_clear::run(share_registers::run(program));
    memo::run(dead_functions::run(program))
}
