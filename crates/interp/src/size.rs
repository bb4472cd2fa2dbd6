//! How large a value may be that leaves the evaluation.
//!
//! Inside, values share their parts, and there is a large stack to go through them. Outside, whoever prints, compares
//! or drops a value goes through all of it on a stack of the usual size.

use palisade_value::json::NESTING_MAX;
use palisade_value::{Value, any::Entry};

use crate::error::EvalError;

/// How many parts a result may have.
const RESULT_PARTS_MAX: usize = 50_000_000;

/// How many parts a value may have to be shown in a trace.
const TRACE_PARTS_MAX: usize = 1_000;

/// Lets a result out.
pub(crate) fn check_result(value: &Value) -> Result<(), EvalError> {
    let mut parts = RESULT_PARTS_MAX;
    if fits(value, NESTING_MAX, &mut parts) { Ok(()) } else { Err(EvalError::too_large()) }
}

/// Whether a trace shows the value.
pub(crate) fn is_shown(value: &Value) -> bool {
    let mut parts = TRACE_PARTS_MAX;
    fits(value, NESTING_MAX, &mut parts)
}

/// Whether the value nests no deeper than `depth` and has no more than `parts` parts, which it uses up.
fn fits(value: &Value, depth: usize, parts: &mut usize) -> bool {
    let Some(left) = parts.checked_sub(1) else { return false };
    *parts = left;
    match value {
        Value::Array(items) | Value::Set(items) => {
            depth > 0 && items.iter().all(|item| fits(item, depth - 1, parts))
        }
        Value::Object(entries) => {
            depth > 0
                && entries.iter().all(|Entry { key, value }| {
                    fits(key, depth - 1, parts) && fits(value, depth - 1, parts)
                })
        }
        _ => true,
    }
}
