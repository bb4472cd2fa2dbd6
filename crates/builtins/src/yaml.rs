//! `yaml.*`: YAML 1.1 scalars and Go's block style.

use palisade_value::AnyValue;

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;
use crate::strings::check_length;

mod read;
mod scalar;
mod write;

pub use read::parse;

/// The value as a YAML document in block style, keys sorted.
pub fn yaml_marshal<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = write::document(args.value(0)?)?;
    check_length(&text)?;
    Ok(V::string(text))
}

/// The value that the first document of a YAML text describes.
pub fn yaml_unmarshal<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    parse(args.string(0)?).map_err(|it| Failure::Error(it.into()))
}

/// Whether it is a YAML text that describes a value.
pub fn yaml_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0).is_ok_and(|it| parse::<V>(it).is_ok())))
}
