//! `regex.*`: RE2 syntax, matching in linear time.

use palisade_value::AnyValue;
use regex::{Captures, Regex, RegexBuilder};

use crate::context::Context;
use crate::failure::Failure;
use crate::limits::ITEMS_MAX;
use crate::operands::Operands;
use crate::strings::check_length;

mod intersection;
pub mod known;
mod replacement;
mod search;
mod syntax;
pub mod tables;
mod template;

/// Whether the pattern occurs in the string.
pub fn regex_match<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (pattern, _) = (args.string(0)?, args.string(1)?);
    known::regex_match(compiled(ctx, pattern)?, args)
}

/// The old name of `regex.match`.
pub fn re_match<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    regex_match(ctx, args)
}

/// Whether it is a regular expression.
pub fn regex_is_valid<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    Ok(V::boolean(args.string(0).is_ok_and(is_regex)))
}

/// Whether the text is a pattern.
pub(crate) fn is_regex(text: &str) -> bool {
    compile(text).is_ok()
}

/// The first `n` matches, all if `n` is negative, each as an array of the match and its groups.
pub fn regex_find_all_string_submatch_n<V: AnyValue>(
    ctx: &mut Context,
    args: &[V],
) -> Result<V, Failure> {
    let (pattern, text, n) = (args.string(0)?, args.string(1)?, args.integer(2)?);
    let groups = |found: Captures<'_>| {
        V::array(found.iter().map(|it| V::text(it.map_or("", |it| it.as_str()))).collect())
    };
    let found = compiled(ctx, pattern)?.captures_iter(text);
    Ok(V::array(found.take(at_most(n)).map(groups).collect()))
}

/// The first `n` matches, all if `n` is negative.
pub fn regex_find_n<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (pattern, _, _) = (args.string(0)?, args.string(1)?, args.integer(2)?);
    known::regex_find_n(compiled(ctx, pattern)?, args)
}

fn at_most(n: i64) -> usize {
    usize::try_from(n).unwrap_or(ITEMS_MAX).min(ITEMS_MAX)
}

/// The pieces between the matches. A match of nothing at the very start separates nothing.
pub fn regex_split<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (pattern, _) = (args.string(0)?, args.string(1)?);
    known::regex_split(compiled(ctx, pattern)?, args)
}

/// The string with every match replaced; `$1` and `${name}` stand for groups.
pub fn regex_replace<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (text, pattern, replacement) = (args.string(0)?, args.string(1)?, args.string(2)?);
    let regex = compiled(ctx, pattern)?;
    let mut out = String::with_capacity(text.len());
    let mut start = 0;
    for found in regex.captures_iter(text) {
        let whole = found.get_match();
        out.push_str(text.get(start..whole.start()).unwrap_or(""));
        replacement::expand(replacement, &found, &mut out);
        check_length(&out)?;
        start = whole.end();
    }
    out.push_str(text.get(start..).unwrap_or(""));
    Ok(V::string(out))
}

/// Whether there is a string that two patterns of characters, `.`, `[a-z]`, `*` and `+` both match.
pub fn regex_globs_match<V: AnyValue>(_: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (a, b) = (intersection::parse(args.string(0)?)?, intersection::parse(args.string(1)?)?);
    Ok(V::boolean(intersection::is_inhabited(&a, &b)?))
}

/// Whether the string matches a template: text with regular expressions between the two delimiters.
pub fn regex_template_match<V: AnyValue>(ctx: &mut Context, args: &[V]) -> Result<V, Failure> {
    let (pattern, text) = (args.string(0)?, args.string(1)?);
    let (open, close) = (delimiter(args, 2, "start")?, delimiter(args, 3, "end")?);
    let source = template::to_regex(pattern, open, close)?;
    Ok(V::boolean(compiled(ctx, &source)?.is_match(text)))
}

fn delimiter<V: AnyValue>(args: &[V], at: usize, which: &str) -> Result<char, Failure> {
    let text = args.string(at)?;
    match text.as_bytes() {
        [one] => Ok(char::from(*one)),
        many => {
            let length = many.len().to_string();
            let parts = [
                which,
                " delimiter has to be exactly one character long but is ",
                &length,
                " long",
            ];
            Err(Failure::Error(parts.concat().into()))
        }
    }
}

/// The compiled form of a pattern.
pub(crate) fn compiled<'a>(ctx: &'a mut Context, pattern: &str) -> Result<&'a Regex, Failure> {
    ctx.patterns.get_or_compile(pattern, compile)
}

/// The pattern in the syntax of the `regex` crate; `None` if it isn't one.
pub fn translate(pattern: &str) -> Option<String> {
    syntax::translate(pattern).ok()
}

fn compile(pattern: &str) -> Result<Regex, Failure> {
    let translated = syntax::translate(pattern).map_err(|it| it.describe(pattern))?;
    RegexBuilder::new(&translated).build().map_err(|_| {
        Failure::Error(
            ["error parsing regexp: invalid or too large: `", pattern, "`"].concat().into(),
        )
    })
}
