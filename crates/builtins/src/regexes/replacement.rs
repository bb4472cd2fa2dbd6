//! Replacements for `regex.replace`: `$1`, `$name`, `${name}` and `$$`, as Go reads them.

use regex::Captures;

/// Writes the replacement with the groups of a match put in. A name that no group has stands for nothing; a `$` before
/// anything else stays as it is.
pub(super) fn expand(template: &str, found: &Captures<'_>, out: &mut String) {
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('$') {
        out.push_str(before);
        rest = behind;
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
        } else if let Some((name, behind)) = name(rest) {
            out.push_str(group(name, found));
            rest = behind;
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
}

/// The name at the start of a text, in braces or not, and what follows it.
fn name(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('{').unwrap_or(text);
    let is_part = |it: char| it == '_' || it.is_alphabetic() || it.is_numeric();
    let end = inside.find(|it| !is_part(it)).unwrap_or(inside.len());
    let (name, behind) = inside.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
    if text.starts_with('{') {
        Some((name, behind.strip_prefix('}')?))
    } else {
        Some((name, behind))
    }
}

/// A number has no zeros in front: what has is a name.
fn group<'t>(name: &str, found: &Captures<'t>) -> &'t str {
    let is_number =
        name.bytes().all(|it| it.is_ascii_digit()) && (name == "0" || !name.starts_with('0'));
    let group = match name.parse() {
        Ok(at) if is_number => found.get(at),
        _ => found.name(name),
    };
    group.map_or("", |it| it.as_str())
}
