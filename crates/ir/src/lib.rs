//! The intermediate form that every policy language lowers to and the code generator reads.
//!
//! [`program`] defines it, [`lower`] makes it from checked Rego, [`passes`] improve it, [`verify`]
//! checks what the passes promise, and [`text`] prints it (`palisade build -t ir`). [`operands`] says
//! what a statement reads and writes.

mod constants;
pub mod lower;
pub mod operands;
pub mod passes;
pub mod program;
pub mod text;
pub mod verify;
