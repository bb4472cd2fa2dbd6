//! `uri.*`

use palisade_value::{AnyValue, Entry};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;

pub(crate) mod parts;

use parts::Uri;

/// Whether it is a URI or a reference, and not empty.
pub fn uri_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0).is_ok_and(|it| !it.is_empty() && Uri::parse(it).is_ok())))
}

/// The parts of a URI that aren't empty.
pub fn uri_parse<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = args.string(0)?;
    let uri = Uri::parse(text)
        .map_err(|it| Failure::Error(["parse \"", text, "\": ", it].concat().into()))?;
    let parts = [
        ("fragment", &uri.fragment),
        ("hostname", &uri.hostname),
        ("path", &uri.path),
        ("port", &uri.port),
        ("raw_path", &uri.raw_path),
        ("raw_query", &uri.raw_query),
        ("scheme", &uri.scheme),
    ];
    let present = parts.into_iter().filter(|(_, part)| !part.is_empty());
    Ok(V::object(
        present.map(|(key, part)| Entry { key: V::text(key), value: V::text(part) }).collect(),
    ))
}
