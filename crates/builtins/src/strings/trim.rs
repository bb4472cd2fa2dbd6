//! `trim*`: cutting characters or a given end off a string.

use palisade_value::AnyValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

/// Without the given characters on both sides.
pub fn trim<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, cut) = (args.string(0)?, args.string(1)?);
    Ok(V::text(text.trim_matches(|it| cut.contains(it))))
}

/// Without the given characters on the left.
pub fn trim_left<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, cut) = (args.string(0)?, args.string(1)?);
    Ok(V::text(text.trim_start_matches(|it| cut.contains(it))))
}

/// Without the given characters on the right.
pub fn trim_right<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, cut) = (args.string(0)?, args.string(1)?);
    Ok(V::text(text.trim_end_matches(|it| cut.contains(it))))
}

/// Without the prefix, if it is there.
pub fn trim_prefix<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, prefix) = (args.string(0)?, args.string(1)?);
    Ok(V::text(text.strip_prefix(prefix).unwrap_or(text)))
}

/// Without the suffix, if it is there.
pub fn trim_suffix<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, suffix) = (args.string(0)?, args.string(1)?);
    Ok(V::text(text.strip_suffix(suffix).unwrap_or(text)))
}

/// Without white space on both sides.
pub fn trim_space<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::text(args.string(0)?.trim()))
}
