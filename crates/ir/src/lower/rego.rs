//! Lowers checked Rego to the intermediate form.
//!
//! Every document, function and query that an entrypoint reaches becomes one function; functions are made on demand,
//! so what nothing reaches is never lowered. Terms are lowered in continuation style: what follows a term with several
//! values is lowered inside the loop over them.
//!
//! - [`module`]: what is shared by all functions: constants, built-ins, the functions to make.
//! - [`emit`]: one function being made: registers, blocks, variables.
//! - [`terms`], [`refs`], [`unify`], [`exprs`], [`with`], [`bodies`]: terms, expressions and bodies;
//!   [`quiet`] and [`walk`] look through them.
//! - [`data`], [`documents`], [`nested`], [`parts`]: references into `data` and the documents they lead to;
//!   [`observed`] looks for what the outside sees of them.
//! - [`functions`], [`queries`]: functions with their replacements, and queries.
//! - [`targets`]: what `with` can replace, and the slots for it.

mod bodies;
mod data;
mod documents;
mod emit;
mod exprs;
mod functions;
mod module;
mod nested;
mod observed;
mod parts;
mod queries;
mod quiet;
mod refs;
mod rules;
mod targets;
mod terms;
mod unify;
mod walk;
mod with;

use palisade_rego::checked;
use palisade_value::Value;

use crate::lower::LowerError;
use crate::program::Program;
use module::Module;
use targets::Targets;

/// What is to be lowered.
#[derive(Clone, Debug)]
pub struct Options {
    /// The documents that the module offers: paths without `data`.
    pub entrypoints: Vec<Vec<String>>,
    /// Base data known at build time: an object.
    pub data: Value,
    /// Whether the program's queries are entrypoints too: `query/0`, `query/1`, … . The value of a query is the array
    /// of its solutions, each `[[value of each expression], {variable: value}]`.
    pub queries: bool,
}

/// Lowers what the options ask for.
///
/// # Errors
///
/// [`LowerError`]: an entrypoint is no document.
pub fn lower(program: &checked::Program, options: &Options) -> Result<Program, LowerError> {
    let mut targets = Targets::of(program);
    loop {
        let (lowered, used) = Module::new(program, &targets).lower(options)?;
        // Replacements that only unreachable rules make (tests, mostly) would burden every access to their targets.
        if used == targets {
            return Ok(lowered);
        }
        targets = used;
    }
}
