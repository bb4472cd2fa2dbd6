//! `json.marshal`, `json.unmarshal`, `json.is_valid`.

use palisade_value::{AnyValue, View, json};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::Operands;
use crate::strings::check_length;

pub(crate) mod write;

/// The value as JSON text: sets as arrays, characters that HTML knows escaped.
pub fn json_marshal<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let mut out = String::new();
    write::compact(args.value(0)?, &mut out)?;
    Ok(V::string(out))
}

/// The value as JSON text with the given `indent` and `prefix`, on several lines if `pretty`.
pub fn json_marshal_with_options<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let options = Options::read(args)?;
    let mut out = String::new();
    if options.pretty {
        out.push_str(options.prefix);
        write::pretty(args.value(0)?, options.prefix, options.indent, &mut out)?;
    } else {
        write::compact(args.value(0)?, &mut out)?;
    }
    check_length(&out)?;
    Ok(V::string(out))
}

struct Options<'a> {
    pretty: bool,
    prefix: &'a str,
    indent: &'a str,
}

impl<'a> Options<'a> {
    fn read<V: AnyValue>(args: &'a [V]) -> Result<Options<'a>, Failure> {
        let mut options = Options { pretty: false, prefix: "", indent: "\t" };
        let mut pretty = None;
        for entry in args.object(1)? {
            match (entry.key.as_str(), entry.value.view()) {
                (Some("pretty"), View::Boolean(it)) => pretty = Some(it),
                (Some("prefix"), View::String(it)) => (options.prefix, options.pretty) = (it, true),
                (Some("indent"), View::String(it)) => (options.indent, options.pretty) = (it, true),
                (Some(key @ "pretty"), _) => {
                    return Err(option("key ", key, " failed cast to bool"));
                }
                (Some(key @ ("prefix" | "indent")), _) => {
                    return Err(option("key ", key, " failed cast to string"));
                }
                (key, _) => {
                    return Err(option(
                        "object contained unknown key \"",
                        key.unwrap_or("?"),
                        "\"",
                    ));
                }
            }
        }
        options.pretty = pretty.unwrap_or(options.pretty);
        Ok(options)
    }
}

fn option(before: &str, key: &str, after: &str) -> Failure {
    Failure::Operand(2, crate::failure::Problem::Other([before, key, after].concat().into()))
}

/// The value that a JSON text describes.
pub fn json_unmarshal<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    json::parse(args.string(0)?).map_err(|it| Failure::Error(it.message.into()))
}

/// Whether it is JSON text.
pub fn json_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0).is_ok_and(|it| json::parse::<V>(it).is_ok())))
}
