//! What string interpolation compiles to.

use palisade_value::{AnyValue, View};

use crate::context::Context;
use crate::failure::Failure;
use crate::limits::STRING_BYTES_MAX;
use crate::operands::Operands;
use crate::quote;

/// The parts of an interpolated string joined. A part whose value may be undefined comes as a set of at most one.
pub fn internal_template_string<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut text = String::new();
    for part in args.array(0)? {
        match part.view() {
            View::Set([]) => text.push_str("<undefined>"),
            View::Set([one]) => write_plain(one, &mut text),
            View::Set(_) => {
                return Err(Failure::Halt(
                    "template-strings must not produce multiple outputs".into(),
                ));
            }
            View::Array(_) | View::Object(_) => {
                return Err(Failure::Halt("illegal argument type".into()));
            }
            _ => write_plain(part, &mut text),
        }
        if text.len() > STRING_BYTES_MAX {
            return Err(Failure::too_large());
        }
    }
    Ok(V::string(text))
}

/// A string without quotes, anything else as a Rego term.
fn write_plain<V: AnyValue>(it: &V, out: &mut String) {
    match it.view() {
        View::String(it) => out.push_str(it),
        _ => quote::write_term(it, out),
    }
}
