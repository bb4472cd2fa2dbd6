//! `is_*` and `type_name`.

use palisade_value::{AnyValue, Kind};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// Whether it is an array.
pub fn is_array<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    is(args, Kind::Array)
}

/// Whether it is a boolean.
pub fn is_boolean<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    is(args, Kind::Boolean)
}

/// Whether it is `null`.
pub fn is_null<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    is(args, Kind::Null)
}

/// Whether it is a number.
pub fn is_number<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    is(args, Kind::Number)
}

/// Whether it is an object.
pub fn is_object<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    is(args, Kind::Object)
}

/// Whether it is a set.
pub fn is_set<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    is(args, Kind::Set)
}

/// Whether it is a string.
pub fn is_string<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    is(args, Kind::String)
}

/// The name of the type.
pub fn type_name<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::text(args.value(0)?.kind().name()))
}

fn is<V: AnyValue>(args: &[V], kind: Kind) -> Result<V, Failure> {
    Ok(V::boolean(args.value(0)?.kind() == kind))
}
