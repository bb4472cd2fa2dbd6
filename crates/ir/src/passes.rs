//! Improvements of a program that keep its meaning: one pass a file, each says what it needs and what it guarantees.

pub mod constant_regex;
pub mod dead_code;
pub mod dead_functions;
pub mod flatten;
pub mod memo;
pub mod redundant_clear;
pub mod rule_index;
pub mod share_registers;
pub mod split_bodies;
pub mod split_functions;

use crate::program::Program;

/// How the passes go about it.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Functions with more registers than this share them ([`share_registers`]).
    pub registers_max: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options { registers_max: share_registers::MANY }
    }
}

/// Runs all passes.
pub fn optimize(program: Program, options: &Options) -> Program {
    let program = flatten::inside(dead_code::run(constant_regex::run(program)));
    let program = split_functions::run(rule_index::run(program));
    let program = flatten::run(split_bodies::run(program));
    let program = redundant_clear::run(share_registers::run(program, options.registers_max));
    memo::run(dead_functions::run(program))
}
