//! IR to WebAssembly: the code generator and linker.
//!
//! A module is made of two parts. The *guest* (`crates/guest`, precompiled) knows how to read JSON, compare values and
//! run built-ins. The *generated functions* say what the policy does, one for each function of the IR. [`emit`] keeps
//! of the guest what the generated functions reach, puts constants and base data into memory in their final form, and
//! writes the module.
//!
//! - [`guest`] reads the precompiled guest and who uses whom in it; [`reach`] drops what isn't needed.
//! - [`memory`] lays out everything static; [`paths`] finds which parts of input and data the program reads.
//! - [`function`] turns one IR function into instructions.
//! - [`module`] writes the sections.
//!
//! **Invariant:** the output is a function of the input: no hash order, no time, no paths of the machine.

mod function;
mod guest;
mod memory;
mod module;
mod paths;
mod reach;

pub use guest::BYTES as RUN_TIME_LIBRARY;
pub use module::{Abi, EmitError, Options, emit, host_functions};
