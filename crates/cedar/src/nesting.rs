//! Refusing texts whose trees would be too high, before a parser that recurses sees them.

use palisade_diag::{Diagnostic, FileId, Span};

use crate::errors;
use crate::limits::{NESTING_MAX, OPERATORS_MAX};

/// What of Cedar a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Policies.
    Policies,
    /// A schema, where `<` and `>` are brackets.
    Schema,
}

/// What is wrong if a text nests too deep or has a policy with too many operators.
pub(crate) fn check(file: FileId, text: &str, kind: Kind) -> Option<Diagnostic> {
    let mut open = 0u32;
    let mut n_operators = 0u32;
    // Branches are not closed by anything, so each counts until the policy ends.
    let mut n_branches = 0u32;
    for token in (Tokens { text, at: 0 }) {
        match token.text {
            "[" => {
                open += 1;
                // It may be a step into a record: `context["a"]["b"]`.
                n_operators += 1;
            }
            "(" | "{" => open += 1,
            ")" | "]" | "}" => open = open.saturating_sub(1),
            "<" if kind == Kind::Schema => open += 1,
            ">" if kind == Kind::Schema => open = open.saturating_sub(1),
            "." | "+" | "-" | "*" | "&" | "|" => n_operators += 1,
            "if" => n_branches += 1,
            ";" if open == 0 => (n_operators, n_branches) = (0, 0),
            _ => {}
        }
        let at = token.at as u32;
        let span = Span { file, start: at, end: at + token.text.len() as u32 };
        if open + n_branches > NESTING_MAX {
            return Some(errors::nesting_too_deep(span));
        }
        // `&&` and `||` count twice.
        if n_operators > 2 * OPERATORS_MAX {
            return Some(errors::too_many_operators(span));
        }
    }
    None
}

/// A word or a character with its place.
struct Token<'a> {
    at: usize,
    text: &'a str,
}

/// The words and other characters of a text, without strings, comments and white space.
struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.text.get(self.at..)?;
            let first = rest.chars().next()?;
            let at = self.at;
            let len = match first {
                '"' => string_len(rest),
                '/' if rest.starts_with("//") => {
                    // Cedar's comments end at either.
                    rest.find(['\n', '\r']).unwrap_or(rest.len())
                }
                _ if is_of_word(first) => rest.find(|it| !is_of_word(it)).unwrap_or(rest.len()),
                _ => first.len_utf8(),
            };
            self.at += len;
            let text = rest.get(..len)?;
            let is_token = !(first == '"' || first.is_whitespace() || text.starts_with("//"));
            if is_token {
                return Some(Token { at, text });
            }
        }
    }
}

fn is_of_word(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_'
}

/// How long the string is that a text begins with, quotes included.
fn string_len(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, it) in text.char_indices().skip(1) {
        match it {
            '"' if !is_escaped => return at + 1,
            _ => is_escaped = it == '\\' && !is_escaped,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(text: &str, kind: Kind) -> bool {
        check(FileId(0), text, kind).is_some()
    }

    #[test]
    fn brackets_count_while_they_are_open() {
        let nested = |n: usize| format!("{}1{}", "(".repeat(n), ")".repeat(n));
        assert!(!is_refused(&nested(NESTING_MAX as usize), Kind::Policies));
        assert!(is_refused(&nested(NESTING_MAX as usize + 1), Kind::Policies));
        assert!(!is_refused(&"[1]".repeat(10_000), Kind::Policies));
    }

    #[test]
    fn angle_brackets_count_in_schemas_only() {
        let nested = format!("{}Long{}", "Set<".repeat(1_000), ">".repeat(1_000));
        assert!(is_refused(&nested, Kind::Schema));
        assert!(!is_refused(&nested, Kind::Policies));
    }

    #[test]
    fn strings_and_comments_do_not_count() {
        assert!(!is_refused(&format!("\"\\\"{}\"", "(".repeat(1_000)), Kind::Policies));
        assert!(!is_refused(&format!("// {}\n", "(".repeat(1_000)), Kind::Policies));
        assert!(is_refused(&format!("\"\\\\\"{}", "(".repeat(1_000)), Kind::Policies));
    }

    #[test]
    fn branches_count_until_the_policy_ends() {
        let branches = "if a then b else ".repeat(400);
        assert!(is_refused(&branches.repeat(2), Kind::Policies));
        assert!(!is_refused(&format!("{branches};{branches}"), Kind::Policies));
    }

    #[test]
    fn operators_count_until_the_policy_ends() {
        let chain = "1 && ".repeat(OPERATORS_MAX as usize);
        assert!(!is_refused(&format!("{chain};{chain}"), Kind::Policies));
        assert!(is_refused(&format!("{chain}1 && 1"), Kind::Policies));
    }
}
