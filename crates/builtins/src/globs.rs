//! `glob.*`

use palisade_value::{AnyValue, View};

use crate::context::Context;
use crate::failure::Failure;
use crate::operands::{self, Operands};

mod pattern;

pub(crate) use pattern::Pattern;

/// Whether the whole string matches the pattern. The delimiters, `.` if none are given, are what `*` and `?` don't
/// match; `null` means that there are none.
pub fn glob_match<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let source = args.string(0)?;
    let delimiters = delimiters(args)?;
    let text = args.string(2)?;
    let compile = |_: &str| Pattern::new(source, &delimiters);
    // Delimiters belong to the pattern. The character between them is none that either of them would need.
    let key = [source, "\u{0}", &delimiters].concat();
    Ok(V::boolean(ctx.globs.get_or_compile(&key, compile)?.matches(text)))
}

fn delimiters<V: AnyValue>(args: &[V]) -> Result<String, Failure> {
    match args.value(1)?.view() {
        View::Null => Ok(String::new()),
        View::Array([]) => Ok(String::from(".")),
        View::Array(items) => items.iter().map(|it| character(args, it)).collect(),
        _ => Err(args.unlike(1, &["array", "null"])),
    }
}

fn character<V: AnyValue>(args: &[V], item: &V) -> Result<char, Failure> {
    let Some(text) = item.as_str() else {
        return Err(operands::element(args, 1, item, &["string"]));
    };
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(operands::element(args, 1, item, &["rune"])),
    }
}

/// A pattern that matches exactly this string.
pub fn glob_quote_meta<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let text = args.string(0)?;
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        if matches!(it, '\\' | '*' | '?' | '[' | ']' | '{' | '}') {
            out.push('\\');
        }
        out.push(it);
    }
    Ok(V::string(out))
}
