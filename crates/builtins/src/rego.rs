//! `rego.parse_module`: policies as data.

use palisade_diag::Files;
use palisade_syntax::limits::Depth;
use palisade_syntax::syntax::ast::Version;
use palisade_syntax::syntax::{ParseOptions, parse_statements};
use palisade_syntax::tree::{self, JsonOptions};
use palisade_value::AnyValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::limits::POLICY_BYTES_MAX;
use crate::operands::Operands;

mod errors;

/// How deep a policy may nest here. Half of a module's stack has room for the most costly constructs, comprehensions,
/// which count twice. The reference evaluator has the same limit, so that both give the same answer.
const DEPTH: Depth = Depth { nesting: 50, height: 125 };

/// The tree of a policy in Rego v1, as `palisade parse --format json` prints it; metadata blocks are comments in it.
pub fn rego_parse_module<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (name, text) = (args.string(0)?, args.string(1)?);
    if text.len() > POLICY_BYTES_MAX {
        return Err(Failure::too_large());
    }
    let mut files = Files::new();
    let file = files.add(name, text);
    let options = ParseOptions { depth: DEPTH, ..ParseOptions::of(Version::V1) };
    let parse = parse_statements(&files, file, &options);
    if !parse.diagnostics.is_empty() {
        return Err(Failure::Error(errors::text(&files, &parse.diagnostics).into()));
    }
    let module = tree::module(&files, &parse.tree);
    Ok(tree::json(&files, file, &module, JsonOptions::default()))
}
