//! Errors of evaluation, in Cedar's words.

use palisade_value::AnyValue;

use super::text;
use super::values::exactly;
use crate::context::Context;
use crate::failure::Failure;

/// The type that stands for all types of entity in messages.
pub(super) const ANY_ENTITY: &str = "(entity of type `any_entity_type`)";

/// An error of evaluation: its message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault(pub(super) String);

/// Notes an error with this message.
pub fn fail<V: AnyValue>(context: &mut Context, operands: &[V]) -> Result<V, Failure> {
    let [message] = exactly(operands)?;
    Err(note(context, Fault(message.as_str().unwrap_or_default().to_owned())))
}

/// The message of the error that was noted last, and forgets it; the empty string if there is none.
pub fn fault<V: AnyValue>(context: &mut Context, _: &[V]) -> Result<V, Failure> {
    Ok(V::string(context.fault.take().unwrap_or_default()))
}

/// The result for the policy: of an error only that there is none, while the message is noted.
#[inline]
pub(super) fn noted<V>(context: &mut Context, result: Result<V, Fault>) -> Result<V, Failure> {
    result.map_err(|fault| note(context, fault))
}

#[cold]
#[inline(never)]
fn note(context: &mut Context, fault: Fault) -> Failure {
    context.fault = Some(fault.0);
    Failure::Undefined
}

/// An error with a text made of these parts.
#[cold]
#[inline(never)]
pub(super) fn saying(parts: &[&str]) -> Fault {
    Fault(parts.concat())
}

/// An error because the value is of none of the types.
#[cold]
#[inline(never)]
pub(super) fn expected<V: AnyValue>(types: &[&str], actual: &V) -> Fault {
    let mut message = "type error: expected ".to_owned();
    match types {
        [one] => message.push_str(one),
        _ => {
            message.push_str("one of [");
            message.push_str(&types.join(", "));
            message.push(']');
        }
    }
    message.push_str(", got ");
    text::type_of(actual, &mut message);
    Fault(message)
}

/// An error of a function of an extension.
#[cold]
#[inline(never)]
pub(super) fn of_extension(name: &str, message: &[&str]) -> Fault {
    let mut parts = vec!["error while evaluating `", name, "` extension function: "];
    parts.extend_from_slice(message);
    saying(&parts)
}
