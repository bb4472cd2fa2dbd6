//! Templates for `regex.template_match`: `urn:{[a-z]+}:x`.

use crate::failure::Failure;

/// A regular expression that matches whole strings: text as it is, groups between the delimiters. Delimiters nest, so
/// that a group may use them in pairs.
pub(super) fn to_regex(template: &str, open: char, close: char) -> Result<String, Failure> {
    let mut out = String::from("^");
    let mut literal = String::new();
    let mut depth = 0_usize;
    for it in template.chars() {
        if it == open && (open != close || depth == 0) {
            depth += 1;
            if depth == 1 {
                out.push_str(&regex::escape(&std::mem::take(&mut literal)));
                out.push('(');
                continue;
            }
        } else if it == close {
            depth = depth.checked_sub(1).ok_or(Failure::error("unbalanced delimiters"))?;
            if depth == 0 {
                out.push(')');
                continue;
            }
        }
        if depth == 0 { literal.push(it) } else { out.push(it) }
    }
    if depth > 0 {
        return Err(Failure::error("unbalanced delimiters"));
    }
    out.push_str(&regex::escape(&literal));
    out.push('$');
    Ok(out)
}
