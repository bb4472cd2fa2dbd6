//! Improvements of a program that keep its meaning: one pass a file, each says what it needs and what it guarantees.

pub mod dead_code;
pub mod dead_functions;
pub mod flatten;
pub mod memo;
pub mod redundant_clear;

use crate::program::Program;

/// Runs all passes.
pub fn optimize(program: Program) -> Program {
    let program = flatten::run(redundant_clear::run(dead_code::run(program)));
    memo::run(dead_functions::run(program))
}
