//! Lowers a checked set of Cedar policies to the intermediate form.
//!
//! A policy is its scope and its condition. Scopes become an [`index`], a constant in which the policies are found that
//! a request is about; conditions become functions, one for each that is not the same as another. What is decided from
//! the answers of all policies found is one loop, in [`authorize`].
//!
//! **Errors of policies** are no errors of the evaluation. An expression that has an error fails, and the block around
//! it says what then; see [`body`]. Its message stays with the run-time library until it is asked for.
//!
//! - [`module`]: what is shared: constants, built-ins, functions.
//! - [`body`]: one function being made.
//! - [`conditions`], [`values`]: expressions, as places to go on and as values.
//! - [`authorize`]: the request, the loop over the policies, the decision.
//! - [`index`], [`constants`]: scopes, schema and entities as constants.

mod authorize;
mod body;
mod conditions;
mod constants;
mod index;
mod module;
mod values;

use palisade_cedar::checked::PolicySet;

use crate::program::Program;
use module::Module;

/// How a set is lowered.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name in front of the entrypoints: `cedar` makes `cedar/decision` and `cedar/allow`.
    pub name: String,
    /// Whether requests must be as the schema says.
    pub validates_requests: bool,
}

/// Lowers a set. The program offers two documents: `decision`, an object `{"decision", "reasons", "errors"}`, and
/// `allow`, which is true if the decision is `"allow"` and false if it is not.
pub fn lower(set: &PolicySet, options: &Options) -> Program {
    let mut module = Module::default();
    let decision = authorize::decision(&mut module, set, options);
    let allow = authorize::allow(&mut module, decision, options);
    module.finish(vec![
        (format!("{}/decision", options.name), decision),
        (format!("{}/allow", options.name), allow),
    ])
}
